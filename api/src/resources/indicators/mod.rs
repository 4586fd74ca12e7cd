//! Indicators: what is measured, in which unit, which way is better. The handlers.

mod schema;

use actix_web::{get, post, put, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::indicator::{Indicator, Part};
use waymark_persistence::{Connection, Record, indicator as kept};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::known::{Known, Moment};
use crate::http::list::{List, NoFilter, Revisions};
use crate::http::params::{NoQuery, Path};
use crate::http::path::OrganisationPath;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::response::Response;
use crate::state::AppState;
use crate::store::{entities, organisations};
use schema::{IndicatorContent, IndicatorHistory, IndicatorPage, IndicatorPath, NewIndicator};

/// Lists the indicators of an organisation, in the order of their codes.
///
/// The indicators of the catalogue are those of the organisation `national`, which every caller may read.
#[utoipa::path(
    tag = "indicators", operation_id = "list_indicators",
    params(OrganisationPath, List<NoFilter>),
    responses((status = 200, description = "A page of indicators", body = IndicatorPage))
)]
#[get("/organisations/{organisation}/indicators")]
pub(crate) async fn list_indicators(
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
    let items = rows.iter().map(schema::Indicator::from).collect();
    Ok(Response::ok(&IndicatorPage { items, next })?.unless_known(&conditions))
}

/// Creates an indicator of an organisation.
///
/// Needs the role `performance_officer`.
#[utoipa::path(
    tag = "indicators", operation_id = "create_indicator",
    params(OrganisationPath), request_body = NewIndicator,
    responses((status = 201, description = "The indicator", body = schema::Indicator))
)]
#[post("/organisations/{organisation}/indicators")]
pub(crate) async fn create_indicator(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<OrganisationPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let organisation = path.code();
    caller.require(Action::DefineIndicators, &organisation)?;
    let (code, content) = body.json::<NewIndicator>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let owner = organisations::find(connection, &organisation)?.versioned.id;
            let record = kept::create(connection, owner, &code, &content, change)?;
            let found = format!("{}/{code}", address(&organisation));
            let created = Response::created(found, &schema::Indicator::from(&record))?;
            Ok(created.tagged(&ETag::of(&record.versioned)))
        })
        .await
}

/// Gets an indicator.
#[utoipa::path(
    tag = "indicators", operation_id = "get_indicator",
    params(IndicatorPath, Known),
    responses((status = 200, description = "The indicator", body = schema::Indicator))
)]
#[get("/organisations/{organisation}/indicators/{indicator}")]
pub(crate) async fn get_indicator(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<IndicatorPath>,
    Known(known_at): Known,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, code) = path.codes();
    caller.require(Action::ReadFramework, &organisation)?;
    let record = service.read(move |connection| find(connection, &organisation, &code, known_at)).await?;
    let etag = ETag::of(&record.versioned);
    Ok(Response::ok(&schema::Indicator::from(&record))?.revision_unless_known(&etag, &conditions))
}

/// Replaces an indicator.
///
/// Needs the role `performance_officer`. Definition versions, components and categories may be added. If one
/// is removed, the response is the problem `in-use` (409), because results may reference it.
#[utoipa::path(
    tag = "indicators", operation_id = "replace_indicator",
    params(IndicatorPath), request_body = IndicatorContent,
    responses((status = 200, description = "The indicator as it is now", body = schema::Indicator))
)]
#[put("/organisations/{organisation}/indicators/{indicator}")]
pub(crate) async fn replace_indicator(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<IndicatorPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (organisation, code) = path.codes();
    caller.require(Action::DefineIndicators, &organisation)?;
    let content = body.json::<IndicatorContent>()?.read()?;
    let change = caller.change();
    let record = service
        .write(move |connection| {
            organisations::hold(connection, &organisation)?;
            let found = find(connection, &organisation, &code, None)?;
            conditions.must_match(&ETag::of(&found.versioned))?;
            keeps_its_parts(&found.versioned.content, &content)?;
            let (owner, id, expected) = (found.organisation, found.versioned.id, found.versioned.revision);
            let versioned = kept::update(connection, owner, id, expected, &content, &change)?;
            Ok(Record { versioned, ..found })
        })
        .await?;
    Ok(Response::ok(&schema::Indicator::from(&record))?.tagged(&ETag::of(&record.versioned)))
}

/// Gets the revisions of an indicator, the newest first.
#[utoipa::path(
    tag = "indicators", operation_id = "list_indicator_revisions",
    params(IndicatorPath, Revisions),
    responses((status = 200, description = "A page of revisions", body = IndicatorHistory))
)]
#[get("/organisations/{organisation}/indicators/{indicator}/history")]
pub(crate) async fn list_indicator_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<IndicatorPath>,
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
    let items = revisions.iter().map(|revision| schema::Indicator::of(&code, revision)).collect();
    Ok(Response::ok(&IndicatorHistory { items, next })?.unless_known(&conditions))
}

fn address(organisation: &Code) -> String {
    format!("/v1/organisations/{organisation}/indicators")
}

fn find(
    connection: &mut Connection,
    organisation: &Code,
    code: &Code,
    known_at: Moment,
) -> Result<Record<Indicator>, Problem> {
    let owner = organisations::find(connection, organisation)?.versioned.id;
    entities::find_indicator(connection, owner, code, known_at)
}

/// 409 if something is removed that results may reference.
fn keeps_its_parts(before: &Indicator, after: &Indicator) -> Result<(), Problem> {
    let fault = |part: Part| match part {
        Part::Version(number) => {
            Fault::at("/versions", "in_use", format_args!("the version {number} is missing"))
        }
        Part::Component(name) => {
            Fault::at("/components", "in_use", format_args!("the component {name} is missing"))
        }
        Part::Category(category) => {
            Fault::at("/dimensions", "in_use", format_args!("the category {category} is missing"))
        }
    };
    let faults: Vec<Fault> = before.dropped_by(after).into_iter().map(fault).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let detail =
        "results may depend on what is missing: versions, components and categories are added, not dropped";
    Err(Problem::new(Kind::InUse).detail(detail).faults(faults))
}
