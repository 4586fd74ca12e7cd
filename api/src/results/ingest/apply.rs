//! One push in one transaction: judged, written or refused, and told row by row.

use std::cell::Cell;
use std::iter;

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_persistence::results::{Ahead, Fate, NewResult, Outcome, Tried, Writing};
use waymark_persistence::submission::{self, Format, RejectedRow, Submission};
use waymark_persistence::{Change, Connection, dry_run};

use super::formats::Sent;
use super::raw_row::SentRow;
use super::schema::{Mode, PushAnswer, RatingChange, RefusedPush, RowAnswer, RowCounts, RowOutcome};
use super::snapshot::Known;
use super::snapshot_cache::{Moment, Remembered};
use super::validate::{Judged, judge_one, judge_sent};
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::http::schema;
use crate::results::submissions::content_of;

/// A push with more rows than this is judged as a whole before any of it is stored.
const MOST_UNDONE: usize = 5_000;

/// What was sent, and how it is to be done.
pub(crate) struct Push {
    pub(crate) organisation: Code,
    pub(crate) mode: Mode,
    pub(crate) validate_only: bool,
    pub(crate) sent: Sent,
}

/// A push that was done, or that would be done like this.
pub(crate) struct Done {
    form: Form,
    judged: Vec<Judged>,
    submission: Submission,
    outcomes: Vec<Outcome>,
    known: Known,
    changes: Vec<RatingChange>,
}

/// What a push has beside its rows.
struct Form {
    organisation: Code,
    mode: Mode,
    validate_only: bool,
    format: Format,
    /// The header row of a CSV.
    header: Option<String>,
}

/// Rows before it is their turn.
enum Batch {
    Sent(Vec<SentRow>),
    Judged { judged: Vec<Judged>, by: Known },
}

/// A push whose turn it is, and whose results are written.
struct Turn {
    writing: Writing,
    outcomes: Vec<Outcome>,
    moment: Moment,
    known: Known,
}

/// What became of the attempt to write before it was the push's turn.
enum Attempt {
    Written(Box<Turn>, Vec<Judged>),
    /// The rows as if there had been none, and whether they may all be new.
    InVain {
        rows: Vec<SentRow>,
        are_new: bool,
    },
}

impl Push {
    /// Writes the rows, or finds out what would happen.
    ///
    /// # Errors
    /// 422 with every row at fault where it is all or none.
    pub(crate) fn perform(
        self,
        connection: &mut Connection,
        change: &Change,
        remembered: &Remembered,
    ) -> Result<Done, Problem> {
        match self.validate_only {
            true => dry_run(connection, |connection| self.write(connection, change, remembered)),
            false => self.write(connection, change, remembered),
        }
    }

    fn write(
        self,
        connection: &mut Connection,
        change: &Change,
        remembered: &Remembered,
    ) -> Result<Done, Problem> {
        let Self { organisation, mode, validate_only, sent: Sent { format, header, rows } } = self;
        let form = Form { organisation, mode, validate_only, format, header };
        let today = change.at.date_naive();
        let organisation = remembered.organisation(connection, &form.organisation)?;
        let (batch, are_new) = match remembered.lately(connection, &form.organisation, today)? {
            None => (Batch::Sent(rows), true),
            Some(lately) => match form.write_ahead(connection, change, remembered, &lately, rows)? {
                Attempt::Written(turn, judged) => return form.end(connection, remembered, *turn, judged),
                Attempt::InVain { rows, are_new } => {
                    (Batch::Judged { judged: judge_sent(&lately, rows, today), by: lately }, are_new)
                }
            },
        };
        // From here on nobody else changes what the counts and ratings are worked out from, and others wait.
        let mut writing = Writing::begin(connection, organisation, format, mode.into(), change)?;
        let (moment, known) = remembered.known(connection, &form.organisation, writing.state(), today)?;
        let judged = batch.judged(&known, today);
        let at_fault = judged.iter().filter(|row| row.verdict.is_err()).count();
        if mode == Mode::Atomic && at_fault > 0 {
            return Err(form.refuse(&judged, at_fault));
        }
        let outcomes = match are_new {
            true => writing.write(connection, sound(&judged))?,
            false => writing.write_again(connection, sound(&judged))?,
        };
        form.end(connection, remembered, Turn { writing, outcomes, moment, known }, judged)
    }
}

