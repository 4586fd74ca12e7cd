//! What an import is asked for: the date, and which column is which.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use waymark_domain::notation::YearKind;
use waymark_domain::table::Column;

use super::file::Names;

/// Which table, and how it is to be read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportQuery {
    /// The date of the report that the table belongs to. Results without a period are results of this date.
    pub(super) as_at: NaiveDate,
    /// Whether to report only, and keep nothing.
    #[serde(default)]
    #[param(default = false)]
    pub(super) validate_only: bool,
    /// The kind of year that `2009/10` means.
    #[serde(default)]
    #[param(inline, default = "financial")]
    pub(super) year: YearWritten,
    /// The name of the column with the themes.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    theme_column: Option<String>,
    /// The name of the column with the titles of the indicators.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    indicator_column: Option<String>,
    /// The name of the column with the categories of a breakdown.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    group_column: Option<String>,
    /// The name of the column with the baselines.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    baseline_column: Option<String>,
    /// The name of the column with the targets.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    target_column: Option<String>,
    /// The name of the column with remarks.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    comments_column: Option<String>,
    /// The name of the column with the results.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    result_column: Option<String>,
    /// The name of the column with the codes of the indicators.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    code_column: Option<String>,
    /// The name of the column with the polarities.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    polarity_column: Option<String>,
    /// The name of the column with the units.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    unit_column: Option<String>,
    /// The name of the column with the frequencies.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    frequency_column: Option<String>,
    /// The name of the column with the leads.
    #[param(min_length = 1, max_length = 200, nullable = false)]
    lead_column: Option<String>,
}

/// The kind of year that two numbers mean.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum YearWritten {
    /// April to March.
    #[default]
    Financial,
    /// September to August.
    Academic,
}

impl From<YearWritten> for YearKind {
    fn from(year: YearWritten) -> Self {
        match year {
            YearWritten::Financial => Self::Financial,
            YearWritten::Academic => Self::Academic,
        }
    }
}

impl ImportQuery {
    /// The names of columns.
    pub(super) fn columns(&self) -> Names {
        let given = [
            (Column::Theme, &self.theme_column),
            (Column::Indicator, &self.indicator_column),
            (Column::Group, &self.group_column),
            (Column::Baseline, &self.baseline_column),
            (Column::Target, &self.target_column),
            (Column::Comments, &self.comments_column),
            (Column::Result, &self.result_column),
            (Column::Code, &self.code_column),
            (Column::Polarity, &self.polarity_column),
            (Column::Unit, &self.unit_column),
            (Column::Frequency, &self.frequency_column),
            (Column::Lead, &self.lead_column),
        ];
        given.into_iter().filter_map(|(column, name)| Some((column, name.clone()?))).collect()
    }
}
