//! Writing results that are new before it is the writer's turn, beside others who do the same.

use std::iter;

use diesel::result::Error;
use uuid::Uuid;

use super::current::is_new;
use super::row::{Origin, Row};
use super::store::insert;
use super::writing::{Fate, NewResult, Outcome, State, Writing, draft};
use crate::db::types::{Instant, new_ids};
use crate::history::revision::Change;
use crate::submission::{Format, Mode};
use crate::{Connection, StoreError, locks};

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

/// What became of the try to write ahead.
#[derive(Debug)]
pub enum Tried<T> {
    /// It is written.
    Ahead(Box<Ahead<T>>),
    /// It is not: one of the results at least is there already.
    NotNew,
    /// It is not: what the results were judged by does not hold, or there is nobody to write beside.
    NotSo,
}

/// Why nothing was kept.
enum Undone<E> {
    NotNew,
    NotSo,
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
            StoreError::Conflict(_) => Self::NotNew,
            // Two stored some of the same keys, and each waits for a key of the other.
            error if error.is_deadlock() => Self::NotNew,
            error => Self::Failed(error.into()),
        }
    }
}

impl Writing {
    /// Stores results before it is their turn, where all of them are new, and then takes the turn: of several such
    /// submissions only that waits for the others. The results are taken as they come, while the database stores those
    /// before them. `holds` tells whether what they were judged by still holds when it is their turn. Where it does not, or
    /// one of them is not new, all is as it was, and [`Writing::begin`] is the way.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is no such organisation, [`StoreError::Unavailable`] after five seconds, and those
    /// of `holds`.
    pub fn ahead<T, E: From<StoreError>>(
        connection: &mut Connection,
        organisation: Uuid,
        (format, mode): (Format, Mode),
        change: &Change,
        sent: impl Iterator<Item = NewResult>,
        holds: impl FnOnce(&mut Connection, State) -> Result<Option<T>, E>,
    ) -> Result<Tried<T>, E> {
        // In SQLite there is one writer at a time, and so nobody beside.
        if matches!(connection, Connection::Sqlite(_)) {
            return Ok(Tried::NotSo);
        }
        let recorded_at = Instant::from(change.at);
        let submission = draft(organisation, (format, mode), recorded_at, change);
        let origin = Origin { organisation, submission: submission.id, recorded_at };
        let mut sent = sent.zip(new_ids(change.at));
        let Some((first, id)) = sent.next() else { return Ok(Tried::NotSo) };
        let first = Row::new(origin, id, first.indicator, &first.observation)?;
        // Mostly all of a push is new, or none of it.
        if !is_new(connection, organisation, &first)? {
            return Ok(Tried::NotNew);
        }
        let mut outcomes = Vec::new();
        let rest = sent.map(|(new, id)| Row::new(origin, id, new.indicator, &new.observation));
        let rows = iter::once(Ok(first)).chain(rest).inspect(|row| {
            outcomes.extend(row.iter().map(|row| Outcome { fate: Fate::Created, id: row.id.0 }));
        });
        // Inside a transaction this sets a savepoint.
        let kept = diesel::Connection::transaction(connection, |connection| {
            locks::write_shared(connection, organisation)?;
            insert(connection, rows)?;
            let turn = locks::lock(connection, organisation)?;
            let writing = Self::in_turn(submission, change, recorded_at, &turn);
            match holds(connection, writing.state()) {
                Ok(Some(found)) => Ok((writing, found)),
                Ok(None) => Err(Undone::NotSo),
                Err(error) => Err(Undone::Failed(error)),
            }
        });
        match kept {
            Ok((mut writing, found)) => {
                writing.count(&outcomes);
                Ok(Tried::Ahead(Box::new(Ahead { writing, outcomes, found })))
            }
            Err(Undone::NotNew) => Ok(Tried::NotNew),
            Err(Undone::NotSo) => Ok(Tried::NotSo),
            Err(Undone::Failed(error)) => Err(error),
        }
    }
}
