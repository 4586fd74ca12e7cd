//! Judgements: an officer's override of a computed rating, or prediction of the year-end. They are given and
//! never changed; a later one takes the place of an earlier one.

mod schema;

use actix_web::{get, post, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_persistence::measure::PlacedMeasure;
use waymark_persistence::{Connection, judgement};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::params::{NoQuery, Path};
use crate::http::path::MeasurePath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::AppState;
use crate::store::{entities, organisations};
pub(crate) use schema::{Judgement, JudgementList, NewJudgement};

/// Lists the judgements of officers on a measure, in the order in which they were recorded.
#[utoipa::path(
    tag = "measures", operation_id = "list_judgements",
    params(MeasurePath),
    responses((status = 200, description = "The judgements", body = JudgementList))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/judgements")]
pub(crate) async fn list_judgements(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let given = service
        .read(move |connection| {
            let found = find(connection, &codes)?;
            Ok(judgement::of_measure(connection, found.place.organisation, found.versioned.id, None)?)
        })
        .await?;
    let items = given.iter().map(Judgement::from).collect();
    Ok(Response::ok(&JudgementList { items })?.unless_known(&conditions))
}

/// Records a judgement on a measure: an override of its rating, or a prediction of the rating at the end of the year.
///
/// Needs the role `performance_officer`, `accountable_officer` or `accountable_director`. The computed rating
/// remains visible beside it.
#[utoipa::path(
    tag = "measures", operation_id = "create_judgement",
    params(MeasurePath), request_body = NewJudgement,
    responses((status = 201, description = "The judgement", body = Judgement))
)]
#[post("/organisations/{organisation}/plans/{plan}/measures/{measure}/judgements")]
pub(crate) async fn create_judgement(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::JudgeMeasures, &codes.0)?;
    let content = body.json::<NewJudgement>()?.read(&caller.subject)?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let found = find(connection, &codes)?;
            let organisation = found.place.organisation;
            let given = judgement::add(connection, organisation, found.versioned.id, &content, change)?;
            let (organisation, plan, measure) = &codes;
            let list = format!("/v1/organisations/{organisation}/plans/{plan}/measures/{measure}/judgements");
            Response::created(list, &Judgement::from(&given))
        })
        .await
}

fn find(connection: &mut Connection, codes: &(Code, Code, Code)) -> Result<PlacedMeasure, Problem> {
    let (organisation, plan, measure) = codes;
    let organisation = organisations::find(connection, organisation)?;
    let plan = entities::find_plan(connection, organisation.versioned.id, plan, None)?;
    entities::find_measure(connection, plan.versioned.id, measure, None)
}
