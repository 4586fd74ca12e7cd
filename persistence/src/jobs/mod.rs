//! Pushes that are too large to be processed within their request: accepted, queued, then checked and written in the
//! background.
//!
//! The body is in a file of the service that accepted it; the row here stores its progress, so that every service can
//! report it. The row changes until the push ends. Its results become one submission with the same id.

mod find;
mod row;

use chrono::{DateTime, Utc};
use diesel::dsl::{Eq, Filter, IsNull};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::schema::{large_pushes, refused_rows, revisions};
use crate::db::types::{Id, Instant, to_document};
use crate::history::revision;
use crate::history::revision::{BATCH, Change, Subject};
use crate::submission::{Counts, Format, Mode, RejectedRow, rejected_row};
use crate::trail::SUBMISSION;
use crate::{Connection, StoreError};
pub use find::{find, list, queued, unfinished};
use row::{Outcome, RefusedRow, Row};

const KIND: &str = "large push";

/// A push that was accepted, and its progress.
#[derive(Debug, Clone, PartialEq)]
pub struct LargePush {
    /// The organisation of the results.
    pub organisation: Uuid,
    /// Its id, and that of the submission that it becomes.
    pub id: Uuid,
    /// When it was accepted.
    pub received_at: DateTime<Utc>,
    /// Who sent it.
    pub author: String,
    /// The roles that they had.
    pub roles: String,
    /// The request that sent it.
    pub request_id: String,
    /// The format of the rows.
    pub format: Format,
    /// Whether all rows are written or none, or those that are valid.
    pub mode: Mode,
    /// Whether the rows are only checked.
    pub validate_only: bool,
    /// The sender's own name for it.
    pub label: Option<String>,
    /// The size of what was sent, in bytes.
    pub bytes: u64,
    /// Its state.
    pub state: State,
    /// How often it was started.
    pub attempts: u32,
    /// Whether a caller asked to cancel it.
    pub cancellation_asked: bool,
    /// When the service that has its file last reported.
    pub seen_at: DateTime<Utc>,
    /// When the present step began, or the last one.
    pub step_began_at: Option<DateTime<Utc>>,
    /// When it was completed, failed or was cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its progress.
    pub progress: Progress,
    /// How many rows had which outcome, once it is completed.
    pub counts: Counts,
    /// Why it failed: a document of the worker.
    pub problem: Option<Value>,
}

/// The progress of a push.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Bytes read in the present step.
    pub bytes_read: u64,
    /// Rows that were read.
    pub rows_read: u64,
    /// Rows that are valid.
    pub rows_accepted: u64,
    /// Rows that are invalid.
    pub rows_rejected: u64,
    /// Rows that were written; none is visible before all are.
    pub rows_written: u64,
}

/// The state of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It is in the queue.
    Waiting,
    /// Its rows are read and validated.
    Checking,
    /// Its results are written.
    Writing,
    /// Its results are written.
    Completed,
    /// It failed, and nothing was written.
    Failed,
    /// A caller cancelled it, and nothing was written.
    Cancelled,
}

waymark_domain::named!(State {
    Waiting = "waiting",
    Checking = "checking",
    Writing = "writing",
    Completed = "completed",
    Failed = "failed",
    Cancelled = "cancelled",
});

/// A push to accept.
#[derive(Debug, Clone)]
pub struct NewLargePush {
    /// The organisation of the results.
    pub organisation: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The format of the rows.
    pub format: Format,
    /// Whether all rows are written or none, or those that are valid.
    pub mode: Mode,
    /// Whether the rows are only to be checked.
    pub validate_only: bool,
    /// The sender's own name for it.
    pub label: Option<String>,
    /// The size of what was sent, in bytes.
    pub bytes: u64,
}

/// How a push ends.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Completed, failed or cancelled.
    pub state: State,
    /// Its progress.
    pub progress: Progress,
    /// How many rows had which outcome.
    pub counts: Counts,
    /// Why it failed.
    pub problem: Option<Value>,
}

