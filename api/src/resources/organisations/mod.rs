//! Organisations and their peer groups: the handlers.

mod schema;

use actix_web::{get, post, put, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::{Record, organisation as kept};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::list::{NoFilter, Paged};
use crate::http::params::{NoQuery, Path};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::AppState;
use crate::store::organisations;
pub(crate) use schema::{
    NewOrganisation, OrganisationContent, OrganisationPage, OrganisationPath, PeerGroup,
};

/// Lists the organisations that the caller may see.
#[utoipa::path(
    tag = "organisations", operation_id = "list_organisations",
    params(Paged<NoFilter>),
    responses((status = 200, description = "A page of organisations", body = OrganisationPage))
)]
#[get("/organisations")]
pub(crate) async fn list_organisations(
    service: Data<AppState>,
    caller: Caller,
    list: Paged<NoFilter>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let page = list.page(1)?;
    let visible = caller.organisations();
    let after = page.code_after()?;
    let (mut rows, page) = service
        .read(move |connection| {
            let rows = kept::list(connection, visible.as_deref(), after.as_ref(), page.rows(), None)?;
            Ok((rows, page))
        })
        .await?;
    let next = page.cut(&mut rows, |row| vec![row.code.to_string()]);
    let items = rows.iter().map(schema::Organisation::from).collect();
    Ok(Response::ok(&OrganisationPage { items, next })?.unless_known(&conditions))
}

/// Creates an organisation.
///
/// Needs the role `admin` for every organisation.
#[utoipa::path(
    tag = "organisations", operation_id = "create_organisation",
    request_body = NewOrganisation,
    responses((status = 201, description = "The organisation", body = schema::Organisation))
)]
#[post("/organisations")]
pub(crate) async fn create_organisation(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    caller.require_everywhere(Action::CreateOrganisation)?;
    let (code, content) = body.json::<NewOrganisation>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let record = kept::create(connection, &code, &content, change)?;
            let created =
                Response::created(format!("/v1/organisations/{code}"), &schema::Organisation::from(&record));
            Ok(created?.tagged(&ETag::of(&record.versioned)))
        })
        .await
}

/// Gets an organisation.
#[utoipa::path(
    tag = "organisations", operation_id = "get_organisation",
    params(OrganisationPath),
    responses((status = 200, description = "The organisation", body = schema::Organisation))
)]
#[get("/organisations/{organisation}")]
pub(crate) async fn get_organisation(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<OrganisationPath>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ReadFramework, &code)?;
    let record = service.read(move |connection| organisations::find(connection, &code)).await?;
    let etag = ETag::of(&record.versioned);
    Ok(Response::ok(&schema::Organisation::from(&record))?.revision_unless_known(&etag, &conditions))
}

/// Replaces an organisation's record. Its peer group does not change.
///
/// Needs the role `admin`.
#[utoipa::path(
    tag = "organisations", operation_id = "replace_organisation",
    params(OrganisationPath), request_body = OrganisationContent,
    responses((status = 200, description = "The organisation as it is now", body = schema::Organisation))
)]
#[put("/organisations/{organisation}")]
pub(crate) async fn replace_organisation(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<OrganisationPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ChangeOrganisation, &code)?;
    let content: OrganisationContent = body.json()?;
    change(&service, &caller, conditions, code, move |before| content.read(before.peer_group.clone())).await
}

/// Gets the peer group of an organisation.
#[utoipa::path(
    tag = "organisations", operation_id = "get_peer_group",
    params(OrganisationPath),
    responses((status = 200, description = "The peer group", body = PeerGroup))
)]
#[get("/organisations/{organisation}/peer-group")]
pub(crate) async fn get_peer_group(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<OrganisationPath>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ReadFramework, &code)?;
    let record = service.read(move |connection| organisations::find(connection, &code)).await?;
    let group = record.versioned.content.peer_group.as_ref();
    let group = group.ok_or_else(|| Problem::not_found("peer group: the organisation names none"))?;
    let etag = ETag::of(&record.versioned);
    Ok(Response::ok(&PeerGroup::from(group))?.revision_unless_known(&etag, &conditions))
}

/// Names the peer group of an organisation.
///
/// Needs the role `admin`. The entity tag is the organisation's, which changes with its peer group.
#[utoipa::path(
    tag = "organisations", operation_id = "replace_peer_group",
    params(OrganisationPath), request_body = PeerGroup,
    responses((status = 200, description = "The organisation as it is now", body = schema::Organisation))
)]
#[put("/organisations/{organisation}/peer-group")]
pub(crate) async fn replace_peer_group(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<OrganisationPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ChangeOrganisation, &code)?;
    let group = body.json::<PeerGroup>()?.read(&code)?;
    let renew = move |before: &Organisation| Ok(Organisation { peer_group: Some(group), ..before.clone() });
    change(&service, &caller, conditions, code, renew).await
}

/// One transaction: checks that the change was made from the current revision, and records the result of `renew`.
async fn change(
    service: &AppState,
    caller: &Caller,
    conditions: Conditions,
    code: Code,
    renew: impl FnOnce(&Organisation) -> Result<Organisation, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let change = caller.change();
    let record = service
        .write(move |connection| {
            let found = organisations::find(connection, &code)?;
            conditions.must_match(&ETag::of(&found.versioned))?;
            let content = renew(&found.versioned.content)?;
            let (id, expected) = (found.versioned.id, found.versioned.revision);
            let versioned = kept::update(connection, id, expected, &content, &change)?;
            Ok(Record { versioned, ..found })
        })
        .await?;
    Ok(Response::ok(&schema::Organisation::from(&record))?.tagged(&ETag::of(&record.versioned)))
}
