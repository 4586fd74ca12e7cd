//! All that bears on one measure, in one read: so that an exception explains itself.

mod wire;

use actix_web::{get, web::Data};
use waymark_domain::access::Action;
use waymark_domain::commitment::Commitment;
use waymark_persistence::plan_item::{self, PlanPlace};
use waymark_persistence::{Connection, judgement};

use crate::access::Caller;
use crate::answer::Answer;
use crate::etag::Conditions;
use crate::params::{Path, Query};
use crate::problem::Problem;
use crate::service::Service;
use crate::status::position::{PlanPosition, When};
use crate::status::{MeasurePath, TrajectoryQuery, load};
use wire::{Found, MeasureLinks};

/// Gets all that bears on a measure at a date, to explain an exception in one read.
///
/// How it is rated and why, what officers said of it, the commitments that lean on it, and the decision by which it
/// left the plan, where it did. Each item is short, and tells with `href` where the whole is.
#[utoipa::path(
    tag = "status", operation_id = "get_measure_links",
    params(MeasurePath, TrajectoryQuery),
    responses((status = 200, description = "What bears on the measure", body = MeasureLinks))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/links")]
pub(crate) async fn get_measure_links(
    service: Data<Service>,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    Query(query): Query<TrajectoryQuery>,
    conditions: Conditions,
) -> Result<Answer, Problem> {
    let (organisation, plan, code) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let when = query.read()?;
    let links = service
        .read(move |connection| {
            let position = load(connection, &organisation, &plan, when)?;
            let of_plan = position.find(&code).ok_or_else(|| Problem::not_found("measure"))?;
            let found = find(connection, &position, when)?;
            let address = format!("/v1/organisations/{organisation}/plans/{plan}");
            Ok(MeasureLinks::of((&position, of_plan, when), &found, &address, sees_small_counts))
        })
        .await?;
    Ok(Answer::ok(&links)?.unless_known(&conditions))
}

/// What is filed in the plan, in one query for each kind, however many measures it bears on.
fn find(connection: &mut Connection, position: &PlanPosition, when: When) -> Result<Found, Problem> {
    let plan = &position.plan;
    let place = PlanPlace { organisation: plan.organisation, plan: plan.versioned.id };
    Ok(Found {
        judgements: judgement::of_plan(connection, place.organisation, place.plan, when.known_at)?,
        commitments: plan_item::all::<Commitment>(connection, place, when.known_at)?,
    })
}
