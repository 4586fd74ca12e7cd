//! Measures: an indicator's place in a plan, found one by one or all at once with their indicators.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::measure::Measure;

use crate::db::schema::measures;
use crate::db::types::Id;
use crate::history::entity::{Coded, Identity, Record, Slice, repository};
use crate::history::noun::Noun;
use crate::history::revision::{BATCH, Change, Versioned, known_by};
use crate::history::{entity, indicator, noun};
use crate::{Connection, StoreError, new_id};

/// What a measure belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The organisation of the plan.
    pub organisation: Uuid,
    /// The plan.
    pub plan: Uuid,
    /// The indicator, of the same organisation or of the catalogue.
    pub indicator: Uuid,
}

/// A measure and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedMeasure {
    /// What it belongs to.
    pub place: Place,
    /// Its code, unique in the plan.
    pub code: Code,
    /// Its content at one of its revisions.
    pub versioned: Versioned<Measure>,
}

/// A measure with the indicator that it measures, as both were known at the same moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureOfPlan {
    /// The measure.
    pub measure: PlacedMeasure,
    /// Its indicator.
    pub indicator: Record<Indicator>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = measures)]
struct Row {
    id: Id,
    organisation_id: Id,
    plan_id: Id,
    indicator_id: Id,
    code: String,
}

fn identities(rows: Vec<Row>) -> Vec<Identity<Place>> {
    let identity = |Row { id, organisation_id, plan_id, indicator_id, code }| {
        (id, Place { organisation: organisation_id.0, plan: plan_id.0, indicator: indicator_id.0 }, code)
    };
    rows.into_iter().map(identity).collect()
}

/// The code of a measure is unique in its plan.
impl Coded for Measure {
    const CODE: &'static str = "measure code";
    type Place = Place;
    type Scope<'a> = Uuid;
    type Entity = PlacedMeasure;

    fn organisation(place: &Place) -> Uuid {
        place.organisation
    }

    fn entity(place: Place, code: Code, versioned: Versioned<Self>) -> PlacedMeasure {
        PlacedMeasure { place, code, versioned }
    }

    fn insert(connection: &mut Connection, id: Id, place: &Place, code: &str) -> QueryResult<usize> {
        diesel::insert_into(measures::table)
            .values((
                measures::id.eq(id),
                measures::organisation_id.eq(Id(place.organisation)),
                measures::plan_id.eq(Id(place.plan)),
                measures::indicator_id.eq(Id(place.indicator)),
                measures::code.eq(code),
            ))
            .execute(connection)
    }

    fn of_code(connection: &mut Connection, plan: Uuid, code: &str) -> QueryResult<Vec<Identity<Place>>> {
        let rows = measures::table
            .filter(measures::plan_id.eq(Id(plan)))
            .filter(measures::code.eq(code))
            .select(Row::as_select())
            .load(connection)?;
        Ok(identities(rows))
    }

    fn in_order(
        connection: &mut Connection,
        plan: Uuid,
        slice: Slice<'_>,
    ) -> QueryResult<Vec<Identity<Place>>> {
        let mut query =
            measures::table.filter(measures::plan_id.eq(Id(plan))).select(Row::as_select()).into_boxed();
        if let Some(moment) = slice.known_at {
            query = query.filter(measures::id.eq_any(known_by(Self::KIND, moment)));
        }
        if let Some(code) = slice.after {
            query = query.filter(measures::code.gt(code.as_str()));
        }
        Ok(identities(query.order(measures::code).limit(slice.limit).load(connection)?))
    }
}

repository!(Measure, PlacedMeasure, Place, plan);

/// All measures of a plan in the order of their codes, each with its indicator.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn measures_of_plan(
    connection: &mut Connection,
    plan: Uuid,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<MeasureOfPlan>, StoreError> {
    let rows: Vec<Row> = measures::table
        .filter(measures::plan_id.eq(Id(plan)))
        .order(measures::code)
        .select(Row::as_select())
        .load(connection)?;
    let placed = entity::read::<Measure>(connection, identities(rows), known_at)?;
    let indicators = indicator::of_plan(connection, plan, known_at)?;
    let by_id: HashMap<Uuid, Record<Indicator>> =
        indicators.into_iter().map(|indicator| (indicator.versioned.id, indicator)).collect();
    // Where the clocks of two instances differ, a measure may seem older than its indicator: it counts as
    // known from the moment that both are.
    let with_indicator = |measure: PlacedMeasure| {
        let indicator = by_id.get(&measure.place.indicator)?.clone();
        Some(MeasureOfPlan { measure, indicator })
    };
    Ok(placed.into_iter().filter_map(with_indicator).collect())
}

/// The measures of these indicators in all plans of an organisation, by plan and code.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn of_indicators(
    connection: &mut Connection,
    organisation: Uuid,
    indicators: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<PlacedMeasure>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for batch in indicators.chunks(BATCH) {
        let of_batch = measures::table
            .filter(measures::organisation_id.eq(Id(organisation)))
            .filter(measures::indicator_id.eq_any(batch.iter().copied().map(Id)))
            .order((measures::plan_id, measures::code))
            .select(Row::as_select())
            .load::<Row>(connection)?;
        rows.extend(of_batch);
    }
    entity::read::<Measure>(connection, identities(rows), known_at)
}
