//! Commitments: what a plan promises beside its indicators, who answers for it, and how it goes. The handlers.

mod progress;
mod query;
mod schema;
mod summary;

use std::collections::HashSet;

use actix_web::{get, post, put, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::commitment::Commitment;
use waymark_domain::plan::Plan;
use waymark_domain::workflow::{Actor, Refusal};
use waymark_persistence::plan_item::{self, Filed, PlanPlace};
use waymark_persistence::{Connection, Record, Versioned, measure};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::list_query::{HistoryQuery, KnownQuery};
use crate::http::params::{NoQuery, Path, Query};
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::http::response::Response;
use crate::reporting::status::PlanPath;
use crate::state::AppState;
use crate::workflow::scope::PlanScope;
pub(crate) use progress::*;
use query::{CommitmentPath, CommitmentQuery};
use schema::{CommitmentContent, CommitmentHistory, CommitmentPage, NewCommitment};
pub(crate) use schema::{CommitmentState, CommitmentStatus};
pub(crate) use summary::*;

/// Lists the commitments of a plan, in the order of their codes.
#[utoipa::path(
    tag = "commitments", operation_id = "list_commitments",
    params(PlanPath, CommitmentQuery),
    responses((status = 200, description = "A page of commitments", body = CommitmentPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/commitments")]
pub(crate) async fn list_commitments(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<CommitmentQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let (filter, page, known_at) = query.read(&address(&codes))?;
    let after = page.code_after()?;
    let actor = caller.actor(&codes.0)?;
    let mut found = service
        .read(move |connection| {
            let place = PlanScope::find(connection, &codes, known_at)?.place();
            Ok(plan_item::all::<Commitment>(connection, place, known_at)?)
        })
        .await?;
    found.retain(|filed| filter.wants(&filed.versioned.content));
    found.retain(|filed| after.as_ref().is_none_or(|after| filed.key.as_str() > after.as_str()));
    let next = page.cut(&mut found, |filed| vec![filed.key.clone()]);
    let actor = Some(&actor).filter(|_| known_at.is_none());
    let items = found.iter().map(|filed| shown(filed, actor)).collect::<Result<_, Problem>>()?;
    Ok(Response::ok(&CommitmentPage { items, next })?.unless_known(&conditions))
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
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::DefineCommitments, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let new: NewCommitment = body.json()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let of = PlanScope::hold(connection, &codes)?;
            let (code, promise) = new.read(&measures(connection, &of)?)?;
            let made = Commitment::make(promise, &actor, &of.plan.versioned.content);
            let made = made.map_err(|refusal| refused(&refusal))?;
            let filed = plan_item::create(connection, of.place(), Some(code.as_str()), &made, change)?;
            let found = format!("{}/{code}", address(&codes));
            let created = Response::created(found, &shown(&filed, Some(&actor))?)?;
            Ok(created.tagged(&ETag::of(&filed.versioned)))
        })
        .await
}

/// Gets a commitment with all its reports.
#[utoipa::path(
    tag = "commitments", operation_id = "get_commitment",
    params(CommitmentPath, KnownQuery),
    responses((status = 200, description = "The commitment", body = schema::Commitment))
)]
#[get("/organisations/{organisation}/plans/{plan}/commitments/{commitment}")]
pub(crate) async fn get_commitment(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<CommitmentPath>,
    Query(query): Query<KnownQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, code) = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let known_at = query.moment()?;
    let actor = caller.actor(&codes.0)?;
    let filed = service
        .read(move |connection| {
            let of = PlanScope::find(connection, &codes, known_at)?;
            of.item::<Commitment>(connection, "commitment", code.as_str(), known_at)
        })
        .await?;
    let shown = shown(&filed, Some(&actor).filter(|_| known_at.is_none()))?;
    Ok(Response::ok(&shown)?.revision_unless_known(&ETag::of(&filed.versioned), &conditions))
}

