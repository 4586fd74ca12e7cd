//! Measures: an indicator's place in a plan, found one by one or all at once with their indicators.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::measure::Measure;

use crate::db::schema::{indicators, measures};
use crate::db::types::Id;
use crate::history::document::{IndicatorDocument, MeasureDocument};
use crate::history::entity::{Identity, Record, code, read};
use crate::history::revision;
use crate::history::revision::{BATCH, Change, Subject, Versioned};
use crate::{Connection, StoreError, new_id};

const KIND: &str = "measure";

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

/// Creates a measure.
///
/// # Errors
/// [`StoreError::Conflict`] (`measure code`) where the plan has a measure of that code.
pub fn create(
    connection: &mut Connection,
    place: Place,
    code: &Code,
    content: &Measure,
    change: &Change,
) -> Result<PlacedMeasure, StoreError> {
    let id = new_id(change.at);
    diesel::insert_into(measures::table)
        .values((
            measures::id.eq(Id(id)),
            measures::organisation_id.eq(Id(place.organisation)),
            measures::plan_id.eq(Id(place.plan)),
            measures::indicator_id.eq(Id(place.indicator)),
            measures::code.eq(code.as_str()),
        ))
        .execute(connection)?;
    let versioned = update(connection, place.organisation, id, 0, content, change)?;
    Ok(PlacedMeasure { place, code: code.clone(), versioned })
}

/// Replaces what is said of a measure whose current revision is `expected`.
///
/// # Errors
/// [`StoreError::Stale`] where another revision is current.
pub fn update(
    connection: &mut Connection,
    organisation: Uuid,
    id: Uuid,
    expected: i64,
    content: &Measure,
    change: &Change,
) -> Result<Versioned<Measure>, StoreError> {
    let subject = Subject { id, organisation, kind: KIND };
    let added = revision::append(connection, subject, expected, change, &MeasureDocument::from(content))?;
    Ok(added.map(|()| content.clone()))
}

/// The measure of that code, as it is or as it was known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where its document cannot be read.
pub fn find(
    connection: &mut Connection,
    plan: Uuid,
    code: &Code,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<PlacedMeasure>, StoreError> {
    let rows: Vec<Row> = measures::table
        .filter(measures::plan_id.eq(Id(plan)))
        .filter(measures::code.eq(code.as_str()))
        .select(Row::as_select())
        .load(connection)?;
    Ok(placed(connection, rows, known_at)?.into_iter().next())
}

/// The measures of a plan in the order of their codes, from the one after `after`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn list(
    connection: &mut Connection,
    plan: Uuid,
    after: Option<&Code>,
    limit: i64,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<PlacedMeasure>, StoreError> {
    let mut query =
        measures::table.filter(measures::plan_id.eq(Id(plan))).select(Row::as_select()).into_boxed();
    if let Some(moment) = known_at {
        query = query.filter(measures::id.eq_any(revision::known_by(KIND, moment.into())));
    }
    if let Some(code) = after {
        query = query.filter(measures::code.gt(code.as_str()));
    }
    let rows: Vec<Row> = query.order(measures::code).limit(limit).load(connection)?;
    placed(connection, rows, known_at)
}

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
    let placed = placed(connection, rows, known_at)?;
    let of_plan = measures::table.filter(measures::plan_id.eq(Id(plan))).select(measures::indicator_id);
    let identities: Vec<Identity> = indicators::table
        .filter(indicators::id.eq_any(of_plan))
        .select((indicators::id, indicators::organisation_id, indicators::code))
        .load(connection)?;
    let indicators: Vec<Record<Indicator>> =
        read::<IndicatorDocument, _>(connection, "indicator", identities, known_at)?;
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
        let found = measures::table
            .filter(measures::organisation_id.eq(Id(organisation)))
            .filter(measures::indicator_id.eq_any(batch.iter().copied().map(Id)))
            .order((measures::plan_id, measures::code))
            .select(Row::as_select())
            .load::<Row>(connection)?;
        rows.extend(found);
    }
    placed(connection, rows, known_at)
}

/// The revisions of a measure below `before` (all where it is none), newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history(
    connection: &mut Connection,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Versioned<Measure>>, StoreError> {
    let revisions = revision::history::<MeasureDocument>(connection, KIND, id, before, limit)?;
    Ok(revisions.into_iter().map(|revision| revision.map(Measure::from)).collect())
}

fn placed(
    connection: &mut Connection,
    rows: Vec<Row>,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<PlacedMeasure>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let mut known = revision::current_of_many::<MeasureDocument>(connection, KIND, &ids, known_at)?;
    let mut placed = Vec::with_capacity(rows.len());
    for Row { id, organisation_id, plan_id, indicator_id, code: text } in rows {
        if let Some(versioned) = known.remove(&id.0) {
            placed.push(PlacedMeasure {
                place: Place { organisation: organisation_id.0, plan: plan_id.0, indicator: indicator_id.0 },
                code: code(KIND, text)?,
                versioned: versioned.map(Measure::from),
            });
        }
    }
    Ok(placed)
}
