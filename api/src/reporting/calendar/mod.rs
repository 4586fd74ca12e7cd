//! What is due when: the calendar of a plan.

mod query;
mod schema;

use actix_web::{get, web::Data};
use waymark_domain::access::Action;

use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::params::{Path, Query};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::reporting::status;
use crate::reporting::status::PlanPath;
use crate::state::AppState;
use query::CalendarQuery;
use schema::PlanCalendar;

/// Gets the calendar of a plan: the results that are received, due and overdue.
///
/// A result is due as many days after the end of its period as its indicator's lag says. The plan waits for every
/// period that ends on or after its first day. A measure of several components has received a result when each of
/// them has. Without `from` and `to` the calendar has all that is overdue, and the rest of what is due in the
/// reporting cycle in which `as_at` lies. The counts are of everything in that window, also of what `state` and the
/// page leave out.
#[utoipa::path(
    tag = "status", operation_id = "get_calendar",
    params(PlanPath, CalendarQuery),
    responses((status = 200, description = "A page of the calendar", body = PlanCalendar))
)]
#[get("/organisations/{organisation}/plans/{plan}/calendar")]
pub(crate) async fn get_calendar(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<CalendarQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let asked = query.read(&format!("/v1/organisations/{organisation}/plans/{plan}/calendar"))?;
    let calendar = service
        .read(move |connection| {
            let mut position = status::load(connection, &organisation, &plan, asked.when)?;
            position.date_by_first_record(connection)?;
            Ok(PlanCalendar::of(&position, &asked))
        })
        .await?;
    Ok(Response::ok(&calendar)?.unless_known(&conditions))
}
