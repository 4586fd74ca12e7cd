//! Measures: an indicator's place in a plan, with baseline, target and trajectory. The handlers.

mod place;
mod schema;

use actix_web::{get, post, put, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::measure::Measure;
use waymark_persistence::measure::{self as kept, Place, PlacedMeasure};
use waymark_persistence::{Connection, Record};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::known::Known;
use crate::http::list::{List, NoFilter, Revisions};
use crate::http::params::{NoQuery, Path};
use crate::http::path::{MeasurePath, PlanPath};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::http::validation::Faults;
use crate::state::AppState;
use crate::store::organisations;
use place::PlanOf;
use schema::{MeasureContent, MeasureHistory, MeasurePage, NewMeasure, Surroundings};
pub(crate) use schema::{TargetState, TargetTerms, Trajectory};

/// Lists the measures of a plan, in the order of their codes.
///
/// A baseline that would reveal a count below the organisation's threshold is suppressed, and its line
/// marked `suppressed`.
#[utoipa::path(
    tag = "measures", operation_id = "list_measures",
    params(PlanPath, List<NoFilter>),
    responses((status = 200, description = "A page of measures", body = MeasurePage))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures")]
pub(crate) async fn list_measures(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    list: List<NoFilter>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadFramework, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let (page, known_at) = (list.page(1)?, list.moment());
    let after = page.code_after()?;
    let found = service
        .read(move |connection| {
            let of = PlanOf::find(connection, (&organisation, &plan), known_at, sees_small_counts)?;
            let id = of.plan.versioned.id;
            let mut rows = kept::list(connection, id, after.as_ref(), page.rows(), known_at)?;
            let next = page.cut(&mut rows, |row| vec![row.code.to_string()]);
            Ok(MeasurePage { items: shown(connection, &of, &rows)?, next })
        })
        .await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

/// Creates a measure of a plan.
///
/// Needs the role `performance_officer`.
#[utoipa::path(
    tag = "measures", operation_id = "create_measure",
    params(PlanPath), request_body = NewMeasure,
    responses((status = 201, description = "The measure", body = schema::Measure))
)]
#[post("/organisations/{organisation}/plans/{plan}/measures")]
pub(crate) async fn create_measure(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::DefinePlans, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let new: NewMeasure = body.json()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            organisations::hold(connection, &organisation)?;
            let of = PlanOf::find(connection, (&organisation, &plan), None, sees_small_counts)?;
            let (code, indicator, content) = read_new(connection, &of, new)?;
            let place = Place {
                organisation: of.organisation.versioned.id,
                plan: of.plan.versioned.id,
                indicator: indicator.versioned.id,
            };
            let made = kept::create(connection, place, &code, &content, change)?;
            let found = format!("{}/{code}", address(&organisation, &plan));
            let created = Response::created(found, &of.show(&code, &made.versioned, &indicator)?)?;
            Ok(created.tagged(&of.tag(&made, &indicator)))
        })
        .await
}

/// Gets a measure.
///
/// A baseline that would reveal a count below the organisation's threshold is suppressed, and its line
/// marked `suppressed`. The entity tag changes with the plan and the indicator as well.
#[utoipa::path(
    tag = "measures", operation_id = "get_measure",
    params(MeasurePath, Known),
    responses((status = 200, description = "The measure", body = schema::Measure))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}")]
pub(crate) async fn get_measure(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    Known(known_at): Known,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan, code) = path.codes();
    caller.require(Action::ReadFramework, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let (shown, etag) = service
        .read(move |connection| {
            let of = PlanOf::find(connection, (&organisation, &plan), known_at, sees_small_counts)?;
            let (found, indicator) = of.measure(connection, &code)?;
            Ok((of.show(&code, &found.versioned, &indicator)?, of.tag(&found, &indicator)))
        })
        .await?;
    Ok(Response::ok(&shown)?.revision_unless_known(&etag, &conditions))
}

