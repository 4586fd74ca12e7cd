//! All that bears on one measure, in one read: so that an exception explains itself.

mod decision;
mod notice;
mod proposal;
mod schema;
mod tracker;

use actix_web::{get, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::commitment::Commitment;
use waymark_domain::deletion::Deletion;
use waymark_domain::notice::Notice;
use waymark_domain::target_setting::TargetProposal;
use waymark_domain::tracker::Tracker;
use waymark_persistence::plan_item::{self, Filed, PlanItem, PlanPlace};
use waymark_persistence::{Connection, StoreError, judgement};

use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::params::{Path, Query};
use crate::http::path::MeasurePath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::position::PositionQuery;
use crate::position::load;
use crate::position::{PlanPosition, When};
use crate::state::AppState;
use schema::{Found, MeasureLinks};

/// Gets all that bears on a measure at a date, to explain an exception in one read.
///
/// Its rating with the explanation, and the decision by which it left the plan, if it did; judgements of officers; the
/// commitments that reference it, the action trackers that it is aligned in with their actions, the improvement notices
/// that name it with their conditions on it as they are judged; the targets and deletions that were proposed, every
/// decision on any of these, and its quality checks. Each item is short, with the path of the whole in `href`.
#[utoipa::path(
    tag = "status", operation_id = "get_measure_links",
    params(MeasurePath, PositionQuery),
    responses((status = 200, description = "What bears on the measure", body = MeasureLinks))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/links")]
pub(crate) async fn get_measure_links(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    Query(query): Query<PositionQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan, code) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let when = query.read()?;
    let links = service
        .read(move |connection| {
            let position = load(connection, &organisation, &plan, when)?;
            let of_plan = position.measure(connection, &code)?;
            let found = find(connection, &position, &code, when)?;
            let address = format!("/v1/organisations/{organisation}/plans/{plan}");
            Ok(MeasureLinks::of((&position, of_plan, when), &found, &address, sees_small_counts))
        })
        .await?;
    Ok(Response::ok(&links)?.unless_known(&conditions))
}

/// The items of the plan that concern the measure, in a fixed number of queries for each kind.
fn find(
    connection: &mut Connection,
    position: &PlanPosition,
    code: &Code,
    when: When,
) -> Result<Found, Problem> {
    let plan = &position.plan;
    let place = PlanPlace { organisation: plan.organisation, plan: plan.versioned.id };
    let at = (place, when);
    let target_proposals = those(connection, at, |proposal: &TargetProposal| proposal.measure == *code)?;
    let ids: Vec<_> = target_proposals.iter().map(|filed| filed.versioned.id).collect();
    Ok(Found {
        judgements: judgement::of_plan(connection, place.organisation, place.plan, when.known_at)?,
        commitments: those(connection, at, |one: &Commitment| one.promise.measures.contains(code))?,
        trackers: those(connection, at, |one: &Tracker| one.content.aligned_measures.contains(code))?,
        notices: those(connection, at, |one: &Notice| one.uses(code))?,
        target_revisions: plan_item::history_of_many(connection, &ids, when.known_at)?,
        target_proposals,
        deletions: those(connection, at, |one: &Deletion| one.measure == *code)?,
    })
}

/// The selected items of a kind.
fn those<T: PlanItem>(
    connection: &mut Connection,
    (place, when): (PlanPlace, When),
    wants: impl Fn(&T) -> bool,
) -> Result<Vec<Filed<T>>, StoreError> {
    let mut filed = plan_item::all::<T>(connection, place, when.known_at)?;
    filed.retain(|filed| wants(&filed.versioned.content));
    Ok(filed)
}
