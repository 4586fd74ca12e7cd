//! How rows of results are stored and closed, many at a time.

use std::borrow::Borrow;

use diesel::prelude::*;
use uuid::Uuid;

use super::binary;
use super::row::Row;
use crate::db::schema::results;
use crate::db::types::{Id, Instant};
use crate::{Connection, StoreError};

/// Closes results of an organisation: from `at` on they are not current.
pub(super) fn close(
    connection: &mut Connection,
    organisation: Uuid,
    replaced: &[Id],
    at: Instant,
) -> Result<(), StoreError> {
    if replaced.is_empty() {
        return Ok(());
    }
    let own = results::table.filter(results::organisation_id.eq(Id(organisation)));
    match connection {
        // To PostgreSQL the ids are one array, so that the statement is always the same.
        Connection::Postgres(postgres) => {
            diesel::update(own.filter(results::id.eq_any(replaced)))
                .set(results::superseded_at.eq(at))
                .execute(postgres)?;
        }
        Connection::Sqlite(sqlite) => {
            for id in replaced {
                diesel::update(own.filter(results::id.eq(id)))
                    .set(results::superseded_at.eq(at))
                    .execute(sqlite)?;
            }
        }
    }
    Ok(())
}

/// Stores rows where nothing is current under any of their keys; else it stores none of them, and says so.
pub(super) fn insert_new(connection: &mut Connection, rows: &[Row]) -> Result<bool, StoreError> {
    // Inside a transaction this sets a savepoint. `ON CONFLICT` would do without, and cost a fifth more for each row.
    match diesel::Connection::transaction(connection, |connection| insert(connection, rows.iter().map(Ok))) {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Stores rows as they come.
///
/// # Errors
/// [`StoreError::Conflict`] (`result`) where something is current under the key of one of them.
pub(super) fn insert<R: Borrow<Row>>(
    connection: &mut Connection,
    rows: impl Iterator<Item = Result<R, StoreError>>,
) -> Result<(), StoreError> {
    match connection {
        Connection::Postgres(postgres) => binary::copy(postgres, rows),
        // No round trips here: one prepared statement, run for each row, is the fastest.
        Connection::Sqlite(sqlite) => {
            for row in rows {
                diesel::insert_into(results::table)
                    .values(row?.borrow())
                    .execute(sqlite)
                    .map_err(|error| StoreError::from(error).on_conflict(StoreError::Conflict("result")))?;
            }
            Ok(())
        }
    }
}
