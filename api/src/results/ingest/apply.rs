//! One push in one transaction: its rows are validated, then written or rejected.

use std::vec;

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_persistence::results::{Fate, NewResult, NewSubmission, ResultSource, State, Writing};
use waymark_persistence::submission::{Format, RejectedRow};
use waymark_persistence::{Change, Connection, dry_run};

use super::formats::RawPush;
use super::raw_row::RawRow;
use super::reply::{Done, refused, rejected};
use super::schema::Mode;
use super::snapshot::ValidationSnapshot;
use super::snapshot_cache::{SnapshotCache, SnapshotKey};
use super::validate::{ValidatedRow, validate_row, validate_rows};
use crate::http::problem::Problem;

/// A push with more rows than this is validated as a whole before any of it is stored.
const MAX_OPTIMISTIC_ROWS: usize = 5_000;

/// A push: what was sent, and how it is processed.
pub(crate) struct Push {
    pub(crate) organisation: Code,
    pub(crate) mode: Mode,
    pub(crate) validate_only: bool,
    pub(crate) label: Option<String>,
    pub(crate) raw: RawPush,
}

/// A push without its rows.
pub(super) struct Terms {
    pub(super) organisation: Code,
    pub(super) mode: Mode,
    pub(super) validate_only: bool,
    pub(super) format: Format,
    /// The header row of a CSV.
    pub(super) header: Option<String>,
}

/// The rows of a push, as far as they are validated.
struct Rows<'a> {
    terms: &'a Terms,
    cache: &'a SnapshotCache,
    today: NaiveDate,
    /// The snapshot that was current before the organisation was locked.
    recent: Option<ValidationSnapshot>,
    /// The snapshot of the locked organisation.
    locked: Option<(SnapshotKey, ValidationSnapshot)>,
    waiting: vec::IntoIter<RawRow>,
    validated: Vec<ValidatedRow>,
    has_invalid: bool,
}

impl Push {
    /// Writes the rows, or finds out what would happen.
    ///
    /// # Errors
    /// 422 with every invalid row if the push is atomic.
    pub(crate) fn perform(
        self,
        connection: &mut Connection,
        change: &Change,
        cache: &SnapshotCache,
    ) -> Result<Done, Problem> {
        match self.validate_only {
            true => dry_run(connection, |connection| self.write(connection, change, cache)),
            false => self.write(connection, change, cache),
        }
    }

    fn write(
        self,
        connection: &mut Connection,
        change: &Change,
        cache: &SnapshotCache,
    ) -> Result<Done, Problem> {
        let Self { organisation, mode, validate_only, label, raw } = self;
        let RawPush { format, header, rows } = raw;
        let terms = Terms { organisation, mode, validate_only, format, header };
        let today = change.at.date_naive();
        let organisation = cache.organisation(connection, &terms.organisation)?;
        let new = NewSubmission { organisation, format, mode: mode.into(), label };
        let mut rows = Rows {
            terms: &terms,
            cache,
            today,
            recent: cache.recent(connection, &terms.organisation, today)?,
            locked: None,
            validated: Vec::with_capacity(rows.len()),
            waiting: rows.into_iter(),
            has_invalid: false,
        };
        let (mut writing, outcomes) = Writing::write_all(connection, &new, change, &mut rows)?;
        let (rows, key, mut snapshot) = rows.finished()?;
        let header = terms.header.as_deref();
        let invalid: Vec<RejectedRow> = rows.iter().filter_map(|row| rejected(row, header)).collect();
        writing.reject(connection, &invalid)?;
        let written = valid(&rows).zip(&outcomes).filter(|(_, outcome)| outcome.fate != Fate::Unchanged);
        let changes = snapshot.learn(written.map(|(result, _)| result));
        let submission = writing.end(connection)?;
        if !validate_only {
            cache.store(&terms.organisation, key, writing.state(), snapshot.clone());
        }
        Ok(Done { terms, rows, submission, outcomes, snapshot, changes })
    }
}

/// The results of the valid rows.
fn valid(rows: &[ValidatedRow]) -> impl Iterator<Item = &NewResult> {
    rows.iter().filter_map(|row| row.result.as_ref().ok())
}

impl Rows<'_> {
    /// All rows before validation.
    fn raw(&mut self) -> Vec<RawRow> {
        self.validated.drain(..).map(|row| row.raw).chain(self.waiting.by_ref()).collect()
    }

    /// The validated rows, and the snapshot of the locked organisation.
    fn finished(self) -> Result<(Vec<ValidatedRow>, SnapshotKey, ValidationSnapshot), Problem> {
        match self.locked {
            Some((key, snapshot)) => Ok((self.validated, key, snapshot)),
            None => Err(Problem::internal("the rows of a push were written before they were validated")),
        }
    }
}

impl ResultSource for Rows<'_> {
    type Error = Problem;

    fn is_optimistic(&self) -> bool {
        // Others must not wait for the keys of a dry run, and an invalid last row must not undo much work.
        self.recent.is_some() && !self.terms.validate_only && self.waiting.len() <= MAX_OPTIMISTIC_ROWS
    }

    fn next(&mut self) -> Option<NewResult> {
        let row = validate_row(self.recent.as_ref()?, self.waiting.next()?, self.today);
        let result = row.result.as_ref().ok().cloned();
        // An invalid row may have the key of another one, so all of them are then validated together.
        self.has_invalid = result.is_none();
        self.validated.push(row);
        result
    }

    fn is_current(&mut self, connection: &mut Connection, state: State) -> Result<bool, Problem> {
        let Some(recent) = self.recent.as_ref().filter(|_| !self.has_invalid) else { return Ok(false) };
        let found = self.cache.find(connection, &self.terms.organisation, state, self.today)?;
        self.locked = found.filter(|(_, snapshot)| snapshot.validates_like(recent));
        Ok(self.locked.is_some())
    }

    fn prepare(&mut self) {
        let rows = self.raw();
        match &self.recent {
            Some(recent) => self.validated = validate_rows(recent, rows, self.today),
            None => self.waiting = rows.into_iter(),
        }
    }

    fn validate(&mut self, connection: &mut Connection, state: State) -> Result<(), Problem> {
        let (key, snapshot) = self.cache.load(connection, &self.terms.organisation, state, self.today)?;
        if !self.recent.as_ref().is_some_and(|recent| snapshot.validates_like(recent)) {
            let rows = self.raw();
            self.validated = validate_rows(&snapshot, rows, self.today);
        }
        self.locked = Some((key, snapshot));
        let invalid = self.validated.iter().filter(|row| row.result.is_err()).count();
        match self.terms.mode {
            Mode::Atomic if invalid > 0 => Err(refused(self.terms, &self.validated, invalid)),
            Mode::Atomic | Mode::Partial => Ok(()),
        }
    }

    fn valid(&self) -> impl Iterator<Item = &NewResult> {
        valid(&self.validated)
    }
}
