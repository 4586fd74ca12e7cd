//! What of the trail is asked for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_domain::code;
use waymark_persistence::trail::{TrailFilter, TrailKey};

use crate::http::page::{Page, bad_cursor};
use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::Code;
use crate::http::validation::Coded;

/// Whose trail.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TrailPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub(super) organisation: PathCode,
}

/// Which change.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct EntryPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub(super) organisation: PathCode,
    /// The id of what was changed.
    pub(super) entity: Uuid,
    /// The revision that the change made.
    #[param(minimum = 1)]
    pub(super) revision: u32,
}

/// Which changes, and which page of them.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrailQuery {
    /// Only changes at this moment or later.
    #[param(nullable = false)]
    from: Option<DateTime<Utc>>,
    /// Only changes before this moment.
    #[param(nullable = false)]
    to: Option<DateTime<Utc>>,
    /// Only of this kind: `plan`, `measure`, `submission`, ...
    #[param(max_length = 40, pattern = "^[a-z][a-z_]*$", nullable = false)]
    kind: Option<String>,
    /// Only those of this author.
    #[param(max_length = 300, pattern = r"^[^\x00]*$", nullable = false)]
    author: Option<String>,
    /// Only those of this request.
    #[param(max_length = 128, pattern = r"^[^\x00]*$", nullable = false)]
    request_id: Option<String>,
    /// Only those of the thing with this id.
    #[param(nullable = false)]
    entity: Option<Uuid>,
    /// Only those of this plan and of what belongs to it. Submissions belong to no plan.
    #[param(value_type = Code, required = false)]
    plan: Option<String>,
    /// Entries on a page.
    #[serde(skip_serializing_if = "crate::http::page::not_of_filter")]
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[serde(skip_serializing_if = "crate::http::page::not_of_filter")]
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
}

/// Which changes, and in which form.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportQuery {
    /// Only changes at this moment or later.
    #[param(nullable = false)]
    from: Option<DateTime<Utc>>,
    /// Only changes before this moment.
    #[param(nullable = false)]
    to: Option<DateTime<Utc>>,
    /// The form of the file.
    #[serde(default)]
    #[param(inline, default = "ndjson", required = false)]
    pub(super) format: ExportFormat,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    /// A JSON object a line, each as `get_trail_entry` gives it.
    #[default]
    Ndjson,
    /// A row a change; before and after as JSON in a cell.
    Csv,
}

/// A page of the trail that is asked for.
pub(super) struct Wanted {
    pub(super) filter: TrailFilter,
    pub(super) plan: Option<code::Code>,
    pub(super) page: Page,
    pub(super) before: Option<TrailKey>,
}

impl TrailQuery {
    /// What is wanted of the list at `path`.
    ///
    /// # Errors
    /// 400 with the parameters that cannot be read.
    pub(super) fn read(self, path: &str) -> Result<Wanted, Problem> {
        let wishes = serde_urlencoded::to_string(&self).map_err(Problem::internal)?;
        let Self { from, to, kind, author, request_id, entity, plan, limit, cursor } = self;
        let mut faults = Vec::new();
        span(&mut faults, from, to);
        for (name, text) in [("kind", &kind), ("author", &author), ("request_id", &request_id)] {
            // PostgreSQL holds no text with a null byte.
            if text.as_ref().is_some_and(|text| text.contains('\0')) {
                faults.push(Fault::in_parameter(name, "bad_character", "it holds a null byte"));
            }
        }
        let plan = plan.map(code::Code::new).transpose().unwrap_or_else(|error| {
            faults.push(Fault::in_parameter("plan", error.code(), error));
            None
        });
        refuse(faults)?;
        let page = Page::read(path, &wishes, 3, limit, cursor.as_deref())?;
        let before = page.after.as_deref().map(key_of).transpose()?;
        let filter = TrailFilter { from, to, kind, author, request_id, entity, revision: None, plan: None };
        Ok(Wanted { filter, plan, page, before })
    }
}

impl ExportQuery {
    /// The changes that are wanted.
    ///
    /// # Errors
    /// 400 where the span ends before it begins.
    pub(super) fn filter(&self) -> Result<TrailFilter, Problem> {
        let Self { from, to, format: _ } = self;
        let mut faults = Vec::new();
        span(&mut faults, *from, *to);
        refuse(faults)?;
        Ok(TrailFilter { from: *from, to: *to, ..TrailFilter::default() })
    }
}

fn span(faults: &mut Vec<Fault>, from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) {
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        faults.push(Fault::in_parameter("to", "before_start", "the span ends before it begins"));
    }
}

fn refuse(faults: Vec<Fault>) -> Result<(), Problem> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::new(Kind::InvalidQuery).faults(faults)) }
}

/// The parts of the key of an entry, as a cursor holds it.
pub(super) fn parts_of(key: TrailKey) -> Vec<String> {
    let TrailKey { recorded_at, entity, revision } = key;
    vec![recorded_at.timestamp_micros().to_string(), entity.to_string(), revision.to_string()]
}

fn key_of(parts: &[String]) -> Result<TrailKey, Problem> {
    let [at, entity, revision] = parts else { return Err(bad_cursor()) };
    let key = || {
        Some(TrailKey {
            recorded_at: DateTime::from_timestamp_micros(at.parse().ok()?)?,
            entity: entity.parse().ok()?,
            revision: revision.parse().ok()?,
        })
    };
    key().ok_or_else(bad_cursor)
}
