//! Writing the results of one push: optimistically, beside others who do the same, before the organisation is locked; or
//! under the lock.

use std::iter;

use diesel::result::Error;
use uuid::Uuid;

use super::current::is_new;
use super::row::{Origin, Row};
use super::store::insert;
use super::writing::{Fate, NewResult, Outcome, State, Writing, draft};
use crate::db::types::{Instant, new_ids};
use crate::history::revision::Change;
use crate::submission::{Format, Mode, Submission};
use crate::{Connection, StoreError, locks};

/// The submission to write.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// The organisation of the results.
    pub organisation: Uuid,
    /// The format of the rows.
    pub format: Format,
    /// Whether all rows are written or none, or those that are valid.
    pub mode: Mode,
    /// The sender's own name for it.
    pub label: Option<String>,
}

/// The results of a push. They are validated against what is known of the organisation, which can change until the
/// organisation is locked.
pub trait ResultSource {
    /// The failures of reading and validating.
    type Error: From<StoreError>;

    /// Whether to insert the results before the organisation is locked.
    fn is_optimistic(&self) -> bool;

    /// Validates the next row, and returns its result; `None` after the last row, or at an invalid one. It is called while
    /// the database stores the results before.
    fn next(&mut self) -> Option<NewResult>;

    /// Whether all rows are valid, and validating them in this state of the locked organisation would return the same
    /// results. Results must not be read now, because those just inserted would be among them.
    ///
    /// # Errors
    /// Those of reading.
    fn is_current(&mut self, connection: &mut Connection, state: State) -> Result<bool, Self::Error>;

    /// Prepares for the lock, so that others wait for as little as possible.
    fn prepare(&mut self);

    /// Validates all rows in this state of the locked organisation.
    ///
    /// # Errors
    /// Those of reading, or because some rows are invalid.
    fn validate(&mut self, connection: &mut Connection, state: State) -> Result<(), Self::Error>;

    /// The valid results, once [`ResultSource::validate`] was called.
    fn valid(&self) -> impl Iterator<Item = &NewResult>;
}

/// How an optimistic insert ended.
enum Attempt {
    /// The results are written, and the organisation is locked.
    Inserted(Box<(Writing, Vec<Outcome>)>),
    /// Nothing is written: one of the results at least exists already.
    KeyConflict,
    /// Nothing is written: the results were validated against an outdated snapshot, or none was to be inserted.
    SnapshotStale,
}

/// Why an optimistic insert was undone.
enum Undone<E> {
    KeyConflict,
    SnapshotStale,
    Failed(E),
}

impl<E: From<StoreError>> From<Error> for Undone<E> {
    fn from(error: Error) -> Self {
        StoreError::from(error).into()
    }
}

impl<E: From<StoreError>> From<StoreError> for Undone<E> {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::KeyConflict,
            // Two transactions stored some of the same keys, and each waits for a key of the other.
            error if error.is_deadlock() => Self::KeyConflict,
            error => Self::Failed(error.into()),
        }
    }
}

impl Writing {
    /// Writes all results of a source as one submission, and locks the organisation. Returns the submission, still to be
    /// ended, and the outcome of each valid result, in order.
    ///
    /// Most pushes bring new results. These are inserted first and the organisation is locked afterwards, so that
    /// several such pushes wait for each other only briefly. If that fails, nothing of it remains, and everything is
    /// done under the lock.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such organisation, [`StoreError::Unavailable`] after five seconds, and those
    /// of the source.
    pub fn write_all<S: ResultSource>(
        connection: &mut Connection,
        new: &NewSubmission,
        change: &Change,
        source: &mut S,
    ) -> Result<(Self, Vec<Outcome>), S::Error> {
        let has_known_keys = match optimistic_insert(connection, new, change, source)? {
            Attempt::Inserted(written) => return Ok(*written),
            Attempt::KeyConflict => true,
            Attempt::SnapshotStale => false,
        };
        source.prepare();
        let writing = Self::begin(connection, new.organisation, new.format, new.mode, change)?;
        let mut writing = writing.labelled(new.label.clone());
        source.validate(connection, writing.state())?;
        let outcomes = match has_known_keys {
            true => writing.write_again(connection, source.valid())?,
            false => writing.write(connection, source.valid())?,
        };
        Ok((writing, outcomes))
    }
}

fn optimistic_insert<S: ResultSource>(
    connection: &mut Connection,
    new: &NewSubmission,
    change: &Change,
    source: &mut S,
) -> Result<Attempt, S::Error> {
    // SQLite has one writer at a time, so nothing is gained there.
    if matches!(connection, Connection::Sqlite(_)) || !source.is_optimistic() {
        return Ok(Attempt::SnapshotStale);
    }
    let (organisation, recorded_at) = (new.organisation, Instant::from(change.at));
    let submission = draft(organisation, (new.format, new.mode), recorded_at, change);
    let submission = Submission { label: new.label.clone(), ..submission };
    let origin = Origin { organisation, submission: submission.id, recorded_at };
    let mut ids = new_ids(change.at);
    let row = |new: NewResult, id| Row::new(origin, id, new.indicator, &new.observation);
    let (Some(first), Some(id)) = (source.next(), ids.next()) else { return Ok(Attempt::SnapshotStale) };
    let first = row(first, id)?;
    // Usually all results of a push are new, or none of them is.
    if !is_new(connection, organisation, &first)? {
        return Ok(Attempt::KeyConflict);
    }
    let mut outcomes = Vec::new();
    // Inside a transaction this sets a savepoint.
    let inserted = diesel::Connection::transaction(connection, |connection| {
        locks::write_shared(connection, organisation)?;
        let rest = iter::from_fn(|| Some(row(source.next()?, ids.next()?)));
        let rows = iter::once(Ok(first)).chain(rest);
        let rows = rows.inspect(|row| {
            outcomes.extend(row.iter().map(|row| Outcome { fate: Fate::Created, id: row.id.0 }));
        });
        insert(connection, rows)?;
        let locked = locks::lock(connection, organisation)?;
        let writing = Writing::locked(submission, change, recorded_at, &locked);
        match source.is_current(connection, writing.state()) {
            Ok(true) => Ok(writing),
            Ok(false) => Err(Undone::SnapshotStale),
            Err(error) => Err(Undone::Failed(error)),
        }
    });
    match inserted {
        Ok(mut writing) => {
            writing.count(&outcomes);
            Ok(Attempt::Inserted(Box::new((writing, outcomes))))
        }
        Err(Undone::KeyConflict) => Ok(Attempt::KeyConflict),
        Err(Undone::SnapshotStale) => Ok(Attempt::SnapshotStale),
        Err(Undone::Failed(error)) => Err(error),
    }
}
