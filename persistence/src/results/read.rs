//! Reading results: in pages, for rating, and all that was ever recorded under a key.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{AsSelect, SqlTypeOf, min, sql};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Double, Nullable, Text};
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Breakdown;

use super::planner_hint::unsorted;
use super::row::{RatedRow, Row, key_of, text_of};
use super::{Part, RatedResult, ResultFilter, ResultKey, StoredResult};
use crate::db::connection::MultiBackend;
use crate::db::schema::{indicators, results};
use crate::db::types::{Id, Instant};
use crate::history::entity::code;
use crate::history::revision::BATCH;
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
    let after = after.map(place_of);
    let rows: Vec<Row> = wanted(organisation, filter, after.as_ref()).limit(limit).load(connection)?;
    read(connection, rows)
}

/// What is needed to rate measures of these indicators on a day: their results of these breakdowns (of the whole where
/// one is none) and of periods that had ended by then, as they were known at a moment. Those of one breakdown are ordered
/// by last day of the period, period and component.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn for_rating(
    connection: &mut Connection,
    organisation: Uuid,
    indicators_wanted: &[Uuid],
    breakdowns: &[Option<Breakdown>],
    as_at: NaiveDate,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<RatedResult>, StoreError> {
    let parts = parts_of(breakdowns);
    let mut rows: Vec<RatedRow> = Vec::new();
    for batch in indicators_wanted.chunks(BATCH) {
        let query = known(of_organisation(organisation), known_at)
            .filter(results::indicator_id.eq_any(batch.iter().copied().map(Id)))
            .filter(results::breakdown.eq_any(&parts))
            .filter(results::period_last.le(as_at))
            .order((
                results::indicator_id,
                results::breakdown,
                results::period_last,
                results::period,
                results::component,
            ));
        rows.extend(query.select(RatedRow::as_select()).load(connection)?);
    }
    rows.into_iter().map(RatedRow::read).collect()
}

/// The results of these indicators, of any breakdown, that lie beside a small count: one of the same indicator, period
/// and component has a numerator, a denominator or (of the indicators that are `counted`) a value that may be below the
/// threshold. They are of periods that had ended on a day, as they were known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn beside_small_counts(
    connection: &mut Connection,
    organisation: Uuid,
    (indicators_wanted, counted): (&[Uuid], &[Uuid]),
    threshold: u32,
    as_at: NaiveDate,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<RatedResult>, StoreError> {
    let of_indicators = |ids: &[Uuid]| {
        known(of_organisation(organisation), known_at)
            .filter(results::indicator_id.eq_any(ids.iter().copied().map(Id).collect::<Vec<_>>()))
            .filter(results::period_last.le(as_at))
    };
    // To the nearest number that a machine has, so a count that is hardly below the threshold may seem to be at it.
    let below = |column: &'static str| {
        sql::<Nullable<Bool>>("abs(CAST(")
            .sql(column)
            .sql(" AS DOUBLE PRECISION)) <= ")
            .bind::<Double, _>(f64::from(threshold))
    };
    let group = (results::indicator_id, results::period, results::component);
    let mut groups: HashSet<(Id, String, String)> = HashSet::new();
    for batch in indicators_wanted.chunks(BATCH) {
        let small = below("numerator").or(below("denominator"));
        groups.extend(
            of_indicators(batch).filter(small).select(group).load::<(Id, String, String)>(connection)?,
        );
    }
    for batch in counted.chunks(BATCH) {
        groups.extend(
            of_indicators(batch)
                .filter(below("value"))
                .select(group)
                .load::<(Id, String, String)>(connection)?,
        );
    }
    let indicators: BTreeSet<Uuid> = groups.iter().map(|(indicator, ..)| indicator.0).collect();
    let indicators: Vec<Uuid> = indicators.into_iter().collect();
    let mut rows: Vec<RatedRow> = Vec::new();
    for batch in indicators.chunks(BATCH) {
        rows.extend(of_indicators(batch).select(RatedRow::as_select()).load::<RatedRow>(connection)?);
    }
    rows.into_iter().filter(|row| groups.contains(&row.group())).map(RatedRow::read).collect()
}

/// What these submissions brought to rate measures by: their results of these breakdowns (of the whole where one is none)
/// and of periods that had ended on a day, as far as they are current.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn brought_for_rating(
    connection: &mut Connection,
    organisation: Uuid,
    submissions: &[Uuid],
    breakdowns: &[Option<Breakdown>],
    as_at: NaiveDate,
) -> Result<Vec<RatedResult>, StoreError> {
    let parts = parts_of(breakdowns);
    let mut rows: Vec<RatedRow> = Vec::new();
    unsorted(connection, |connection| {
        for id in submissions.iter().copied().map(Id) {
            let query = known(of_organisation(organisation), None)
                // Were it said to be equal, there would be no order to ask for.
                .filter(results::submission_id.ge(id))
                .filter(results::submission_id.le(id))
                .filter(results::breakdown.eq_any(&parts))
                .filter(results::period_last.le(as_at))
                .order(results::submission_id);
            rows.extend(query.select(RatedRow::as_select()).load(connection)?);
        }
        Ok(())
    })?;
    rows.into_iter().map(RatedRow::read).collect()
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

fn parts_of(breakdowns: &[Option<Breakdown>]) -> Vec<String> {
    breakdowns.iter().map(|part| text_of(part.as_ref())).collect()
}

/// The natural key of a row, letter by letter.
pub(super) type Place = (Id, String, String, String);

fn place_of(key: &ResultKey) -> Place {
    let ResultKey { indicator, period, breakdown, component } = key;
    (Id(*indicator), period.to_string(), text_of(breakdown.as_ref()), text_of(component.as_ref()))
}

/// What passes the filter and comes after a place, in the order of places.
pub(super) fn wanted<'a>(organisation: Uuid, filter: &ResultFilter, after: Option<&Place>) -> Query<'a> {
    let mut query = known(of_organisation(organisation), filter.known_at);
    query = in_time(query, filter);
    query = of_parts(query, filter);
    if let Some(ids) = &filter.indicators {
        query = query.filter(results::indicator_id.eq_any(ids.clone().into_iter().map(Id)));
    }
    if let Some(standing) = filter.standing {
        query = query.filter(results::standing.eq(standing.name()));
    }
    if let Some(submission) = filter.submission {
        query = query.filter(results::submission_id.eq(Id(submission)));
    }
    if let Some(place) = after {
        query = beyond(query, place);
    }
    query.order((results::indicator_id, results::period, results::breakdown, results::component))
}

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

/// Those after a place: one comparison of the whole key, which both engines answer from its index.
fn beyond<'a>(query: Query<'a>, (indicator, period, breakdown, component): &Place) -> Query<'a> {
    query.filter(
        sql::<Bool>("(results.indicator_id, results.period, results.breakdown, results.component) > (")
            .bind::<Binary, _>(*indicator)
            .sql(", ")
            .bind::<Text, _>(period.clone())
            .sql(", ")
            .bind::<Text, _>(breakdown.clone())
            .sql(", ")
            .bind::<Text, _>(component.clone())
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
