//! The operations on submissions: list, get, cancel, and fetch the rejected rows.

mod rejected;
mod schema;

use std::cmp::Reverse;

use actix_web::http::header::RETRY_AFTER;
use actix_web::{get, post, web::Data};
use uuid::Uuid;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_persistence::jobs::{self, LargePush, State};
use waymark_persistence::submission::SubmissionFilter;
use waymark_persistence::{Connection, Needs, StoreError, submission as stored};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::list::Paged;
use crate::http::page::bad_cursor;
use crate::http::params::{NoQuery, Path};
use crate::http::problem::{Kind, Problem};
use crate::http::response::Response;
use crate::results::Pushes;
use crate::state::AppState;
use crate::store::organisations;
pub(crate) use rejected::content_of;
pub(crate) use schema::{Submission, SubmissionPage, SubmissionPath, SubmissionQuery, SubmissionsPath};

/// Lists submissions, the latest first.
///
/// Needs the role `submitter` or `performance_officer`. Submissions that were queued are listed from the moment they were
/// accepted, and remain in the list if they fail or are cancelled.
#[utoipa::path(
    tag = "results", operation_id = "list_submissions",
    params(SubmissionsPath, Paged<SubmissionQuery>),
    responses((status = 200, description = "A page of submissions", body = SubmissionPage))
)]
#[get("/organisations/{organisation}/submissions")]
pub(crate) async fn list_submissions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<SubmissionsPath>,
    list: Paged<SubmissionQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ReadSubmissions, &code)?;
    let (state, filter) = list.filter.read()?;
    let page = list.page(1)?;
    let before: Option<Uuid> = page.first_key().map(str::parse).transpose().map_err(|_| bad_cursor())?;
    let rows = page.rows();
    let mut submissions = service
        .read(move |connection| {
            let organisation = organisations::find(connection, &code)?.versioned.id;
            list_all(connection, organisation, (&filter, state), before, rows)
        })
        .await?;
    service.settle().await;
    let next = page.cut(&mut submissions, |submission| vec![submission.id().to_string()]);
    Ok(Response::ok(&SubmissionPage { items: submissions, next })?.unless_known(&conditions))
}

/// Submissions, queued or not, the latest first, from the one before `before`. Their order is that of their ids, which
/// never change, so pages stay stable while queued submissions change their state.
fn list_all(
    connection: &mut Connection,
    organisation: Uuid,
    (filter, state): (&SubmissionFilter, Option<State>),
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Submission>, Problem> {
    let queued = jobs::list(connection, organisation, (filter, state), before, limit)?;
    // A submission that was not queued is completed.
    let others = match state {
        None | Some(State::Completed) => stored::list(connection, organisation, filter, before, limit)?,
        Some(_) => Vec::new(),
    };
    let mut all: Vec<Submission> =
        queued.iter().map(Submission::from).chain(others.iter().map(Submission::from)).collect();
    // One that was queued and has completed is in both lists, which have the same order: the first, with its progress, stays.
    all.sort_by_key(|submission| Reverse(submission.id()));
    all.dedup_by_key(|submission| submission.id());
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// Gets a submission.
///
/// Needs the role `submitter` or `performance_officer`. A submission that was queued has its progress, and `Retry-After`
/// until it has ended.
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
    pushes: Data<Pushes>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<SubmissionPath>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (code, id) = (path.organisation.0, path.submission);
    caller.require(Action::ReadSubmissions, &code)?;
    // A caller that waits for the end reads the results next, so this is read from the primary and returns its position.
    let found = service.change(move |store| store.read(|connection| find(connection, &code, id))).await?;
    service.settle().await;
    Ok(match found {
        Stored::Small(submission) => Response::ok(&Submission::from(&submission))?.unless_known(&conditions),
        Stored::Large(push) => shown(&pushes.queue.with_progress(push))?.unless_known(&conditions),
    })
}

/// Cancels a queued submission: nothing of it is written.
///
/// Needs the role `submitter` or `performance_officer`. A submission that is being processed is cancelled within a few
/// seconds. One that is completed or has failed cannot be cancelled (409).
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
    pushes: Data<Pushes>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<SubmissionPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let (code, id) = (path.organisation.0, path.submission);
    caller.require(Action::SubmitResults, &code)?;
    let seen = code.clone();
    if let Stored::Large(_) =
        service.read_where(Needs::Present, move |connection| find(connection, &seen, id)).await?
    {
        // In SQLite no other transaction can write until the push has stopped.
        pushes.queue.cancel(id);
    }
    let work = move |connection: &mut _, change: &_| {
        let ended = |what: &str| {
            Problem::new(Kind::WrongState)
                .detail(format_args!("the submission cannot be cancelled: it {what} already"))
        };
        loop {
            let push = match find(connection, &code, id)? {
                Stored::Large(push) => push,
                Stored::Small(_) => return Err(ended("is completed")),
            };
            match push.state {
                State::Completed => return Err(ended("is completed")),
                State::Failed => return Err(ended("has failed")),
                State::Waiting | State::Checking | State::Writing | State::Cancelled => {}
            }
            match jobs::cancel(connection, &push, change) {
                // It has ended since it was read: read it again.
                Err(StoreError::Stale) => {}
                Err(error) => return Err(error.into()),
                Ok(push) => return shown(&push),
            }
        }
    };
    retry.once(&service, &caller, &body, work).await
}

/// The response with a push that was queued: with `Retry-After` until it has ended.
fn shown(push: &LargePush) -> Result<Response, Problem> {
    let answer = Response::ok(&Submission::from(push))?;
    Ok(match push.ended_at {
        None => answer.with(&RETRY_AFTER, 1),
        Some(_) => answer,
    })
}

/// Gets the rejected rows of a submission as a file in the format of the push.
///
/// Needs the role `submitter` or `performance_officer`. Each row is exactly as it was sent, so that the file can be
/// corrected and pushed again. The faults of the rows are in the response to the push, or in the submission's `problem`.
#[utoipa::path(
    tag = "results", operation_id = "get_rejected_rows",
    params(SubmissionPath),
    responses((
        status = 200, description = "The rejected rows",
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
            Stored::Small(submission) => {
                let rows = stored::rejected(connection, submission.organisation, id, None, i64::MAX)?;
                rejected::file(id, submission.format, &rows)
            }
            Stored::Large(push) => {
                let mut rows = jobs::refused(connection, &push)?;
                if rows.is_empty() {
                    rows = stored::rejected(connection, push.organisation, id, None, i64::MAX)?;
                }
                rejected::file(id, push.format, &rows)
            }
        })
        .await?;
    Ok(file.unless_known(&conditions))
}

/// A submission by its id.
enum Stored {
    /// It was processed within its request.
    Small(stored::Submission),
    /// It was queued.
    Large(LargePush),
}

fn find(connection: &mut Connection, code: &Code, id: Uuid) -> Result<Stored, Problem> {
    let organisation = organisations::find(connection, code)?.versioned.id;
    if let Some(push) = jobs::find(connection, organisation, id)? {
        return Ok(Stored::Large(push));
    }
    let found = stored::find(connection, organisation, id)?;
    found.map(Stored::Small).ok_or_else(|| Problem::not_found("submission"))
}
