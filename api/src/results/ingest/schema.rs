//! A push on the wire: the request and the response.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_domain::text;
use waymark_persistence::submission;

use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::{Breakdown, Code, Name, Note, Number, Period, QualityGrade, Rating, Standing};
use crate::http::validation::Coded;

/// Whose results.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ResultsPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    pub organisation: PathCode,
}

/// How a push is done.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PushQuery {
    /// `atomic` writes all rows or none. `partial` writes the valid ones; the others can be fetched as a file.
    #[serde(default)]
    #[param(inline, default = "atomic", required = false)]
    pub mode: Mode,
    /// Does everything but the commit: the response says what would happen.
    #[serde(default)]
    #[param(default = false, required = false)]
    pub validate_only: bool,
    /// Your own name for the submission, to find it again: 1 to 100 characters.
    #[param(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", nullable = false)]
    label: Option<String>,
}

/// A label of a submission.
pub(crate) type Label = text::Text<100>;

impl PushQuery {
    /// The label.
    ///
    /// # Errors
    /// 400 if it is not a text of 1 to 100 characters.
    pub(crate) fn label(&self) -> Result<Option<String>, Problem> {
        read_label(self.label.as_deref())
    }
}

/// Reads the parameter `label`.
pub(crate) fn read_label(label: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(label) = label else { return Ok(None) };
    let fault = match label.parse::<Label>() {
        Ok(read) if read.as_str() == label && !label.contains(['\n', '\t']) => {
            return Ok(Some(label.to_owned()));
        }
        Ok(_) => {
            let detail =
                format_args!("found `{label}`: remove line breaks, tabs, and white space at its ends");
            Fault::in_parameter("label", "not_trimmed", detail)
        }
        Err(error) => Fault::in_parameter("label", error.code(), error),
    };
    Err(Problem::new(Kind::InvalidQuery).faults([fault]))
}

/// What happens when rows are rejected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing is written.
    #[default]
    Atomic,
    /// The valid rows are written.
    Partial,
}

/// The results that are sent together, each with its own key.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "the contract's form of what `reader` reads cell by cell")]
pub(crate) struct NewResults {
    /// The rows.
    #[schema(min_items = 1, max_items = 50000)]
    results: Vec<NewResult>,
}

/// A result to push: a `value`, or a `numerator` with a `denominator`. In CSV the fields are columns, and an empty cell
/// omits the field.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "the contract's form of what `reader` reads cell by cell")]
pub(crate) struct NewResult {
    /// The code of an indicator of the organisation or of the national catalogue; the organisation's own comes first.
    indicator: Code,
    /// The period that the result is about. It must have begun.
    period: Period,
    /// What was measured, in the indicator's unit.
    value: Option<Number>,
    /// The count, 0 or more.
    numerator: Option<Number>,
    /// The total that it is out of, more than 0.
    denominator: Option<Number>,
    /// A category of one of the indicator's dimensions. Defaults to the whole.
    breakdown: Option<Breakdown>,
    /// The named part, if the indicator has components.
    component: Option<Name>,
    /// The definition version. Defaults to the one in force on the last day of the period.
    #[schema(minimum = 1, maximum = 1000)]
    definition_version: Option<i32>,
    /// How final the figure is. Defaults to `final`.
    standing: Option<Standing>,
    /// The quality of the data.
    quality: Option<QualityGrade>,
    /// A note on the result.
    note: Option<Note>,
    /// Whether the result only repeats the baseline. Defaults to `false`.
    is_baseline: Option<bool>,
}

/// The outcome of a push, row by row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushAnswer {
    /// The submission; null if the rows were only validated.
    pub submission: Option<Uuid>,
    /// The mode of the push.
    #[schema(inline)]
    pub mode: Mode,
    /// The sender's own name for the submission.
    #[schema(max_length = 100)]
    pub label: Option<String>,
    /// Whether the rows were only validated.
    pub validate_only: bool,
    /// Whether the rows were written and committed.
    pub committed: bool,
    /// How many rows had which outcome.
    pub counts: RowCounts,
    /// Every row, in the order of the request.
    #[schema(max_items = 50000)]
    pub rows: Vec<RowAnswer>,
    /// The measures whose rating of today changes.
    #[schema(max_items = 100000)]
    pub rating_changes: Vec<RatingChange>,
}

