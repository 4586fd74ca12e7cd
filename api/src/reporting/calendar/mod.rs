//! The calendar of a plan: which results are due when.

mod query;
mod schema;

use actix_web::{get, web::Data};
use waymark_domain::access::Action;

use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::list::List;
use crate::http::params::Path;
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::position;
use crate::state::AppState;
use query::{Asked, CalendarFilter, Unscheduled, UnscheduledFilter};
use schema::{PlanCalendar, UnscheduledMeasurePage, unscheduled};

/// Gets the calendar of a plan: the results that are received, due and overdue.
///
/// A result is due the indicator's publication lag after the end of its period, for every period that ends on or after the
/// plan's first day. A measure with components has received a result when each of them has. Without `from` and `to` the
/// calendar has everything that is overdue, and the rest of what is due in the reporting cycle of `as_at`. The counts
/// cover that whole window, whatever `state` and the page select.
#[utoipa::path(
    tag = "status", operation_id = "get_calendar",
    params(PlanPath, List<CalendarFilter>),
    responses((status = 200, description = "A page of the calendar", body = PlanCalendar))
)]
#[get("/organisations/{organisation}/plans/{plan}/calendar")]
pub(crate) async fn get_calendar(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    list: List<CalendarFilter>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let asked = Asked::read(list, &format!("/v1/organisations/{organisation}/plans/{plan}/calendar"))?;
    let calendar = service
        .read(move |connection| {
            let mut position = position::load(connection, &organisation, &plan, asked.when)?;
            position.date_by_first_record(connection)?;
            if let Some(lead) = &asked.lead {
                position::known("lead", "lead officer", lead, position.leads())?;
            }
            Ok(PlanCalendar::of(&position, &asked))
        })
        .await?;
    Ok(Response::ok(&calendar)?.unless_known(&conditions))
}

/// Lists the measures of a plan whose indicator has no frequency, by code: no result of them can be due.
#[utoipa::path(
    tag = "status", operation_id = "list_unscheduled_measures",
    params(PlanPath, List<UnscheduledFilter>),
    responses((status = 200, description = "A page of measures", body = UnscheduledMeasurePage))
)]
#[get("/organisations/{organisation}/plans/{plan}/calendar/unscheduled")]
pub(crate) async fn list_unscheduled_measures(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    list: List<UnscheduledFilter>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let asked = Unscheduled::read(list)?;
    let page = service
        .read(move |connection| {
            let position = position::load(connection, &organisation, &plan, asked.when)?;
            if let Some(lead) = &asked.lead {
                position::known("lead", "lead officer", lead, position.leads())?;
            }
            unscheduled(&position, &asked)
        })
        .await?;
    Ok(Response::ok(&page)?.unless_known(&conditions))
}
