//! What a status is asked for: which plan, which date, which measures.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use waymark_domain::code::Code;

use super::position::When;
use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::Rating;
use crate::state::now;

/// Which date, and which measures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusQuery {
    /// The date of the position; today where it is missing.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// The date of the report before this one: results that came in no later than that are `no_new_data`.
    #[param(nullable = false)]
    previous_report: Option<NaiveDate>,
    /// Only measures of this theme.
    #[param(value_type = crate::http::schema::Code, required = false)]
    theme: Option<PathCode>,
    /// Only measures of this priority.
    #[param(value_type = crate::http::schema::Code, required = false)]
    priority: Option<PathCode>,
    /// Only measures of this rating.
    #[param(nullable = false, inline)]
    rating: Option<Rating>,
    /// Only measures that this post leads on.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    lead: Option<String>,
}

/// Which date.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SummaryQuery {
    /// The date of the position; today where it is missing.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// The date of the report before this one: results that came in no later than that are `no_new_data`.
    #[param(nullable = false)]
    previous_report: Option<NaiveDate>,
}

/// Which date.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrajectoryQuery {
    /// Results up to this date; today where it is missing.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

/// Which two dates.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangesQuery {
    /// The earlier date.
    from: NaiveDate,
    /// The later date; today where it is missing.
    #[param(nullable = false)]
    to: Option<NaiveDate>,
    /// What was known of the earlier position at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    from_known_at: Option<DateTime<Utc>>,
    /// What was known of the later position at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    to_known_at: Option<DateTime<Utc>>,
}

/// Which measures are wanted. One without wishes wants all.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) theme: Option<Code>,
    pub(super) priority: Option<Code>,
    pub(super) rating: Option<Rating>,
    pub(super) lead: Option<String>,
}

impl StatusQuery {
    pub(super) fn read(self) -> Result<(When, Filter), Problem> {
        let Self { as_at, as_known_at, previous_report, theme, priority, rating, lead } = self;
        let filter =
            Filter { theme: theme.map(|code| code.0), priority: priority.map(|code| code.0), rating, lead };
        Ok((when("as_known_at", as_at, as_known_at, previous_report)?, filter))
    }
}

impl SummaryQuery {
    pub(super) fn read(self) -> Result<When, Problem> {
        when("as_known_at", self.as_at, self.as_known_at, self.previous_report)
    }
}

impl TrajectoryQuery {
    /// The date of the position, and what was known.
    ///
    /// # Errors
    /// 400 for a moment that has not come.
    pub(crate) fn read(self) -> Result<When, Problem> {
        when("as_known_at", self.as_at, self.as_known_at, None)
    }
}

impl ChangesQuery {
    pub(super) fn read(self) -> Result<(When, When), Problem> {
        let from = when("from_known_at", Some(self.from), self.from_known_at, None)?;
        let to = when("to_known_at", self.to, self.to_known_at, None)?;
        if to.as_at < from.as_at {
            return Err(fault("from", "after_end", "the earlier date is not after the later one"));
        }
        Ok((from, to))
    }
}

/// The date of a position and the moment whose knowledge counts. What will be known cannot be reproduced, so a moment
/// in the future is refused, as a fault of the parameter of this name.
pub(crate) fn when(
    parameter: &str,
    as_at: Option<NaiveDate>,
    known_at: Option<DateTime<Utc>>,
    previous_report: Option<NaiveDate>,
) -> Result<When, Problem> {
    let now = now();
    if known_at.is_some_and(|moment| moment > now) {
        return Err(fault(parameter, "in_future", "what will be known is not known yet"));
    }
    Ok(When { as_at: as_at.unwrap_or(now.date_naive()), known_at, previous_report })
}

fn fault(parameter: &str, code: &str, detail: &str) -> Problem {
    Problem::new(Kind::InvalidQuery).faults([Fault::in_parameter(parameter, code, detail)])
}
