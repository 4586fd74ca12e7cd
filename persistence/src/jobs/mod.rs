//! Pushes that are too large to be answered at once: accepted, then checked and written, and told of all the while.
//!
//! What was sent lies in a file of the service that accepted it; here is how far it has come, so that every service can
//! tell. Such a row changes until it ends. The results themselves become one submission, under the same id.

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
use row::{Outcome, RefusedRow, Row};

const KIND: &str = "large push";

/// A push that was accepted, and how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct LargePush {
    /// Whose results were sent.
    pub organisation: Uuid,
    /// Its id, and that of the submission that it becomes.
    pub id: Uuid,
    /// When it was accepted.
    pub received_at: DateTime<Utc>,
    /// Who sent it.
    pub author: String,
    /// The roles that they had.
    pub roles: String,
    /// The request with which it came.
    pub request_id: String,
    /// In which form.
    pub format: Format,
    /// All rows or none, or those that are sound.
    pub mode: Mode,
    /// Whether the rows are only checked.
    pub validate_only: bool,
    /// The size of what was sent.
    pub bytes: u64,
    /// What is being done with it.
    pub state: State,
    /// How often it was begun.
    pub attempts: u32,
    /// Whether somebody asked that it be given up.
    pub cancellation_asked: bool,
    /// When the service that has its file was last heard of.
    pub seen_at: DateTime<Utc>,
    /// When the present step began, or the last one.
    pub step_began_at: Option<DateTime<Utc>>,
    /// When it was completed, failed or was cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// How far it has come.
    pub progress: Progress,
    /// What became of the rows, once it is completed.
    pub counts: Counts,
    /// Why it failed: a document of whoever does the work.
    pub problem: Option<Value>,
}

/// How far a push has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Bytes read in the present step.
    pub bytes_read: u64,
    /// Rows that were read.
    pub rows_read: u64,
    /// Rows that were found to be sound.
    pub rows_accepted: u64,
    /// Rows that were found to be at fault.
    pub rows_rejected: u64,
    /// Rows that were written, though nobody sees them before all are.
    pub rows_written: u64,
}

/// What is being done with a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Its turn has not come.
    Waiting,
    /// Its rows are read and judged.
    Checking,
    /// Its results are written.
    Writing,
    /// All is done.
    Completed,
    /// It could not be done, and nothing was written.
    Failed,
    /// Somebody asked that it be given up, and nothing was written.
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

/// A push to be accepted.
#[derive(Debug, Clone, Copy)]
pub struct NewLargePush {
    /// Whose results.
    pub organisation: Uuid,
    /// Its id.
    pub id: Uuid,
    /// In which form.
    pub format: Format,
    /// All rows or none, or those that are sound.
    pub mode: Mode,
    /// Whether the rows are only to be checked.
    pub validate_only: bool,
    /// The size of what was sent.
    pub bytes: u64,
}

/// How a push ends.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Completed, failed or cancelled.
    pub state: State,
    /// How far it came.
    pub progress: Progress,
    /// What became of the rows.
    pub counts: Counts,
    /// Why it failed.
    pub problem: Option<Value>,
}

/// Accepts a push: from here on it waits for its turn.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn accept(
    connection: &mut Connection,
    new: NewLargePush,
    change: &Change,
) -> Result<LargePush, StoreError> {
    let row = Row::waiting(new, change)?;
    // So many columns at once are more than the compiler can bear for either engine.
    let insert = diesel::insert_into(large_pushes::table).values(&row);
    match connection {
        Connection::Postgres(postgres) => insert.execute(postgres)?,
        Connection::Sqlite(sqlite) => insert.execute(sqlite)?,
    };
    let accepted = row.read()?;
    note(connection, &accepted, "accepted", change)?;
    Ok(accepted)
}

/// How many pushes have not ended: all of them, and those of one organisation.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn queued(connection: &mut Connection, organisation: Uuid) -> Result<(u64, u64), StoreError> {
    let all = large_pushes::table.filter(large_pushes::ended_at.is_null());
    let own = all.filter(large_pushes::organisation_id.eq(Id(organisation)));
    let (all, own): (i64, i64) = (all.count().get_result(connection)?, own.count().get_result(connection)?);
    Ok((all.unsigned_abs(), own.unsigned_abs()))
}

/// The push of that id.
///
/// # Errors
/// [`StoreError::Corrupt`] where it cannot be read.
pub fn find(
    connection: &mut Connection,
    organisation: Uuid,
    id: Uuid,
) -> Result<Option<LargePush>, StoreError> {
    let row: Option<Row> = large_pushes::table
        .find((Id(organisation), Id(id)))
        .select(Row::as_select())
        .first(connection)
        .optional()?;
    row.map(Row::read).transpose()
}

/// Those that have not ended, in the order in which they came.
///
/// # Errors
/// [`StoreError::Corrupt`] where one cannot be read.
pub fn unfinished(connection: &mut Connection) -> Result<Vec<LargePush>, StoreError> {
    let rows: Vec<Row> = large_pushes::table
        .filter(large_pushes::ended_at.is_null())
        .order(large_pushes::id)
        .select(Row::as_select())
        .load(connection)?;
    rows.into_iter().map(Row::read).collect()
}

/// A push goes over to a step; at the first it is begun once more.
///
/// # Errors
/// [`StoreError::Stale`] where it has ended, or is to be given up.
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

/// Its turn comes again later.
///
/// # Errors
/// [`StoreError::Stale`] where it has ended.
pub fn put_back(connection: &mut Connection, push: &LargePush, at: DateTime<Utc>) -> Result<(), StoreError> {
    // Whoever put it back did not give up in the middle of it.
    let attempts = large_pushes::attempts.eq(i64::from(push.attempts));
    let waits = large_pushes::state.eq(State::Waiting.name());
    let put = diesel::update(open(push))
        .set((waits, attempts, large_pushes::seen_at.eq(Instant::from(at))))
        .execute(connection)?;
    one(put)
}

/// Tells how far a push has come, and asks whether it is to be given up.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn tell(
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

/// The service that has the files of these pushes is there.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn seen(connection: &mut Connection, ids: &[Uuid], at: DateTime<Utc>) -> Result<(), StoreError> {
    let own = large_pushes::table
        .filter(large_pushes::ended_at.is_null())
        .filter(large_pushes::id.eq_any(ids.iter().copied().map(Id)));
    diesel::update(own).set(large_pushes::seen_at.eq(Instant::from(at))).execute(connection)?;
    Ok(())
}

/// Somebody asks that a push be given up. One that waits is cancelled there and then, and one that is cancelled stays so.
///
/// # Errors
/// [`StoreError::Stale`] where it has ended in the meantime.
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

/// Ends a push. One that is completed ends in the transaction that writes its results, unless it was to be given up.
///
/// # Errors
/// [`StoreError::Stale`] where it has ended already, or where it was to be given up and would be completed.
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

/// Keeps rows at fault of a push that is refused as a whole.
///
/// # Errors
/// [`StoreError::Query`] where a row of that number is kept already.
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

/// The rows at fault that were kept, in their order.
///
/// # Errors
/// [`StoreError::Corrupt`] where one cannot be read.
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

/// Leaves an entry in the trail.
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
