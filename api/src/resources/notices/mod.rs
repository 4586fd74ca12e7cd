//! Improvement notices: what an authority requires of a council, and whether its conditions are met. The handlers.

mod actions;
mod conditions;
mod schema;

use std::collections::HashMap;

use actix_web::{get, post, put, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::notice::{Notice, Terms};
use waymark_domain::workflow::{Actor, Concern, Refusal};
use waymark_persistence::measure::measures_of_plan;
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Change, Connection};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::list_query::{HistoryQuery, KnownQuery, ListQuery, Moment};
use crate::http::params::{NoQuery, Path, PathCode, Query};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::reporting::status::position::PlanPosition;
use crate::reporting::status::{PlanPath, TrajectoryQuery};
use crate::state::AppState;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;
pub(crate) use actions::{close_notice, record_notice_progress, reinstate_notice};
use conditions::NoticeConditions;
pub(crate) use conditions::{JudgedCondition, NoticeVerdict};
use schema::{NewNotice, NoticeContent, NoticeHistory, NoticePage};
pub(crate) use schema::{NoticeComparison, NoticeOutcome, NoticeState, state};

/// Which notice.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct NoticePath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The notice's code.
    #[param(value_type = crate::http::schema::Code)]
    notice: PathCode,
}

impl NoticePath {
    /// The codes of the organisation and the plan, and that of the notice.
    fn codes(self) -> ((Code, Code), Code) {
        ((self.organisation.0, self.plan.0), self.notice.0)
    }
}

/// Lists the improvement notices of a plan, in the order of their codes.
#[utoipa::path(
    tag = "notices", operation_id = "list_notices",
    params(PlanPath, ListQuery),
    responses((status = 200, description = "A page of notices", body = NoticePage))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices")]
pub(crate) async fn list_notices(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<ListQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let plan = path.codes();
    caller.require(Action::ReadResults, &plan.0)?;
    let (page, known_at) = query.read(&address(&plan))?;
    let after = page.code_after()?;
    let actor = acts_on(&caller, &plan.0, known_at)?;
    let mut filed = service
        .read(move |connection| {
            let place = PlanScope::find(connection, &plan, known_at)?.place();
            Ok(plan_item::all::<Notice>(connection, place, known_at)?)
        })
        .await?;
    filed.retain(|filed| after.as_ref().is_none_or(|after| filed.key.as_str() > after.as_str()));
    let next = page.cut(&mut filed, |filed| vec![filed.key.clone()]);
    let items =
        filed.iter().map(|filed| schema::Notice::of(filed, actor.as_ref())).collect::<Result<_, _>>()?;
    Ok(Response::ok(&NoticePage { items, next })?.unless_known(&conditions))
}

/// Creates an improvement notice of a plan: it is in force.
///
/// Needs the role `performance_officer`. Measures, components and priorities that it names must be the plan's.
#[utoipa::path(
    tag = "notices", operation_id = "create_notice",
    params(PlanPath), request_body = NewNotice,
    responses((status = 201, description = "The notice", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices")]
pub(crate) async fn create_notice(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let plan = path.codes();
    caller.require(Action::KeepNotices, &plan.0)?;
    let actor = caller.actor(&plan.0)?;
    let (code, terms) = body.json::<NewNotice>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let held = PlanScope::hold(connection, &plan)?;
            let span = held.plan.versioned.content.span;
            let issued = Notice::issue(terms, &actor, span, change.at.date_naive());
            let issued = issued.map_err(|refusal| told(&refusal, "/issued_on"))?;
            fits(connection, &held, &issued.terms)?;
            let filed = plan_item::create(connection, held.place(), Some(code.as_str()), &issued, change)?;
            let found = format!("{}/{code}", address(&plan));
            let created = Response::created(found, &schema::Notice::of(&filed, Some(&actor))?)?;
            Ok(created.tagged(&ETag::of(&filed.versioned)))
        })
        .await
}

/// Gets an improvement notice: its requirements with what was reported on them, its conditions and its decisions.
#[utoipa::path(
    tag = "notices", operation_id = "get_notice",
    params(NoticePath, KnownQuery),
    responses((status = 200, description = "The notice", body = schema::Notice))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices/{notice}")]
pub(crate) async fn get_notice(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<NoticePath>,
    Query(query): Query<KnownQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (plan, notice) = path.codes();
    caller.require(Action::ReadResults, &plan.0)?;
    let known_at = query.moment()?;
    let actor = acts_on(&caller, &plan.0, known_at)?;
    let filed = service.read(move |connection| Ok(find(connection, &plan, &notice, known_at)?.1)).await?;
    let told = schema::Notice::of(&filed, actor.as_ref())?;
    Ok(Response::ok(&told)?.revision_unless_known(&ETag::of(&filed.versioned), &conditions))
}

/// Replaces what an authority laid down in a notice that is in force.
///
/// Needs the role `performance_officer`. Progress and decisions stay, and so does every requirement on which progress
/// was reported.
#[utoipa::path(
    tag = "notices", operation_id = "replace_notice",
    params(NoticePath), request_body = NoticeContent,
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[put("/organisations/{organisation}/plans/{plan}/notices/{notice}")]
pub(crate) async fn replace_notice(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<NoticePath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (plan, notice) = path.codes();
    caller.require(Action::KeepNotices, &plan.0)?;
    let actor = caller.actor(&plan.0)?;
    let terms = body.json::<NoticeContent>()?.read()?;
    let change = caller.change();
    service
        .write(move |connection| {
            let (held, filed) = hold(connection, (&plan, &notice), &conditions)?;
            let span = held.plan.versioned.content.span;
            let next = filed.versioned.content.replace(terms, &actor, span, change.at.date_naive());
            let next = next.map_err(|refusal| told(&refusal, "/issued_on"))?;
            fits(connection, &held, &next.terms)?;
            keep(connection, &filed, next, &actor, &change)
        })
        .await
}