/// Replaces a measure. Its indicator does not change.
///
/// Needs the role `performance_officer`. The entity tag changes with the plan and the indicator as well. A cell that
/// could not be read (`unread`) may be sent back unchanged or be replaced. The `origin` of a target remains as long
/// as condition, period and state do, whether it is sent back or left out; it cannot be set.
#[utoipa::path(
    tag = "measures", operation_id = "replace_measure",
    params(MeasurePath), request_body = MeasureContent,
    responses((status = 200, description = "The measure as it is now", body = schema::Measure))
)]
#[put("/organisations/{organisation}/plans/{plan}/measures/{measure}")]
pub(crate) async fn replace_measure(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (organisation, plan, code) = path.codes();
    caller.require(Action::DefinePlans, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let content: MeasureContent = body.json()?;
    let change = caller.change();
    let (shown, etag) = service
        .write(move |connection| {
            organisations::hold(connection, &organisation)?;
            let of = PlanOf::find(connection, (&organisation, &plan), None, sees_small_counts)?;
            let (found, indicator) = of.measure(connection, &code)?;
            conditions.must_match(&of.tag(&found, &indicator))?;
            let content = read(&of, &indicator, &found.versioned.content, content)?;
            let (owner, id, expected) =
                (found.place.organisation, found.versioned.id, found.versioned.revision);
            let versioned = kept::update(connection, owner, id, expected, &content, &change)?;
            let now = PlacedMeasure { versioned, ..found };
            Ok((of.show(&now.code, &now.versioned, &indicator)?, of.tag(&now, &indicator)))
        })
        .await?;
    Ok(Response::ok(&shown)?.tagged(&etag))
}

/// Gets the revisions of a measure, the newest first.
///
/// The polarity is that of the indicator now.
#[utoipa::path(
    tag = "measures", operation_id = "list_measure_revisions",
    params(MeasurePath, Revisions),
    responses((status = 200, description = "A page of revisions", body = MeasureHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/history")]
pub(crate) async fn list_measure_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    revisions: Revisions,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan, code) = path.codes();
    caller.require(Action::ReadFramework, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let (page, before) = revisions.before()?;
    let found = service
        .read(move |connection| {
            let of = PlanOf::find(connection, (&organisation, &plan), None, sees_small_counts)?;
            let (found, indicator) = of.measure(connection, &code)?;
            let mut revisions = kept::history(connection, found.versioned.id, before, page.rows())?;
            let next = page.cut(&mut revisions, |revision| vec![revision.revision.to_string()]);
            let items = revisions.iter().map(|revision| of.show(&code, revision, &indicator));
            Ok(MeasureHistory { items: items.collect::<Result<_, Problem>>()?, next })
        })
        .await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

fn address(organisation: &Code, plan: &Code) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/measures")
}

/// The measures of a page. One whose indicator was not known by then is not known either.
fn shown(
    connection: &mut Connection,
    of: &PlanOf,
    rows: &[PlacedMeasure],
) -> Result<Vec<schema::Measure>, Problem> {
    let indicators = of.indicators(connection, rows)?;
    let with_indicator = rows.iter().filter_map(|row| Some((row, indicators.get(&row.place.indicator)?)));
    with_indicator.map(|(row, indicator)| of.show(&row.code, &row.versioned, indicator)).collect()
}

/// A new measure: its code, its indicator and its content.
fn read_new(
    connection: &mut Connection,
    of: &PlanOf,
    new: NewMeasure,
) -> Result<(Code, Record<Indicator>, Measure), Problem> {
    let mut faults = Faults::default();
    let ((code, named), content) = new.named(&mut faults);
    let Some(named) = named else { return faults.finish(None) };
    let Some(indicator) = of.named_indicator(connection, named)? else {
        faults.note(
            "/indicator/code",
            "unknown_indicator",
            "neither the organisation nor the catalogue has it",
        );
        return faults.finish(None);
    };
    let around = Surroundings {
        plan: &of.plan.versioned.content,
        indicator: &indicator.versioned.content,
        before: None,
    };
    let content = content.read(&mut faults, &around);
    let (code, content) = faults.finish(code.zip(content))?;
    Ok((code, indicator, content))
}

/// The content that replaces a measure's.
fn read(
    of: &PlanOf,
    indicator: &Record<Indicator>,
    before: &Measure,
    content: MeasureContent,
) -> Result<Measure, Problem> {
    let mut faults = Faults::default();
    let (plan, indicator) = (&of.plan.versioned.content, &indicator.versioned.content);
    let content = content.read(&mut faults, &Surroundings { plan, indicator, before: Some(before) });
    faults.finish(content)
}
