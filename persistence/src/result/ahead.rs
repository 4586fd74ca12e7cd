//! Writing results that are new before it is the writer's turn, beside others who do the same.

use diesel::result::Error;
use uuid::Uuid;

use super::current::current;
use super::row::{Origin, Row};
use super::store::insert;
use super::writing::{Fate, NewResult, Outcome, State, Writing, draft, rows};
use crate::revision::Change;
use crate::submission::{Format, Mode};
use crate::types::Instant;
use crate::{Connection, StoreError, turn};

/// A submission that was written ahead, what became of its results, and what was found when it was its turn.
#[derive(Debug)]
pub struct Ahead<T> {
    /// It is to be ended as any other.
    pub writing: Writing,
    /// What became of each result, in the order given.
    pub outcomes: Vec<Outcome>,
    /// What [`Writing::ahead`] was told that holds.
    pub found: T,
}

/// Why nothing was kept.
enum Undone<E> {
    /// It has to be done in the other way.
    InVain,
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
            StoreError::Conflict(_) => Self::InVain,
            error => Self::Failed(error.into()),
        }
    }
}

impl Writing {
    /// Stores results before it is their turn, where all of them are new, and then takes the turn: of several such
    /// submissions only that waits for the others. `holds` tells whether what they were judged by still holds then.
    /// Where it does not, or one of them is not new, there is nothing: all is as it was, and [`Writing::begin`] is the way.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is no such organisation, [`StoreError::Unavailable`] after five seconds, and those
    /// of `holds`.
    pub fn ahead<'a, T, E: From<StoreError>>(
        connection: &mut Connection,
        organisation: Uuid,
        (format, mode): (Format, Mode),
        change: &Change,
        sent: impl IntoIterator<Item = &'a NewResult>,
        holds: impl FnOnce(&mut Connection, State) -> Result<Option<T>, E>,
    ) -> Result<Option<Ahead<T>>, E> {
        // In SQLite there is one writer at a time, and so nobody beside.
        if matches!(connection, Connection::Sqlite(_)) {
            return Ok(None);
        }
        let recorded_at = Instant::from(change.at);
        let submission = draft(organisation, (format, mode), recorded_at, change);
        let rows = rows(Origin { organisation, submission: submission.id, recorded_at }, change, sent)?;
        // Mostly all of a push is new, or none of it.
        let first = current(connection, organisation, rows.get(..1).unwrap_or_default())?;
        if !first.iter().any(Option::is_none) {
            return Ok(None);
        }
        let outcomes: Vec<Outcome> =
            rows.iter().map(|row| Outcome { fate: Fate::Created, id: row.id.0 }).collect();
        // Inside a transaction this sets a savepoint.
        let kept = diesel::Connection::transaction(connection, |connection| {
            turn::beside_others(connection, organisation)?;
            insert(connection, &in_order_of_keys(rows))?;
            let turn = turn::take(connection, organisation)?;
            let mut writing = Self::in_turn(submission, change, recorded_at, &turn);
            writing.count(&outcomes);
            match holds(connection, writing.state()) {
                Ok(Some(found)) => Ok((writing, found)),
                Ok(None) => Err(Undone::InVain),
                Err(error) => Err(Undone::Failed(error)),
            }
        });
        match kept {
            Ok((writing, found)) => Ok(Some(Ahead { writing, outcomes, found })),
            Err(Undone::InVain) => Ok(None),
            Err(Undone::Failed(error)) => Err(error),
        }
    }
}

/// Two who store some of the same keys come to the first of those first, so that one waits for the other, and not each
/// for each.
fn in_order_of_keys(mut rows: Vec<Row>) -> Vec<Row> {
    fn key(row: &Row) -> (&[u8; 16], &str, &str, &str) {
        (row.indicator_id.0.as_bytes(), &row.period, &row.breakdown, &row.component)
    }
    rows.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
    rows
}
