//! Submissions on the wire.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_persistence::jobs::{self, LargePush};
use waymark_persistence::submission as stored;
use waymark_persistence::submission::SubmissionFilter;

use crate::http::list::Page;
use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::Code;
use crate::results::ingest::schema::read_label;
use crate::results::{Mode, RowCounts};

/// The organisation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SubmissionsPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub organisation: PathCode,
}

/// The submission.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SubmissionPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub organisation: PathCode,
    /// The submission's id.
    pub submission: Uuid,
}

/// Which submissions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmissionQuery {
    /// Only submissions in this state.
    #[param(inline, nullable = false)]
    state: Option<State>,
    /// Only submissions of this sender: the subject of the token.
    #[param(max_length = 300, pattern = r"^[^\x00]*$", nullable = false)]
    submitted_by: Option<String>,
    /// Only submissions received at this moment or later.
    #[param(nullable = false)]
    from: Option<DateTime<Utc>>,
    /// Only submissions received before this moment.
    #[param(nullable = false)]
    to: Option<DateTime<Utc>>,
    /// Only submissions with this label.
    #[param(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", nullable = false)]
    label: Option<String>,
}

impl SubmissionQuery {
    /// The state, and all other filters for the store.
    ///
    /// # Errors
    /// 400 with a parameter that is not valid.
    pub(super) fn read(&self) -> Result<(Option<jobs::State>, SubmissionFilter), Problem> {
        let Self { state, submitted_by, from, to, label } = self;
        if submitted_by.as_ref().is_some_and(|name| name.contains('\0')) {
            let detail = "remove the null character";
            let fault = Fault::in_parameter("submitted_by", "bad_character", detail);
            return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
        }
        let label = read_label(label.as_deref())?;
        let filter = SubmissionFilter { submitted_by: submitted_by.clone(), from: *from, to: *to, label };
        Ok((state.map(Into::into), filter))
    }
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
    submitted_by: String,
    /// The sender's own name for it.
    #[schema(max_length = 100)]
    label: Option<String>,
    /// The format of the rows.
    #[schema(inline)]
    format: Format,
    /// What happens when rows are rejected.
    #[schema(inline)]
    mode: Mode,
    /// The state. A submission that was not queued is completed.
    #[schema(inline)]
    state: State,
    /// Whether the rows were only validated.
    validate_only: bool,
    /// How many rows had which outcome; all 0 until the submission is completed.
    counts: RowCounts,
    /// The progress of a submission that was queued; null for others.
    progress: Option<SubmissionProgress>,
    /// Why it failed; null unless it did.
    problem: Option<SubmissionProblem>,
}

/// The state of a submission. `waiting`, `checking` and `writing` follow each other; the others are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It is in the queue.
    Waiting,
    /// Its rows are read and validated.
    Checking,
    /// Its results are written; none is visible before all are.
    Writing,
    /// Its results are written and visible.
    Completed,
    /// It failed, and nothing was written.
    Failed,
    /// A caller cancelled it, and nothing was written.
    Cancelled,
}

/// The progress of a submission that was queued.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubmissionProgress {
    /// The size of the body in bytes, decompressed.
    #[schema(minimum = 0)]
    bytes: u64,
    /// Rows that were read.
    #[schema(minimum = 0)]
    rows_read: u64,
    /// Valid rows.
    #[schema(minimum = 0)]
    rows_accepted: u64,
    /// Invalid rows.
    #[schema(minimum = 0)]
    rows_rejected: u64,
    /// Rows that were written.
    #[schema(minimum = 0)]
    rows_written: u64,
    /// Rows per second in the current step.
    #[schema(minimum = 0)]
    rows_per_second: u64,
    /// The estimated time of completion; null if unknown.
    estimated_end_at: Option<DateTime<Utc>>,
    /// When it ended; null until then.
    ended_at: Option<DateTime<Utc>>,
    /// Whether a caller asked to cancel it.
    cancellation_requested: bool,
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
    /// The explanation of this failure.
    #[schema(max_length = 1000)]
    detail: Option<String>,
    /// The faults in the rows, at most 100 of them.
    #[schema(max_items = 100)]
    errors: Vec<Fault>,
}

/// The format in which results were sent.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// One JSON body.
    Json,
    /// One JSON object on each line.
    Ndjson,
    /// One row for each result.
    Csv,
    /// A whole performance table, imported.
    Table,
}

pub(crate) type SubmissionPage = Page<Submission>;

impl From<stored::Format> for Format {
    fn from(format: stored::Format) -> Self {
        match format {
            stored::Format::Json => Self::Json,
            stored::Format::Ndjson => Self::Ndjson,
            stored::Format::Csv => Self::Csv,
            stored::Format::Table => Self::Table,
        }
    }
}

impl Submission {
    /// The id.
    pub(super) fn id(&self) -> Uuid {
        self.id
    }
}

impl From<&stored::Submission> for Submission {
    fn from(submission: &stored::Submission) -> Self {
        let stored::Submission { id, organisation: _, received_at, author, format, mode, label, counts } =
            submission;
        let stored::Counts { created, superseded, unchanged, rejected } = *counts;
        let received = created.saturating_add(superseded).saturating_add(unchanged).saturating_add(rejected);
        Self {
            id: *id,
            received_at: *received_at,
            submitted_by: author.clone(),
            label: label.clone(),
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

impl From<State> for jobs::State {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Checking => Self::Checking,
            State::Writing => Self::Writing,
            State::Completed => Self::Completed,
            State::Failed => Self::Failed,
            State::Cancelled => Self::Cancelled,
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
        let stored::Counts { created, superseded, unchanged, rejected } = push.counts;
        let received = created.saturating_add(superseded).saturating_add(unchanged).saturating_add(rejected);
        let problem = push.problem.clone().and_then(|problem| serde_json::from_value(problem).ok());
        Self {
            id: push.id,
            received_at: push.received_at,
            submitted_by: push.author.clone(),
            label: push.label.clone(),
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
        // The two steps take about equally long.
        let left = match push.state {
            jobs::State::Checking => Some(2 * push.bytes),
            jobs::State::Writing => Some(push.bytes),
            _ => None,
        };
        let left = left.map(|left| left.saturating_sub(bytes_read)).filter(|_| bytes_read > 0);
        let estimated_end_at = left.and_then(|left| {
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
            estimated_end_at,
            ended_at: push.ended_at,
            cancellation_requested: push.cancellation_asked,
        }
    }
}
