//! Submissions: what became of the results that were sent, and the rejected rows to mend and send again.

mod rejected;
mod schema;

use actix_web::http::header::RETRY_AFTER;
use actix_web::{get, post, web::Data};
use uuid::Uuid;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_persistence::jobs::{self, LargePush, State};
use waymark_persistence::{Connection, Needs, StoreError, submission as kept};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::page::{Page, bad_cursor};
use crate::http::params::{NoQuery, Path, Query};
use crate::http::problem::{Kind, Problem};
use crate::http::response::Response;
use crate::resources::organisations;
use crate::state::AppState;
pub(crate) use rejected::content_of;
pub(crate) use schema::{Submission, SubmissionPage, SubmissionPath, SubmissionQuery, SubmissionsPath};

/// Lists submissions, the latest first: those that are completed.
///
/// Needs the role `submitter` or `performance_officer`.
#[utoipa::path(
    tag = "results", operation_id = "list_submissions",
    params(SubmissionsPath, SubmissionQuery),
    responses((status = 200, description = "A page of submissions", body = SubmissionPage))
)]
#[get("/organisations/{organisation}/submissions")]
pub(crate) async fn list_submissions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<SubmissionsPath>,
    Query(query): Query<SubmissionQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ReadSubmissions, &code)?;
    let list = format!("/v1/organisations/{code}/submissions");
    let page = Page::read(&list, "", 1, query.limit, query.cursor.as_deref())?;
    let before = page.after.as_ref().and_then(|parts| parts.first()).map(|text| text.parse());
    let before: Option<Uuid> = before.transpose().map_err(|_| bad_cursor())?;
    let rows = page.rows();
    let mut found = service
        .read(move |connection| {
            let organisation = organisations::find(connection, &code)?;
            Ok(kept::list(connection, organisation.versioned.id, before, rows)?)
        })
        .await?;
    service.settle().await;
    let next = page.cut(&mut found, |submission| vec![submission.id.to_string()]);
    let items = found.iter().map(Submission::from).collect();
    Ok(Response::ok(&SubmissionPage { items, next })?.unless_known(&conditions))
}

/// Gets a submission.
///
/// Needs the role `submitter` or `performance_officer`. Of one that was queued it tells how far it has come, and whether
/// and when to ask again.
#[utoipa::path(
    tag = "results", operation_id = "get_submission",
    params(SubmissionPath),
    responses((
        status = 200, description = "The submission", body = Submission,
        headers(("Retry-After" = u32)),
    ))
)]
#[get("/organisations/{organisation}/submissions/{submission}")]
pub(crate) async fn get_submission(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<SubmissionPath>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (code, id) = (path.organisation.0, path.submission);
    caller.require(Action::ReadSubmissions, &code)?;
    // Whoever waits for it to be done reads next what it wrote, so this is asked of the primary and tells the position.
    let found = service.change(move |store| store.read(|connection| find(connection, &code, id))).await?;
    service.settle().await;
    Ok(match found {
        Found::Small(submission) => Response::ok(&Submission::from(&submission))?.unless_known(&conditions),
        Found::Large(push) => shown(&service.large.told(push))?.unless_known(&conditions),
    })
}

/// Asks that a submission that is queued be given up: nothing of it is written.
///
/// Needs the role `submitter` or `performance_officer`. One that is being worked on is given up within a moment; one that
/// has ended in another way stays as it is (409).
#[utoipa::path(
    tag = "results", operation_id = "cancel_submission",
    params(SubmissionPath),
    responses((
        status = 200, description = "The submission as it is now", body = Submission,
        headers(("Retry-After" = u32)),
    ))
)]
#[post("/organisations/{organisation}/submissions/{submission}/cancellation")]
pub(crate) async fn cancel_submission(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<SubmissionPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (code, id) = (path.organisation.0, path.submission);
    caller.require(Action::SubmitResults, &code)?;
    let seen = code.clone();
    if let Found::Large(_) =
        service.read_where(Needs::Present, move |connection| find(connection, &seen, id)).await?
    {
        // In SQLite nobody else can write before it has been given up.
        service.large.cancel(id);
    }
    let work = move |connection: &mut _, change: &_| {
        let ended = |what: &str| {
            Problem::new(Kind::WrongState).detail(format_args!("the submission is {what} already"))
        };
        loop {
            let push = match find(connection, &code, id)? {
                Found::Large(push) => push,
                Found::Small(_) => return Err(ended("completed")),
            };
            match push.state {
                State::Completed => return Err(ended("completed")),
                State::Failed => return Err(ended("failed")),
                State::Waiting | State::Checking | State::Writing | State::Cancelled => {}
            }
            match jobs::cancel(connection, &push, change) {
                // It has ended since it was read, which happens once.
                Err(StoreError::Stale) => {}
                Err(error) => return Err(error.into()),
                Ok(push) => return shown(&push),
            }
        }
    };
    retry.once(&service, &caller, &body, work).await
}

/// A push that was queued, and when to ask again.
fn shown(push: &LargePush) -> Result<Response, Problem> {
    let answer = Response::ok(&Submission::from(push))?;
    Ok(match push.ended_at {
        None => answer.with(&RETRY_AFTER, 1),
        Some(_) => answer,
    })
}

/// Gets the rejected rows of a submission as a file of the format in which they came.
///
/// Needs the role `submitter` or `performance_officer`. Each row stands there letter by letter as it was sent, so
/// that the file can be mended and pushed again. Why they were rejected was told when they were pushed.
#[utoipa::path(
    tag = "results", operation_id = "get_rejected_rows",
    params(SubmissionPath),
    responses((
        status = 200, description = "The rows, without those that were written",
        content(
            (rejected::RejectedRows = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"),
        ),
    ))
)]
#[get("/organisations/{organisation}/submissions/{submission}/rejected")]
pub(crate) async fn get_rejected_rows(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<SubmissionPath>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (code, id) = (path.organisation.0, path.submission);
    caller.require(Action::ReadSubmissions, &code)?;
    let file = service
        .read(move |connection| match find(connection, &code, id)? {
            Found::Small(submission) => {
                let rows = kept::rejected(connection, submission.organisation, id, None, i64::MAX)?;
                rejected::file(id, submission.format, &rows)
            }
            Found::Large(push) => {
                let mut rows = jobs::refused(connection, &push)?;
                if rows.is_empty() {
                    rows = kept::rejected(connection, push.organisation, id, None, i64::MAX)?;
                }
                rejected::file(id, push.format, &rows)
            }
        })
        .await?;
    Ok(file.unless_known(&conditions))
}

/// A submission by its id.
enum Found {
    /// It was answered at once.
    Small(kept::Submission),
    /// It was queued.
    Large(LargePush),
}

fn find(connection: &mut Connection, code: &Code, id: Uuid) -> Result<Found, Problem> {
    let organisation = organisations::find(connection, code)?.versioned.id;
    if let Some(push) = jobs::find(connection, organisation, id)? {
        return Ok(Found::Large(push));
    }
    let found = kept::find(connection, organisation, id)?;
    found.map(Found::Small).ok_or_else(|| Problem::not_found("submission"))
}