/// Accepts a push into the queue.
///
/// # Errors
/// [`StoreError::Unavailable`] if the database does not respond.
pub fn accept(
    connection: &mut Connection,
    new: NewLargePush,
    change: &Change,
) -> Result<LargePush, StoreError> {
    let row = Row::waiting(new, change)?;
    // The compiler cannot handle this many columns for both engines at once.
    let insert = diesel::insert_into(large_pushes::table).values(&row);
    match connection {
        Connection::Postgres(postgres) => insert.execute(postgres)?,
        Connection::Sqlite(sqlite) => insert.execute(sqlite)?,
    };
    let accepted = row.read()?;
    note(connection, &accepted, "accepted", change)?;
    Ok(accepted)
}

/// A push enters a step; the first step starts another attempt.
///
/// # Errors
/// [`StoreError::Stale`] if it has ended, or is to be cancelled.
pub fn enter(
    connection: &mut Connection,
    push: &LargePush,
    state: State,
    progress: Progress,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let attempts = i64::from(state == State::Checking);
    let wanted = open(push).filter(large_pushes::cancellation_asked.eq(false));
    let at = Instant::from(at);
    let entered = diesel::update(wanted)
        .set((
            large_pushes::state.eq(state.name()),
            large_pushes::attempts.eq(large_pushes::attempts + attempts),
            large_pushes::step_began_at.eq(Some(at)),
            large_pushes::seen_at.eq(at),
            large_pushes::progress.eq(written(progress)?),
        ))
        .execute(connection)?;
    one(entered)
}

/// Returns a push to the queue.
///
/// # Errors
/// [`StoreError::Stale`] if it has ended.
pub fn put_back(connection: &mut Connection, push: &LargePush, at: DateTime<Utc>) -> Result<(), StoreError> {
    // A push that was returned in an orderly way was not interrupted.
    let attempts = large_pushes::attempts.eq(i64::from(push.attempts));
    let waits = large_pushes::state.eq(State::Waiting.name());
    let put = diesel::update(open(push))
        .set((waits, attempts, large_pushes::seen_at.eq(Instant::from(at))))
        .execute(connection)?;
    one(put)
}

/// Stores the progress of a push, and returns whether it is to be cancelled.
///
/// # Errors
/// [`StoreError::Unavailable`] if the database does not respond.
pub fn report_progress(
    connection: &mut Connection,
    push: &LargePush,
    progress: Progress,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    diesel::update(open(push))
        .set((large_pushes::seen_at.eq(Instant::from(at)), large_pushes::progress.eq(written(progress)?)))
        .execute(connection)?;
    let asked = large_pushes::table
        .find((Id(push.organisation), Id(push.id)))
        .select(large_pushes::cancellation_asked)
        .first(connection)?;
    Ok(asked)
}

/// Records that the service that has the files of these pushes is running.
///
/// # Errors
/// [`StoreError::Unavailable`] if the database does not respond.
pub fn seen(connection: &mut Connection, ids: &[Uuid], at: DateTime<Utc>) -> Result<(), StoreError> {
    let own = large_pushes::table
        .filter(large_pushes::ended_at.is_null())
        .filter(large_pushes::id.eq_any(ids.iter().copied().map(Id)));
    diesel::update(own).set(large_pushes::seen_at.eq(Instant::from(at))).execute(connection)?;
    Ok(())
}

/// Asks to cancel a push. One that waits is cancelled immediately, and one that is cancelled stays so.
///
/// # Errors
/// [`StoreError::Stale`] if it has ended in the meantime.
pub fn cancel(
    connection: &mut Connection,
    push: &LargePush,
    change: &Change,
) -> Result<LargePush, StoreError> {
    if push.state == State::Cancelled {
        note(connection, push, "cancelled", change)?;
        return Ok(push.clone());
    }
    let asked =
        diesel::update(open(push)).set(large_pushes::cancellation_asked.eq(true)).execute(connection)?;
    one(asked)?;
    let waits = open(push).filter(large_pushes::state.eq(State::Waiting.name()));
    diesel::update(waits)
        .set((
            large_pushes::state.eq(State::Cancelled.name()),
            large_pushes::ended_at.eq(Some(Instant::from(change.at))),
        ))
        .execute(connection)?;
    note(connection, push, "cancelled", change)?;
    find(connection, push.organisation, push.id)?.ok_or(StoreError::Missing("submission"))
}

