//! The operations on results: push, list and export.
//!
//! `ingest` is a push on its way in, `jobs` the queue of large pushes, `read` lists and exports, `submissions` what was sent.

pub(crate) mod ingest;
mod jobs;
mod read;
pub(crate) mod submissions;

use std::sync::Arc;

use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use waymark_domain::access::Action;
use waymark_persistence::jobs::NewLargePush;

use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::list::{List, Whole};
use crate::http::params::{Path, Query};
use crate::http::prefer;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::http::runtime::blocking;
use crate::results::submissions::Submission;
use crate::state::AppState;
use crate::store::organisations;
use ingest::apply::Push;
pub(crate) use ingest::schema::{
    Mode, NewResults, PushAnswer, PushQuery, RefusedPush, ResultsPath, RowCounts,
};
pub(crate) use ingest::snapshot_cache::SnapshotCache;
use ingest::upload::{Upload, Uploaded};
pub(crate) use ingest::validate::owners;
pub(crate) use jobs::{PushQueue, Worker};
pub(crate) use read::export::Exports;
use read::export::{Export, Format};
use read::list::{KEY_PARTS, Listing};
use read::schema::{ResultQuery, ResultRecordPage};

/// What pushes and exports share, beside the store.
pub(crate) struct Pushes {
    /// The queue of large pushes.
    pub(crate) queue: Arc<PushQueue>,
    /// The validation snapshots of organisations.
    pub(crate) snapshots: Arc<SnapshotCache>,
    /// The exports that run.
    pub(crate) exports: Exports,
}

/// Pushes results in bulk, as JSON, NDJSON or CSV.
///
/// Needs the role `submitter` or `performance_officer`.
///
/// A row creates a result, supersedes an earlier result with the same key (organisation, indicator, period, breakdown,
/// component), or changes nothing, so a push can be repeated safely. Superseded results remain readable with
/// `as_known_at`. The response has the outcome of each row, and the measures whose rating changes.
///
/// If a row of an `atomic` push is invalid, nothing is written, and the problem lists all invalid rows. Two rows with
/// the same key are both invalid. A valid row of an indicator that no plan of the organisation measures any more is
/// written, and has a warning.
///
/// NDJSON and CSV with more than 50,000 lines, or of any size with `Prefer: respond-async`, are queued and answered with
/// 202. They are then validated and written as a whole in the background; get the submission for its state, its
/// progress and its counts. A queued `partial` push may have at most 50,000 invalid rows. If the queue is full, the
/// response is 503, or 429 for the organisation's share of it, with `Retry-After`.
#[utoipa::path(
    tag = "results", operation_id = "push_results",
    params(
        ResultsPath, PushQuery,
        ("Prefer" = Option<String>, Header, nullable = false, max_length = 200, pattern = "^[ -~]{0,200}$",
         description = "`respond-async`: queues NDJSON and CSV of any size (RFC 7240)"),
    ),
    request_body(
        description = "The rows. In CSV, the first row has the names of the columns, which are the fields of a result in JSON.",
        content(
            (NewResults = "application/json", example = json!({"results": [
                {"indicator": "NI52", "period": "FY2009-10", "value": 29, "standing": "provisional"},
            ]})),
            (String = "application/x-ndjson", example = "{\"indicator\":\"NI52\",\"period\":\"FY2009-10\",\"value\":29}\n"),
            (String = "text/csv", example = "indicator,period,value\nNI52,FY2009-10,29\n"),
        ),
    ),
    responses(
        (status = 200, description = "The outcome of each row", body = PushAnswer),
        (status = 202, description = "The push is queued as this submission", body = Submission,
         headers(("Location" = String), ("Retry-After" = u32), ("Preference-Applied" = String))),
    )
)]
#[post("/organisations/{organisation}/results")]
pub(crate) async fn push_results(
    service: Data<AppState>,
    pushes: Data<Pushes>,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    Query(query): Query<PushQuery>,
    retry: Retry,
    upload: Upload,
) -> Result<Response, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::SubmitResults, &organisation)?;
    let (mode, validate_only, label) = (query.mode, query.validate_only, query.label()?);
    let responds_async = upload.responds_async;
    let hash = retry.hash(upload.media_type());
    let body = match upload.receive(&pushes.queue, service.limits.push, hash).await? {
        Uploaded::Small(body) => body,
        Uploaded::Large { received, format, hash } => {
            let queue = Arc::clone(&pushes.queue);
            let enqueued = Arc::clone(&pushes.queue);
            let work = move |connection: &mut _, change: &_| {
                let (id, bytes) = (received.id(), received.bytes());
                let new = NewLargePush {
                    organisation: organisations::find(connection, &organisation)?.versioned.id,
                    id,
                    format,
                    mode: mode.into(),
                    validate_only,
                    label,
                    bytes,
                };
                let accepted = Submission::from(&queue.accept(connection, new, change)?);
                let location = format!("/v1/organisations/{organisation}/submissions/{id}");
                let answer = Response::accepted(location, &accepted)?.with(&RETRY_AFTER, 1);
                let answer = match responds_async {
                    true => answer.with(&prefer::APPLIED, prefer::RESPOND_ASYNC),
                    false => answer,
                };
                Ok((answer, received))
            };
            return retry
                .once_and(&service, &caller, hash, work, move |received| enqueued.enqueue(received))
                .await;
        }
    };
    let _permit = pushes.queue.at_once()?;
    let most = pushes.queue.rows_at_once;
    // The body is split into rows before the transaction, so that a malformed one locks nothing; the cells of JSON rows are
    // read while the database stores the rows before.
    let (body, raw) = blocking(move || ingest::formats::read(&body, most).map(|raw| (body, raw))).await?;
    let push = Push { organisation, mode, validate_only, label, raw };
    let snapshots = Arc::clone(&pushes.snapshots);
    let work = move |connection: &mut _, change: &_| push.perform(connection, change, &snapshots);
    // The response is built once the organisation is unlocked.
    retry.once_with(&service, &caller, &body, work, |done| Response::ok(&done.answer())).await
}

