//! Plans: strategies with themes, priorities and a rating scheme. The handlers.

mod schema;
mod scheme;

use actix_web::{get, post, put, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::measure::MeasureError;
use waymark_domain::notice::Notice;
use waymark_domain::plan::Plan;
use waymark_domain::scheme::Scheme;
use waymark_domain::tracker::Tracker;
use waymark_persistence::measure::{self, PlacedMeasure};
use waymark_persistence::plan_item::{self, Filed, PlanPlace};
use waymark_persistence::{Connection, Record, plan as kept};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::known::{Known, Moment};
use crate::http::list::{List, NoFilter, Revisions};
use crate::http::params::{NoQuery, Path};
use crate::http::path::OrganisationPath;
use crate::http::path::PlanPath;
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::http::response::Response;
use crate::resources::commitments;
use crate::state::AppState;
use crate::store::{entities, organisations};
pub(crate) use schema::ExceptionRule;
use schema::{NewPlan, PlanContent, PlanHistory, PlanPage};
use scheme::SchemeList;

/// Lists the plans of an organisation, in the order of their codes.
#[utoipa::path(
    tag = "plans", operation_id = "list_plans",
    params(OrganisationPath, List<NoFilter>),
    responses((status = 200, description = "A page of plans", body = PlanPage))
)]
#[get("/organisations/{organisation}/plans")]
pub(crate) async fn list_plans(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<OrganisationPath>,
    list: List<NoFilter>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let organisation = path.code();
    caller.require(Action::ReadFramework, &organisation)?;
    let (page, known_at) = (list.page(1)?, list.moment());
    let after = page.code_after()?;
    let (mut rows, page) = service
        .read(move |connection| {
            let owner = organisations::find(connection, &organisation)?.versioned.id;
            Ok((kept::list(connection, owner, after.as_ref(), page.rows(), known_at)?, page))
        })
        .await?;
    let next = page.cut(&mut rows, |row| vec![row.code.to_string()]);
    let items = rows.iter().map(schema::Plan::from).collect();
    Ok(Response::ok(&PlanPage { items, next })?.unless_known(&conditions))
}

/// Creates a plan of an organisation.
///
/// Needs the role `performance_officer`.
#[utoipa::path(
    tag = "plans", operation_id = "create_plan",
    params(OrganisationPath), request_body = NewPlan,
    responses((status = 201, description = "The plan", body = schema::Plan))
)]
#[post("/organisations/{organisation}/plans")]
pub(crate) async fn create_plan(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<OrganisationPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let organisation = path.code();
    caller.require(Action::DefinePlans, &organisation)?;
    let (code, content) = body.json::<NewPlan>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let owner = organisations::find(connection, &organisation)?.versioned.id;
            let record = kept::create(connection, owner, &code, &content, change)?;
            let found = format!("{}/{code}", address(&organisation));
            let created = Response::created(found, &schema::Plan::from(&record))?;
            Ok(created.tagged(&ETag::of(&record.versioned)))
        })
        .await
}

/// Gets a plan.
#[utoipa::path(
    tag = "plans", operation_id = "get_plan",
    params(PlanPath, Known),
    responses((status = 200, description = "The plan", body = schema::Plan))
)]
#[get("/organisations/{organisation}/plans/{plan}")]
pub(crate) async fn get_plan(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Known(known_at): Known,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, code) = path.codes();
    caller.require(Action::ReadFramework, &organisation)?;
    let record = service.read(move |connection| find(connection, &organisation, &code, known_at)).await?;
    let etag = ETag::of(&record.versioned);
    Ok(Response::ok(&schema::Plan::from(&record))?.revision_unless_known(&etag, &conditions))
}

/// Replaces a plan.
///
/// Needs the role `performance_officer`. If a theme or priority with measures or commitments, a
/// priority with action trackers, or one that a notice's requirement names is removed, the response is the problem
/// `in-use` (409): move those first.
#[utoipa::path(
    tag = "plans", operation_id = "replace_plan",
    params(PlanPath), request_body = PlanContent,
    responses((status = 200, description = "The plan as it is now", body = schema::Plan))
)]
#[put("/organisations/{organisation}/plans/{plan}")]
pub(crate) async fn replace_plan(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (organisation, code) = path.codes();
    caller.require(Action::DefinePlans, &organisation)?;
    let content = body.json::<PlanContent>()?.read()?;
    let change = caller.change();
    let record = service
        .write(move |connection| {
            organisations::hold(connection, &organisation)?;
            let found = find(connection, &organisation, &code, None)?;
            conditions.must_match(&ETag::of(&found.versioned))?;
            let measures = measure::list(connection, found.versioned.id, None, i64::MAX, None)?;
            let place = PlanPlace { organisation: found.organisation, plan: found.versioned.id };
            let trackers = plan_item::all(connection, place, None)?;
            let notices = plan_item::all(connection, place, None)?;
            keeps_its_headings(&content, &measures, &trackers, &notices)?;
            commitments::keep_their_themes(connection, &found, &content)?;
            let (owner, id, expected) = (found.organisation, found.versioned.id, found.versioned.revision);
            let versioned = kept::update(connection, owner, id, expected, &content, &change)?;
            Ok(Record { versioned, ..found })
        })
        .await?;
    Ok(Response::ok(&schema::Plan::from(&record))?.tagged(&ETag::of(&record.versioned)))
}

