//! Data quality: the checklist that ships, the checks of measures by it, and how good the data of a plan are.

mod list;
mod schema;

use actix_web::{get, post, put, web::Data};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::period::Period;
use waymark_domain::quality as domain;
use waymark_domain::workflow::{DateOf, past};
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Connection, measure};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::list_query::{KnownQuery, ListQuery, Moment};
use crate::http::page::bad_cursor;
use crate::http::params::{NoQuery, Path, PathCode, Query};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::reporting::status;
use crate::reporting::status::{MeasurePath, PlanPath};
use crate::state::AppState;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;
use list::{PlanDataQuality, PlanQualityQuery};
use schema::{
    NewQualityCheck, QualityCheck, QualityCheckContent, QualityCheckPage, QualityChecklist,
    QualityChecklistList,
};

/// Which check.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct QualityCheckPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The measure's code.
    #[param(value_type = crate::http::schema::Code)]
    measure: PathCode,
    /// The period whose data were checked.
    #[param(value_type = crate::http::schema::Period)]
    period: PathPeriod,
}

/// A period in a path.
#[derive(Debug)]
struct PathPeriod(Period);

impl<'de> Deserialize<'de> for PathPeriod {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// The codes of an organisation and a plan, and that of a measure.
type MeasureCodes = ((Code, Code), Code);

impl QualityCheckPath {
    fn read(self) -> (MeasureCodes, Period) {
        let Self { organisation, plan, measure, period } = self;
        (((organisation.0, plan.0), measure.0), period.0)
    }
}

/// Lists the checklists of data quality that ship, the newest last.
///
/// Data are checked by the newest one; each check keeps the version by which it was made.
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

/// Lists the checks of the data of a measure, that of the newest period first.
#[utoipa::path(
    tag = "quality", operation_id = "list_quality_checks",
    params(MeasurePath, ListQuery),
    responses((status = 200, description = "A page of checks", body = QualityCheckPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks")]
pub(crate) async fn list_quality_checks(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    Query(query): Query<ListQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = of_path(path);
    caller.require(Action::ReadResults, &codes.0.0)?;
    let (page, known_at) = query.read(&address(&codes))?;
    let after = page.after.as_ref().and_then(|parts| parts.first());
    let after: Option<Period> = after.map(|text| text.parse()).transpose().map_err(|_| bad_cursor())?;
    let mut checks = service
        .read(move |connection| {
            let place = find_measure(PlanScope::find, connection, &codes, known_at)?;
            let mut checks: Vec<Filed<domain::QualityCheck>> =
                plan_item::all(connection, place.place(), known_at)?;
            checks.retain(|filed| {
                let check = &filed.versioned.content;
                check.measure == codes.1 && after.is_none_or(|after| check.period < after)
            });
            checks.sort_by_key(|filed| std::cmp::Reverse(filed.versioned.content.period));
            Ok(checks)
        })
        .await?;
    let next = page.cut(&mut checks, |filed| vec![filed.versioned.content.period.to_string()]);
    let items = checks.iter().map(QualityCheck::from).collect();
    Ok(Response::ok(&QualityCheckPage { items, next })?.unless_known(&conditions))
}

/// Grades the data of a measure and a period by the checklist.
///
/// Needs the role `performance_officer`. Every question of the newest checklist is answered once. The period has
/// ended, and ends in the plan or after it. Where the data of the period were checked before, the answer is the problem
/// `conflict` (409): correct that check.
#[utoipa::path(
    tag = "quality", operation_id = "create_quality_check",
    params(MeasurePath), request_body = NewQualityCheck,
    responses((status = 201, description = "The check with its grade", body = QualityCheck))
)]
#[post("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks")]
pub(crate) async fn create_quality_check(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<MeasurePath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let codes = of_path(path);
    caller.require(Action::GradeData, &codes.0.0)?;
    let author = caller.actor(&codes.0.0)?.name;
    let (period, content) = body.json::<NewQualityCheck>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let place = find_measure(hold, connection, &codes, None)?;
            let span = place.plan.versioned.content.span;
            past(DateOf::Period, period.last_day(), span, change.at.date_naive())
                .map_err(|refusal| refused(&refusal, "/period"))?;
            let check = content.of(codes.1.clone(), period, author);
            let key = key(&codes.1, period);
            let filed = plan_item::create(connection, place.place(), Some(&key), &check, change)?;
            let location = format!("{}/{}", address(&codes), in_path(period));
            Ok(Response::created(location, &QualityCheck::from(&filed))?.tagged(&ETag::of(&filed.versioned)))
        })
        .await
}

