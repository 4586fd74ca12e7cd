//! Deletions: measures proposed to leave a plan, and what was decided on that. The handlers.

mod affected;
mod decide;
mod departure;
mod propose;
mod query;
mod schema;

use actix_web::{get, post, web::Data};
use waymark_domain::access::Action;
use waymark_domain::deletion::Deletion;
use waymark_domain::workflow::Actor;
use waymark_persistence::plan_item::{self, Filed};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::list_query::{HistoryQuery, KnownQuery};
use crate::http::params::{NoQuery, Path, Query};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::reporting::status::PlanPath;
use crate::state::AppState;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;
pub(crate) use affected::Surroundings;
pub(crate) use departure::{Category, Departure, superseded_by};
use query::{DeletionPath, DeletionQuery, address};
use schema::{DeletionHistory, DeletionList, DeletionPage};
pub(crate) use schema::{NewDeletionDecisions, NewDeletions, State as DeletionState};

/// Lists the deletions of a plan, those that were proposed first before the others.
#[utoipa::path(
    tag = "deletions", operation_id = "list_deletions",
    params(PlanPath, DeletionQuery),
    responses((status = 200, description = "A page of deletions", body = DeletionPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/deletions")]
pub(crate) async fn list_deletions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<DeletionQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let (page, filter, known_at) = query.read(&address(&codes))?;
    let found = service
        .read(move |connection| {
            let at = PlanScope::find(connection, &codes, known_at)?;
            let around = Surroundings::load(connection, &at, known_at)?;
            let mut rows = plan_item::all::<Deletion>(connection, at.place(), known_at)?;
            rows.retain(|row| filter.wants(row, &around));
            let next = page.cut(&mut rows, |row| vec![row.key.clone()]);
            Ok(DeletionPage { items: shown(&around, &rows, &actor)?, next })
        })
        .await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

/// Proposes that measures leave a plan, each with its category and reason: all proposals are kept, or none.
///
/// Needs the role `performance_officer` or `accountable_officer`. A reason "as above" takes the reason of the proposal
/// before it, and its category where none is sent. The measures stay in the plan until a board agrees.
#[utoipa::path(
    tag = "deletions", operation_id = "propose_deletions",
    params(PlanPath), request_body = NewDeletions,
    responses((status = 201, description = "The deletions, in the order of the proposals", body = DeletionList))
)]
#[post("/organisations/{organisation}/plans/{plan}/deletions")]
pub(crate) async fn propose_deletions(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ProposeDeletions, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let new: NewDeletions = body.json()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let at = PlanScope::hold(connection, &codes)?;
            let filed = new.file(connection, &at, &actor, change)?;
            let around = Surroundings::load(connection, &at, None)?;
            Response::created(address(&codes), &DeletionList { items: shown(&around, &filed, &actor)? })
        })
        .await
}

/// Gets a deletion: why it was proposed, what was decided, and what leans on its measure.
#[utoipa::path(
    tag = "deletions", operation_id = "get_deletion",
    params(DeletionPath, KnownQuery),
    responses((status = 200, description = "The deletion", body = schema::Deletion))
)]
#[get("/organisations/{organisation}/plans/{plan}/deletions/{deletion}")]
pub(crate) async fn get_deletion(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<DeletionPath>,
    Query(query): Query<KnownQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, id) = path.parts();
    caller.require(Action::ReadResults, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let known_at = query.moment()?;
    let (shown, etag) = service
        .read(move |connection| {
            let at = PlanScope::find(connection, &codes, known_at)?;
            let found = at.item::<Deletion>(connection, "deletion", &id.to_string(), known_at)?;
            let around = Surroundings::load(connection, &at, known_at)?;
            Ok((around.show(&found.versioned, Some(&actor))?, around.tag(&found.versioned)?))
        })
        .await?;
    Ok(Response::ok(&shown)?.revision_unless_known(&etag, &conditions))
}

