//! Target setting: the gaps of a plan, targets that are proposed, and what boards decide of them. The handlers.

mod bulk;
mod decide;
mod gaps;
mod propose;
mod query;
mod read;
mod schema;

use actix_web::{get, post, put, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::target_setting::TargetProposal;
use waymark_persistence::plan_item::{self, Filed};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::list_query::{HistoryQuery, KnownQuery};
use crate::http::params::{NoQuery, Path, Query};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::reporting::status::PlanPath;
use crate::state::AppState;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;
pub(crate) use decide::{Outcome, Verdict, decide};
use gaps::GapPage;
pub(crate) use propose::{NewProposal, propose};
use query::{GapsQuery, ProposalPath, ProposalsQuery};
pub(crate) use schema::ProposalState;
use schema::{
    NewTargetDecisions, NewTargetProposals, TargetProposalHistory, TargetProposalList, TargetProposalPage,
    TargetRevision,
};

/// What is told to be missing.
const WHAT: &str = "target proposal";

/// Lists the gaps of a plan: what is missing before it can be judged whole.
///
/// One item for each measure (and component with a line of its own) and kind of gap, in the order of their codes, with
/// the proposal that is open for it: results without a target, targets to be reset after a change of method, targets
/// past the day of their review, measures without a lead.
#[utoipa::path(
    tag = "targets", operation_id = "list_gaps",
    params(PlanPath, GapsQuery),
    responses((status = 200, description = "A page of gaps", body = GapPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/gaps")]
pub(crate) async fn list_gaps(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<GapsQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let (page, wanted) = query.read(&address(&codes, "gaps"))?;
    let found = service.read(move |connection| GapPage::find(connection, &codes, &page, &wanted)).await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

/// Lists the target proposals of a plan, in the order in which they were made.
#[utoipa::path(
    tag = "targets", operation_id = "list_target_proposals",
    params(PlanPath, ProposalsQuery),
    responses((status = 200, description = "A page of proposals", body = TargetProposalPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/target-proposals")]
pub(crate) async fn list_target_proposals(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<ProposalsQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let (page, wanted) = query.read(&address(&codes, "target-proposals"))?;
    let found = service
        .read(move |connection| {
            let place = PlanScope::find(connection, &codes, wanted.known_at)?.place();
            let mut items: Vec<Filed<TargetProposal>> = plan_item::all(connection, place, wanted.known_at)?;
            items.retain(|item| wanted.takes(item, &page));
            let next = page.cut(&mut items, |item| vec![item.key.clone()]);
            let actor = wanted.known_at.is_none().then_some(&actor);
            let items = items.iter().map(|item| schema::TargetProposal::of(&item.versioned, actor)).collect();
            Ok(TargetProposalPage { items, next })
        })
        .await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

/// Proposes targets for one or many measures of a plan.
///
/// Needs the role `performance_officer` or `accountable_officer`. All of them are kept, or none: every fault is told.
/// A measure (or component) has one open proposal at most; a second one is the problem `wrong-state` (409) with the
/// code `already_proposed`.
#[utoipa::path(
    tag = "targets", operation_id = "create_target_proposals",
    params(PlanPath), request_body = NewTargetProposals,
    responses((status = 201, description = "The proposals, in the order in which they were sent", body = TargetProposalList))
)]
#[post("/organisations/{organisation}/plans/{plan}/target-proposals")]
pub(crate) async fn create_target_proposals(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ProposeTargets, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let (proposed_on, new) = body.json::<NewTargetProposals>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let place = PlanScope::hold(connection, &codes)?;
            let made = propose(connection, &place, &actor, proposed_on, new, change)?;
            Response::created(address(&codes, "target-proposals"), &TargetProposalList::of(&made, &actor))
        })
        .await
}

/// Gets a target proposal.
#[utoipa::path(
    tag = "targets", operation_id = "get_target_proposal",
    params(ProposalPath, KnownQuery),
    responses((status = 200, description = "The proposal", body = schema::TargetProposal))
)]
#[get("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}")]
pub(crate) async fn get_target_proposal(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<ProposalPath>,
    Query(query): Query<KnownQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, id) = path.parts();
    caller.require(Action::ReadResults, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let known_at = query.moment()?;
    let found: Filed<TargetProposal> = service
        .read(move |connection| {
            let place = PlanScope::find(connection, &codes, known_at)?;
            place.item(connection, WHAT, &id.to_string(), known_at)
        })
        .await?;
    let actor = known_at.is_none().then_some(&actor);
    let shown = schema::TargetProposal::of(&found.versioned, actor);
    Ok(Response::ok(&shown)?.revision_unless_known(&ETag::of(&found.versioned), &conditions))
}

/// Gets the revisions of a target proposal, the newest first.
#[utoipa::path(
    tag = "targets", operation_id = "list_target_proposal_revisions",
    params(ProposalPath, HistoryQuery),
    responses((status = 200, description = "A page of revisions", body = TargetProposalHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}/history")]
pub(crate) async fn list_target_proposal_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<ProposalPath>,
    Query(query): Query<HistoryQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, id) = path.parts();
    caller.require(Action::ReadResults, &codes.0)?;
    let (page, before) = query.read(&address(&codes, &format!("target-proposals/{id}/history")))?;
    let found = service
        .read(move |connection| {
            let place = PlanScope::find(connection, &codes, None)?;
            let found: Filed<TargetProposal> = place.item(connection, WHAT, &id.to_string(), None)?;
            let id = found.versioned.id;
            let mut revisions = plan_item::history::<TargetProposal>(connection, id, before, page.rows())?;
            let next = page.cut(&mut revisions, |revision| vec![revision.revision.to_string()]);
            let items = revisions.iter().map(|revision| schema::TargetProposal::of(revision, None)).collect();
            Ok(TargetProposalHistory { items, next })
        })
        .await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

/// Revises a target proposal, and puts it forward again where it was sent back.
///
/// Needs the role `performance_officer` or `accountable_officer`, and to be who proposed it. Its measure stays.
#[utoipa::path(
    tag = "targets", operation_id = "revise_target_proposal",
    params(ProposalPath), request_body = TargetRevision,
    responses((status = 200, description = "The proposal as it is now", body = schema::TargetProposal))
)]
#[put("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}")]
pub(crate) async fn revise_target_proposal(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<ProposalPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, id) = path.parts();
    caller.require(Action::ProposeTargets, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let (proposed_on, terms) = body.json::<TargetRevision>()?.read()?;
    let change = caller.change();
    let (shown, etag) = service
        .write(move |connection| {
            let place = PlanScope::hold(connection, &codes)?;
            let found: Filed<TargetProposal> = place.item(connection, WHAT, &id.to_string(), None)?;
            conditions.must_match(&ETag::of(&found.versioned))?;
            let now = propose::revise(connection, &place, &actor, &found, (proposed_on, terms), &change)?;
            Ok((schema::TargetProposal::of(&now.versioned, Some(&actor)), ETag::of(&now.versioned)))
        })
        .await?;
    Ok(Response::ok(&shown)?.tagged(&etag))
}

