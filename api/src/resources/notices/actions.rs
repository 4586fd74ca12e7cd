//! What happens to a notice: progress is reported, its authority closes it or reinstates it. The handlers.

use actix_web::{post, web::Data};
use waymark_domain::access::Action;

use super::conditions::verdicts;
use super::schema;
use super::schema::{NewNoticeClosure, NewNoticeProgress, NewNoticeReinstatement};
use super::{NoticePath, hold, keep, told};
use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::params::{NoQuery, Path};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::reporting::status::position::{PlanPosition, When};
use crate::state::AppState;

/// Reports progress on a requirement for a month or a quarter that has ended; a second report on it is a correction.
///
/// Needs the role `performance_officer` or `accountable_officer`. The notice is in force.
#[utoipa::path(
    tag = "notices", operation_id = "record_notice_progress",
    params(NoticePath), request_body = NewNoticeProgress, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices/{notice}/progress")]
pub(crate) async fn record_notice_progress(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<NoticePath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (plan, notice) = path.codes();
    caller.require(Action::ReportProgress, &plan.0)?;
    let actor = caller.actor(&plan.0)?;
    let update = body.json::<NewNoticeProgress>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let (held, filed) = hold(connection, (&plan, &notice), &conditions)?;
            let span = held.plan.versioned.content.span;
            let next = filed.versioned.content.report(update, &actor, span, change.at.date_naive());
            keep(connection, &filed, next.map_err(|refusal| told(&refusal, "/period"))?, &actor, change)
        })
        .await
}

/// Closes an improvement notice by a decision of its authority: met, withdrawn or escalated.
///
/// Needs the role `board_clerk`. It is met only where every condition is, as at the day of the meeting.
#[utoipa::path(
    tag = "notices", operation_id = "close_notice",
    params(NoticePath), request_body = NewNoticeClosure, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices/{notice}/closure")]
pub(crate) async fn close_notice(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<NoticePath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (plan, notice) = path.codes();
    caller.require(Action::RecordDecisions, &plan.0)?;
    let actor = caller.actor(&plan.0)?;
    let closure = body.json::<NewNoticeClosure>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let (held, filed) = hold(connection, (&plan, &notice), &conditions)?;
            let (span, content) = (held.plan.versioned.content.span, &filed.versioned.content);
            let when = When { as_at: closure.1.meeting, known_at: None, previous_report: None };
            let position = PlanPosition::load(connection, &held.organisation, held.plan, when)?;
            let verdicts = verdicts(content, &position);
            let next = content.close(closure, &verdicts, &actor, span, change.at.date_naive());
            keep(connection, &filed, next.map_err(|refusal| told(&refusal, "/meeting_date"))?, &actor, change)
        })
        .await
}

/// Puts an improvement notice that was closed in force again, by a decision of its authority.
///
/// Needs the role `board_clerk`.
#[utoipa::path(
    tag = "notices", operation_id = "reinstate_notice",
    params(NoticePath), request_body = NewNoticeReinstatement, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices/{notice}/reinstatement")]
pub(crate) async fn reinstate_notice(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<NoticePath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (plan, notice) = path.codes();
    caller.require(Action::RecordDecisions, &plan.0)?;
    let actor = caller.actor(&plan.0)?;
    let decision = body.json::<NewNoticeReinstatement>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let (held, filed) = hold(connection, (&plan, &notice), &conditions)?;
            let span = held.plan.versioned.content.span;
            let next = filed.versioned.content.reinstate(decision, &actor, span, change.at.date_naive());
            keep(connection, &filed, next.map_err(|refusal| told(&refusal, "/meeting_date"))?, &actor, change)
        })
        .await
}
