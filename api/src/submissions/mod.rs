//! Submissions: what became of the results that were sent, and the rejected rows to mend and send again.

mod rejected;
mod wire;

use actix_web::{get, web::Data};
use uuid::Uuid;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_persistence::{Connection, submission as kept};

use crate::access::Caller;
use crate::answer::Answer;
use crate::etag::Conditions;
use crate::organisation;
use crate::page::{Page, bad_cursor};
use crate::params::{NoQuery, Path, Query};
use crate::problem::Problem;
use crate::service::Service;
pub(crate) use rejected::content_of;
pub use wire::{Format, Submission, SubmissionPage, SubmissionPath, SubmissionQuery, SubmissionsPath};

/// Lists submissions, the latest first.
///
/// Needs the role `submitter` or `performance_officer`.
#[utoipa::path(
    tag = "results", operation_id = "list_submissions",
    params(SubmissionsPath, SubmissionQuery),
    responses((status = 200, description = "A page of submissions", body = SubmissionPage))
)]
#[get("/organisations/{organisation}/submissions")]
pub(crate) async fn list_submissions(
    service: Data<Service>,
    caller: Caller,
    Path(path): Path<SubmissionsPath>,
    Query(query): Query<SubmissionQuery>,
    conditions: Conditions,
) -> Result<Answer, Problem> {
    let code = path.organisation.0;
    caller.require(Action::ReadSubmissions, &code)?;
    let list = format!("/v1/organisations/{code}/submissions");
    let page = Page::read(&list, "", 1, query.limit, query.cursor.as_deref())?;
    let before = page.after.as_ref().and_then(|parts| parts.first()).map(|text| text.parse());
    let before: Option<Uuid> = before.transpose().map_err(|_| bad_cursor())?;
    let rows = page.rows();
    let mut found = service
        .read(move |connection| {
            let organisation = organisation::find(connection, &code)?;
            Ok(kept::list(connection, organisation.versioned.id, before, rows)?)
        })
        .await?;
    let next = page.cut(&mut found, |submission| vec![submission.id.to_string()]);
    let items = found.iter().map(Submission::from).collect();
    Ok(Answer::ok(&SubmissionPage { items, next })?.unless_known(&conditions))
}

/// Gets a submission.
///
/// Needs the role `submitter` or `performance_officer`.
#[utoipa::path(
    tag = "results", operation_id = "get_submission",
    params(SubmissionPath),
    responses((status = 200, description = "The submission", body = Submission))
)]
#[get("/organisations/{organisation}/submissions/{submission}")]
pub(crate) async fn get_submission(
    service: Data<Service>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<SubmissionPath>,
    conditions: Conditions,
) -> Result<Answer, Problem> {
    let (code, id) = (path.organisation.0, path.submission);
    caller.require(Action::ReadSubmissions, &code)?;
    let found = service.read(move |connection| find(connection, &code, id)).await?;
    Ok(Answer::ok(&Submission::from(&found))?.unless_known(&conditions))
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
    service: Data<Service>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<SubmissionPath>,
    conditions: Conditions,
) -> Result<Answer, Problem> {
    let (code, id) = (path.organisation.0, path.submission);
    caller.require(Action::ReadSubmissions, &code)?;
    let file = service
        .read(move |connection| {
            let found = find(connection, &code, id)?;
            rejected::file(connection, &found)
        })
        .await?;
    Ok(file.unless_known(&conditions))
}

fn find(connection: &mut Connection, code: &Code, id: Uuid) -> Result<kept::Submission, Problem> {
    let organisation = organisation::find(connection, code)?;
    let found = kept::find(connection, organisation.versioned.id, id)?;
    found.ok_or_else(|| Problem::not_found("submission"))
}