/// Gets the revisions of an improvement notice, the newest first.
#[utoipa::path(
    tag = "notices", operation_id = "list_notice_revisions",
    params(NoticePath, HistoryQuery),
    responses((status = 200, description = "A page of revisions", body = NoticeHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices/{notice}/history")]
pub(crate) async fn list_notice_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<NoticePath>,
    Query(query): Query<HistoryQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (plan, notice) = path.codes();
    caller.require(Action::ReadResults, &plan.0)?;
    let (page, before) = query.read(&format!("{}/{notice}/history", address(&plan)))?;
    let (key, mut revisions, page) = service
        .read(move |connection| {
            let (_, found) = find(connection, &plan, &notice, None)?;
            let revisions =
                plan_item::history::<Notice>(connection, found.versioned.id, before, page.rows())?;
            Ok((found.key, revisions, page))
        })
        .await?;
    let next = page.cut(&mut revisions, |revision| vec![revision.revision.to_string()]);
    let items = revisions.iter().map(|revision| schema::Notice::at(&key, revision, None));
    let items = items.collect::<Result<_, _>>()?;
    Ok(Response::ok(&NoticeHistory { items, next })?.unless_known(&conditions))
}

/// Lists the conditions of an improvement notice, each judged from the results that there are.
///
/// A condition is met or not by the result of exactly its period; until that is there it is pending. What is not met
/// or pending tells what is still needed: how far the latest comparable result (the same kind of period, the same
/// method) is from what is required. `as_at` gives the position on a date, `as_known_at` what was known at a moment.
#[utoipa::path(
    tag = "notices", operation_id = "list_notice_conditions",
    params(NoticePath, TrajectoryQuery),
    responses((status = 200, description = "The conditions", body = NoticeConditions))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices/{notice}/conditions")]
pub(crate) async fn list_notice_conditions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<NoticePath>,
    Query(query): Query<TrajectoryQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (plan, notice) = path.codes();
    caller.require(Action::ReadResults, &plan.0)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &plan.0);
    let when = query.read()?;
    let judged = service
        .read(move |connection| {
            let (place, filed) = find(connection, &plan, &notice, when.known_at)?;
            let position = PlanPosition::load(connection, &place.organisation, place.plan, when)?;
            let content = &filed.versioned.content;
            Ok(NoticeConditions::of(&notice, content, &position, when, sees_small_counts))
        })
        .await?;
    Ok(Response::ok(&judged)?.unless_known(&conditions))
}

fn address((organisation, plan): &(Code, Code)) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/notices")
}

/// Who may act on what is read. On what is told as it was at a moment, nobody can.
fn acts_on(caller: &Caller, organisation: &Code, known_at: Moment) -> Result<Option<Actor>, Problem> {
    match known_at {
        None => caller.actor(organisation).map(Some),
        Some(_) => Ok(None),
    }
}

fn find(
    connection: &mut Connection,
    plan: &(Code, Code),
    notice: &Code,
    known_at: Moment,
) -> Result<(PlanScope, Filed<Notice>), Problem> {
    let place = PlanScope::find(connection, plan, known_at)?;
    let filed = place.item(connection, "notice", notice.as_str(), known_at)?;
    Ok((place, filed))
}

/// The notice, held for a change that was made from what is there now.
fn hold(
    connection: &mut Connection,
    (plan, notice): (&(Code, Code), &Code),
    conditions: &Conditions,
) -> Result<(PlanScope, Filed<Notice>), Problem> {
    let held = PlanScope::hold(connection, plan)?;
    let filed: Filed<Notice> = held.item(connection, "notice", notice.as_str(), None)?;
    conditions.must_match(&ETag::of(&filed.versioned))?;
    Ok((held, filed))
}

/// Keeps what a notice has become, and answers with it.
fn keep(
    connection: &mut Connection,
    filed: &Filed<Notice>,
    next: Notice,
    actor: &Actor,
    change: &Change,
) -> Result<Response, Problem> {
    let kept = plan_item::update(connection, filed, &next, change)?;
    Ok(Response::ok(&schema::Notice::of(&kept, Some(actor))?)?.tagged(&ETag::of(&kept.versioned)))
}

/// 422 with every flaw where terms do not fit the plan and its measures.
pub(crate) fn fits(connection: &mut Connection, held: &PlanScope, terms: &Terms) -> Result<(), Problem> {
    let measures = measures_of_plan(connection, held.plan.versioned.id, None)?;
    let indicators: HashMap<&Code, &Indicator> = measures
        .iter()
        .map(|of_plan| (&of_plan.measure.code, &of_plan.indicator.versioned.content))
        .collect();
    let flaws = terms.flaws(&held.plan.versioned.content, &indicators);
    if flaws.is_empty() { Ok(()) } else { Err(schema::told(flaws)) }
}

/// The problem that a refusal is; `field` is what it is about where it is about what was sent.
fn told(refusal: &Refusal, field: &str) -> Problem {
    let pointer = match (refusal, refusal.concern()) {
        (Refusal::UnknownRequirement(_), _) => "/requirement",
        (Refusal::RequirementReported(_), _) => "/requirements",
        (_, Concern::Content) => field,
        (_, Concern::Actor | Concern::State) => "",
    };
    refused(refusal, pointer)
}
