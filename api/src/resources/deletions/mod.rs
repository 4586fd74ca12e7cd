//! Deletions: measures proposed to leave a plan, and what boards decided on them. The handlers.

mod affected;
mod departure;
mod item;
mod query;
mod read;
mod schema;

use actix_web::{get, post};
use waymark_domain::access::Action;
use waymark_domain::deletion::Deletion;

use crate::http::known::Known;
use crate::http::list::{List, Revisions};
use crate::http::params::Path;
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::workflow::Pointers;
use crate::workflow::read::Read;
use crate::workflow::write::{Step, Write};
pub(crate) use departure::{Category, Departure, superseded_by};
use query::{DeletionFilter, DeletionPath};
use schema::{DeletionHistory, DeletionList, DeletionPage};
pub(crate) use schema::{NewDeletionDecisions, NewDeletions, State as DeletionState};

/// Lists the deletions of a plan, in the order in which they were proposed.
#[utoipa::path(
    tag = "deletions", operation_id = "list_deletions",
    params(PlanPath, List<DeletionFilter>),
    responses((status = 200, description = "A page of deletions", body = DeletionPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/deletions")]
pub(crate) async fn list_deletions(
    Path(path): Path<PlanPath>,
    list: List<DeletionFilter>,
    request: Read,
) -> Result<Response, Problem> {
    request.list::<Deletion, _>(path.codes(), list).await
}

/// Proposes that measures leave a plan, each with its category and reason: all proposals are stored, or none.
///
/// Needs the role `performance_officer` or `accountable_officer`. A reason "as above" takes the reason of the proposal
/// before it, and its category if none is given. The measures stay in the plan until a board agrees.
#[utoipa::path(
    tag = "deletions", operation_id = "propose_deletions",
    params(PlanPath), request_body = NewDeletions,
    responses((status = 201, description = "The deletions, in the order of the proposals", body = DeletionList))
)]
#[post("/organisations/{organisation}/plans/{plan}/deletions")]
pub(crate) async fn propose_deletions(
    Path(path): Path<PlanPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.in_plan(path.codes(), Action::ProposeDeletions)?;
    let new = request.body::<NewDeletions>()?.read();
    request.propose::<Deletion>(new).await
}

/// Returns a deletion: why it was proposed, what was decided, and what depends on its measure.
#[utoipa::path(
    tag = "deletions", operation_id = "get_deletion",
    params(DeletionPath, Known),
    responses((status = 200, description = "The deletion", body = schema::Deletion))
)]
#[get("/organisations/{organisation}/plans/{plan}/deletions/{deletion}")]
pub(crate) async fn get_deletion(
    Path(path): Path<DeletionPath>,
    known: Known,
    request: Read,
) -> Result<Response, Problem> {
    request.get::<Deletion>(path, known).await
}

/// Lists the revisions of a deletion, the newest first.
///
/// `affected` is as it is now, for earlier revisions too.
#[utoipa::path(
    tag = "deletions", operation_id = "list_deletion_revisions",
    params(DeletionPath, Revisions),
    responses((status = 200, description = "A page of revisions", body = DeletionHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/deletions/{deletion}/history")]
pub(crate) async fn list_deletion_revisions(
    Path(path): Path<DeletionPath>,
    revisions: Revisions,
    request: Read,
) -> Result<Response, Problem> {
    request.history::<Deletion>(path, revisions).await
}

/// Withdraws a deletion before it is decided.
///
/// Needs the role `performance_officer` or `accountable_officer`, and only the proposer can withdraw it. The request
/// has no body.
#[utoipa::path(
    tag = "deletions", operation_id = "withdraw_deletion",
    params(DeletionPath),
    responses((status = 200, description = "The deletion as it is now", body = schema::Deletion)),
    extensions(("x-if-match" = json!(true)))
)]
#[post("/organisations/{organisation}/plans/{plan}/deletions/{deletion}/withdrawal")]
pub(crate) async fn withdraw_deletion(
    Path(path): Path<DeletionPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::ProposeDeletions)?;
    let withdraw =
        |step: &mut Step<'_>, deletion: &Deletion| Ok(deletion.withdraw(step.actor, step.today())?);
    request.act(Pointers::NONE, withdraw).await
}

/// Records a board's decisions on deletions at one meeting: all decisions are stored, or none.
///
/// Needs the role `board_clerk`; the proposer of a deletion cannot record the decision on it. An agreed measure leaves
/// the plan on the day from which the decision takes effect, a restored one comes back. Each decision names the revision
/// of the deletion that it was made on; if that is no longer the current one, the response is 412 with the code `stale`.
#[utoipa::path(
    tag = "deletions", operation_id = "decide_deletions",
    params(PlanPath), request_body = NewDeletionDecisions,
    responses((status = 200, description = "The deletions as they are now, in the order of the decisions", body = DeletionList)),
    extensions(("x-names-revisions" = json!(true)))
)]
#[post("/organisations/{organisation}/plans/{plan}/deletion-decisions")]
pub(crate) async fn decide_deletions(
    Path(path): Path<PlanPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.in_plan(path.codes(), Action::RecordDecisions)?;
    let decisions = request.body::<NewDeletionDecisions>()?.read(request.actor());
    request.decide::<Deletion>(decisions).await
}
