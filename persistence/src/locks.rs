//! Turns: whoever writes results of an organisation waits until it is their turn, and from then on until the end of the
//! transaction nobody else changes anything of the organisation.
//!
//! Before that, results that are new may be stored beside others that are: they are nobody else's business until they
//! are committed. Who may supersede a result does all of it alone, else two could wait for each other: one for a key
//! that the other has stored, the other for the turn.

use diesel::dsl::sql_query;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use crate::db::schema::organisations;
use crate::db::types::{Id, Instant};
use crate::{Connection, StoreError, versions};

/// How an organisation is found by those whose turn it is.
pub(crate) struct Turn {
    /// The version of its framework.
    pub(crate) framework: i64,
    /// The submission that was committed last.
    pub(crate) submission: Option<Uuid>,
    /// When that one was received: no result was recorded later.
    pub(crate) submitted_at: Option<Instant>,
}

impl Turn {
    /// A moment after all that were committed before, and not before this one.
    pub(crate) fn after(&self, moment: Instant) -> Instant {
        self.submitted_at.map_or(moment, |latest| moment.max(latest.next()))
    }
}

/// Waits until nobody else stores results of the organisation, and keeps others waiting until the transaction ends. It is
/// the first thing that a transaction waits for.
pub(crate) fn alone(connection: &mut Connection, organisation: Uuid) -> Result<(), StoreError> {
    wait(connection, "SELECT pg_advisory_xact_lock($1)", organisation)
}

/// Waits until nobody stores results of the organisation alone.
pub(crate) fn beside_others(connection: &mut Connection, organisation: Uuid) -> Result<(), StoreError> {
    wait(connection, "SELECT pg_advisory_xact_lock_shared($1)", organisation)
}

fn wait(connection: &mut Connection, lock: &str, organisation: Uuid) -> Result<(), StoreError> {
    match connection {
        // Where two organisations share the number, they wait for each other, and nothing else.
        Connection::Postgres(postgres) => {
            let (_, number) = organisation.as_u64_pair();
            sql_query(lock).bind::<BigInt, _>(number.cast_signed()).execute(postgres)?;
        }
        // There is one writer at a time, for all organisations.
        Connection::Sqlite(_) => {}
    }
    Ok(())
}

/// Waits until no other transaction changes anything of the organisation, and keeps others waiting until this one ends.
///
/// # Errors
/// [`StoreError::Missing`] where there is no such organisation, [`StoreError::Unavailable`] after five seconds.
pub(crate) fn take(connection: &mut Connection, organisation: Uuid) -> Result<Turn, StoreError> {
    type Row = (i64, Option<Id>, Option<Instant>);
    let row = organisations::table.find(Id(organisation)).select((
        versions::framework(),
        organisations::submission_id,
        organisations::submitted_at,
    ));
    let found: Option<Row> = match connection {
        Connection::Postgres(postgres) => row.for_no_key_update().first(postgres).optional()?,
        // There is one writer at a time, for all organisations.
        Connection::Sqlite(sqlite) => row.first(sqlite).optional()?,
    };
    let (framework, submission, submitted_at) = found.ok_or(StoreError::Missing("organisation"))?;
    Ok(Turn { framework, submission: submission.map(|id| id.0), submitted_at })
}
