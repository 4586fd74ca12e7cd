//! Improvement notices: what an authority requires of a council, and whether its conditions are met. The handlers.

mod actions;
mod conditions;
mod item;
mod schema;

use actix_web::{get, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use waymark_domain::access::Action;
use waymark_domain::notice::Notice;
use waymark_persistence::plan_item::Filed;

use crate::http::known::Known;
use crate::http::list::{List, NoFilter, Revisions};
use crate::http::params::{Path, PathCode, Query};
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::position::PlanPosition;
use crate::position::PositionQuery;
use crate::workflow::item::ItemPath;
use crate::workflow::read::Read;
use crate::workflow::write::Write;
pub(crate) use actions::{close_notice, record_notice_progress, reinstate_notice};
use conditions::NoticeConditions;
pub(crate) use conditions::{JudgedCondition, NoticeVerdict};
pub(crate) use item::fits;
use schema::{NewNotice, NoticeContent, NoticeHistory, NoticePage};
pub(crate) use schema::{NoticeComparison, NoticeOutcome, NoticeState, state};

/// Which notice.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct NoticePath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The notice's code.
    #[param(value_type = crate::http::schema::Code)]
    notice: PathCode,
}

impl From<NoticePath> for ItemPath {
    fn from(path: NoticePath) -> Self {
        let NoticePath { organisation, plan, notice } = path;
        Self { plan: (organisation.0, plan.0), key: notice.0.to_string() }
    }
}

/// Lists the improvement notices of a plan, in the order of their codes.
#[utoipa::path(
    tag = "notices", operation_id = "list_notices",
    params(PlanPath, List<NoFilter>),
    responses((status = 200, description = "A page of notices", body = NoticePage))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices")]
pub(crate) async fn list_notices(
    Path(path): Path<PlanPath>,
    list: List<NoFilter>,
    request: Read,
) -> Result<Response, Problem> {
    request.list::<Notice, _>(path.codes(), list).await
}

/// Creates an improvement notice of a plan, which is in force from then on.
///
/// Needs the role `performance_officer`. The measures, components and priorities that it references must be the plan's.
#[utoipa::path(
    tag = "notices", operation_id = "create_notice",
    params(PlanPath), request_body = NewNotice,
    responses((status = 201, description = "The notice", body = schema::Notice))
)]
#[post("/organisations/{organisation}/plans/{plan}/notices")]
pub(crate) async fn create_notice(Path(path): Path<PlanPath>, request: Write) -> Result<Response, Problem> {
    let request = request.in_plan(path.codes(), Action::KeepNotices)?;
    let (code, terms) = request.body::<NewNotice>()?.read()?;
    request
        .create(item::TERMS, move |step| {
            let notice = Notice::issue(terms, step.actor, step.scope.span(), step.today())?;
            fits(step.connection, step.scope, &notice.terms)?;
            Ok((code.to_string(), notice))
        })
        .await
}

/// Returns an improvement notice: its requirements with the reported progress, its conditions and the decisions on it.
#[utoipa::path(
    tag = "notices", operation_id = "get_notice",
    params(NoticePath, Known),
    responses((status = 200, description = "The notice", body = schema::Notice))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices/{notice}")]
pub(crate) async fn get_notice(
    Path(path): Path<NoticePath>,
    known: Known,
    request: Read,
) -> Result<Response, Problem> {
    request.get::<Notice>(path, known).await
}

/// Replaces the content of an improvement notice that is in force.
///
/// Needs the role `performance_officer`. Progress and decisions are kept. A requirement with reported progress cannot be
/// removed.
#[utoipa::path(
    tag = "notices", operation_id = "replace_notice",
    params(NoticePath), request_body = NoticeContent,
    responses((status = 200, description = "The notice as it is now", body = schema::Notice))
)]
#[put("/organisations/{organisation}/plans/{plan}/notices/{notice}")]
pub(crate) async fn replace_notice(
    Path(path): Path<NoticePath>,
    request: Write,
) -> Result<Response, Problem> {
    let request = request.on_item(path, Action::KeepNotices)?;
    let terms = request.body::<NoticeContent>()?.read()?;
    request
        .act(item::TERMS, move |step, notice: &Notice| {
            let next = notice.replace(terms, step.actor, step.scope.span(), step.today())?;
            fits(step.connection, step.scope, &next.terms)?;
            Ok(next)
        })
        .await
}

/// Lists the revisions of an improvement notice, the newest first.
#[utoipa::path(
    tag = "notices", operation_id = "list_notice_revisions",
    params(NoticePath, Revisions),
    responses((status = 200, description = "A page of revisions", body = NoticeHistory))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices/{notice}/history")]
pub(crate) async fn list_notice_revisions(
    Path(path): Path<NoticePath>,
    revisions: Revisions,
    request: Read,
) -> Result<Response, Problem> {
    request.history::<Notice>(path, revisions).await
}

/// Lists the conditions of an improvement notice, each judged by the results so far.
///
/// A condition is met or not met by the result of exactly its period; until there is one it is pending. A condition that
/// is not met or pending shows what is still needed: how far the latest comparable result (the same kind of period, the
/// same method) is from what is required. `as_at` returns the position on a date, `as_known_at` what was known at a
/// moment.
#[utoipa::path(
    tag = "notices", operation_id = "list_notice_conditions",
    params(NoticePath, PositionQuery),
    responses((status = 200, description = "The conditions", body = NoticeConditions))
)]
#[get("/organisations/{organisation}/plans/{plan}/notices/{notice}/conditions")]
pub(crate) async fn list_notice_conditions(
    Path(path): Path<NoticePath>,
    Query(query): Query<PositionQuery>,
    request: Read,
) -> Result<Response, Problem> {
    let ItemPath { plan, key } = path.into();
    let when = query.read()?;
    request
        .report(plan, when.known_at, move |connection, scope, viewer| {
            let notice: Filed<Notice> = scope.item(connection, &key, when.known_at)?;
            let position = PlanPosition::load(connection, &scope.organisation, scope.plan, when)?;
            NoticeConditions::of(&notice, &position, when, viewer.sees_small_counts)
        })
        .await
}
