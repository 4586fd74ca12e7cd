//! Which results are current under the keys of new ones.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Text};
use uuid::Uuid;

use super::row::{Row, Said};
use crate::schema::results;
use crate::types::{Id, Instant};
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
    match connection {
        Connection::Postgres(postgres) => {
            let mut found: Vec<Option<Current>> = rows.iter().map(|_| None).collect();
            for (place, current) in UnderKeys::of(organisation, rows).load::<(i64, Current)>(postgres)? {
                // Places count from 1.
                let place = usize::try_from(place - 1).ok().and_then(|index| found.get_mut(index));
                if let Some(place) = place {
                    *place = Some(current);
                }
            }
            Ok(found)
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
    }
}

/// One statement whose text is always the same, so that it is prepared once, however many keys there are. The limit
/// makes PostgreSQL look each key up in the index: the key is unique, but not even a hundred thousand keys are a reason
/// to read the whole table. The breakdown is a range of one, so that a table without statistics yet is not taken for one
/// in which the series of an indicator is as short as the results of a key: that made the first large push quadratic.
const UNDER_KEYS: [&str; 6] = [
    "SELECT sent.place, known.id, known.recorded_at, known.definition_version, known.value, known.numerator, \
     known.denominator, known.unread, known.unread_reason, known.standing, known.quality, known.note, \
     known.is_baseline FROM unnest(",
    ", ",
    ", ",
    ", ",
    ") WITH ORDINALITY AS sent (indicator_id, period, breakdown, component, place) CROSS JOIN LATERAL \
     (SELECT * FROM results WHERE organisation_id = ",
    " AND results.indicator_id = sent.indicator_id AND results.period = sent.period \
     AND results.breakdown BETWEEN sent.breakdown AND sent.breakdown AND results.component = sent.component \
     AND superseded_at IS NULL LIMIT 1) AS known",
];

struct UnderKeys<'a> {
    organisation: Id,
    indicators: Vec<Id>,
    periods: Vec<&'a str>,
    breakdowns: Vec<&'a str>,
    components: Vec<&'a str>,
}

impl<'a> UnderKeys<'a> {
    fn of(organisation: Uuid, rows: &'a [Row]) -> Self {
        Self {
            organisation: Id(organisation),
            indicators: rows.iter().map(|row| row.indicator_id).collect(),
            periods: rows.iter().map(|row| row.period.as_str()).collect(),
            breakdowns: rows.iter().map(|row| row.breakdown.as_str()).collect(),
            components: rows.iter().map(|row| row.component.as_str()).collect(),
        }
    }
}

impl QueryFragment<Pg> for UnderKeys<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let [select, after_indicators, after_periods, after_breakdowns, after_components, rest] = UNDER_KEYS;
        out.push_sql(select);
        out.push_bind_param::<Array<Binary>, _>(&self.indicators)?;
        out.push_sql(after_indicators);
        out.push_bind_param::<Array<Text>, _>(&self.periods)?;
        out.push_sql(after_periods);
        out.push_bind_param::<Array<Text>, _>(&self.breakdowns)?;
        out.push_sql(after_breakdowns);
        out.push_bind_param::<Array<Text>, _>(&self.components)?;
        out.push_sql(after_components);
        out.push_bind_param::<Binary, _>(&self.organisation)?;
        out.push_sql(rest);
        Ok(())
    }
}

impl QueryId for UnderKeys<'_> {
    type QueryId = UnderKeys<'static>;
}

impl Query for UnderKeys<'_> {
    type SqlType = (BigInt, diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<Current, Pg>>);
}

impl RunQueryDsl<PgConnection> for UnderKeys<'_> {}