/// Gets the revisions of a plan, the newest first.
#[utoipa::path(
    tag = "plans", operation_id = "list_plan_revisions",
    params(PlanPath, Revisions),
    responses((status = 200, description = "A page of revisions", body = PlanHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/history")]
pub(crate) async fn list_plan_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    revisions: Revisions,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, code) = path.codes();
    caller.require(Action::ReadFramework, &organisation)?;
    let (page, before) = revisions.before()?;
    let (code, mut revisions, page) = service
        .read(move |connection| {
            let found = find(connection, &organisation, &code, None)?;
            Ok((code, kept::history(connection, found.versioned.id, before, page.rows())?, page))
        })
        .await?;
    let next = page.cut(&mut revisions, |revision| vec![revision.revision.to_string()]);
    let items = revisions.iter().map(|revision| schema::Plan::of(&code, revision)).collect();
    Ok(Response::ok(&PlanHistory { items, next })?.unless_known(&conditions))
}

/// Lists the rating schemes that ship.
///
/// A plan names one of them, or has one of its own.
#[utoipa::path(
    tag = "plans", operation_id = "list_schemes",
    responses((status = 200, description = "The schemes", body = SchemeList))
)]
#[get("/schemes")]
pub(crate) async fn list_schemes(
    _: NoQuery,
    _caller: Caller,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let items = Scheme::all_shipped().iter().map(scheme::Scheme::from).collect();
    Ok(Response::ok(&SchemeList { items })?.unless_known(&conditions))
}

fn address(organisation: &Code) -> String {
    format!("/v1/organisations/{organisation}/plans")
}

fn find(
    connection: &mut Connection,
    organisation: &Code,
    code: &Code,
    known_at: Moment,
) -> Result<Record<Plan>, Problem> {
    let owner = organisations::find(connection, organisation)?.versioned.id;
    entities::find_plan(connection, owner, code, known_at)
}

/// 409 if a measure, a tracker or a notice's requirement references a theme or priority that is removed.
fn keeps_its_headings(
    after: &Plan,
    measures: &[PlacedMeasure],
    trackers: &[Filed<Tracker>],
    notices: &[Filed<Notice>],
) -> Result<(), Problem> {
    let lost = measures.iter().filter_map(|measure| {
        let error = measure.versioned.content.check_place(after).err()?;
        let list = if matches!(error, MeasureError::UnknownPriority(_)) { "/priorities" } else { "/themes" };
        Some(Fault::at(list, "in_use", format_args!("{error}, where the measure {} stands", measure.code)))
    });
    let contents = trackers.iter().map(|tracker| &tracker.versioned.content);
    let orphans = contents.filter(|tracker| after.priority(&tracker.priority).is_none()).map(|tracker| {
        let Tracker { priority, quarter, .. } = tracker;
        let detail = format_args!("the priority {priority} has an action tracker for {quarter}").to_string();
        Fault::at("/priorities", "in_use", detail)
    });
    let named = notices.iter().flat_map(|notice| {
        let requirements = notice.versioned.content.terms.requirements.iter();
        let gone = requirements.flat_map(|requirement| {
            let priorities = requirement.priorities.iter().filter(|code| after.priority(code).is_none());
            priorities.map(move |code| (requirement, code))
        });
        gone.map(move |(requirement, code)| {
            let detail = format!(
                "the requirement {} of the notice {} names the priority {code}",
                requirement.code, notice.key
            );
            Fault::at("/priorities", "in_use", detail)
        })
    });
    let faults: Vec<Fault> = lost.chain(orphans).chain(named).take(MAX_FAULTS).collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Problem::new(Kind::InUse)
        .detail("measures, action trackers or notices stand under what is missing")
        .faults(faults))
}
