//! What happens to a notice: progress is reported, its authority closes it or reinstates it. The handlers.

use actix_web::post;
use waymark_domain::access::Action;
use waymark_domain::notice::Notice;

use super::conditions::verdicts;
use super::schema::{NewNoticeClosure, NewNoticeProgress, NewNoticeReinstatement};
use super::{NoticePath, item, schema};
use crate::http::params::Path;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::position::{PlanPosition, When};
use crate::workflow::write::Write;

/// Reports progress on a requirement for a month or a quarter that has ended. A second report on it is a correction.
///
/// Needs the role `performance_officer` or `accountable_officer`. The notice must be in force.
#[utoipa::path(
    tag = "notices", operation_id = "record_notice_progress",
    params(NoticePath), request_body = NewNoticeProgress, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices/{notice}/progress")]
pub(crate) async fn record_notice_progress(
    Path(path): Path<NoticePath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::ReportProgress)?;
    let progress = request.body::<NewNoticeProgress>()?.read()?;
    request
        .act(item::PROGRESS, move |step, notice: &Notice| {
            Ok(notice.report(progress, step.actor, step.scope.span(), step.today())?)
        })
        .await
}

/// Closes an improvement notice by a decision of its authority: met, withdrawn or escalated.
///
/// Needs the role `board_clerk`. The outcome `met` requires that every condition is met on the day of the meeting.
#[utoipa::path(
    tag = "notices", operation_id = "close_notice",
    params(NoticePath), request_body = NewNoticeClosure, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices/{notice}/closure")]
pub(crate) async fn close_notice(Path(path): Path<NoticePath>, request: Write) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::RecordDecisions)?;
    let closure = request.body::<NewNoticeClosure>()?.read()?;
    request
        .act(item::DECISION, move |step, notice: &Notice| {
            let when = When { as_at: closure.1.meeting, known_at: None, previous_report: None };
            let (organisation, plan) = (&step.scope.organisation, step.scope.plan.clone());
            let position = PlanPosition::load(step.connection, organisation, plan, when)?;
            let verdicts = verdicts(notice, &position);
            Ok(notice.close(closure, &verdicts, step.actor, step.scope.span(), step.today())?)
        })
        .await
}

/// Reinstates an improvement notice that was closed, by a decision of its authority.
///
/// Needs the role `board_clerk`.
#[utoipa::path(
    tag = "notices", operation_id = "reinstate_notice",
    params(NoticePath), request_body = NewNoticeReinstatement, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices/{notice}/reinstatement")]
pub(crate) async fn reinstate_notice(
    Path(path): Path<NoticePath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::RecordDecisions)?;
    let decision = request.body::<NewNoticeReinstatement>()?.read()?;
    request
        .act(item::DECISION, move |step, notice: &Notice| {
            Ok(notice.reinstate(decision, step.actor, step.scope.span(), step.today())?)
        })
        .await
}
