//! How a commitment goes, and how it ends: reports, closure, reopening.

use actix_web::{post, web::Data};
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::commitment::Commitment;
use waymark_domain::workflow::{Actor, Refusal};
use waymark_persistence::{Change, Connection, plan_item};

use super::query::CommitmentPath;
use super::schema;
use super::schema::{NewClosure, NewProgress, NewReopening};
use super::shown;
use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::params::{NoQuery, Path};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::AppState;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;

/// Reports the progress of a commitment in one period.
///
/// Needs the role `performance_officer` or `accountable_officer`. A second report for the same period takes the place
/// of the first, which the history keeps. Where the parts of a milestone are told and no colour, the status is
/// `not_assigned`: none is worked out from the parts.
#[utoipa::path(
    tag = "commitments", operation_id = "report_progress",
    params(CommitmentPath), request_body = NewProgress, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[post("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/reports")]
pub(crate) async fn report_progress(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<CommitmentPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, code) = path.codes();
    caller.require(Action::ReportProgress, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let report = body.json::<NewProgress>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let at = At { codes: &codes, code: &code, conditions: &conditions, actor: &actor, change };
            at.act(connection, place_in_report, |commitment, of| {
                let plan = of.plan.versioned.content.span;
                commitment.report(report, &actor, plan, change.at.date_naive())
            })
        })
        .await
}

/// Closes a commitment.
///
/// Needs the role `performance_officer`. Nothing can be reported of it from then on, unless it is reopened.
#[utoipa::path(
    tag = "commitments", operation_id = "close_commitment",
    params(CommitmentPath), request_body = NewClosure, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[post("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/closure")]
pub(crate) async fn close_commitment(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<CommitmentPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, code) = path.codes();
    caller.require(Action::DefineCommitments, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let (outcome, on, reason) = body.json::<NewClosure>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let at = At { codes: &codes, code: &code, conditions: &conditions, actor: &actor, change };
            at.act(
                connection,
                |_| "/on",
                |commitment, of| {
                    let plan = of.plan.versioned.content.span;
                    commitment.close(outcome, on, reason, &actor, plan, change.at.date_naive())
                },
            )
        })
        .await
}

/// Opens a commitment again that was closed.
///
/// Needs the role `performance_officer`. How it had been closed stays in its history.
#[utoipa::path(
    tag = "commitments", operation_id = "reopen_commitment",
    params(CommitmentPath), request_body = NewReopening, extensions(("x-if-match" = json!(true))),
    responses((status = 200, description = "The commitment as it is now", body = schema::Commitment))
)]
#[post("/organisations/{organisation}/plans/{plan}/commitments/{commitment}/reopening")]
pub(crate) async fn reopen_commitment(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<CommitmentPath>,
    conditions: Conditions,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, code) = path.codes();
    caller.require(Action::DefineCommitments, &codes.0)?;
    let actor = caller.actor(&codes.0)?;
    let reason = body.json::<NewReopening>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let at = At { codes: &codes, code: &code, conditions: &conditions, actor: &actor, change };
            at.act(
                connection,
                |_| "",
                |commitment, _| commitment.reopen(reason, &actor, change.at.date_naive()),
            )
        })
        .await
}

/// An action on one commitment, from the revision that was read.
struct At<'a> {
    codes: &'a (Code, Code),
    code: &'a Code,
    conditions: &'a Conditions,
    actor: &'a Actor,
    change: &'a Change,
}

impl At<'_> {
    /// Does it in the present transaction. `pointer` is the field that a refusal is about.
    fn act(
        self,
        connection: &mut Connection,
        pointer: impl FnOnce(&Refusal) -> &'static str,
        action: impl FnOnce(&Commitment, &PlanScope) -> Result<Commitment, Refusal>,
    ) -> Result<Response, Problem> {
        let Self { codes, code, conditions, actor, change } = self;
        let of = PlanScope::hold(connection, codes)?;
        let found = of.item::<Commitment>(connection, "commitment", code.as_str(), None)?;
        conditions.must_match(&ETag::of(&found.versioned))?;
        let after = action(&found.versioned.content, &of);
        let after = after.map_err(|refusal| refused(&refusal, about(&refusal, pointer)))?;
        let filed = plan_item::update(connection, &found, &after, change)?;
        Ok(Response::ok(&shown(&filed, Some(actor))?)?.tagged(&ETag::of(&filed.versioned)))
    }
}

/// What concerns the state or who asks is about no field.
fn about(refusal: &Refusal, pointer: impl FnOnce(&Refusal) -> &'static str) -> &'static str {
    use waymark_domain::workflow::Concern;
    match refusal.concern() {
        Concern::Content => pointer(refusal),
        Concern::State | Concern::Actor => "",
    }
}

fn place_in_report(refusal: &Refusal) -> &'static str {
    match refusal.rule() {
        "no_status" => "/status",
        "too_many_parts" | "no_milestone" => "/parts",
        _ => "/period",
    }
}
