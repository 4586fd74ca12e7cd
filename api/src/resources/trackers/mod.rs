//! Action trackers: a priority's report for one quarter. The handlers that read and write them; what is decided on
//! them is in `actions`, what is computed from many of them in `overview`.

mod actions;
mod item;
mod markdown;
mod overview;
mod query;
mod ratings;
mod schema;

pub(crate) use actions::*;
pub(crate) use overview::*;

use actix_web::{get, post, put};
use waymark_domain::access::Action;
use waymark_domain::tracker::Tracker;

use crate::http::known::Known;
use crate::http::list::{List, Revisions};
use crate::http::params::Path;
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::workflow::Pointers;
use crate::workflow::read::Read;
use crate::workflow::write::Write;
pub(crate) use item::key;
use query::{TrackerFilter, TrackerPath};
pub(crate) use ratings::ratings_on;
pub(crate) use schema::Quarter as TrackerQuarter;
use schema::{NewTracker, TrackerContent, TrackerHistory, TrackerPage};

/// Lists the action trackers of a plan, in the order of their priorities' codes and of their quarters.
///
/// Every caller of the organisation sees all of them, drafts too. A tracker that is not yet submitted shows the current
/// ratings of its aligned measures.
#[utoipa::path(
    tag = "trackers", operation_id = "list_trackers",
    params(PlanPath, List<TrackerFilter>),
    responses((status = 200, description = "A page of trackers", body = TrackerPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/trackers")]
pub(crate) async fn list_trackers(
    Path(path): Path<PlanPath>,
    list: List<TrackerFilter>,
    request: Read,
) -> Result<Response, Problem> {
    request.list::<Tracker, _>(path.codes(), list.convert(TrackerFilter::read)?).await
}

/// Creates an action tracker as a draft.
///
/// Needs the role `accountable_officer`. A priority has one tracker for each quarter. The quarter has begun, and at least
/// part of it is within the plan.
#[utoipa::path(
    tag = "trackers", operation_id = "create_tracker",
    params(PlanPath), request_body = NewTracker,
    responses((status = 201, description = "The tracker", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers")]
pub(crate) async fn create_tracker(Path(path): Path<PlanPath>, request: Write) -> Result<Response, Problem> {
    let request = request.in_plan(path.codes(), Action::DraftTrackers)?;
    let (place, content) = request.body::<NewTracker>()?.read()?;
    request.create(item::NEW, move |step| item::draft(step, place, content)).await
}

/// Returns an action tracker.
///
/// Until it is submitted it shows the current ratings of its aligned measures, afterwards those at the submission.
#[utoipa::path(
    tag = "trackers", operation_id = "get_tracker",
    params(TrackerPath, Known),
    responses((status = 200, description = "The tracker", body = schema::Tracker))
)]
#[get("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}")]
pub(crate) async fn get_tracker(
    Path(path): Path<TrackerPath>,
    known: Known,
    request: Read,
) -> Result<Response, Problem> {
    request.get::<Tracker>(path, known).await
}

/// Replaces the content of an action tracker that is a draft or was returned.
///
/// Needs the role `accountable_officer`.
#[utoipa::path(
    tag = "trackers", operation_id = "replace_tracker",
    params(TrackerPath), request_body = TrackerContent,
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[put("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}")]
pub(crate) async fn replace_tracker(
    Path(path): Path<TrackerPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::DraftTrackers)?;
    let content = request.body::<TrackerContent>()?.read()?;
    request.act(Pointers::NONE, move |step, tracker| item::edit(step, tracker, content)).await
}

/// Lists the revisions of an action tracker, the newest first.
#[utoipa::path(
    tag = "trackers", operation_id = "list_tracker_revisions",
    params(TrackerPath, Revisions),
    responses((status = 200, description = "A page of revisions", body = TrackerHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/history")]
pub(crate) async fn list_tracker_revisions(
    Path(path): Path<TrackerPath>,
    revisions: Revisions,
    request: Read,
) -> Result<Response, Problem> {
    request.history::<Tracker>(path, revisions).await
}