/// Takes a target proposal back.
///
/// Needs the role `performance_officer` or `accountable_officer`, and to be who proposed it. Once a board has agreed it,
/// it stands.
#[utoipa::path(
    tag = "targets", operation_id = "withdraw_target_proposal",
    params(ProposalPath),
    extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The proposal as it is now", body = schema::TargetProposal))
)]
#[post("/organisations/{organisation}/plans/{plan}/target-proposals/{proposal}/withdrawal")]
pub(crate) async fn withdraw_target_proposal(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<ProposalPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, id) = path.parts();
    caller.require(Action::ProposeTargets, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let place = PlanScope::hold(connection, &codes)?;
            let found: Filed<TargetProposal> = place.item(connection, WHAT, &id.to_string(), None)?;
            conditions.must_match(&ETag::of(&found.versioned))?;
            let content =
                found.versioned.content.withdraw(&actor).map_err(|refusal| refused(&refusal, ""))?;
            let now = plan_item::update(connection, &found, &content, change)?;
            let shown = schema::TargetProposal::of(&now.versioned, Some(&actor));
            Ok(Response::ok(&shown)?.tagged(&ETag::of(&now.versioned)))
        })
        .await
}

/// Records what a board decided of target proposals: each is agreed, or sent back with a comment.
///
/// Needs the role `board_clerk`; who proposed a target cannot decide on it. All decisions are kept, or none: every
/// fault is told. Each names the revision of the proposal that the board had before it; where that is no longer the
/// current one, the answer is 412 with the code `stale`. What is agreed is the target of its measure from then on.
#[utoipa::path(
    tag = "targets", operation_id = "decide_target_proposals",
    params(PlanPath), request_body = NewTargetDecisions,
    extensions(("x-names-revisions" = json!(true))),
    responses((status = 200, description = "The proposals as they are now", body = TargetProposalList))
)]
#[post("/organisations/{organisation}/plans/{plan}/target-decisions")]
pub(crate) async fn decide_target_proposals(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::RecordDecisions, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let (decision, verdicts) = body.json::<NewTargetDecisions>()?.read(&actor)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let place = PlanScope::hold(connection, &codes)?;
            let decided = decide(connection, &place, &actor, &decision, verdicts, change)?;
            Response::ok(&TargetProposalList::of(&decided, &actor))
        })
        .await
}

fn address((organisation, plan): &(Code, Code), list: &str) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/{list}")
}
