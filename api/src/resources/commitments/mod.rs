//! Commitments: what a plan promises beside its indicators, who is responsible, and the progress. The handlers.

mod item;
mod progress;
mod query;
mod schema;
mod summary;

use actix_web::{get, post, put};
use waymark_domain::access::Action;
use waymark_domain::commitment::Commitment;

use crate::http::known::Known;
use crate::http::list::{List, Revisions};
use crate::http::params::Path;
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::workflow::read::Read;
use crate::workflow::write::Write;
pub(crate) use item::keep_their_themes;
pub(crate) use progress::*;
use query::{CommitmentFilter, CommitmentPath};
use schema::{CommitmentContent, CommitmentHistory, CommitmentPage, NewCommitment};
pub(crate) use schema::{CommitmentState, CommitmentStatus};
pub(crate) use summary::*;

/// Lists the commitments of a plan, in the order of their codes.
#[utoipa::path(
    tag = "commitments", operation_id = "list_commitments",
    params(PlanPath, List<CommitmentFilter>),
    responses((status = 200, description = "A page of commitments", body = CommitmentPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/commitments")]
pub(crate) async fn list_commitments(
    Path(path): Path<PlanPath>,
    list: List<CommitmentFilter>,
    request: Read,
) -> Result<Response, Problem> {
    request.list::<Commitment, _>(path.codes(), list.convert(CommitmentFilter::read)?).await
}

/// Creates a commitment of a plan.
///
/// Needs the role `performance_officer`.
#[utoipa::path(
    tag = "commitments", operation_id = "create_commitment",
    params(PlanPath), request_body = NewCommitment,
    responses((status = 201, description = "The commitment", body = schema::Commitment))
)]
#[post("/organisations/{organisation}/plans/{plan}/commitments")]
pub(crate) async fn create_commitment(
    Path(path): Path<PlanPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.in_plan(path.codes(), Action::DefineCommitments)?;
    let new = request.body::<NewCommitment>()?;
    request.create(item::TERMS, move |step| item::make(step, new)).await
}

/// Returns a commitment with all its reports.
#[utoipa::path(
    tag = "commitments", operation_id = "get_commitment",
    params(CommitmentPath, Known),
    responses((status = 200, description = "The commitment", body = schema::Commitment))
)]
#[get("/organisations/{organisation}/plans/{plan}/commitments/{commitment}")]
pub(crate) async fn get_commitment(
    Path(path): Path<CommitmentPath>,
    known: Known,
    request: Read,
) -> Result<Response, Problem> {
    request.get::<Commitment>(path, known).await
}

/// Replaces the content of a commitment. Its reports are kept.
///
/// Needs the role `performance_officer`. A closed commitment has to be reopened first. A milestone cannot count less than
/// was reported of it.
#[utoipa::path(
    tag = "commitments", operation_id = "replace_commitment",
    params(CommitmentPath), request_body = CommitmentContent,
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[put("/organisations/{organisation}/plans/{plan}/commitments/{commitment}")]
pub(crate) async fn replace_commitment(
    Path(path): Path<CommitmentPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::DefineCommitments)?;
    let content = request.body::<CommitmentContent>()?;
    request.act(item::TERMS, move |step, before| item::replace(step, before, content)).await
}

/// Lists the revisions of a commitment, the newest first. Corrected reports are in the earlier ones.
#[utoipa::path(
    tag = "commitments", operation_id = "list_commitment_revisions",
    params(CommitmentPath, Revisions),
    responses((status = 200, description = "A page of revisions", body = CommitmentHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/history")]
pub(crate) async fn list_commitment_revisions(
    Path(path): Path<CommitmentPath>,
    revisions: Revisions,
    request: Read,
) -> Result<Response, Problem> {
    request.history::<Commitment>(path, revisions).await
}