/// Gets the check of the data of a measure and a period.
#[utoipa::path(
    tag = "quality", operation_id = "get_quality_check",
    params(QualityCheckPath, KnownQuery),
    responses((status = 200, description = "The check with its grade", body = QualityCheck))
)]
#[get("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks/{period}")]
pub(crate) async fn get_quality_check(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<QualityCheckPath>,
    Query(query): Query<KnownQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, period) = path.read();
    caller.require(Action::ReadResults, &codes.0.0)?;
    let known_at = query.moment()?;
    let filed = service
        .read(move |connection| {
            let place = find_measure(PlanScope::find, connection, &codes, known_at)?;
            place.item(connection, KIND, &key(&codes.1, period), known_at)
        })
        .await?;
    let etag = ETag::of(&filed.versioned);
    Ok(Response::ok(&QualityCheck::from(&filed))?.revision_unless_known(&etag, &conditions))
}

/// Corrects the check of the data of a measure and a period.
///
/// Needs the role `performance_officer`. The answers are graded by the newest checklist, in the caller's name; what was
/// said before can still be read with `as_known_at`.
#[utoipa::path(
    tag = "quality", operation_id = "replace_quality_check",
    params(QualityCheckPath), request_body = QualityCheckContent,
    responses((status = 200, description = "The check as it is now", body = QualityCheck))
)]
#[put("/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks/{period}")]
pub(crate) async fn replace_quality_check(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<QualityCheckPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, period) = path.read();
    caller.require(Action::GradeData, &codes.0.0)?;
    let author = caller.actor(&codes.0.0)?.name;
    let content = body.json::<QualityCheckContent>()?.read()?;
    let change = caller.change();
    let filed = service
        .write(move |connection| {
            let place = find_measure(hold, connection, &codes, None)?;
            let found = place.item(connection, KIND, &key(&codes.1, period), None)?;
            conditions.must_match(&ETag::of(&found.versioned))?;
            let check = content.of(codes.1, period, author);
            Ok(plan_item::update(connection, &found, &check, &change)?)
        })
        .await?;
    Ok(Response::ok(&QualityCheck::from(&filed))?.tagged(&ETag::of(&filed.versioned)))
}

/// Tells how good the data behind each measure of a plan are, in the order of the measures' codes.
///
/// A measure has the grade of the check of its latest result's period; where there is none, that of the latest check
/// of another period, told as `stale`; else it is `ungraded`. The counts are of all measures, also of those that
/// the filters and the page leave out.
#[utoipa::path(
    tag = "quality", operation_id = "list_data_quality",
    params(PlanPath, PlanQualityQuery),
    responses((status = 200, description = "A page of measures with their grades", body = PlanDataQuality))
)]
#[get("/organisations/{organisation}/plans/{plan}/quality")]
pub(crate) async fn list_data_quality(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<PlanQualityQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ReadResults, &organisation)?;
    let asked = query.read(&format!("/v1/organisations/{organisation}/plans/{plan}/quality"))?;
    let listed = service
        .read(move |connection| {
            let position = status::load(connection, &organisation, &plan, asked.when)?;
            Ok(PlanDataQuality::of(&position, &asked))
        })
        .await?;
    Ok(Response::ok(&listed)?.unless_known(&conditions))
}

const KIND: &str = "quality check";

/// What a check is filed under.
pub(crate) fn key(measure: &Code, period: Period) -> String {
    format!("{measure} {period}")
}

fn of_path(path: MeasurePath) -> MeasureCodes {
    let (organisation, plan, measure) = path.codes();
    ((organisation, plan), measure)
}

fn address(((organisation, plan), measure): &MeasureCodes) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/measures/{measure}/quality-checks")
}

/// A period as a part of a path: a span of dates has a slash in it.
pub(crate) fn in_path(period: Period) -> String {
    period.to_string().replace('/', "%2F")
}

/// [`PlanScope::hold`], called as [`PlanScope::find`] is.
fn hold(connection: &mut Connection, codes: &(Code, Code), _: Moment) -> Result<PlanScope, Problem> {
    PlanScope::hold(connection, codes)
}

/// The plan, in which there is the measure.
fn find_measure(
    find: impl FnOnce(&mut Connection, &(Code, Code), Moment) -> Result<PlanScope, Problem>,
    connection: &mut Connection,
    (plan, code): &MeasureCodes,
    known_at: Moment,
) -> Result<PlanScope, Problem> {
    let place = find(connection, plan, known_at)?;
    let found = measure::find(connection, place.plan.versioned.id, code, known_at)?;
    if found.is_some() { Ok(place) } else { Err(Problem::not_found("measure")) }
}