/// The results that come of the rows.
fn sound(judged: &[Judged]) -> impl Iterator<Item = &NewResult> {
    judged.iter().filter_map(|row| row.verdict.as_ref().ok())
}

impl Batch {
    /// The rows as they are judged by what is known now.
    fn judged(self, known: &Known, today: NaiveDate) -> Vec<Judged> {
        match self {
            Self::Sent(rows) => judge_sent(known, rows, today),
            Self::Judged { judged, by } if known.judges_like(&by) => judged,
            Self::Judged { judged, by: _ } => {
                judge_sent(known, judged.into_iter().map(|row| row.sent).collect(), today)
            }
        }
    }
}

impl Form {
    /// Writes the rows before it is their turn, where that can be done: most pushes bring what is new, and are sound by
    /// what was known lately. Each is judged while the database stores those before it.
    fn write_ahead(
        &self,
        connection: &mut Connection,
        change: &Change,
        remembered: &Remembered,
        lately: &Known,
        rows: Vec<SentRow>,
    ) -> Result<Attempt, Problem> {
        // Nobody is to wait for the keys of a rehearsal, and not much is to be undone because of the last row.
        if self.validate_only || rows.len() > MOST_UNDONE {
            return Ok(Attempt::InVain { rows, are_new: true });
        }
        let today = change.at.date_naive();
        let organisation = remembered.organisation(connection, &self.organisation)?;
        let mut judged: Vec<Judged> = Vec::with_capacity(rows.len());
        let is_spoilt = Cell::new(false);
        let mut rows = rows.into_iter();
        // A row at fault may be another one's twin, so then all of them have to be looked at together.
        let sound = iter::from_fn(|| {
            let row = judge_one(lately, rows.next()?, today);
            let result = row.verdict.as_ref().ok().cloned();
            is_spoilt.set(result.is_none());
            judged.push(row);
            result
        });
        let manner = (self.format, self.mode.into());
        let tried = Writing::ahead(connection, organisation, manner, change, sound, |connection, state| {
            // Nothing is read anew now, because what was written ahead would be among it.
            let found = remembered.find(connection, &self.organisation, state, today)?;
            Ok::<_, Problem>(found.filter(|(_, known)| !is_spoilt.get() && known.judges_like(lately)))
        })?;
        let in_vain = |judged: Vec<Judged>, are_new| Attempt::InVain {
            rows: judged.into_iter().map(|row| row.sent).chain(rows).collect(),
            are_new,
        };
        Ok(match tried {
            Tried::Ahead(ahead) => {
                let Ahead { writing, outcomes, found: (moment, known) } = *ahead;
                Attempt::Written(Box::new(Turn { writing, outcomes, moment, known }), judged)
            }
            Tried::NotNew => in_vain(judged, false),
            Tried::NotSo => in_vain(judged, true),
        })
    }

    /// Ends a push whose results are written.
    fn end(
        self,
        connection: &mut Connection,
        remembered: &Remembered,
        turn: Turn,
        judged: Vec<Judged>,
    ) -> Result<Done, Problem> {
        let Turn { mut writing, outcomes, moment, mut known } = turn;
        let header = self.header.as_deref();
        let rejected: Vec<RejectedRow> = judged.iter().filter_map(|row| rejected(row, header)).collect();
        writing.reject(connection, &rejected)?;
        let written = sound(&judged).zip(&outcomes).filter(|(_, outcome)| outcome.fate != Fate::Unchanged);
        let changes = known.learn(written.map(|(result, _)| result));
        let submission = writing.end(connection)?;
        if !self.validate_only {
            remembered.keep(&self.organisation, moment, writing.state(), known.clone());
        }
        Ok(Done { form: self, judged, submission, outcomes, known, changes })
    }

