//! The parameters of the trail.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_domain::code;
use waymark_persistence::trail::{TrailFilter, TrailKey};

use super::kind::TrailKind;
use crate::http::page::bad_cursor;
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
    /// The id of the changed entity.
    pub(super) entity: Uuid,
    /// The revision that the change created.
    #[param(minimum = 1)]
    pub(super) revision: u32,
}

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrailQuery {
    /// Only changes at this moment or later.
    #[param(nullable = false)]
    from: Option<DateTime<Utc>>,
    /// Only changes before this moment.
    #[param(nullable = false)]
    to: Option<DateTime<Utc>>,
    /// Only changes of entities of this kind.
    #[param(nullable = false, inline)]
    kind: Option<TrailKind>,
    /// Only changes recorded by this caller or command.
    #[param(max_length = 300, pattern = r"^[^\x00]*$", nullable = false)]
    recorded_by: Option<String>,
    /// Only changes of this request.
    #[param(max_length = 128, pattern = r"^[^\x00]*$", nullable = false)]
    request_id: Option<String>,
    /// Only changes of the entity with this id.
    #[param(nullable = false)]
    entity: Option<Uuid>,
    /// Only changes of this plan and its items. Submissions belong to no plan.
    #[param(value_type = Code, required = false)]
    plan: Option<String>,
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
    /// One JSON object on each line, as `get_trail_entry` returns it.
    #[default]
    Ndjson,
    /// A row a change; before and after as JSON in a cell.
    Csv,
}

impl TrailQuery {
    /// The changes to return, and the code of the plan whose changes they are.
    ///
    /// # Errors
    /// 400 with the parameters that cannot be read.
    pub(super) fn read(self) -> Result<(TrailFilter, Option<code::Code>), Problem> {
        let Self { from, to, kind, recorded_by, request_id, entity, plan } = self;
        let mut faults = Vec::new();
        span(&mut faults, from, to);
        for (name, text) in [("recorded_by", &recorded_by), ("request_id", &request_id)] {
            // PostgreSQL holds no text with a null byte.
            if text.as_ref().is_some_and(|text| text.contains('\0')) {
                faults.push(Fault::in_parameter(name, "bad_character", "the value contains a null byte"));
            }
        }
        let plan = plan.map(code::Code::new).transpose().unwrap_or_else(|error| {
            faults.push(Fault::in_parameter("plan", error.code(), error));
            None
        });
        refuse(faults)?;
        let kind = kind.map(|kind| kind.stored().to_owned());
        let filter = TrailFilter {
            from,
            to,
            kind,
            author: recorded_by,
            request_id,
            entity,
            revision: None,
            plan: None,
        };
        Ok((filter, plan))
    }
}

impl ExportQuery {
    /// The changes to return.
    ///
    /// # Errors
    /// 400 if the span ends before it begins.
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

/// The key of an entry from its parts.
///
/// # Errors
/// 400 for a bad cursor.
pub(super) fn key_of(parts: &[String]) -> Result<TrailKey, Problem> {
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