/// Replaces what is promised, and who answers for it. The reports stay.
///
/// Needs the role `performance_officer`. A commitment that is closed is reopened first. A milestone still counts as
/// many as were reported of it.
#[utoipa::path(
    tag = "commitments", operation_id = "replace_commitment",
    params(CommitmentPath), request_body = CommitmentContent,
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[put("/organisations/{organisation}/plans/{plan}/commitments/{commitment}")]
pub(crate) async fn replace_commitment(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<CommitmentPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, code) = path.codes();
    caller.require(Action::DefineCommitments, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let content: CommitmentContent = body.json()?;
    let change = caller.change();
    service
        .write(move |connection| {
            let of = PlanScope::hold(connection, &codes)?;
            let found = of.item::<Commitment>(connection, "commitment", code.as_str(), None)?;
            conditions.must_match(&ETag::of(&found.versioned))?;
            let before = &found.versioned.content;
            let mut known = measures(connection, &of)?;
            // A measure that has left the plan since may stay named.
            known.extend(before.promise.measures.iter().cloned());
            let promise = content.read(&known)?;
            let after = before.replace(promise, &actor, &of.plan.versioned.content);
            let after = after.map_err(|refusal| refused(&refusal))?;
            let filed = plan_item::update(connection, &found, &after, &change)?;
            Ok(Response::ok(&shown(&filed, Some(&actor))?)?.tagged(&ETag::of(&filed.versioned)))
        })
        .await
}

/// Gets the revisions of a commitment, the newest first: reports that were corrected are told in the earlier ones.
#[utoipa::path(
    tag = "commitments", operation_id = "list_commitment_revisions",
    params(CommitmentPath, HistoryQuery),
    responses((status = 200, description = "A page of revisions", body = CommitmentHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/history")]
pub(crate) async fn list_commitment_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<CommitmentPath>,
    Query(query): Query<HistoryQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, code) = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let (page, before) = query.read(&format!("{}/{code}/history", address(&codes)))?;
    let actor = caller.actor(&codes.0)?;
    let (code, current, mut revisions, page) = service
        .read(move |connection| {
            let of = PlanScope::find(connection, &codes, None)?;
            let found = of.item::<Commitment>(connection, "commitment", code.as_str(), None)?;
            let Versioned { id, revision, .. } = found.versioned;
            Ok((code, revision, plan_item::history(connection, id, before, page.rows())?, page))
        })
        .await?;
    let next = page.cut(&mut revisions, |revision| vec![revision.revision.to_string()]);
    let told = revisions.iter().map(|revision| {
        let actor = Some(&actor).filter(|_| revision.revision == current);
        schema::Commitment::of(&code, revision, actor)
    });
    Ok(Response::ok(&CommitmentHistory { items: told.collect(), next })?.unless_known(&conditions))
}

/// 409 where a commitment stands under a theme that the plan would lose.
pub(crate) fn keep_their_themes(
    connection: &mut Connection,
    plan: &Record<Plan>,
    after: &Plan,
) -> Result<(), Problem> {
    let place = PlanPlace { organisation: plan.organisation, plan: plan.versioned.id };
    let commitments = plan_item::all::<Commitment>(connection, place, None)?;
    let theme = |filed: &Filed<Commitment>| filed.versioned.content.promise.theme.clone();
    let lost = commitments.iter().filter(|filed| after.theme(&theme(filed)).is_none()).map(|filed| {
        let detail = format!("the commitment {} stands under the theme {}", filed.key, theme(filed));
        Fault::at("/themes", "in_use", detail)
    });
    let faults: Vec<Fault> = lost.take(MAX_FAULTS).collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Problem::new(Kind::InUse).detail("commitments stand under what is missing").faults(faults))
}

fn address((organisation, plan): &(Code, Code)) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/commitments")
}

/// A commitment on the wire; with an actor where it can be worked on.
fn shown(filed: &Filed<Commitment>, actor: Option<&Actor>) -> Result<schema::Commitment, Problem> {
    let code = Code::new(filed.key.as_str()).map_err(Problem::internal)?;
    Ok(schema::Commitment::of(&code, &filed.versioned, actor))
}

/// The codes of the plan's measures.
fn measures(connection: &mut Connection, of: &PlanScope) -> Result<HashSet<Code>, Problem> {
    let measures = measure::list(connection, of.plan.versioned.id, None, i64::MAX, None)?;
    Ok(measures.into_iter().map(|measure| measure.code).collect())
}

/// The problem that a refusal is, at the field that it is about.
fn refused(refusal: &Refusal) -> Problem {
    let pointer = match refusal.rule() {
        "unknown_theme" => "/theme",
        "before_plan" => "/milestone/by",
        "too_many_parts" | "no_milestone" => "/milestone",
        _ => "",
    };
    crate::workflow::refused(refusal, pointer)
}
