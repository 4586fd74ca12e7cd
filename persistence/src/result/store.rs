//! How rows of results are stored and closed, many at a time.

use chrono::NaiveDate;
use diesel::copy_from;
use diesel::prelude::*;
use uuid::Uuid;

use super::row::Row;
use crate::schema::results;
use crate::types::{Id, Instant};
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
    match diesel::Connection::transaction(connection, |connection| insert(connection, rows)) {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Stores rows.
///
/// # Errors
/// [`StoreError::Conflict`] (`result`) where something is current under the key of one of them.
pub(super) fn insert(connection: &mut Connection, rows: &[Row]) -> Result<(), StoreError> {
    match connection {
        Connection::Postgres(_) if rows.is_empty() => {}
        Connection::Postgres(postgres) => {
            let copied: Vec<Copied<'_>> = rows.iter().map(Copied::of).collect();
            copy_from(results::table).from_insertable(copied).execute(postgres)?;
        }
        // No round trips here: one prepared statement, run for each row, is the fastest.
        Connection::Sqlite(sqlite) => {
            for row in rows {
                diesel::insert_into(results::table).values(row).execute(sqlite)?;
            }
        }
    }
    Ok(())
}

/// A row as it is copied: the columns of a new one.
#[derive(Insertable)]
#[diesel(table_name = results, treat_none_as_default_value = false)]
struct Copied<'a> {
    organisation_id: Id,
    id: Id,
    indicator_id: Id,
    period: &'a str,
    period_first: NaiveDate,
    period_last: NaiveDate,
    breakdown: &'a str,
    component: &'a str,
    definition_version: i32,
    value: Option<&'a str>,
    numerator: Option<&'a str>,
    denominator: Option<&'a str>,
    unread: Option<&'a str>,
    unread_reason: Option<&'a str>,
    standing: &'a str,
    quality: Option<&'a str>,
    note: Option<&'a str>,
    is_baseline: bool,
    submission_id: Id,
    recorded_at: Instant,
}

impl<'a> Copied<'a> {
    fn of(row: &'a Row) -> Self {
        let Row {
            organisation_id,
            id,
            indicator_id,
            period,
            period_first,
            period_last,
            breakdown,
            component,
            said,
            submission_id,
            recorded_at,
            superseded_at: _,
        } = row;
        Self {
            organisation_id: *organisation_id,
            id: *id,
            indicator_id: *indicator_id,
            period,
            period_first: *period_first,
            period_last: *period_last,
            breakdown,
            component,
            definition_version: said.definition_version,
            value: said.value.as_deref(),
            numerator: said.numerator.as_deref(),
            denominator: said.denominator.as_deref(),
            unread: said.unread.as_deref(),
            unread_reason: said.unread_reason.as_deref(),
            standing: &said.standing,
            quality: said.quality.as_deref(),
            note: said.note.as_deref(),
            is_baseline: said.is_baseline,
            submission_id: *submission_id,
            recorded_at: *recorded_at,
        }
    }
}
