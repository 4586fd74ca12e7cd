//! The parameters of status, summary, trajectory and changes.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use waymark_domain::code::Code;

use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::Rating;
use crate::position::{PlanPosition, When, known, when};

/// Which date, and which measures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusQuery {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// The moment as of which the data were known. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// The date of the previous report: a measure without a result since then is `no_new_data`.
    #[param(nullable = false)]
    previous_report: Option<NaiveDate>,
    /// Only measures of this theme.
    #[param(value_type = crate::http::schema::Code, required = false)]
    theme: Option<PathCode>,
    /// Only measures of this priority.
    #[param(value_type = crate::http::schema::Code, required = false)]
    priority: Option<PathCode>,
    /// Only measures with this rating.
    #[param(nullable = false, inline)]
    rating: Option<Rating>,
    /// Only measures with this lead officer.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    lead: Option<String>,
}

/// Which date.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SummaryQuery {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// The moment as of which the data were known. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// The date of the previous report: a measure without a result since then is `no_new_data`.
    #[param(nullable = false)]
    previous_report: Option<NaiveDate>,
}

/// Which two dates.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangesQuery {
    /// The earlier date.
    from: NaiveDate,
    /// The later date. Defaults to today.
    #[param(nullable = false)]
    to: Option<NaiveDate>,
    /// The moment as of which the earlier position was known. Defaults to now.
    #[param(nullable = false)]
    from_known_at: Option<DateTime<Utc>>,
    /// The moment as of which the later position was known. Defaults to now.
    #[param(nullable = false)]
    to_known_at: Option<DateTime<Utc>>,
}

/// The measures to return; all by default.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) theme: Option<Code>,
    pub(super) priority: Option<Code>,
    pub(super) rating: Option<Rating>,
    pub(super) lead: Option<String>,
}

impl Filter {
    /// Checks that what it names exists: a misspelt filter must not look like a plan without red measures.
    ///
    /// # Errors
    /// 422 with what there is.
    pub(super) fn check(&self, position: &PlanPosition) -> Result<(), Problem> {
        let content = &position.plan.versioned.content;
        if let Some(theme) = &self.theme {
            let themes = content.themes.iter().map(|theme| theme.code.as_str());
            known("theme", "theme", theme.as_str(), themes)?;
        }
        if let Some(priority) = &self.priority {
            let priorities = content.priorities.iter().map(|priority| priority.code.as_str());
            known("priority", "priority", priority.as_str(), priorities)?;
        }
        self.lead.as_ref().map_or(Ok(()), |lead| known("lead", "lead officer", lead, position.leads()))
    }
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

impl ChangesQuery {
    pub(super) fn read(self) -> Result<(When, When), Problem> {
        let from = when("from_known_at", Some(self.from), self.from_known_at, None)?;
        let to = when("to_known_at", self.to, self.to_known_at, None)?;
        if to.as_at < from.as_at {
            return Err(fault("from", "after_end", "the earlier date must not be after the later one"));
        }
        Ok((from, to))
    }
}

fn fault(parameter: &str, code: &str, detail: &str) -> Problem {
    Problem::new(Kind::InvalidQuery).faults([Fault::in_parameter(parameter, code, detail)])
}
