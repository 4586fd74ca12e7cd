//! Results: pushed in bulk and read back. The handlers.

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
use crate::http::page::Page;
use crate::http::params::{Path, Query};
use crate::http::prefer;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::resources::organisations;
use crate::results::submissions::Submission;
use crate::state::{AppState, blocking, now};
use ingest::apply::Push;
pub(crate) use ingest::schema::{
    Mode, NewResults, PushAnswer, PushQuery, RefusedPush, ResultsPath, RowCounts,
};
pub(crate) use ingest::snapshot_cache::Remembered;
use ingest::upload::{Upload, Uploaded};
pub(crate) use ingest::validate::owners;
pub(crate) use jobs::{Large, Worker};
pub(crate) use read::export::Exports;
use read::export::{Export, ExportQuery, Format};
use read::list::{KEY_PARTS, Listing};
pub(crate) use read::schema::{ResultPage, ResultQuery};

/// Pushes results in bulk, as JSON, NDJSON or CSV: at once up to 50,000 rows, in the background as many as you like.
///
/// Needs the role `submitter` or `performance_officer`. A row creates a result, takes the place of an earlier
/// one of its key (organisation, indicator, period, breakdown, component), or changes nothing: it is safe to send
/// one twice. What was superseded stays readable with `as_known_at`. Where a row of an `atomic` push is at fault,
/// nothing is written and the problem lists all rows that are. Two rows with one key are both at fault. The
/// answer tells what became of each row, and which measures change their rating. A sound row of an indicator that no
/// plan of the organisation measures any more is kept, and carries a warning.
///
/// NDJSON and CSV of more than 50,000 lines, and with `Prefer: respond-async` any, are answered 202: they are queued, then
/// checked and written as a whole in the background, and their submission tells how far that has come. It tells the
/// counts, and has the rows at fault; what became of every single row and of the ratings is seen where results and
/// status are read. Of a partial push at most 50,000 rows may be at fault. Where the queue is full, 503 (or 429 for the
/// share of the organisation) says when to try again.
#[utoipa::path(
    tag = "results", operation_id = "push_results",
    params(
        ResultsPath, PushQuery,
        ("Prefer" = Option<String>, Header, nullable = false, max_length = 200, pattern = "^[ -~]{0,200}$",
         description = "`respond-async`: NDJSON and CSV are queued, however few rows they have (RFC 7240)"),
    ),
    request_body(
        description = "The rows. In CSV the first row names the columns, which are the fields of a result in JSON.",
        content(
            (NewResults = "application/json", example = json!({"results": [
                {"indicator": "NI52", "period": "FY2009-10", "value": 29, "standing": "provisional"},
            ]})),
            (String = "application/x-ndjson", example = "{\"indicator\":\"NI52\",\"period\":\"FY2009-10\",\"value\":29}\n"),
            (String = "text/csv", example = "indicator,period,value\nNI52,FY2009-10,29\n"),
        ),
    ),
    responses(
        (status = 200, description = "What became of each row", body = PushAnswer),
        (status = 202, description = "It is queued: its submission tells what becomes of it", body = Submission,
         headers(("Location" = String), ("Retry-After" = u32), ("Preference-Applied" = String))),
    )
)]
#[post("/organisations/{organisation}/results")]
pub(crate) async fn push_results(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    Query(query): Query<PushQuery>,
    retry: Retry,
    upload: Upload,
) -> Result<Response, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::SubmitResults, &organisation)?;
    let PushQuery { mode, validate_only } = query;
    let responds_async = upload.responds_async;
    let hash = retry.hash(upload.media_type());
    let body = match upload.receive(&service, hash).await? {
        Uploaded::Small(body) => body,
        Uploaded::Large { received, format, hash } => {
            let large = Arc::clone(&service.large);
            let kept = Arc::clone(&service.large);
            let work = move |connection: &mut _, change: &_| {
                let found = organisations::find(connection, &organisation)?;
                let (id, bytes) = (received.id(), received.bytes());
                let own = found.versioned.id;
                let new =
                    NewLargePush { organisation: own, id, format, mode: mode.into(), validate_only, bytes };
                let accepted = Submission::from(&large.accept(connection, new, change)?);
                let location = format!("/v1/organisations/{organisation}/submissions/{id}");
                let answer = Response::accepted(location, &accepted)?.with(&RETRY_AFTER, 1);
                let answer = match responds_async {
                    true => answer.with(&prefer::APPLIED, prefer::RESPOND_ASYNC),
                    false => answer,
                };
                Ok((answer, received))
            };
            return retry.once_and(&service, &caller, hash, work, move |received| kept.keep(received)).await;
        }
    };
    let _permit = service.large.at_once()?;
    let most = service.large.rows_at_once;
    // Rows are told apart before the transaction, so that a body that is no document holds nobody up; what stands in rows
    // of JSON is read while the database stores those before them.
    let (body, sent) = blocking(move || ingest::formats::read(&body, most).map(|sent| (body, sent))).await?;
    let push = Push { organisation, mode, validate_only, sent };
    let remembered = Arc::clone(&service.remembered);
    let work = move |connection: &mut _, change: &_| push.perform(connection, change, &remembered);
    // The rows are told once nobody waits for the organisation any more.
    retry.once_told(&service, &caller, &body, work, |done| Response::ok(&done.answer())).await
}

/// Lists results: those that are current, or that were at a moment.
///
/// A figure that would tell the caller of a count below the organisation's threshold is withheld, and marked
/// `suppressed`.
#[utoipa::path(
    tag = "results", operation_id = "list_results",
    params(ResultsPath, ResultQuery),
    responses((status = 200, description = "A page of results", body = ResultPage))
)]
#[get("/organisations/{organisation}/results")]
pub(crate) async fn list_results(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    Query(query): Query<ResultQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::ReadResults, &organisation)?;
    let (indicator, filter) = query.read(now())?;
    let wishes = serde_urlencoded::to_string(&query).map_err(Problem::internal)?;
    let list = format!("/v1/organisations/{organisation}/results");
    let page = Page::read(&list, &wishes, KEY_PARTS, query.limit, query.cursor.as_deref())?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let listing = Listing { organisation, indicator, filter, page, sees_small_counts };
    let found = service.read(move |connection| listing.load(connection)).await?;
    Ok(Response::ok(&found)?.unless_known(&conditions))
}

/// Exports results as a file: those that are current, or that were at a moment.
///
/// CSV, or NDJSON where `Accept` names it: all results that pass the filter, in the order of the list and from one
/// snapshot, however many. A figure that would tell the caller of a small count is withheld as in the list. In CSV a
/// text of people that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`) has an apostrophe
/// before it; NDJSON gives every text as it was sent. A file whose transfer breaks off is not complete.
#[utoipa::path(
    tag = "results", operation_id = "export_results",
    params(ResultsPath, ExportQuery),
    responses((
        status = 200, description = "The results",
        content((String = "text/csv"), (String = "application/x-ndjson")),
    ))
)]
#[get("/organisations/{organisation}/results/export")]
pub(crate) async fn export_results(
    service: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    Query(query): Query<ExportQuery>,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::ReadResults, &organisation)?;
    let (indicator, filter) = ResultQuery::from(query).read(now())?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let format = Format::accepted(request.headers());
    let asked = request.uri().to_string();
    Export { organisation, indicator, filter, sees_small_counts, format, asked, conditions }
        .answer(service)
        .await
}
