//! Retries: the answer to a request that carried an `Idempotency-Key`, kept for a day.
//!
//! [`begin`] marks the key as in flight in a transaction of its own; [`complete`] stores the answer in the
//! very transaction that does the work, so that there is an answer exactly where there is work done;
//! [`release`] frees the key after a failure.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::idempotency;
use crate::db::types::{Id, Instant, from_document, to_document};
use crate::{Connection, Store, StoreError, new_id};

/// A marker that is in flight for longer than this was left behind by a crash, and may be taken over.
pub const ABANDONED_AFTER: TimeDelta = TimeDelta::minutes(5);
/// An answer is replayed for this long.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);
/// How many expired keys one `begin` clears away.
const CLEARED_AT_ONCE: i64 = 50;

/// One use of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Who asks: the token's subject.
    pub client: String,
    /// The method and path, for example `POST /v1/organisations`.
    pub operation: String,
    /// The key as sent.
    pub key: String,
    /// A hash of the body (and of whatever else must be the same in a retry).
    pub body_hash: Vec<u8>,
}

/// The right to do the work of an attempt, until another takes it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    client: String,
    operation: String,
    key: String,
    holder: Uuid,
}

/// An answer that can be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body, if there is one.
    pub content_type: Option<String>,
    /// Other headers that belong to the answer, such as `location` and `etag`.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// What to do with an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Do the work, then [`complete`] or [`release`] the claim.
    Fresh(Claim),
    /// It was done before: give this answer.
    Replay(StoredAnswer),
    /// The key was used with another body.
    Mismatch,
    /// The same request is being worked on right now.
    InFlight,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idempotency)]
struct Row {
    body_hash: Vec<u8>,
    holder: Id,
    started_at: Instant,
    expires_at: Instant,
    status: Option<i32>,
    content_type: Option<String>,
    headers: Option<String>,
    body: Option<Vec<u8>>,
}

/// Claims the key, or says what became of it. A short transaction of its own.
///
/// # Errors
/// [`StoreError::Unavailable`], or [`StoreError::Corrupt`] where the stored answer cannot be read.
pub fn begin(store: &Store, attempt: &Attempt, now: DateTime<Utc>) -> Result<Begun, StoreError> {
    store.write(|connection| {
        clear_expired(connection, now)?;
        let claim = Claim {
            client: attempt.client.clone(),
            operation: attempt.operation.clone(),
            key: attempt.key.clone(),
            holder: new_id(now),
        };
        if mark(connection, attempt, &claim, now)? {
            return Ok(Begun::Fresh(claim));
        }
        let key = (&claim.client, &claim.operation, &claim.key);
        let row: Option<Row> =
            idempotency::table.find(key).select(Row::as_select()).first(connection).optional()?;
        // A row that is gone by now was released this moment: the caller may try again.
        let Some(row) = row else { return Ok(Begun::InFlight) };

        let expired = row.expires_at <= now.into();
        let in_flight = row.status.is_none();
        let abandoned = in_flight && row.started_at <= (now - ABANDONED_AFTER).into();
        if expired || abandoned {
            let taken = take_over(connection, attempt, &claim, &row, now)?;
            return Ok(if taken { Begun::Fresh(claim) } else { Begun::InFlight });
        }
        if row.body_hash != attempt.body_hash {
            return Ok(Begun::Mismatch);
        }
        if in_flight { Ok(Begun::InFlight) } else { row.answer().map(Begun::Replay) }
    })
}

