//! Which version of an organisation is current: a number that grows with each change of anything that belongs to it,
//! in the same transaction. Whoever keeps something that was made of an organisation's data asks for this number,
//! and knows whether it still holds.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;

use crate::schema::organisations;
use crate::types::Id;
use crate::{Connection, StoreError};

/// The versions of all organisations, by code, as they were at one moment.
pub type Versions = HashMap<String, i64>;

/// The current versions: one short query.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn current(connection: &mut Connection) -> Result<Versions, StoreError> {
    let rows: Vec<(String, i64)> =
        organisations::table.select((organisations::code, organisations::version)).load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The current version of one organisation; none where there is no such organisation.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn of(connection: &mut Connection, code: &str) -> Result<Option<i64>, StoreError> {
    let version = organisations::table.filter(organisations::code.eq(code)).select(organisations::version);
    Ok(version.first(connection).optional()?)
}

/// Something of the organisation changes in this transaction, however often: once is enough. Others who change something
/// of it wait until it ends.
pub(crate) fn changed(connection: &mut Connection, organisation: Uuid) -> Result<(), StoreError> {
    let one_more = organisations::version.eq(organisations::version + 1);
    let own = organisations::table.find(Id(organisation));
    match connection {
        // Each update leaves a dead row behind, so a row that this transaction wrote is left as it is.
        Connection::Postgres(postgres) => {
            let untouched = sql::<Bool>("xmin <> pg_current_xact_id()::xid");
            diesel::update(own.filter(untouched)).set(one_more).execute(postgres)?;
        }
        Connection::Sqlite(sqlite) => {
            diesel::update(own).set(one_more).execute(sqlite)?;
        }
    }
    Ok(())
}

/// [`changed`], whether or not it was said before, and the version that follows.
pub(crate) fn raise(connection: &mut Connection, organisation: Uuid) -> Result<i64, StoreError> {
    let own = organisations::table.find(Id(organisation));
    let one_more = diesel::update(own).set(organisations::version.eq(organisations::version + 1));
    Ok(one_more.returning(organisations::version).get_result(connection)?)
}