/// Ends a push. One that is completed ends in the transaction that writes its results, unless it was cancelled.
///
/// # Errors
/// [`StoreError::Stale`] if it has ended already, or if it was cancelled and would be completed.
pub fn end(
    connection: &mut Connection,
    push: &LargePush,
    ending: &Ending,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Ending { state, progress, counts, problem } = ending;
    let completed = *state == State::Completed;
    let wanted = open(push).filter(large_pushes::cancellation_asked.eq_any([false, !completed]));
    let ended = diesel::update(wanted)
        .set((
            large_pushes::state.eq(state.name()),
            large_pushes::ended_at.eq(Some(Instant::from(at))),
            large_pushes::progress.eq(written(*progress)?),
            large_pushes::outcome.eq(Some(Outcome::text(*counts, problem.clone())?)),
        ))
        .execute(connection)?;
    one(ended)?;
    if *state == State::Failed {
        let LargePush { author, roles, request_id, .. } = push.clone();
        note(connection, push, "failed", &Change { author, roles, request_id, at })?;
    }
    Ok(())
}

/// Stores the invalid rows of a push that is rejected as a whole.
///
/// # Errors
/// [`StoreError::Query`] if a row of that number is stored already.
pub fn refuse(connection: &mut Connection, push: &LargePush, rows: &[RejectedRow]) -> Result<(), StoreError> {
    let rows: Vec<RefusedRow> = rows.iter().map(|row| RefusedRow::of(push, row)).collect::<Result<_, _>>()?;
    match connection {
        Connection::Postgres(postgres) => {
            for batch in rows.chunks(BATCH) {
                diesel::insert_into(refused_rows::table).values(batch).execute(postgres)?;
            }
        }
        Connection::Sqlite(sqlite) => {
            for row in &rows {
                diesel::insert_into(refused_rows::table).values(row).execute(sqlite)?;
            }
        }
    }
    Ok(())
}

/// The invalid rows that were stored, in their order.
///
/// # Errors
/// [`StoreError::Corrupt`] if one cannot be read.
pub fn refused(connection: &mut Connection, push: &LargePush) -> Result<Vec<RejectedRow>, StoreError> {
    let rows: Vec<(i64, String)> = refused_rows::table
        .filter(refused_rows::organisation_id.eq(Id(push.organisation)))
        .filter(refused_rows::push_id.eq(Id(push.id)))
        .order(refused_rows::row_number)
        .select((refused_rows::row_number, refused_rows::document))
        .load(connection)?;
    rows.into_iter().map(|(row, text)| rejected_row(row, &text)).collect()
}

/// The push itself, as long as it has not ended.
fn open(push: &LargePush) -> Open {
    large_pushes::table
        .filter(large_pushes::organisation_id.eq(Id(push.organisation)))
        .filter(large_pushes::id.eq(Id(push.id)))
        .filter(large_pushes::ended_at.is_null())
}

type Open = Filter<
    Filter<Filter<large_pushes::table, Eq<large_pushes::organisation_id, Id>>, Eq<large_pushes::id, Id>>,
    IsNull<large_pushes::ended_at>,
>;

fn written(progress: Progress) -> Result<String, StoreError> {
    to_document(KIND, &progress)
}

/// Adds an entry to the trail.
fn note(
    connection: &mut Connection,
    push: &LargePush,
    what: &str,
    change: &Change,
) -> Result<(), StoreError> {
    let expected: i64 =
        revisions::table.filter(revisions::entity_id.eq(Id(push.id))).count().get_result(connection)?;
    let subject = Subject { id: push.id, organisation: push.organisation, kind: SUBMISSION };
    let document = json!({
        "large_push": what, "format": push.format.name(), "mode": push.mode.name(),
        "validate_only": push.validate_only, "bytes": push.bytes,
    });
    revision::note(connection, subject, expected, change, &document).map(drop)
}

fn one(changed: usize) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}
