//! The trail: who changed what, when, and in which request. It is written with every change and can only be read.

mod diff;
mod export;
mod kind;
mod query;
mod schema;

use actix_web::{HttpResponse, get, web::Data};
use uuid::Uuid;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_persistence::trail::{self as kept, TrailFilter};
use waymark_persistence::{Connection, plan};

use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::list::Paged;
use crate::http::params::{NoQuery, Path, Query};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::http::validation::unknown_filter_value;
use crate::state::AppState;
use crate::store::organisations;
use export::Export;
use query::{EntryPath, ExportQuery, TrailPath, TrailQuery, key_of, parts_of};
use schema::{TrailEntry, TrailEntryPage, TrailRecord};

/// Lists every change in an organisation, newest first.
///
/// Needs the role `performance_officer` or `accountable_director`, because the trail contains small counts. Nothing in
/// it can be changed. A push is one entry, with links to its rows.
#[utoipa::path(
    tag = "trail", operation_id = "list_trail",
    params(TrailPath, Paged<TrailQuery>),
    responses((status = 200, description = "A page of the trail", body = TrailEntryPage))
)]
#[get("/organisations/{organisation}/trail")]
pub(crate) async fn list_trail(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<TrailPath>,
    list: Paged<TrailQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ReadTrail, &code)?;
    let page = list.page(3)?;
    let before = page.after.as_deref().map(key_of).transpose()?;
    let (mut filter, plan) = list.filter.read()?;
    let (own, rows) = (code.clone(), page.rows());
    let mut found = service
        .read(move |connection| {
            let id = organisations::find(connection, &own)?.versioned.id;
            if let Some(plan_code) = plan {
                filter.plan = Some(existing_plan(connection, id, &plan_code)?);
            }
            Ok(kept::list(connection, id, &filter, before, rows)?)
        })
        .await?;
    let next = page.cut(&mut found, |entry| parts_of(entry.key));
    let items = found.iter().map(|entry| TrailEntry::of(&code, entry)).collect::<Result<_, Problem>>()?;
    Ok(Response::ok(&TrailEntryPage { items, next })?.unless_known(&conditions))
}

/// The id of the plan that a filter names.
///
/// # Errors
/// 422 if the organisation has no such plan.
fn existing_plan(connection: &mut Connection, organisation: Uuid, code: &Code) -> Result<Uuid, Problem> {
    if let Some(plan) = plan::find(connection, organisation, code, None)? {
        return Ok(plan.versioned.id);
    }
    let plans = plan::list(connection, organisation, None, i64::MAX, None)?;
    Err(unknown_filter_value("plan", "plan", code.as_str(), plans.iter().map(|plan| plan.code.as_str())))
}

/// Gets one change with the whole documents before and after it.
///
/// Needs the role `performance_officer` or `accountable_director`.
#[utoipa::path(
    tag = "trail", operation_id = "get_trail_entry",
    params(EntryPath),
    responses((status = 200, description = "The change", body = TrailRecord))
)]
#[get("/organisations/{organisation}/trail/{entity}/{revision}")]
pub(crate) async fn get_trail_entry(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<EntryPath>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let EntryPath { organisation, entity, revision } = path;
    let code = organisation.0;
    caller.require(Action::ReadTrail, &code)?;
    let filter =
        TrailFilter { entity: Some(entity), revision: Some(revision.into()), ..TrailFilter::default() };
    let own = code.clone();
    let found = service
        .read(move |connection| {
            let id = organisations::find(connection, &own)?.versioned.id;
            Ok(kept::list(connection, id, &filter, None, 1)?.pop())
        })
        .await?;
    let entry = found.ok_or_else(|| Problem::not_found("change"))?;
    Ok(Response::ok(&TrailRecord::of(&code, entry)?)?.unless_known(&conditions))
}

/// Exports the trail of an organisation as a file, newest first: NDJSON or CSV.
///
/// Needs the role `performance_officer` or `accountable_director`. Each line or row is a change with the
/// documents before and after it. Consecutive spans (`to` of one is `from` of the next) contain each change once.
#[utoipa::path(
    tag = "trail", operation_id = "export_trail",
    params(TrailPath, ExportQuery),
    responses((
        status = 200, description = "The changes",
        content((String = "application/x-ndjson"), (String = "text/csv")),
    ))
)]
#[get("/organisations/{organisation}/trail/export")]
pub(crate) async fn export_trail(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<TrailPath>,
    Query(query): Query<ExportQuery>,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ReadTrail, &code)?;
    let filter = query.filter()?;
    let (own, wanted) = (code.clone(), filter.clone());
    let (id, changes) = service
        .read(move |connection| {
            let id = organisations::find(connection, &own)?.versioned.id;
            Ok((id, kept::count(connection, id, &wanted)?))
        })
        .await?;
    let export = Export { organisation: code, id, filter, format: query.format };
    let tag = export.tag(changes);
    Ok(export.answer(service, &tag, &conditions))
}
