//! Finding large pushes.

use diesel::prelude::*;
use uuid::Uuid;

use super::row::Row;
use super::{LargePush, State};
use crate::db::schema::large_pushes;
use crate::db::types::{Id, Instant};
use crate::submission::SubmissionFilter;
use crate::{Connection, StoreError};

/// How many pushes have not ended: all of them, and those of one organisation.
///
/// # Errors
/// [`StoreError::Unavailable`] if the database does not respond.
pub fn queued(connection: &mut Connection, organisation: Uuid) -> Result<(u64, u64), StoreError> {
    let all = large_pushes::table.filter(large_pushes::ended_at.is_null());
    let own = all.filter(large_pushes::organisation_id.eq(Id(organisation)));
    let (all, own): (i64, i64) = (all.count().get_result(connection)?, own.count().get_result(connection)?);
    Ok((all.unsigned_abs(), own.unsigned_abs()))
}

/// The push of that id.
///
/// # Errors
/// [`StoreError::Corrupt`] if it cannot be read.
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

/// The pushes of an organisation that were queued, latest first, from the one before `before`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] if one cannot be read.
pub fn list(
    connection: &mut Connection,
    organisation: Uuid,
    (filter, state): (&SubmissionFilter, Option<State>),
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<LargePush>, StoreError> {
    let mut query = large_pushes::table
        .filter(large_pushes::organisation_id.eq(Id(organisation)))
        .select(Row::as_select())
        .into_boxed();
    let SubmissionFilter { submitted_by, from, to, label } = filter;
    if let Some(id) = before {
        query = query.filter(large_pushes::id.lt(Id(id)));
    }
    if let Some(state) = state {
        query = query.filter(large_pushes::state.eq(state.name()));
    }
    if let Some(author) = submitted_by {
        query = query.filter(large_pushes::author.eq(author));
    }
    if let Some(from) = from {
        query = query.filter(large_pushes::received_at.ge(Instant::from(*from)));
    }
    if let Some(to) = to {
        query = query.filter(large_pushes::received_at.lt(Instant::from(*to)));
    }
    if let Some(label) = label {
        query = query.filter(large_pushes::label.eq(label));
    }
    let rows: Vec<Row> = query.order(large_pushes::id.desc()).limit(limit).load(connection)?;
    rows.into_iter().map(Row::read).collect()
}

/// Those that have not ended, in the order in which they came.
///
/// # Errors
/// [`StoreError::Corrupt`] if one cannot be read.
pub fn unfinished(connection: &mut Connection) -> Result<Vec<LargePush>, StoreError> {
    let rows: Vec<Row> = large_pushes::table
        .filter(large_pushes::ended_at.is_null())
        .order(large_pushes::id)
        .select(Row::as_select())
        .load(connection)?;
    rows.into_iter().map(Row::read).collect()
}
