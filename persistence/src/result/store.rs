//! How rows of results are stored and closed, many at a time.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Integer, Nullable, Text};
use uuid::Uuid;

use super::row::{Origin, Row};
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

/// Stores rows of one origin where nothing is current under any of their keys; else it stores none of them, and says so.
pub(super) fn insert_new(
    connection: &mut Connection,
    origin: Origin,
    rows: &[Row],
) -> Result<bool, StoreError> {
    // Inside a transaction this sets a savepoint. `ON CONFLICT` would do without, and cost a fifth more for each row.
    match diesel::Connection::transaction(connection, |connection| insert(connection, origin, rows)) {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Stores rows of one origin.
///
/// # Errors
/// [`StoreError::Conflict`] (`result`) where something is current under the key of one of them.
pub(super) fn insert(connection: &mut Connection, origin: Origin, rows: &[Row]) -> Result<(), StoreError> {
    match connection {
        Connection::Postgres(_) if rows.is_empty() => {}
        Connection::Postgres(postgres) => {
            Columns::of(origin, rows).execute(postgres)?;
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

/// Rows as arrays, a column each, that one statement stores: its text is always the same, so that it is prepared once.
/// Of the columns that are mostly empty an array may be shorter than the others: what is missing at its end is NULL.
struct Columns<'a> {
    origin: Fixed,
    ids: Vec<Id>,
    indicators: Vec<Id>,
    periods: Vec<&'a str>,
    first_days: Vec<NaiveDate>,
    last_days: Vec<NaiveDate>,
    breakdowns: Vec<&'a str>,
    components: Vec<&'a str>,
    versions: Vec<i32>,
    values: Vec<Option<&'a str>>,
    numerators: Vec<Option<&'a str>>,
    denominators: Vec<Option<&'a str>>,
    unread: Vec<Option<&'a str>>,
    reasons: Vec<Option<&'a str>>,
    standings: Vec<&'a str>,
    qualities: Vec<Option<&'a str>>,
    notes: Vec<Option<&'a str>>,
    baselines: Vec<bool>,
}

/// What all rows of a submission share.
struct Fixed {
    organisation: Id,
    submission: Id,
    recorded_at: Instant,
}

impl<'a> Columns<'a> {
    fn of(origin: Origin, rows: &'a [Row]) -> Self {
        let Origin { organisation, submission, recorded_at } = origin;
        Self {
            origin: Fixed { organisation: Id(organisation), submission: Id(submission), recorded_at },
            ids: rows.iter().map(|row| row.id).collect(),
            indicators: rows.iter().map(|row| row.indicator_id).collect(),
            periods: rows.iter().map(|row| row.period.as_str()).collect(),
            first_days: rows.iter().map(|row| row.period_first).collect(),
            last_days: rows.iter().map(|row| row.period_last).collect(),
            breakdowns: rows.iter().map(|row| row.breakdown.as_str()).collect(),
            components: rows.iter().map(|row| row.component.as_str()).collect(),
            versions: rows.iter().map(|row| row.said.definition_version).collect(),
            values: sparse(rows, |row| row.said.value.as_deref()),
            numerators: sparse(rows, |row| row.said.numerator.as_deref()),
            denominators: sparse(rows, |row| row.said.denominator.as_deref()),
            unread: sparse(rows, |row| row.said.unread.as_deref()),
            reasons: sparse(rows, |row| row.said.unread_reason.as_deref()),
            standings: rows.iter().map(|row| row.said.standing.as_str()).collect(),
            qualities: sparse(rows, |row| row.said.quality.as_deref()),
            notes: sparse(rows, |row| row.said.note.as_deref()),
            baselines: rows.iter().map(|row| row.said.is_baseline).collect(),
        }
    }
}

/// A column without the empty cells at its end.
fn sparse<'a>(rows: &'a [Row], cell: impl Fn(&'a Row) -> Option<&'a str>) -> Vec<Option<&'a str>> {
    let length = rows.iter().rposition(|row| cell(row).is_some()).map_or(0, |last| last + 1);
    rows.iter().take(length).map(cell).collect()
}

impl QueryFragment<Pg> for Columns<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO results (organisation_id, submission_id, recorded_at, id, indicator_id, period, \
             period_first, period_last, breakdown, component, definition_version, value, numerator, denominator, \
             unread, unread_reason, standing, quality, note, is_baseline) SELECT ",
        );
        out.push_bind_param::<Binary, _>(&self.origin.organisation)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&self.origin.submission)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.origin.recorded_at)?;
        out.push_sql(", sent.* FROM unnest(");
        out.push_bind_param::<Array<Binary>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.indicators)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.periods)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Date>, _>(&self.first_days)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Date>, _>(&self.last_days)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.breakdowns)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.components)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.versions)?;
        for cells in [&self.values, &self.numerators, &self.denominators, &self.unread, &self.reasons] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<Text>>, _>(cells)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.standings)?;
        for cells in [&self.qualities, &self.notes] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<Text>>, _>(cells)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Bool>, _>(&self.baselines)?;
        out.push_sql(") AS sent");
        Ok(())
    }
}

impl QueryId for Columns<'_> {
    type QueryId = Columns<'static>;
}

impl RunQueryDsl<PgConnection> for Columns<'_> {}
