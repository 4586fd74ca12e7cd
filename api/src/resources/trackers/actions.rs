//! What is decided on a tracker: submitted, agreed or returned, published; and the next quarter's draft.

use actix_web::{post, web::Data};
use waymark_domain::access::Action;
use waymark_domain::tracker::Tracker;
use waymark_domain::workflow::{Actor, Refusal};
use waymark_persistence::plan_item;
use waymark_persistence::{Change, Connection};

use super::query::TrackerPath;
use super::schema;
use super::schema::{TrackerReturn, Viewer};
use super::{answer, created, find, ratings_on, viewer};
use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::params::{NoQuery, Path};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::AppState;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;

/// Submits an action tracker, and freezes the ratings of its aligned measures into it.
///
/// Needs the role `accountable_officer`. It has a status and a direction by then. The ratings are those of the last day
/// of the quarter, or of today where that is earlier; later results do not change them.
#[utoipa::path(
    tag = "trackers", operation_id = "submit_tracker",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/submission")]
pub(crate) async fn submit_tracker(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let request = Request::read(&caller, path, conditions, Action::DraftTrackers)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let today = change.at.date_naive();
            request.perform(connection, change, |connection, found, tracker, actor| {
                let ratings = ratings_on(connection, found, tracker, today)?;
                Ok(tracker.submit(ratings, actor, today))
            })
        })
        .await
}

/// Agrees an action tracker that was submitted.
///
/// Needs the role `accountable_director`, and somebody else than who submitted it.
#[utoipa::path(
    tag = "trackers", operation_id = "agree_tracker",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/agreement")]
pub(crate) async fn agree_tracker(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let request = Request::read(&caller, path, conditions, Action::AgreeTrackers)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let today = change.at.date_naive();
            request.perform(connection, change, |_, _, tracker, actor| Ok(tracker.agree(actor, today)))
        })
        .await
}

/// Returns an action tracker that was submitted, with a comment on what is wanted.
///
/// Needs the role `accountable_director`, and somebody else than who submitted it. It can then be changed and
/// submitted again; the ratings that were frozen stay in its history.
#[utoipa::path(
    tag = "trackers", operation_id = "return_tracker",
    params(TrackerPath), request_body = TrackerReturn, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/return")]
pub(crate) async fn return_tracker(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let request = Request::read(&caller, path, conditions, Action::AgreeTrackers)?;
    let comment = body.json::<TrackerReturn>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let today = change.at.date_naive();
            request.perform(connection, change, |_, _, tracker, actor| {
                Ok(tracker.send_back(comment, actor, today))
            })
        })
        .await
}

/// Publishes an action tracker that was agreed. Nothing changes in it after that.
///
/// Needs the role `performance_officer`.
#[utoipa::path(
    tag = "trackers", operation_id = "publish_tracker",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/publication")]
pub(crate) async fn publish_tracker(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let request = Request::read(&caller, path, conditions, Action::PublishTrackers)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let today = change.at.date_naive();
            request.perform(connection, change, |_, _, tracker, actor| Ok(tracker.publish(actor, today)))
        })
        .await
}

/// Makes the next quarter's draft from an action tracker, in whatever state that is.
///
/// Needs the role `accountable_officer`. Narrative, aligned measures, risks, resources and the actions that remain to be
/// done are kept; status and direction are assigned anew, and no rating is carried forward.
#[utoipa::path(
    tag = "trackers", operation_id = "carry_tracker_forward",
    params(TrackerPath), extensions(("x-if-match" = json!(true))),
    responses((status = 201, description = "The draft of the next quarter", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/next")]
pub(crate) async fn carry_tracker_forward(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let Request { codes, place, conditions, viewer } =
        Request::read(&caller, path, conditions, Action::DraftTrackers)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let found = PlanScope::hold(connection, &codes)?;
            let filed = find(connection, &found, &place, None)?;
            conditions.must_match(&ETag::of(&filed.versioned))?;
            let plan = &found.plan.versioned.content;
            let today = change.at.date_naive();
            let next = filed.versioned.content.carry_forward(&viewer.actor, plan, today);
            let next = next.map_err(|refusal| refused(&refusal, ""))?;
            created(connection, &codes, &found, &next, &viewer, change)
        })
        .await
}

/// Who wants to act on which tracker, from which revision.
struct Request {
    codes: (waymark_domain::code::Code, waymark_domain::code::Code),
    place: (waymark_domain::code::Code, waymark_domain::tracker::Quarter),
    conditions: Conditions,
    viewer: Viewer,
}

impl Request {
    fn read(
        caller: &Caller,
        path: TrackerPath,
        conditions: Conditions,
        needs: Action,
    ) -> Result<Self, Problem> {
        let (codes, place) = path.parts();
        caller.require(needs, &codes.0)?;
        let viewer = viewer(caller, &codes.0)?;
        Ok(Self { codes, place, conditions, viewer })
    }

    /// Takes a step from the revision that was read, and tells what came of it.
    fn perform<F>(self, connection: &mut Connection, change: &Change, step: F) -> Result<Response, Problem>
    where
        F: FnOnce(&mut Connection, &PlanScope, &Tracker, &Actor) -> Result<Result<Tracker, Refusal>, Problem>,
    {
        let Self { codes, place, conditions, viewer } = self;
        let found = PlanScope::hold(connection, &codes)?;
        let filed = find(connection, &found, &place, None)?;
        conditions.must_match(&ETag::of(&filed.versioned))?;
        let taken = step(connection, &found, &filed.versioned.content, &viewer.actor)?;
        let taken = taken.map_err(|refusal| refused(&refusal, ""))?;
        let filed = plan_item::update(connection, &filed, &taken, change)?;
        answer(connection, &found, &filed, &viewer)
    }
}
