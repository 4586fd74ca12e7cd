//! Reading results: in pages, for rating, and all that was ever recorded under a key.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{AsSelect, SqlTypeOf, exists, min, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Text};
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Breakdown;

use super::row::{Row, key_of, text_of};
use super::{Part, ResultFilter, ResultKey, StoredResult};
use crate::connection::MultiBackend;
use crate::document::Named;
use crate::record::code;
use crate::revision::BATCH;
use crate::schema::{indicators, results};
use crate::types::{Id, Instant};
use crate::{Connection, StoreError};

/// The results of an organisation that pass the filter, ordered by indicator, period, breakdown and
/// component, from the one after `after`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn list(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &ResultFilter,
    after: Option<&ResultKey>,
    limit: i64,
) -> Result<Vec<StoredResult>, StoreError> {
    let mut query = known(of_organisation(organisation), filter.known_at);
    query = in_time(query, filter);
    query = of_parts(query, filter);
    if let Some(ids) = &filter.indicators {
        query = query.filter(results::indicator_id.eq_any(ids.iter().copied().map(Id)));
    }
    if let Some(standing) = filter.standing {
        query = query.filter(results::standing.eq(standing.name()));
    }
    if let Some(submission) = filter.submission {
        query = query.filter(results::submission_id.eq(Id(submission)));
    }
    if let Some(key) = after {
        query = beyond(query, key);
    }
    let rows: Vec<Row> = query
        .order((results::indicator_id, results::period, results::breakdown, results::component))
        .limit(limit)
        .load(connection)?;
    read(connection, rows)
}

/// All that is needed to rate measures of these indicators on a day: their results of periods that had ended
/// by then, of the whole or of these breakdowns, as they were known at a moment. Ordered by indicator, last
/// day of the period, period, breakdown and component.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn for_rating(
    connection: &mut Connection,
    organisation: Uuid,
    indicators_wanted: &[Uuid],
    breakdowns: &[Breakdown],
    as_at: NaiveDate,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<StoredResult>, StoreError> {
    let parts: Vec<String> = breakdowns.iter().map(Breakdown::to_string).chain([String::new()]).collect();
    let mut rows: Vec<Row> = Vec::new();
    for batch in indicators_wanted.chunks(BATCH) {
        let query = known(of_organisation(organisation), known_at)
            .filter(results::indicator_id.eq_any(batch.iter().copied().map(Id)))
            .filter(results::breakdown.eq_any(&parts))
            .filter(results::period_last.le(as_at))
            .order((
                results::indicator_id,
                results::period_last,
                results::period,
                results::breakdown,
                results::component,
            ));
        rows.extend(query.load::<Row>(connection)?);
    }
    read(connection, rows)
}

/// The latest results of these indicators, of the whole and of these breakdowns, on a day: of each component all whose
/// period ends last.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn latest(
    connection: &mut Connection,
    organisation: Uuid,
    indicators_wanted: &[Uuid],
    breakdowns: &[Breakdown],
    as_at: NaiveDate,
) -> Result<Vec<StoredResult>, StoreError> {
    let parts: Vec<String> = breakdowns.iter().map(Breakdown::to_string).chain([String::new()]).collect();
    let later = diesel::alias!(results as later);
    let mut rows: Vec<Row> = Vec::new();
    for batch in indicators_wanted.chunks(BATCH) {
        let last_day = later
            .filter(later.field(results::organisation_id).eq(results::organisation_id))
            .filter(later.field(results::indicator_id).eq(results::indicator_id))
            .filter(later.field(results::breakdown).eq(results::breakdown))
            .filter(later.field(results::component).eq(results::component))
            .filter(later.field(results::superseded_at).is_null())
            .filter(later.field(results::period_last).le(as_at))
            .filter(later.field(results::period_last).gt(results::period_last));
        let found = results::table
            .filter(results::organisation_id.eq(Id(organisation)))
            .filter(results::superseded_at.is_null())
            .filter(results::indicator_id.eq_any(batch.iter().copied().map(Id)))
            .filter(results::breakdown.eq_any(&parts))
            .filter(results::period_last.le(as_at))
            .filter(not(exists(last_day)))
            .select(Row::as_select())
            .load::<Row>(connection)?;
        rows.extend(found);
    }
    read(connection, rows)
}

