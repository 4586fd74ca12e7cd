//! What is decided on a tracker: submitted, agreed or returned, published; and the next quarter's draft.

use actix_web::post;
use waymark_domain::access::Action;
use waymark_domain::tracker::Tracker;

use super::query::TrackerPath;
use super::schema;
use super::schema::TrackerReturn;
use super::{item, ratings_on};
use crate::http::params::Path;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::workflow::Pointers;
use crate::workflow::write::{Step, Write};

/// Submits an action tracker and freezes the ratings of its aligned measures into it.
///
/// Needs the role `accountable_officer`. The tracker needs a status and a direction. The ratings are those of the last
/// day of the quarter, or of today if that is earlier; later results do not change them.
#[utoipa::path(
    tag = "trackers", operation_id = "submit_tracker",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/submission")]
pub(crate) async fn submit_tracker(
    Path(path): Path<TrackerPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::DraftTrackers)?;
    request
        .act(Pointers::NONE, |step, tracker: &Tracker| {
            let ratings = ratings_on(step.connection, step.scope, tracker, step.today())?;
            Ok(tracker.submit(ratings, step.actor, step.today())?)
        })
        .await
}

/// Agrees an action tracker that was submitted.
///
/// Needs the role `accountable_director`; the officer who submitted it cannot agree it.
#[utoipa::path(
    tag = "trackers", operation_id = "agree_tracker",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/agreement")]
pub(crate) async fn agree_tracker(
    Path(path): Path<TrackerPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::AgreeTrackers)?;
    let agree = |step: &mut Step<'_>, tracker: &Tracker| Ok(tracker.agree(step.actor, step.today())?);
    request.act(Pointers::NONE, agree).await
}

/// Returns an action tracker that was submitted, with a comment on what should change.
///
/// Needs the role `accountable_director`; the officer who submitted it cannot return it. It can then be changed and
/// submitted again; the frozen ratings remain in its history.
#[utoipa::path(
    tag = "trackers", operation_id = "return_tracker",
    params(TrackerPath), request_body = TrackerReturn, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/return")]
pub(crate) async fn return_tracker(
    Path(path): Path<TrackerPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::AgreeTrackers)?;
    let comment = request.body::<TrackerReturn>()?.read()?;
    request
        .act(Pointers::NONE, move |step, tracker: &Tracker| {
            Ok(tracker.send_back(comment, step.actor, step.today())?)
        })
        .await
}

/// Publishes an action tracker that was agreed. A published tracker cannot be changed.
///
/// Needs the role `performance_officer`.
#[utoipa::path(
    tag = "trackers", operation_id = "publish_tracker",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/publication")]
pub(crate) async fn publish_tracker(
    Path(path): Path<TrackerPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::PublishTrackers)?;
    let publish = |step: &mut Step<'_>, tracker: &Tracker| Ok(tracker.publish(step.actor, step.today())?);
    request.act(Pointers::NONE, publish).await
}

/// Creates the next quarter's draft from an action tracker in any state.
///
/// Needs the role `accountable_officer`. Narrative, aligned measures, risks, resources and the open actions are copied;
/// status and direction are left for the officer to assign, and ratings are not copied.
#[utoipa::path(
    tag = "trackers", operation_id = "carry_tracker_forward",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 201, description = "The draft of the next quarter", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/next")]
pub(crate) async fn carry_tracker_forward(
    Path(path): Path<TrackerPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::DraftTrackers)?;
    request
        .derive(Pointers::NONE, |step, tracker: &Tracker| {
            let plan = &step.scope.plan.versioned.content;
            let next = tracker.carry_forward(step.actor, plan, step.today())?;
            Ok((item::key(&next.priority, next.quarter), next))
        })
        .await
}
