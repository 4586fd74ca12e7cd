//! Which results are current under the keys of new ones.

use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Text};
use uuid::Uuid;

use super::planner_hint::unsorted;
use super::row::{Row, Said};
use crate::db::schema::results;
use crate::db::types::{Id, Instant};
use crate::{Connection, StoreError};

/// The current result of a key.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = results)]
pub(super) struct Current {
    pub(super) id: Id,
    pub(super) recorded_at: Instant,
    #[diesel(embed)]
    pub(super) said: Said,
}

/// For each row the current result of its key, if there is one.
pub(super) fn current(
    connection: &mut Connection,
    organisation: Uuid,
    rows: &[Row],
) -> Result<Vec<Option<Current>>, StoreError> {
    unsorted(connection, |connection| match connection {
        Connection::Postgres(postgres) => {
            let (wanted, places) = Wanted::of(organisation, rows);
            Ok(sort(rows, &places, wanted.load(postgres)?))
        }
        // No round trips here: one prepared statement, run for each row, is the fastest.
        Connection::Sqlite(sqlite) => {
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                let under_key = results::table
                    .filter(results::organisation_id.eq(row.organisation_id))
                    .filter(results::indicator_id.eq(row.indicator_id))
                    .filter(results::period.eq(&row.period))
                    .filter(results::breakdown.eq(&row.breakdown))
                    .filter(results::component.eq(&row.component))
                    .filter(results::superseded_at.is_null());
                found.push(under_key.select(Current::as_select()).first(sqlite).optional()?);
            }
            Ok(found)
        }
    })
}

/// Whether nothing is current under the key of a row.
pub(super) fn is_new(connection: &mut Connection, organisation: Uuid, row: &Row) -> Result<bool, StoreError> {
    Ok(current(connection, organisation, std::slice::from_ref(row))?.iter().all(Option::is_none))
}

/// A current result, and whose it is: the place of its indicator and period among those asked for, from 1, and the parts.
type Found = (i64, String, String, Current);

/// One statement whose text is always the same, so that it is prepared once, however many keys there are. A push mostly
/// holds many parts of one indicator and period, which lie side by side: those are had in one go, from the first that
/// was sent to the last. They are asked for in an order that only the index of current keys has.
const WANTED: [&str; 8] = [
    "SELECT sent.place, known.breakdown, known.component, known.id, known.recorded_at, known.definition_version, \
     known.value, known.numerator, known.denominator, known.unread, known.unread_reason, known.standing, known.quality, \
     known.note, known.is_baseline FROM unnest(",
    ", ",
    ", ",
    ", ",
    ", ",
    ", ",
    ") WITH ORDINALITY AS sent (indicator_id, period, first_breakdown, first_component, last_breakdown, \
     last_component, place) CROSS JOIN LATERAL (SELECT * FROM results WHERE organisation_id = ",
    " AND superseded_at IS NULL AND results.indicator_id = sent.indicator_id AND results.period = sent.period \
     AND (results.breakdown, results.component) >= (sent.first_breakdown, sent.first_component) \
     AND (results.breakdown, results.component) <= (sent.last_breakdown, sent.last_component) \
     ORDER BY indicator_id, period, breakdown, component) AS known",
];

/// The keys of rows: each indicator and period once, with the first and the last of its parts.
struct Wanted<'a> {
    organisation: Id,
    indicators: Vec<Id>,
    periods: Vec<&'a str>,
    first: [Vec<&'a str>; 2],
    last: [Vec<&'a str>; 2],
}

impl<'a> Wanted<'a> {
    /// With the place of the indicator and period of each row, from 0.
    fn of(organisation: Uuid, rows: &'a [Row]) -> (Self, Vec<usize>) {
        let mut known: HashMap<(Id, &str), usize> = HashMap::new();
        let mut parts: Vec<[(&str, &str); 2]> = Vec::new();
        let (mut indicators, mut periods, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let part = (row.breakdown.as_str(), row.component.as_str());
            let place = *known.entry((row.indicator_id, row.period.as_str())).or_insert(parts.len());
            match parts.get_mut(place) {
                Some([first, last]) => (*first, *last) = (part.min(*first), part.max(*last)),
                None => {
                    indicators.push(row.indicator_id);
                    periods.push(row.period.as_str());
                    parts.push([part, part]);
                }
            }
            places.push(place);
        }
        let (first, last): (Vec<_>, Vec<_>) = parts.into_iter().map(|[first, last]| (first, last)).unzip();
        let columns = |parts: Vec<(&'a str, &'a str)>| <[Vec<&str>; 2]>::from(parts.into_iter().unzip());
        let (first, last) = (columns(first), columns(last));
        (Self { organisation: Id(organisation), indicators, periods, first, last }, places)
    }
}

/// What was found, in the order of the rows.
fn sort(rows: &[Row], places: &[usize], found: Vec<Found>) -> Vec<Option<Current>> {
    let keyed = rows.iter().zip(places).zip(0_usize..);
    let of_key: HashMap<(usize, &str, &str), usize> = keyed
        .map(|((row, place), index)| ((*place, row.breakdown.as_str(), row.component.as_str()), index))
        .collect();
    let mut sorted: Vec<Option<Current>> = rows.iter().map(|_| None).collect();
    for (place, breakdown, component, current) in found {
        let place = usize::try_from(place - 1).ok();
        let index = place.and_then(|place| of_key.get(&(place, breakdown.as_str(), component.as_str())));
        // What lies between the parts that were sent was not asked for.
        if let Some(kept) = index.and_then(|index| sorted.get_mut(*index)) {
            *kept = Some(current);
        }
    }
    sorted
}

impl QueryFragment<Pg> for Wanted<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let [select, after_indicators, between @ .., on, rest] = WANTED;
        out.push_sql(select);
        out.push_bind_param::<Array<Binary>, _>(&self.indicators)?;
        out.push_sql(after_indicators);
        out.push_bind_param::<Array<Text>, _>(&self.periods)?;
        for (comma, column) in between.iter().zip(self.first.iter().chain(&self.last)) {
            out.push_sql(comma);
            out.push_bind_param::<Array<Text>, _>(column)?;
        }
        out.push_sql(on);
        out.push_bind_param::<Binary, _>(&self.organisation)?;
        out.push_sql(rest);
        Ok(())
    }
}

impl QueryId for Wanted<'_> {
    type QueryId = Wanted<'static>;
}

impl Query for Wanted<'_> {
    type SqlType = (BigInt, Text, Text, diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<Current, Pg>>);
}

impl RunQueryDsl<PgConnection> for Wanted<'_> {}
