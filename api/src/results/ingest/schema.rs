//! A push on the wire: what is sent, and what becomes of it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use waymark_persistence::submission;

use crate::http::params::PathCode;
use crate::http::problem::Fault;
use crate::http::schema::{Breakdown, Code, Name, Note, Number, Period, QualityGrade, Rating, Standing};

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
    /// `atomic`: all rows or none. `partial`: the sound ones; the others can be had back as a file.
    #[serde(default)]
    #[param(inline, default = "atomic", required = false)]
    pub mode: Mode,
    /// Does all but the commit: the answer tells what would happen.
    #[serde(default)]
    #[param(default = false, required = false)]
    pub validate_only: bool,
}

/// What happens where some rows are rejected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing is written.
    #[default]
    Atomic,
    /// The sound rows are written.
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

/// A result as it is sent: a `value`, or a `numerator` with a `denominator`. In CSV the fields are columns, and
/// an empty cell is a field that is not there.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "the contract's form of what `reader` reads cell by cell")]
pub(crate) struct NewResult {
    /// The code of an indicator of the organisation, else of the national catalogue.
    indicator: Code,
    /// What it is about. It must have begun.
    period: Period,
    /// What was measured, in the indicator's unit.
    value: Option<Number>,
    /// So many, 0 or more.
    numerator: Option<Number>,
    /// Out of so many, more than 0.
    denominator: Option<Number>,
    /// The category of one of the indicator's dimensions; the whole where it is missing.
    breakdown: Option<Breakdown>,
    /// The named part, where the indicator has components.
    component: Option<Name>,
    /// The definition version; the one in force on the last day of the period where it is missing.
    #[schema(minimum = 1, maximum = 1000)]
    definition_version: Option<i32>,
    /// How settled it is; `final` where it is missing.
    standing: Option<Standing>,
    /// How good the data are.
    quality: Option<QualityGrade>,
    /// What else is to be said of it.
    note: Option<Note>,
    /// Whether it only repeats the baseline; no where it is missing.
    is_baseline: Option<bool>,
}

/// What became of a push, row by row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushAnswer {
    /// The submission; null where only the rows were checked.
    pub submission: Option<Uuid>,
    /// The mode that was asked for.
    #[schema(inline)]
    pub mode: Mode,
    /// Whether the rows were only checked.
    pub validate_only: bool,
    /// Whether anything was written for good.
    pub committed: bool,
    /// What became of the rows, in numbers.
    pub counts: RowCounts,
    /// Every row, in the order sent.
    #[schema(max_items = 50000)]
    pub rows: Vec<RowAnswer>,
    /// The measures of any plan whose rating of today the push changes.
    #[schema(max_items = 100000)]
    pub rating_changes: Vec<RatingChange>,
}

/// What became of the rows of a push. `received` is the sum of the others, except where a push was refused as a
/// whole: then only the rows at fault are counted as rejected, and nothing was done with the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RowCounts {
    /// Rows that were sent.
    #[schema(minimum = 0)]
    pub received: u32,
    /// There was no result of their key.
    #[schema(minimum = 0)]
    pub created: u32,
    /// They took the place of another result of their key.
    #[schema(minimum = 0)]
    pub superseded: u32,
    /// The same result was there already.
    #[schema(minimum = 0)]
    pub unchanged: u32,
    /// They were at fault.
    #[schema(minimum = 0)]
    pub rejected: u32,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowOutcome {
    /// There was no result of its key.
    Created,
    /// It takes the place of another result of its key.
    Superseded,
    /// The same result was there already.
    Unchanged,
    /// It is at fault.
    Rejected,
}

/// What became of one row. Of the natural key, what could be read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RowAnswer {
    /// Its place among the rows, from 1.
    #[schema(minimum = 1)]
    pub row: u32,
    /// The line on which it began, from 1, in a format of lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, nullable = false)]
    pub line: Option<u32>,
    /// What became of it.
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
    /// What is wrong with it. The pointer leads to the field: from the body in JSON, from the row in NDJSON, and
    /// by the name of the column in CSV.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100, nullable = false, required = false)]
    pub faults: Vec<Fault>,
    /// What the sender of a sound row should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10, nullable = false, required = false)]
    pub warnings: Vec<RowWarning>,
}

/// What the sender of a row should know, though the row is sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RowWarning {
    /// The stable name of the warning, for programs.
    #[schema(inline)]
    pub code: WarningCode,
    /// What it says, for people.
    #[schema(max_length = 1000)]
    pub detail: String,
}

/// What a warning is about.
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

/// A push that was refused as a whole: nothing of it was written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RefusedPush {
    /// How many rows were sent, and how many are at fault.
    pub counts: RowCounts,
    /// Every row that is at fault.
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
        let told: BTreeSet<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(told, BTreeSet::from(super::super::raw_row::FIELDS));
        let most = serde_json::to_value(NewResults::schema()).unwrap();
        assert_eq!(most["properties"]["results"]["maxItems"], super::super::raw_row::MOST_ROWS);
    }
}
