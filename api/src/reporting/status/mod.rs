//! The status of a plan at a date, its summary, its changes between two dates, and the trajectory of one measure.

mod deleted;
mod query;
mod rule;
mod schema;
mod summary;
mod trajectory;

use actix_web::{get, web::Data};
use waymark_domain::access::Action;

use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::params::{Path, Query};
use crate::http::path::{MeasurePath, PlanPath};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::position::{PositionQuery, load};
use crate::state::AppState;
use crate::state::CacheRequest;
pub(crate) use deleted::DeletedMeasure;
pub(crate) use query::{ChangesQuery, StatusQuery, SummaryQuery};
pub(crate) use schema::{MeasureStatus, PlanStatus};
pub(crate) use summary::{PlanChanges, PlanSummary};
pub(crate) use trajectory::MeasureTrajectory;

/// Gets the status of every measure of a plan at a date.
///
/// One row for each measure, in the order of the plan's themes and priorities: the rating with its explanation, the
/// expected and the actual value, direction of travel, forecast and freshness. Measures that have left the plan by then
/// are listed in `deleted` without a rating. `as_at` selects the position on a date,
/// `as_known_at` the data as they were known at a moment, so that a published report can be reproduced.
#[utoipa::path(
    tag = "status", operation_id = "get_status",
    params(PlanPath, StatusQuery),
    responses((status = 200, description = "The status", body = PlanStatus))
)]
#[get("/organisations/{organisation}/plans/{plan}/status")]
pub(crate) async fn get_status(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<StatusQuery>,
    request: CacheRequest,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let (when, filter) = query.read()?;
    let of = organisation.clone();
    service
        .cached(request, (&of, sees_small_counts), &conditions, move |connection| {
            let position = load(connection, &organisation, &plan, when)?;
            filter.check(&position)?;
            Ok(PlanStatus::of(&position, when, &filter, sees_small_counts))
        })
        .await
}

/// Counts the ratings of a plan at a date, in total and by theme.
///
/// Shares are whole percentages of all measures in scope, half rounded up; they need not add up to 100.
#[utoipa::path(
    tag = "status", operation_id = "get_summary",
    params(PlanPath, SummaryQuery),
    responses((status = 200, description = "The summary", body = PlanSummary))
)]
#[get("/organisations/{organisation}/plans/{plan}/summary")]
pub(crate) async fn get_summary(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<SummaryQuery>,
    request: CacheRequest,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let when = query.read()?;
    let of = organisation.clone();
    service
        .cached(request, (&of, sees_small_counts), &conditions, move |connection| {
            Ok(PlanSummary::of(&load(connection, &organisation, &plan, when)?, when))
        })
        .await
}

/// Compares the ratings of a plan between two dates.
///
/// Four lists: newly red, still red, no longer red, and red measures that left because their indicator was
/// deleted from the plan.
#[utoipa::path(
    tag = "status", operation_id = "get_changes",
    params(PlanPath, ChangesQuery),
    responses((status = 200, description = "The changes", body = PlanChanges))
)]
#[get("/organisations/{organisation}/plans/{plan}/changes")]
pub(crate) async fn get_changes(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<ChangesQuery>,
    request: CacheRequest,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let (from, to) = query.read()?;
    let of = organisation.clone();
    service
        .cached(request, (&of, sees_small_counts), &conditions, move |connection| {
            let before = load(connection, &organisation, &plan, from)?;
            let now = load(connection, &organisation, &plan, to)?;
            Ok(PlanChanges::between((&before, from), (&now, to), sees_small_counts))
        })
        .await
}

/// Gets the trajectory of one measure as points ready to plot.
///
/// For a measure that has left the plan, results up to the day before count.
#[utoipa::path(
    tag = "status", operation_id = "get_trajectory",
    params(MeasurePath, PositionQuery),
    responses((status = 200, description = "The trajectory: one line for the whole, or one for each component", body = MeasureTrajectory))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/trajectory")]
pub(crate) async fn get_trajectory(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    Query(query): Query<PositionQuery>,
    request: CacheRequest,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan, measure) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let when = query.read()?;
    let of = organisation.clone();
    service
        .cached(request, (&of, sees_small_counts), &conditions, move |connection| {
            let position = load(connection, &organisation, &plan, when)?;
            let found = position.measure(connection, &measure)?;
            Ok(MeasureTrajectory::of(&position, found, when, sees_small_counts))
        })
        .await
}
