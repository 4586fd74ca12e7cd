//! The date of a position, the moment as of which it was known, and filters on what the plan has.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::When;
use crate::http::known::past_in;
use crate::http::problem::Problem;
use crate::http::validation::unknown_filter_value;

/// Which date.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PositionQuery {
    /// The last date of the results. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// The moment as of which the data were known. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

impl PositionQuery {
    /// The date of the position, and the moment as of which it was known.
    ///
    /// # Errors
    /// 400 for a moment in the future.
    pub(crate) fn read(self) -> Result<When, Problem> {
        when("as_known_at", self.as_at, self.as_known_at, None)
    }
}

/// The date of a position and the moment as of which it was known. A moment
/// in the future is rejected, as an error of the parameter with this name.
pub(crate) fn when(
    parameter: &str,
    as_at: Option<NaiveDate>,
    known_at: Option<DateTime<Utc>>,
    previous_report: Option<NaiveDate>,
) -> Result<When, Problem> {
    Ok(When { previous_report, ..When::of(as_at, past_in(parameter, known_at)?) })
}

/// 422 if a value of a parameter is not among the existing ones; `what` names them.
pub(crate) fn known<'a>(
    parameter: &str,
    what: &str,
    value: &str,
    existing: impl Iterator<Item = &'a str>,
) -> Result<(), Problem> {
    let existing: BTreeSet<&str> = existing.collect();
    if existing.contains(value) {
        return Ok(());
    }
    Err(unknown_filter_value(parameter, what, value, existing))
}