/// Gets the revisions of a deletion, the newest first.
///
/// What it affects is told as it is now; nothing can be done with a revision that is past.
#[utoipa::path(
    tag = "deletions", operation_id = "list_deletion_revisions",
    params(DeletionPath, HistoryQuery),
    responses((status = 200, description = "A page of revisions", body = DeletionHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/deletions/{deletion}/history")]
pub(crate) async fn list_deletion_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<DeletionPath>,
    Query(query): Query<HistoryQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, id) = path.parts();
    caller.require(Action::ReadResults, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let (page, before) = query.read(&format!("{}/{id}/history", address(&codes)))?;
    let found = service
        .read(move |connection| {
            let at = PlanScope::find(connection, &codes, None)?;
            let current = at.item::<Deletion>(connection, "deletion", &id.to_string(), None)?;
            let around = Surroundings::load(connection, &at, None)?;
            let id = current.versioned.id;
            let mut rows = plan_item::history::<Deletion>(connection, id, before, page.rows())?;
            let next = page.cut(&mut rows, |row| vec![row.revision.to_string()]);
            let who = |revision: i64| (revision == current.versioned.revision).then_some(&actor);
            let items = rows.iter().map(|row| around.show(row, who(row.revision)));
            Ok(DeletionHistory { items: items.collect::<Result<_, Problem>>()?, next })
        })
        .await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

/// Takes a deletion back before it was decided.
///
/// Needs the role `performance_officer` or `accountable_officer`, and whoever proposed it. There is no body.
#[utoipa::path(
    tag = "deletions", operation_id = "withdraw_deletion",
    params(DeletionPath),
    responses((status = 200, description = "The deletion as it is now", body = schema::Deletion)),
    extensions(("x-if-match" = json!(true)))
)]
#[post("/organisations/{organisation}/plans/{plan}/deletions/{deletion}/withdrawal")]
pub(crate) async fn withdraw_deletion(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<DeletionPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, id) = path.parts();
    caller.require(Action::ProposeDeletions, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let at = PlanScope::hold(connection, &codes)?;
            let found = at.item::<Deletion>(connection, "deletion", &id.to_string(), None)?;
            let around = Surroundings::load(connection, &at, None)?;
            conditions.must_match(&around.tag(&found.versioned)?)?;
            let withdrawn = found.versioned.content.withdraw(&actor, change.at.date_naive());
            let withdrawn = withdrawn.map_err(|refusal| refused(&refusal, ""))?;
            let now = plan_item::update(connection, &found, &withdrawn, change)?.versioned;
            Ok(Response::ok(&around.show(&now, Some(&actor))?)?.tagged(&around.tag(&now)?))
        })
        .await
}

/// Records what a board decided on deletions at one meeting: all decisions, or none.
///
/// Needs the role `board_clerk`; who proposed a deletion cannot record the decision on it. An agreed measure leaves the
/// plan on the day from which the decision takes effect, a restored one comes back, in the same transaction. Each
/// decision names the revision of the deletion that it was made on; where another one is current, nothing is recorded.
#[utoipa::path(
    tag = "deletions", operation_id = "decide_deletions",
    params(PlanPath), request_body = NewDeletionDecisions,
    responses((status = 200, description = "The deletions as they are now, in the order of the decisions", body = DeletionList)),
    extensions(("x-names-revisions" = json!(true)))
)]
#[post("/organisations/{organisation}/plans/{plan}/deletion-decisions")]
pub(crate) async fn decide_deletions(
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
    let decisions: NewDeletionDecisions = body.json()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let at = PlanScope::hold(connection, &codes)?;
            let around = Surroundings::load(connection, &at, None)?;
            let decided = decisions.record(connection, &at, &around, &actor, change)?;
            Response::ok(&DeletionList { items: shown(&around, &decided, &actor)? })
        })
        .await
}

fn shown(
    around: &Surroundings,
    rows: &[Filed<Deletion>],
    actor: &Actor,
) -> Result<Vec<schema::Deletion>, Problem> {
    rows.iter().map(|row| around.show(&row.versioned, Some(actor))).collect()
}
