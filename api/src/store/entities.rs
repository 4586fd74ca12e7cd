//! Entities that a path names: found as they are, or as they were known at a moment. One that does not exist is 404, and
//! one that was created after the moment is a 404 that says when.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::plan::Plan;
use waymark_persistence::measure::{self, PlacedMeasure};
use waymark_persistence::{Connection, Record, StoreError, Versioned, indicator, plan};

use crate::http::known::Moment;
use crate::http::problem::Problem;

/// A plan of an organisation.
///
/// # Errors
/// 404 if there is none, or if it was created after the moment.
pub(crate) fn find_plan(
    connection: &mut Connection,
    organisation: Uuid,
    code: &Code,
    known_at: Moment,
) -> Result<Record<Plan>, Problem> {
    let find = |connection: &mut _, known_at| plan::find(connection, organisation, code, known_at);
    found(connection, "plan", known_at, find, |connection, plan| {
        plan::history(connection, plan.versioned.id, FIRST, 1).map(recorded_at)
    })
}

/// An indicator of an organisation.
///
/// # Errors
/// 404 if there is none, or if it was created after the moment.
pub(crate) fn find_indicator(
    connection: &mut Connection,
    organisation: Uuid,
    code: &Code,
    known_at: Moment,
) -> Result<Record<Indicator>, Problem> {
    let find = |connection: &mut _, known_at| indicator::find(connection, organisation, code, known_at);
    found(connection, "indicator", known_at, find, |connection, indicator| {
        indicator::history(connection, indicator.versioned.id, FIRST, 1).map(recorded_at)
    })
}

/// A measure of a plan.
///
/// # Errors
/// 404 if there is none, or if it was created after the moment.
pub(crate) fn find_measure(
    connection: &mut Connection,
    plan: Uuid,
    code: &Code,
    known_at: Moment,
) -> Result<PlacedMeasure, Problem> {
    let find = |connection: &mut _, known_at| measure::find(connection, plan, code, known_at);
    found(connection, "measure", known_at, find, |connection, measure| {
        measure::history(connection, measure.versioned.id, FIRST, 1).map(recorded_at)
    })
}

/// Histories are read from below a revision: the first one is below 2.
pub(crate) const FIRST: Option<i64> = Some(2);

/// When the first revision was recorded.
pub(crate) fn recorded_at<T>(revisions: Vec<Versioned<T>>) -> Option<DateTime<Utc>> {
    revisions.first().map(|first| first.recorded_at)
}

/// What `find` finds at the moment. If there is nothing, `created` says when what exists now was created.
///
/// # Errors
/// 404 if there is nothing: `what` names it.
pub(crate) fn found<T>(
    connection: &mut Connection,
    what: &str,
    known_at: Moment,
    find: impl Fn(&mut Connection, Moment) -> Result<Option<T>, StoreError>,
    created: impl FnOnce(&mut Connection, &T) -> Result<Option<DateTime<Utc>>, StoreError>,
) -> Result<T, Problem> {
    if let Some(found) = find(connection, known_at)? {
        return Ok(found);
    }
    let now = if known_at.is_some() { find(connection, None)? } else { None };
    let created = now.map(|now| created(connection, &now)).transpose()?.flatten();
    Err(created.map_or_else(|| Problem::not_found(what), |created| Problem::not_yet_known(what, created)))
}
