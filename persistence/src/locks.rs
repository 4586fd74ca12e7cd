//! Locks of an organisation, held until the end of the transaction.
//!
//! Results have a lock of their own, which is taken first: shared by transactions that only add results that are new, and
//! exclusive for those that may supersede some. Without it two transactions could wait for each other: one for a key
//! that the other has stored, the other for the organisation. The organisation itself is locked for every change of it.

use diesel::dsl::sql_query;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use crate::db::schema::organisations;
use crate::db::types::{Id, Instant};
use crate::{Connection, StoreError, versions};

/// An organisation as it was when it was locked.
pub(crate) struct Locked {
    /// The version of its framework.
    pub(crate) framework: i64,
    /// The submission that was committed last.
    pub(crate) submission: Option<Uuid>,
    /// When that one was received: no result was recorded later.
    pub(crate) submitted_at: Option<Instant>,
}

impl Locked {
    /// A moment after all that were committed before, and not before this one.
    pub(crate) fn after(&self, moment: Instant) -> Instant {
        self.submitted_at.map_or(moment, |latest| moment.max(latest.next()))
    }
}

/// Takes the exclusive lock of the organisation's results: waits until no other transaction writes results, and makes
/// others wait until this one ends. No lock is taken before it.
pub(crate) fn write_exclusive(connection: &mut Connection, organisation: Uuid) -> Result<(), StoreError> {
    wait(connection, "SELECT pg_advisory_xact_lock($1)", organisation)
}

/// Takes the shared lock of the organisation's results: waits until no transaction holds the exclusive one.
pub(crate) fn write_shared(connection: &mut Connection, organisation: Uuid) -> Result<(), StoreError> {
    wait(connection, "SELECT pg_advisory_xact_lock_shared($1)", organisation)
}

fn wait(connection: &mut Connection, lock: &str, organisation: Uuid) -> Result<(), StoreError> {
    match connection {
        // Two organisations that share the number wait for each other, and nothing worse.
        Connection::Postgres(postgres) => {
            let (_, number) = organisation.as_u64_pair();
            sql_query(lock).bind::<BigInt, _>(number.cast_signed()).execute(postgres)?;
        }
        // There is one writer at a time, for all organisations.
        Connection::Sqlite(_) => {}
    }
    Ok(())
}

/// Locks the organisation: waits until no other transaction changes anything of it, and makes others wait until this one
/// ends.
///
/// # Errors
/// [`StoreError::Missing`] where there is no such organisation, [`StoreError::Unavailable`] after five seconds.
pub(crate) fn lock(connection: &mut Connection, organisation: Uuid) -> Result<Locked, StoreError> {
    type Row = (i64, Option<Id>, Option<Instant>);
    let row = organisations::table.find(Id(organisation)).select((
        versions::framework(),
        organisations::submission_id,
        organisations::submitted_at,
    ));
    let locked: Option<Row> = match connection {
        Connection::Postgres(postgres) => row.for_no_key_update().first(postgres).optional()?,
        // There is one writer at a time, for all organisations.
        Connection::Sqlite(sqlite) => row.first(sqlite).optional()?,
    };
    let (framework, submission, submitted_at) = locked.ok_or(StoreError::Missing("organisation"))?;
    Ok(Locked { framework, submission: submission.map(|id| id.0), submitted_at })
}
