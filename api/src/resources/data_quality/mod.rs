//! Data quality: the checklists, the checks of measures by them, and the quality of the data of a plan. The handlers.

mod item;
mod list;
mod path;
mod schema;

use actix_web::{get, post, put};
use waymark_domain::access::Action;
use waymark_domain::quality as domain;

use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::known::Known;
use crate::http::list::{List, NoFilter};
use crate::http::params::{NoQuery, Path};
use crate::http::path::{MeasurePath, PlanPath};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::position::PlanPosition;
use crate::workflow::Pointers;
use crate::workflow::read::Read;
use crate::workflow::write::Write;
pub(crate) use item::key;
use list::{PlanDataQuality, PlanQualityFilter, Wanted};
pub(crate) use path::in_path;
use path::{QualityCheckPath, of_measure};
use schema::{
    NewQualityCheck, QualityCheck, QualityCheckContent, QualityCheckPage, QualityChecklist,
    QualityChecklistList,
};

/// Lists the checklists of data quality, the newest last.
///
/// Data are checked by the newest one; each check keeps the version that it was made by.
#[utoipa::path(
    tag = "quality", operation_id = "list_quality_checklists",
    responses((status = 200, description = "The checklists", body = QualityChecklistList))
)]
#[get("/quality-checklists")]
pub(crate) async fn list_quality_checklists(
    _: NoQuery,
    _caller: Caller,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let items = domain::Checklist::all_shipped().iter().map(QualityChecklist::from).collect();
    Ok(Response::ok(&QualityChecklistList { items })?.unless_known(&conditions))
}

/// Lists the checks of the data of a measure, the newest period first.
#[utoipa::path(
    tag = "quality", operation_id = "list_quality_checks",
    params(MeasurePath, List<NoFilter>),
    responses((status = 200, description = "A page of checks", body = QualityCheckPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks")]
pub(crate) async fn list_quality_checks(
    Path(path): Path<MeasurePath>,
    list: List<NoFilter>,
    request: Read,
) -> Result<Response, Problem> {
    let (plan, measure) = of_measure(path);
    let page = list.page(1)?;
    request
        .report(plan, list.moment(), move |connection, scope, viewer| {
            item::page(connection, &scope, &measure, &page, viewer.known_at)
        })
        .await
}

/// Grades the data of a measure and a period by the newest checklist.
///
/// Needs the role `performance_officer`. Every question of the newest checklist is answered once. The period has
/// ended, and ends in the plan or after it. If the data of the period were checked before, the response is the problem
/// `conflict` (409): replace that check instead.
#[utoipa::path(
    tag = "quality", operation_id = "create_quality_check",
    params(MeasurePath), request_body = NewQualityCheck,
    responses((status = 201, description = "The check with its grade", body = QualityCheck))
)]
#[post("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks")]
pub(crate) async fn create_quality_check(
    Path(path): Path<MeasurePath>,
    request: Write,
) -> Result<Response, Problem> {
    let (plan, measure) = of_measure(path);
    let request = request.in_plan(plan, Action::GradeData)?;
    let (period, answers) = request.body::<NewQualityCheck>()?.read()?;
    request.create(item::NEW, move |step| item::make(step, measure, period, answers)).await
}

/// Returns the check of the data of a measure and a period.
#[utoipa::path(
    tag = "quality", operation_id = "get_quality_check",
    params(QualityCheckPath, Known),
    responses((status = 200, description = "The check with its grade", body = QualityCheck))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks/{period}")]
pub(crate) async fn get_quality_check(
    Path(path): Path<QualityCheckPath>,
    known: Known,
    request: Read,
) -> Result<Response, Problem> {
    request.get::<domain::QualityCheck>(path, known).await
}

/// Replaces the check of the data of a measure and a period.
///
/// Needs the role `performance_officer`. The answers are graded by the newest checklist, in the caller's name; the
/// earlier check can still be read with `as_known_at`.
#[utoipa::path(
    tag = "quality", operation_id = "replace_quality_check",
    params(QualityCheckPath), request_body = QualityCheckContent,
    responses((status = 200, description = "The check as it is now", body = QualityCheck))
)]
#[put("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks/{period}")]
pub(crate) async fn replace_quality_check(
    Path(path): Path<QualityCheckPath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::GradeData)?;
    let answers = request.body::<QualityCheckContent>()?.read()?;
    request
        .act(Pointers::NONE, move |step, check: &domain::QualityCheck| {
            Ok(answers.of(check.measure.clone(), check.period, step.actor.name.clone()))
        })
        .await
}

/// Lists the quality of the data behind each measure of a plan, in the order of the measures' codes.
///
/// A measure has the grade of the check of its latest result's period; if there is none, that of the latest check
/// of another period, which is then `stale`; otherwise it is `ungraded`. The counts are of all measures, including those
/// that the filters and the page leave out.
#[utoipa::path(
    tag = "quality", operation_id = "list_data_quality",
    params(PlanPath, List<PlanQualityFilter>),
    responses((status = 200, description = "A page of measures with their grades", body = PlanDataQuality))
)]
#[get("/organisations/{organisation}/plans/{plan}/quality")]
pub(crate) async fn list_data_quality(
    Path(path): Path<PlanPath>,
    list: List<PlanQualityFilter>,
    request: Read,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(&list)?;
    request
        .report(path.codes(), wanted.when.known_at, move |connection, scope, _| {
            let position = PlanPosition::load(connection, &scope.organisation, scope.plan, wanted.when)?;
            Ok(PlanDataQuality::of(&position, &wanted))
        })
        .await
}