    fn refuse(&self, judged: &[Judged], at_fault: usize) -> Problem {
        let rejected = judged.iter().filter(|row| row.verdict.is_err());
        let rows: Vec<RowAnswer> = rejected.map(|row| self.tell(row, RowOutcome::Rejected, None)).collect();
        let listed: Vec<Fault> = rows.iter().flat_map(in_sentences).take(MAX_FAULTS).collect();
        let counts =
            RowCounts { received: count(judged.len()), rejected: count(at_fault), ..RowCounts::default() };
        let detail =
            format_args!("{at_fault} of {} rows are at fault, and nothing was written", judged.len());
        Problem::new(Kind::RowsRejected).detail(detail).faults(listed).push(RefusedPush { counts, rows })
    }

    fn tell(&self, row: &Judged, outcome: RowOutcome, known: Option<&Known>) -> RowAnswer {
        let (sent, key) = (&row.sent, &row.key);
        let place = match self.format {
            Format::Json => format!("/results/{}", sent.number.saturating_sub(1)),
            Format::Ndjson | Format::Csv | Format::Table => String::new(),
        };
        let from_body = |fault: &Fault| {
            let pointer = fault.pointer.as_deref().unwrap_or_default();
            Fault::at(format!("{place}{pointer}"), &fault.code, &fault.detail)
        };
        let faults = row.verdict.as_ref().err();
        RowAnswer {
            row: sent.number,
            line: sent.line,
            outcome,
            indicator: key.indicator.as_ref().map(schema::Code::from),
            period: key.period.map(schema::Period::from),
            breakdown: key.breakdown.iter().flatten().next().map(schema::Breakdown::from),
            component: key.component.iter().flatten().next().map(schema::Name::from),
            faults: faults.map(|faults| faults.iter().map(from_body).collect()).unwrap_or_default(),
            warnings: row.verdict.iter().filter_map(|result| known?.warning(result)).collect(),
        }
    }
}

impl Done {
    /// What became of it, row by row.
    pub(crate) fn answer(self) -> PushAnswer {
        let Self { form, judged, submission, outcomes, known, changes } = self;
        let mut outcomes = outcomes.iter();
        let mut outcome = |row: &Judged| match row.verdict {
            Err(_) => RowOutcome::Rejected,
            // There is an outcome for every result that was sent.
            Ok(_) => match outcomes.next().map(|outcome| outcome.fate) {
                Some(Fate::Created) => RowOutcome::Created,
                Some(Fate::Superseded) => RowOutcome::Superseded,
                Some(Fate::Unchanged) => RowOutcome::Unchanged,
                None => RowOutcome::Rejected,
            },
        };
        let rows = judged.iter().map(|row| form.tell(row, outcome(row), Some(&known))).collect();
        let submission::Counts { created, superseded, unchanged, rejected } = submission.counts;
        PushAnswer {
            submission: (!form.validate_only).then_some(submission.id),
            mode: form.mode,
            validate_only: form.validate_only,
            committed: !form.validate_only,
            counts: RowCounts { received: count(judged.len()), created, superseded, unchanged, rejected },
            rows,
            rating_changes: changes,
        }
    }
}

/// The row as it is kept, where it is at fault.
pub(crate) fn rejected(row: &Judged, header: Option<&str>) -> Option<RejectedRow> {
    let faults = row.verdict.as_ref().err()?;
    let kept = faults.iter().map(|fault| submission::Fault {
        pointer: fault.pointer.clone().unwrap_or_default(),
        code: fault.code.clone(),
        detail: fault.detail.clone(),
    });
    let content = content_of(&row.sent.text, header);
    Some(RejectedRow { row: row.sent.number, content, faults: kept.collect() })
}

/// The faults of a row for a list in which nothing else names the row.
fn in_sentences(row: &RowAnswer) -> impl Iterator<Item = Fault> {
    row.faults.iter().map(move |fault| {
        let pointer = fault.pointer.as_deref().unwrap_or_default();
        Fault::at(pointer, &fault.code, format_args!("row {}: {}", row.row, fault.detail))
    })
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
