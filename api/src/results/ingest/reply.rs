//! The response to a push: the outcome of each row, or why the push was rejected.

use waymark_persistence::results::{Fate, Outcome};
use waymark_persistence::submission::{self, Format, RejectedRow, Submission};

use super::apply::Terms;
use super::schema::{PushAnswer, RatingChange, RefusedPush, RowAnswer, RowCounts, RowOutcome};
use super::snapshot::ValidationSnapshot;
use super::validate::ValidatedRow;
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::http::schema;
use crate::results::submissions::content_of;

/// A push that was written, or validated only.
pub(crate) struct Done {
    pub(super) terms: Terms,
    pub(super) rows: Vec<ValidatedRow>,
    pub(super) submission: Submission,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) snapshot: ValidationSnapshot,
    pub(super) changes: Vec<RatingChange>,
}

impl Done {
    /// The outcome of each row.
    pub(crate) fn answer(self) -> PushAnswer {
        let Self { terms, rows, submission, outcomes, snapshot, changes } = self;
        let mut outcomes = outcomes.iter();
        let mut outcome = |row: &ValidatedRow| match row.result {
            Err(_) => RowOutcome::Rejected,
            // There is an outcome for every valid row.
            Ok(_) => match outcomes.next().map(|outcome| outcome.fate) {
                Some(Fate::Created) => RowOutcome::Created,
                Some(Fate::Superseded) => RowOutcome::Superseded,
                Some(Fate::Unchanged) => RowOutcome::Unchanged,
                None => RowOutcome::Rejected,
            },
        };
        let answers = rows.iter().map(|row| row_answer(&terms, row, outcome(row), Some(&snapshot))).collect();
        let submission::Counts { created, superseded, unchanged, rejected } = submission.counts;
        PushAnswer {
            submission: (!terms.validate_only).then_some(submission.id),
            mode: terms.mode,
            label: submission.label,
            validate_only: terms.validate_only,
            committed: !terms.validate_only,
            counts: RowCounts { received: count(rows.len()), created, superseded, unchanged, rejected },
            rows: answers,
            rating_changes: changes,
        }
    }
}

/// The problem of an atomic push with invalid rows.
pub(super) fn refused(terms: &Terms, rows: &[ValidatedRow], invalid: usize) -> Problem {
    let rejected = rows.iter().filter(|row| row.result.is_err());
    let answers: Vec<RowAnswer> =
        rejected.map(|row| row_answer(terms, row, RowOutcome::Rejected, None)).collect();
    let listed: Vec<Fault> =
        answers.iter().flat_map(|row| with_row(row.row, &row.faults)).take(MAX_FAULTS).collect();
    let counts = RowCounts { received: count(rows.len()), rejected: count(invalid), ..RowCounts::default() };
    let detail = format_args!(
        "{invalid} of {} rows are invalid, and nothing was written: correct them and send the push again, or send it \
         with mode=partial to write the valid rows",
        rows.len()
    );
    Problem::new(Kind::RowsRejected).detail(detail).faults(listed).push(RefusedPush { counts, rows: answers })
}

fn row_answer(
    terms: &Terms,
    row: &ValidatedRow,
    outcome: RowOutcome,
    snapshot: Option<&ValidationSnapshot>,
) -> RowAnswer {
    let (raw, key) = (&row.raw, &row.key);
    let place = match terms.format {
        Format::Json => format!("/results/{}", raw.number.saturating_sub(1)),
        Format::Ndjson | Format::Csv | Format::Table => String::new(),
    };
    let from_body = |fault: &Fault| {
        let pointer = fault.pointer.as_deref().unwrap_or_default();
        Fault::at(format!("{place}{pointer}"), &fault.code, &fault.detail).in_row(raw.number)
    };
    let faults = row.result.as_ref().err();
    RowAnswer {
        row: raw.number,
        line: raw.line,
        outcome,
        indicator: key.indicator.as_ref().map(schema::Code::from),
        period: key.period.map(schema::Period::from),
        breakdown: key.breakdown.iter().flatten().next().map(schema::Breakdown::from),
        component: key.component.iter().flatten().next().map(schema::Name::from),
        faults: faults.map(|faults| faults.iter().map(from_body).collect()).unwrap_or_default(),
        warnings: row.result.iter().filter_map(|result| snapshot?.warning(result)).collect(),
    }
}

/// The stored document of a row, if it is invalid.
pub(crate) fn rejected(row: &ValidatedRow, header: Option<&str>) -> Option<RejectedRow> {
    let faults = row.result.as_ref().err()?;
    let faults = faults.iter().map(|fault| submission::Fault {
        pointer: fault.pointer.clone().unwrap_or_default(),
        code: fault.code.clone(),
        detail: fault.detail.clone(),
    });
    let content = content_of(&row.raw.text, header);
    Some(RejectedRow { row: row.raw.number, content, faults: faults.collect() })
}

/// The faults of a row for the list of a problem: each names the row, for programs and in its sentence.
pub(crate) fn with_row(row: u32, faults: &[Fault]) -> impl Iterator<Item = Fault> {
    faults.iter().map(move |fault| {
        let pointer = fault.pointer.as_deref().unwrap_or_default();
        Fault::at(pointer, &fault.code, format_args!("row {row}: {}", fault.detail)).in_row(row)
    })
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
