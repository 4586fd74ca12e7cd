//! The progress of a commitment and its end: reports, closure, reopening. The handlers.

use actix_web::post;
use waymark_domain::access::Action;
use waymark_domain::commitment::Commitment;

use super::query::CommitmentPath;
use super::schema::{NewCommitmentClosure, NewCommitmentProgress, NewCommitmentReopening};
use super::{item, schema};
use crate::http::params::Path;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::workflow::Pointers;
use crate::workflow::write::Write;

/// Reports the progress of a commitment in one period.
///
/// Needs the role `performance_officer` or `accountable_officer`. A second report for the same period replaces the first,
/// which remains in the history. If the parts of a milestone are reported without a colour, the status is
/// `not_assigned`: it is not computed from the parts.
#[utoipa::path(
    tag = "commitments", operation_id = "report_progress",
    params(CommitmentPath), request_body = NewCommitmentProgress, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[post("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/reports")]
pub(crate) async fn report_progress(
    Path(path): Path<CommitmentPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::ReportProgress)?;
    let report = request.body::<NewCommitmentProgress>()?.read()?;
    request
        .act(item::REPORT, move |step, commitment: &Commitment| {
            Ok(commitment.report(report, step.actor, step.scope.span(), step.today())?)
        })
        .await
}

/// Closes a commitment.
///
/// Needs the role `performance_officer`. A closed commitment cannot be reported on unless it is reopened.
#[utoipa::path(
    tag = "commitments", operation_id = "close_commitment",
    params(CommitmentPath), request_body = NewCommitmentClosure, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[post("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/closure")]
pub(crate) async fn close_commitment(
    Path(path): Path<CommitmentPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::DefineCommitments)?;
    let (outcome, on, reason) = request.body::<NewCommitmentClosure>()?.read()?;
    request
        .act(item::CLOSURE, move |step, commitment: &Commitment| {
            Ok(commitment.close(outcome, on, reason, step.actor, step.scope.span(), step.today())?)
        })
        .await
}

/// Reopens a closed commitment.
///
/// Needs the role `performance_officer`. The closure remains in the history.
#[utoipa::path(
    tag = "commitments", operation_id = "reopen_commitment",
    params(CommitmentPath), request_body = NewCommitmentReopening, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[post("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/reopening")]
pub(crate) async fn reopen_commitment(
    Path(path): Path<CommitmentPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::DefineCommitments)?;
    let reason = request.body::<NewCommitmentReopening>()?.read()?;
    request
        .act(Pointers::NONE, move |step, commitment: &Commitment| {
            Ok(commitment.reopen(reason, step.actor, step.today())?)
        })
        .await
}
