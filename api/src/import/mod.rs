//! The import of a whole performance table: indicators, measures, targets and results in one step, with a report
//! of every cell; or nothing at all, and why not.

mod apply;
mod file;
mod query;
mod report;

use actix_web::{post, web::Data};
use waymark_domain::access::Action;
use waymark_persistence::dry_run;

use crate::auth::Caller;
use crate::http::body::PushBody;
use crate::http::idempotency::Retry;
use crate::http::params::{Path, Query};
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::AppState;
pub(crate) use apply::Table;
use file::File;
pub(crate) use query::ImportQuery;
pub(crate) use report::ImportReport;

/// Imports a whole performance table as CSV.
///
/// A row names the columns; titles may stand above it. `theme`, `indicator`, `group`, `baseline`, `target`, `comments`,
/// `result`, `code`, `polarity`, `unit`, `frequency` and `lead` are found under these names or usual synonyms, in any case
/// (`KPI`, `Outturn`, `Target 2010/11`), or under the names that the query gives them. Theme, indicator, and one of
/// baseline, target and result must be there. A row without a theme has that of the row above. The cells are read as
/// people write them. A cell that could not be read is reported with the reason, and refuses nothing; a baseline, target
/// or result is stored as text, and its measure is not rateable until it is corrected.
///
/// Needs the role `performance_officer`.
#[utoipa::path(
    tag = "plans", operation_id = "import_table",
    params(PlanPath, ImportQuery),
    request_body(
        content((
            String = "text/csv",
            example = "theme,indicator,baseline,target,comments,result\nBe healthy,Take-up of school lunches,26%,33%,National indicator 52,29%\n"
        )),
        description = "The table",
    ),
    responses((status = 200, description = "What was made of the table, cell by cell", body = ImportReport))
)]
#[post("/organisations/{organisation}/plans/{plan}/imports")]
pub(crate) async fn import_table(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<ImportQuery>,
    retry: Retry,
    PushBody(body): PushBody,
) -> Result<Response, Problem> {
    let (organisation, plan) = path.codes();
    caller.require(Action::ImportPlan, &organisation)?;
    body.require_media_type("text/csv")?;
    let rows = file::read(body.text()?, &query.columns())?;
    let validate_only = query.validate_only;
    let table = Table { organisation, plan, as_at: query.as_at, year: query.year.into(), rows };
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let report = match validate_only {
                true => dry_run(connection, |connection| table.import(connection, change))?.rehearsed(),
                false => table.import(connection, change)?,
            };
            Response::ok(&report)
        })
        .await
}

/// A table whose columns have their usual names.
///
/// # Errors
/// 422 if it is not valid.
pub(crate) fn read_table(text: &str) -> Result<File, Problem> {
    file::read(text, &Vec::new())
}
