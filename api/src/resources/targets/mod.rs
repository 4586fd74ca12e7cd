//! Target setting: the gaps of a plan, proposed targets, and what boards decide on them. The handlers.

mod gaps;
mod item;
mod query;
mod read;
mod schema;

use actix_web::{get, post, put};
use waymark_domain::access::Action;
use waymark_domain::target_setting::TargetProposal;
use waymark_persistence::Connection;

use crate::http::known::Known;
use crate::http::list::{List, Revisions};
use crate::http::params::Path;
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::workflow::Pointers;
use crate::workflow::item::Viewer;
use crate::workflow::read::Read;
use crate::workflow::write::Write;
use gaps::GapPage;
pub(crate) use item::{NewProposal, Outcome};
use query::{GapFilter, ProposalFilter, ProposalPath, WantedGaps};
pub(crate) use schema::ProposalState;
use schema::{
    NewTargetDecisions, NewTargetProposals, TargetProposalHistory, TargetProposalList, TargetProposalPage,
    TargetRevision,
};

/// Lists the gaps of a plan: what is missing before every measure can be judged.
///
/// One item for each measure (and component with a line of its own) and kind of gap, in the order of their codes, with
/// the open proposal for it: results without a target, targets to be reset after a change of method, targets past
/// their review date, measures without a lead.
#[utoipa::path(
    tag = "targets", operation_id = "list_gaps",
    params(PlanPath, List<GapFilter>),
    responses((status = 200, description = "A page of gaps", body = GapPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/gaps")]
pub(crate) async fn list_gaps(
    Path(path): Path<PlanPath>,
    list: List<GapFilter>,
    request: Read,
) -> Result<Response, Problem> {
    let wanted = WantedGaps::read(list)?;
    let known_at = wanted.when.known_at;
    let find =
        move |connection: &mut Connection, scope, _: &Viewer| GapPage::find(connection, scope, &wanted);
    request.report(path.codes(), known_at, find).await
}

/// Lists the target proposals of a plan, in the order in which they were made.
#[utoipa::path(
    tag = "targets", operation_id = "list_target_proposals",
    params(PlanPath, List<ProposalFilter>),
    responses((status = 200, description = "A page of proposals", body = TargetProposalPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/target-proposals")]
pub(crate) async fn list_target_proposals(
    Path(path): Path<PlanPath>,
    list: List<ProposalFilter>,
    request: Read,
) -> Result<Response, Problem> {
    request.list::<TargetProposal, _>(path.codes(), list).await
}

/// Proposes targets for one or more measures of a plan.
///
/// Needs the role `performance_officer` or `accountable_officer`. All proposals are stored, or none; every error is
/// reported. A measure (or component) has at most one open proposal; a second one is the problem `wrong-state` (409)
/// with the code `already_proposed`.
#[utoipa::path(
    tag = "targets", operation_id = "create_target_proposals",
    params(PlanPath), request_body = NewTargetProposals,
    responses((status = 201, description = "The proposals, in the order of the request", body = TargetProposalList))
)]
#[post("/organisations/{organisation}/plans/{plan}/target-proposals")]
pub(crate) async fn create_target_proposals(
    Path(path): Path<PlanPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.in_plan(path.codes(), Action::ProposeTargets)?;
    let new = request.body::<NewTargetProposals>()?.read();
    request.propose::<TargetProposal>(new).await
}

/// Returns a target proposal.
#[utoipa::path(
    tag = "targets", operation_id = "get_target_proposal",
    params(ProposalPath, Known),
    responses((status = 200, description = "The proposal", body = schema::TargetProposal))
)]
#[get("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}")]
pub(crate) async fn get_target_proposal(
    Path(path): Path<ProposalPath>,
    known: Known,
    request: Read,
) -> Result<Response, Problem> {
    request.get::<TargetProposal>(path, known).await
}

/// Lists the revisions of a target proposal, the newest first.
#[utoipa::path(
    tag = "targets", operation_id = "list_target_proposal_revisions",
    params(ProposalPath, Revisions),
    responses((status = 200, description = "A page of revisions", body = TargetProposalHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}/history")]
pub(crate) async fn list_target_proposal_revisions(
    Path(path): Path<ProposalPath>,
    revisions: Revisions,
    request: Read,
) -> Result<Response, Problem> {
    request.history::<TargetProposal>(path, revisions).await
}

/// Revises a target proposal. A proposal that was sent back is thereby proposed again.
///
/// Needs the role `performance_officer` or `accountable_officer`, and only the proposer can revise a proposal. Its
/// measure and component cannot be changed.
#[utoipa::path(
    tag = "targets", operation_id = "revise_target_proposal",
    params(ProposalPath), request_body = TargetRevision,
    responses((status = 200, description = "The proposal as it is now", body = schema::TargetProposal))
)]
#[put("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}")]
pub(crate) async fn revise_target_proposal(
    Path(path): Path<ProposalPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::ProposeTargets)?;
    let (proposed_on, terms) = request.body::<TargetRevision>()?.read()?;
    request.act(item::REVISION, move |step, proposal| item::revise(step, proposal, proposed_on, terms)).await
}

/// Withdraws a target proposal.
///
/// Needs the role `performance_officer` or `accountable_officer`, and only the proposer can withdraw a proposal. A
/// proposal that was agreed cannot be withdrawn.
#[utoipa::path(
    tag = "targets", operation_id = "withdraw_target_proposal",
    params(ProposalPath),
    extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The proposal as it is now", body = schema::TargetProposal))
)]
#[post("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}/withdrawal")]
pub(crate) async fn withdraw_target_proposal(
    Path(path): Path<ProposalPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::ProposeTargets)?;
    request.act(Pointers::NONE, |step, proposal: &TargetProposal| Ok(proposal.withdraw(step.actor)?)).await
}

/// Records a board's decisions on target proposals: each is agreed, or sent back with a comment.
///
/// Needs the role `board_clerk`; the proposer of a target cannot decide on it. All decisions are stored, or none; every
/// error is reported. Each decision names the revision of the proposal that it was made on; if that is no longer the
/// current one, the response is 412 with the code `stale`. An agreed proposal becomes the target of its measure.
#[utoipa::path(
    tag = "targets", operation_id = "decide_target_proposals",
    params(PlanPath), request_body = NewTargetDecisions,
    extensions(("x-names-revisions" = json!(true))),
    responses((status = 200, description = "The proposals as they are now, in the order of the decisions", body = TargetProposalList))
)]
#[post("/organisations/{organisation}/plans/{plan}/target-decisions")]
pub(crate) async fn decide_target_proposals(
    Path(path): Path<PlanPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.in_plan(path.codes(), Action::RecordDecisions)?;
    let decisions = request.body::<NewTargetDecisions>()?.read(request.actor());
    request.decide::<TargetProposal>(decisions).await
}