/// When a result of each key was first recorded, whatever it was corrected to since: of these indicators, of periods
/// that had ended on a day, recorded by a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored key cannot be read.
pub fn first_recorded(
    connection: &mut Connection,
    organisation: Uuid,
    indicators_wanted: &[Uuid],
    as_at: NaiveDate,
    known_at: Option<DateTime<Utc>>,
) -> Result<HashMap<ResultKey, DateTime<Utc>>, StoreError> {
    let mut first = HashMap::new();
    for batch in indicators_wanted.chunks(BATCH) {
        let rows: Vec<(Id, String, String, String, Option<Instant>)> = results::table
            .filter(results::organisation_id.eq(Id(organisation)))
            .filter(results::indicator_id.eq_any(batch.iter().copied().map(Id)))
            .filter(results::period_last.le(as_at))
            .filter(results::recorded_at.le(Instant::by(known_at)))
            .group_by((results::indicator_id, results::period, results::breakdown, results::component))
            .select((
                results::indicator_id,
                results::period,
                results::breakdown,
                results::component,
                min(results::recorded_at),
            ))
            .load(connection)?;
        for (indicator, period, breakdown, component, recorded_at) in rows {
            if let Some(recorded_at) = recorded_at {
                let key = key_of(indicator.0, &period, &breakdown, &component)?;
                first.insert(key, recorded_at.into());
            }
        }
    }
    Ok(first)
}

/// All that was ever recorded under a key, the latest first.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn history(
    connection: &mut Connection,
    organisation: Uuid,
    key: &ResultKey,
) -> Result<Vec<StoredResult>, StoreError> {
    let rows: Vec<Row> = of_organisation(organisation)
        .filter(results::indicator_id.eq(Id(key.indicator)))
        .filter(results::breakdown.eq(text_of(key.breakdown.as_ref())))
        .filter(results::period_last.eq(key.period.last_day()))
        .filter(results::period.eq(key.period.to_string()))
        .filter(results::component.eq(text_of(key.component.as_ref())))
        .order(results::recorded_at.desc())
        .load(connection)?;
    read(connection, rows)
}

type Query<'a> = results::BoxedQuery<'a, MultiBackend, SqlTypeOf<AsSelect<Row, MultiBackend>>>;

fn of_organisation<'a>(organisation: Uuid) -> Query<'a> {
    results::table.filter(results::organisation_id.eq(Id(organisation))).select(Row::as_select()).into_boxed()
}

/// The current ones, or those that were current at a moment.
fn known(query: Query<'_>, known_at: Option<DateTime<Utc>>) -> Query<'_> {
    match known_at.map(Instant::from) {
        None => query.filter(results::superseded_at.is_null()),
        Some(moment) => query
            .filter(results::recorded_at.le(moment))
            .filter(results::superseded_at.is_null().or(results::superseded_at.gt(moment))),
    }
}

fn in_time<'a>(mut query: Query<'a>, filter: &ResultFilter) -> Query<'a> {
    if let Some(period) = filter.period {
        query = query.filter(results::period.eq(period.to_string()));
    }
    if let Some(day) = filter.from {
        query = query.filter(results::period_first.ge(day));
    }
    for day in [filter.to, filter.as_at].into_iter().flatten() {
        query = query.filter(results::period_last.le(day));
    }
    query
}

fn of_parts<'a>(mut query: Query<'a>, filter: &ResultFilter) -> Query<'a> {
    match &filter.breakdown {
        Part::Any => {}
        Part::Whole => query = query.filter(results::breakdown.eq("")),
        Part::Only(breakdown) => query = query.filter(results::breakdown.eq(breakdown.to_string())),
    }
    match &filter.component {
        Part::Any => {}
        Part::Whole => query = query.filter(results::component.eq("")),
        Part::Only(component) => query = query.filter(results::component.eq(component.to_string())),
    }
    query
}

/// Those after a key: one comparison of the whole key, which both engines answer from its index.
fn beyond<'a>(query: Query<'a>, key: &ResultKey) -> Query<'a> {
    query.filter(
        sql::<Bool>("(results.indicator_id, results.period, results.breakdown, results.component) > (")
            .bind::<Binary, _>(Id(key.indicator))
            .sql(", ")
            .bind::<Text, _>(key.period.to_string())
            .sql(", ")
            .bind::<Text, _>(text_of(key.breakdown.as_ref()))
            .sql(", ")
            .bind::<Text, _>(text_of(key.component.as_ref()))
            .sql(")"),
    )
}

/// The rows with the codes of their indicators.
fn read(connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<StoredResult>, StoreError> {
    let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.indicator_id.0).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut codes: HashMap<Uuid, Code> = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let found: Vec<(Id, String)> = indicators::table
            .filter(indicators::id.eq_any(batch.iter().copied().map(Id)))
            .select((indicators::id, indicators::code))
            .load(connection)?;
        for (id, text) in found {
            codes.insert(id.0, code("indicator", text)?);
        }
    }
    let lost = || StoreError::Corrupt { what: "result", detail: "its indicator is gone".to_owned() };
    rows.into_iter()
        .map(|row| {
            let code = codes.get(&row.indicator_id.0).ok_or_else(lost)?;
            row.read(code.clone())
        })
        .collect()
}
