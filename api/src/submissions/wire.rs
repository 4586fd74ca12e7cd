//! Submissions on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_persistence::submission as kept;

use crate::params::PathCode;
use crate::results::{Mode, RowCounts};
use crate::wire::Code;

/// Whose submissions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SubmissionsPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub organisation: PathCode,
}

/// Which submission.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SubmissionPath {
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
pub struct SubmissionQuery {
    /// Submissions on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    pub limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[param(max_length = 1000, nullable = false)]
    pub cursor: Option<String>,
}

/// One push or import of results.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submission {
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
    /// What became of the rows.
    counts: RowCounts,
}

/// The format in which results were sent.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
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
pub struct SubmissionPage {
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
            counts: RowCounts { received, created, superseded, unchanged, rejected },
        }
    }
}
