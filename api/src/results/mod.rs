//! Results: pushed in bulk and read back. The handlers.

mod judge;
mod known;
mod list;
mod push;
mod reader;
mod recorded;
mod remembered;
mod row;
mod sent;
mod wire;

use std::sync::Arc;

use actix_web::{get, post, web::Data};
use waymark_domain::access::Action;

use crate::access::Caller;
use crate::answer::Answer;
use crate::body::PushBody;
use crate::etag::Conditions;
use crate::idempotency::Retry;
use crate::page::Page;
use crate::params::{Path, Query};
use crate::problem::Problem;
use crate::service::{Service, blocking, now};
pub(crate) use judge::owners;
use list::{KEY_PARTS, Listing};
use push::Push;
pub use recorded::{RecordedResult, ResultPage, ResultQuery};
pub(crate) use remembered::Remembered;
pub use wire::{
    Mode, NewResult, NewResults, PushAnswer, PushQuery, RatingChange, RefusedPush, ResultsPath, RowAnswer,
    RowCounts, RowOutcome, RowWarning, WarningCode,
};

/// Pushes results in bulk, as JSON, NDJSON or CSV: 1 to 50,000 rows.
///
/// Needs the role `submitter` or `performance_officer`. A row creates a result, takes the place of an earlier
/// one of its key (organisation, indicator, period, breakdown, component), or changes nothing: it is safe to send
/// one twice. What was superseded stays readable with `as_known_at`. Where a row of an `atomic` push is at fault,
/// nothing is written and the problem lists all rows that are. Two rows with one key are both at fault. The
/// answer tells what became of each row, and which measures change their rating. A sound row of an indicator that no
/// plan of the organisation measures any more is kept, and carries a warning.
#[utoipa::path(
    tag = "results", operation_id = "push_results",
    params(ResultsPath, PushQuery),
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
    responses((status = 200, description = "What became of each row", body = PushAnswer))
)]
#[post("/organisations/{organisation}/results")]
pub(crate) async fn push_results(
    service: Data<Service>,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    Query(query): Query<PushQuery>,
    retry: Retry,
    PushBody(body): PushBody,
) -> Result<Answer, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::SubmitResults, &organisation)?;
    let PushQuery { mode, validate_only } = query;
    // Before the transaction, because nobody else can write while it runs.
    let (body, sent) = blocking(move || reader::read(&body).map(|sent| (body, sent))).await?;
    let push = Push { organisation, mode, validate_only, sent };
    let remembered = Arc::clone(&service.remembered);
    let work =
        move |connection: &mut _, change: &_| Answer::ok(&push.perform(connection, change, &remembered)?);
    retry.once(&service, &caller, &body, work).await
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
    service: Data<Service>,
    caller: Caller,
    Path(path): Path<ResultsPath>,
    Query(query): Query<ResultQuery>,
    conditions: Conditions,
) -> Result<Answer, Problem> {
    let organisation = path.organisation.0;
    caller.require(Action::ReadResults, &organisation)?;
    let (indicator, filter) = query.read(now())?;
    let wishes = serde_urlencoded::to_string(&query).map_err(Problem::internal)?;
    let list = format!("/v1/organisations/{organisation}/results");
    let page = Page::read(&list, &wishes, KEY_PARTS, query.limit, query.cursor.as_deref())?;
    let sees_small_counts = caller.may(Action::ReadSmallCounts, &organisation);
    let listing = Listing { organisation, indicator, filter, page, sees_small_counts };
    let found = service.read(move |connection| listing.load(connection)).await?;
    Ok(Answer::ok(&found)?.unless_known(&conditions))
}