/// Lists results: the current ones, or those that were current at `as_known_at`.
///
/// A figure that would disclose a count below the organisation's threshold to the caller is withheld, and marked
/// `suppressed`.
#[utoipa::path(
    tag = "results", operation_id = "list_results",
    params(ResultsPath, List<ResultQuery>),
    responses((status = 200, description = "A page of results", body = ResultRecordPage))
)]
#[get("/organisations/{organisation}/results")]
pub(crate) async fn list_results(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    list: List<ResultQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::ReadResults, &organisation)?;
    let (indicator, filter) = list.filter.read(list.moment())?;
    let page = list.page(KEY_PARTS)?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let listing = Listing { organisation, indicator, filter, page, sees_small_counts };
    let results = service.read(move |connection| listing.load(connection)).await?;
    Ok(Response::ok(&results)?.unless_known(&conditions))
}

/// Exports results as a file: the current ones, or those that were current at `as_known_at`.
///
/// Returns CSV, or NDJSON if `Accept` names it: all results that match the filter, in the order of the list and from one
/// snapshot. A figure that would disclose a small count to the caller is withheld as in the list. In CSV, an apostrophe is
/// put before a text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`); NDJSON has every
/// text as it was sent. If the transfer is interrupted, the file is incomplete.
#[utoipa::path(
    tag = "results", operation_id = "export_results",
    params(ResultsPath, Whole<ResultQuery>),
    responses((
        status = 200, description = "The results",
        content((String = "text/csv"), (String = "application/x-ndjson")),
    ))
)]
#[get("/organisations/{organisation}/results/export")]
pub(crate) async fn export_results(
    service: Data<AppState>,
    pushes: Data<Pushes>,
    request: HttpRequest,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    list: Whole<ResultQuery>,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::ReadResults, &organisation)?;
    let (indicator, filter) = list.filter.read(list.moment())?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let format = Format::accepted(request.headers());
    let asked = request.uri().to_string();
    Export { organisation, indicator, filter, sees_small_counts, format, asked, conditions }
        .answer(service, &pushes)
        .await
}