/// Stores the answer, inside the transaction that did the work.
///
/// # Errors
/// [`StoreError::Stale`] where the claim was taken over: the work must not be committed.
pub fn complete(
    connection: &mut Connection,
    claim: &Claim,
    answer: &StoredAnswer,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let StoredAnswer { status, content_type, headers, body } = answer;
    let held = idempotency::table
        .find((&claim.client, &claim.operation, &claim.key))
        .filter(idempotency::holder.eq(Id(claim.holder)))
        .filter(idempotency::status.is_null());
    let completed = diesel::update(held)
        .set((
            idempotency::status.eq(Some(i32::from(*status))),
            idempotency::content_type.eq(content_type.as_deref()),
            idempotency::headers.eq(Some(to_document("answer", headers)?)),
            idempotency::body.eq(Some(body.as_slice())),
            idempotency::expires_at.eq(Instant::from(now + KEPT_FOR)),
        ))
        .execute(connection)?;
    if completed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Frees the key after a failure, so that the request can be tried again. A claim that was completed or
/// taken over is left alone.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn release(store: &Store, claim: &Claim) -> Result<(), StoreError> {
    store.write(|connection| {
        let held = idempotency::table
            .find((&claim.client, &claim.operation, &claim.key))
            .filter(idempotency::holder.eq(Id(claim.holder)))
            .filter(idempotency::status.is_null());
        diesel::delete(held).execute(connection)?;
        Ok(())
    })
}

impl Row {
    fn answer(self) -> Result<StoredAnswer, StoreError> {
        let corrupt = |detail: &str| StoreError::Corrupt { what: "answer", detail: detail.to_owned() };
        let status = self.status.and_then(|status| u16::try_from(status).ok());
        Ok(StoredAnswer {
            status: status.ok_or_else(|| corrupt("its status is no HTTP status"))?,
            content_type: self.content_type,
            headers: from_document("answer", &self.headers.ok_or_else(|| corrupt("it has no headers"))?)?,
            body: self.body.ok_or_else(|| corrupt("it has no body"))?,
        })
    }
}

/// Inserts the marker; false where there is one already.
fn mark(
    connection: &mut Connection,
    attempt: &Attempt,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let values = (
        idempotency::client.eq(&claim.client),
        idempotency::operation.eq(&claim.operation),
        idempotency::idempotency_key.eq(&claim.key),
        idempotency::body_hash.eq(&attempt.body_hash),
        idempotency::holder.eq(Id(claim.holder)),
        idempotency::started_at.eq(Instant::from(now)),
        idempotency::expires_at.eq(Instant::from(now + KEPT_FOR)),
    );
    let insert = diesel::insert_into(idempotency::table).values(values).on_conflict_do_nothing();
    let inserted = match connection {
        Connection::Postgres(postgres) => insert.execute(postgres)?,
        Connection::Sqlite(sqlite) => insert.execute(sqlite)?,
    };
    Ok(inserted == 1)
}

/// Makes an expired or abandoned marker ours; false where another request was faster.
fn take_over(
    connection: &mut Connection,
    attempt: &Attempt,
    claim: &Claim,
    seen: &Row,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let as_seen = idempotency::table
        .find((&claim.client, &claim.operation, &claim.key))
        .filter(idempotency::holder.eq(seen.holder))
        .filter(idempotency::expires_at.eq(seen.expires_at));
    let taken = diesel::update(as_seen)
        .set((
            idempotency::body_hash.eq(&attempt.body_hash),
            idempotency::holder.eq(Id(claim.holder)),
            idempotency::started_at.eq(Instant::from(now)),
            idempotency::expires_at.eq(Instant::from(now + KEPT_FOR)),
            idempotency::status.eq(None::<i32>),
            idempotency::content_type.eq(None::<&str>),
            idempotency::headers.eq(None::<String>),
            idempotency::body.eq(None::<&[u8]>),
        ))
        .execute(connection)?;
    Ok(taken == 1)
}

/// Deletes some of what has expired: few enough that no request notices.
fn clear_expired(connection: &mut Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    let key = (idempotency::client, idempotency::operation, idempotency::idempotency_key);
    let expired = idempotency::table
        .filter(idempotency::expires_at.le(Instant::from(now)))
        .order(idempotency::expires_at)
        .limit(CLEARED_AT_ONCE)
        .select(key);
    let keys: Vec<(String, String, String)> = match connection {
        // Two requests that clear the same keys must not wait on each other.
        Connection::Postgres(postgres) => expired.for_update().skip_locked().load(postgres)?,
        Connection::Sqlite(sqlite) => expired.load(sqlite)?,
    };
    for (client, operation, key) in &keys {
        diesel::delete(idempotency::table.find((client, operation, key))).execute(connection)?;
    }
    Ok(())
}
