//! Submissions on the wire.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_persistence::jobs::{self, LargePush};
use waymark_persistence::submission as kept;

use crate::http::params::PathCode;
use crate::http::problem::Fault;
use crate::http::schema::Code;
use crate::results::{Mode, RowCounts};

/// Whose submissions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SubmissionsPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub organisation: PathCode,
}

/// Which submission.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SubmissionPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub organisation: PathCode,
    /// The submission's id.
    pub submission: Uuid,
}

/// Which page of the submissions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmissionQuery {
    /// Submissions on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    pub limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[param(max_length = 1000, nullable = false)]
    pub cursor: Option<String>,
}

/// One push or import of results.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Submission {
    /// Its id; later submissions have higher ones.
    id: Uuid,
    /// When it was received.
    received_at: DateTime<Utc>,
    /// Who sent it: the subject of the token.
    #[schema(max_length = 300)]
    author: String,
    /// In which format.
    #[schema(inline)]
    format: Format,
    /// What was to happen where some rows are rejected.
    #[schema(inline)]
    mode: Mode,
    /// How far it has come. An ordinary submission is completed.
    #[schema(inline)]
    state: State,
    /// Whether the rows were only checked.
    validate_only: bool,
    /// What became of the rows; all 0 as long as it is not completed.
    counts: RowCounts,
    /// How the work goes on; only of one that was queued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    progress: Option<SubmissionProgress>,
    /// Why it failed; only where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    problem: Option<SubmissionProblem>,
}

/// How far a submission has come. `waiting`, `checking` and `writing` follow each other; the others are its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Its turn has not come.
    Waiting,
    /// Its rows are read and judged.
    Checking,
    /// Its results are written; nobody sees any of them before all are.
    Writing,
    /// All is done.
    Completed,
    /// It could not be done, and nothing was written.
    Failed,
    /// Somebody asked that it be given up, and nothing was written.
    Cancelled,
}

/// How the work on a submission goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubmissionProgress {
    /// The size of what was sent, decompressed.
    #[schema(minimum = 0)]
    bytes: u64,
    /// Rows that were read.
    #[schema(minimum = 0)]
    rows_read: u64,
    /// Rows that were found to be sound.
    #[schema(minimum = 0)]
    rows_accepted: u64,
    /// Rows that were found to be at fault.
    #[schema(minimum = 0)]
    rows_rejected: u64,
    /// Rows that were written.
    #[schema(minimum = 0)]
    rows_written: u64,
    /// Rows a second in the present step.
    #[schema(minimum = 0)]
    rows_per_second: u64,
    /// When it will be completed, as far as can be told.
    estimated_end: Option<DateTime<Utc>>,
    /// When it ended.
    ended_at: Option<DateTime<Utc>>,
    /// Whether somebody asked that it be given up.
    cancellation_asked: bool,
}

/// Why a submission failed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct SubmissionProblem {
    /// The stable type of the problem.
    #[serde(rename = "type")]
    #[schema(pattern = "^/problems/[a-z-]{1,64}$", max_length = 80, example = "/problems/rows-rejected")]
    kind: String,
    /// What kind of problem it is.
    #[schema(max_length = 100)]
    title: String,
    /// What is wrong in this case.
    #[schema(max_length = 1000)]
    detail: Option<String>,
    /// The faults in what was sent, at most 100 of them.
    #[schema(max_items = 100)]
    errors: Vec<Fault>,
}

/// The format in which results were sent.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// One JSON body.
    Json,
    /// A JSON object a line.
    Ndjson,
    /// A row a result.
    Csv,
    /// A whole performance table, imported.
    Table,
}

/// A page of submissions, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubmissionPage {
    /// The submissions.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Submission>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

impl From<kept::Format> for Format {
    fn from(format: kept::Format) -> Self {
        match format {
            kept::Format::Json => Self::Json,
            kept::Format::Ndjson => Self::Ndjson,
            kept::Format::Csv => Self::Csv,
            kept::Format::Table => Self::Table,
        }
    }
}

impl From<&kept::Submission> for Submission {
    fn from(submission: &kept::Submission) -> Self {
        let kept::Submission { id, organisation: _, received_at, author, format, mode, counts } = submission;
        let kept::Counts { created, superseded, unchanged, rejected } = *counts;
        let received = created.saturating_add(superseded).saturating_add(unchanged).saturating_add(rejected);
        Self {
            id: *id,
            received_at: *received_at,
            author: author.clone(),
            format: (*format).into(),
            mode: (*mode).into(),
            state: State::Completed,
            validate_only: false,
            counts: RowCounts { received, created, superseded, unchanged, rejected },
            progress: None,
            problem: None,
        }
    }
}

impl From<jobs::State> for State {
    fn from(state: jobs::State) -> Self {
        match state {
            jobs::State::Waiting => Self::Waiting,
            jobs::State::Checking => Self::Checking,
            jobs::State::Writing => Self::Writing,
            jobs::State::Completed => Self::Completed,
            jobs::State::Failed => Self::Failed,
            jobs::State::Cancelled => Self::Cancelled,
        }
    }
}

impl From<&LargePush> for Submission {
    fn from(push: &LargePush) -> Self {
        let kept::Counts { created, superseded, unchanged, rejected } = push.counts;
        let received = created.saturating_add(superseded).saturating_add(unchanged).saturating_add(rejected);
        let problem = push.problem.clone().and_then(|problem| serde_json::from_value(problem).ok());
        Self {
            id: push.id,
            received_at: push.received_at,
            author: push.author.clone(),
            format: push.format.into(),
            mode: push.mode.into(),
            state: push.state.into(),
            validate_only: push.validate_only,
            counts: RowCounts { received, created, superseded, unchanged, rejected },
            progress: Some(SubmissionProgress::from(push)),
            problem,
        }
    }
}

impl From<&LargePush> for SubmissionProgress {
    fn from(push: &LargePush) -> Self {
        let jobs::Progress { bytes_read, rows_read, rows_accepted, rows_rejected, rows_written } =
            push.progress;
        let until = push.ended_at.unwrap_or(push.seen_at);
        let took =
            push.step_began_at.map_or(0, |began| (until - began).num_milliseconds()).max(1).unsigned_abs();
        let rows = if rows_written > 0 { rows_written } else { rows_read };
        // The steps take about as long as each other.
        let left = match push.state {
            jobs::State::Checking => Some(2 * push.bytes),
            jobs::State::Writing => Some(push.bytes),
            _ => None,
        };
        let left = left.map(|left| left.saturating_sub(bytes_read)).filter(|_| bytes_read > 0);
        let estimated_end = left.and_then(|left| {
            let milliseconds = u128::from(took) * u128::from(left) / u128::from(bytes_read);
            let more = TimeDelta::try_milliseconds(i64::try_from(milliseconds).ok()?)?;
            until.checked_add_signed(more)
        });
        Self {
            bytes: push.bytes,
            rows_read,
            rows_accepted,
            rows_rejected,
            rows_written,
            rows_per_second: rows.saturating_mul(1000) / took,
            estimated_end,
            ended_at: push.ended_at,
            cancellation_asked: push.cancellation_asked,
        }
    }
}