/// How many rows of a push had which outcome. `received` is the sum of the others, unless the push was rejected as a
/// whole: then only the invalid rows are counted as rejected, and the others were not written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RowCounts {
    /// Rows in the push.
    #[schema(minimum = 0)]
    pub received: u32,
    /// Rows that created a result.
    #[schema(minimum = 0)]
    pub created: u32,
    /// Rows that superseded a result.
    #[schema(minimum = 0)]
    pub superseded: u32,
    /// Rows whose result existed already, with the same content.
    #[schema(minimum = 0)]
    pub unchanged: u32,
    /// Rows that were invalid.
    #[schema(minimum = 0)]
    pub rejected: u32,
}

/// The outcome of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowOutcome {
    /// The row created a result.
    Created,
    /// The row superseded a result.
    Superseded,
    /// The result existed already, with the same content.
    Unchanged,
    /// The row is invalid.
    Rejected,
}

/// The outcome of one row, with the parts of its key that could be read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RowAnswer {
    /// The number of the row, from 1.
    #[schema(minimum = 1)]
    pub row: u32,
    /// The line on which the row begins, from 1; null in JSON.
    #[schema(minimum = 1)]
    pub line: Option<u32>,
    /// The outcome.
    #[schema(inline)]
    pub outcome: RowOutcome,
    /// The indicator's code.
    pub indicator: Option<Code>,
    /// The period.
    pub period: Option<Period>,
    /// The category.
    pub breakdown: Option<Breakdown>,
    /// The named part.
    pub component: Option<Name>,
    /// The faults of the row. The pointer leads to the field: from the body in JSON, from the row in NDJSON, and by the
    /// name of the column in CSV.
    #[schema(max_items = 100)]
    pub faults: Vec<Fault>,
    /// Warnings about a valid row.
    #[schema(max_items = 10)]
    pub warnings: Vec<RowWarning>,
}

/// A warning about a valid row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RowWarning {
    /// The stable name of the warning, for programs.
    #[schema(inline)]
    pub code: WarningCode,
    /// The warning, for people.
    #[schema(max_length = 1000)]
    pub detail: String,
}

/// The kind of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WarningCode {
    /// All measures of the indicator had left the organisation's plans by the last day of the row's period.
    NoLongerMeasured,
}

/// A measure whose rating of today changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RatingChange {
    /// The plan's code.
    pub plan: Code,
    /// The measure's code.
    pub measure: Code,
    /// The rating before.
    #[schema(inline)]
    pub before: Rating,
    /// The rating after.
    #[schema(inline)]
    pub after: Rating,
}

/// A push that was rejected as a whole: nothing of it was written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RefusedPush {
    /// How many rows were sent, and how many are invalid.
    pub counts: RowCounts,
    /// Every invalid row.
    #[schema(max_items = 50000)]
    pub rows: Vec<RowAnswer>,
}

impl From<Mode> for submission::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Atomic => Self::Atomic,
            Mode::Partial => Self::Partial,
        }
    }
}

impl From<submission::Mode> for Mode {
    fn from(mode: submission::Mode) -> Self {
        match mode {
            submission::Mode::Atomic => Self::Atomic,
            submission::Mode::Partial => Self::Partial,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use utoipa::PartialSchema;

    #[test]
    fn the_contract_has_the_fields_that_are_read() {
        let schema = serde_json::to_value(NewResult::schema()).unwrap();
        let declared: BTreeSet<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(declared, BTreeSet::from(super::super::raw_row::FIELDS));
        let most = serde_json::to_value(NewResults::schema()).unwrap();
        assert_eq!(most["properties"]["results"]["maxItems"], super::super::raw_row::MOST_ROWS);
    }
}
