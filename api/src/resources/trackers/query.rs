//! What trackers are asked for: which one, which page, which quarters.

use chrono::{DateTime, Utc};
use form_urlencoded::Serializer;
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;
use waymark_domain::code::Code;
use waymark_domain::tracker::{self as domain, Quarter};

use crate::http::list_query::{Moment, past};
use crate::http::page::Page;
use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::TrackerState;
use crate::http::validation::Coded;

/// The most quarters of one history.
pub(super) const MOST_QUARTERS: usize = 40;

/// Which tracker.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TrackerPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The priority's code.
    #[param(value_type = crate::http::schema::Code)]
    priority: PathCode,
    /// The quarter, as in `FY2009-10-Q3`.
    #[param(value_type = super::schema::Quarter)]
    quarter: PathQuarter,
}

/// A quarter in a path: what is none is the name of nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathQuarter(Quarter);

/// Which page of which trackers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackersQuery {
    /// Items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// Only trackers of this quarter.
    #[param(value_type = super::schema::Quarter, required = false)]
    quarter: Option<String>,
    /// Only trackers of this priority.
    #[param(value_type = crate::http::schema::Code, required = false)]
    priority: Option<PathCode>,
    /// Only trackers in this state.
    #[param(nullable = false, inline)]
    state: Option<TrackerState>,
    /// Only trackers whose status differs from the suggested one, or only those whose does not.
    #[param(nullable = false)]
    differs: Option<bool>,
}

/// Which trackers are wanted.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    quarter: Option<Quarter>,
    priority: Option<Code>,
    state: Option<domain::State>,
    /// Whether the status differs.
    pub(super) differs: Option<bool>,
}

/// Which quarters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackerHistoryQuery {
    /// The first quarter; that in which the plan begins where it is missing, or the 40th before the last.
    #[param(value_type = super::schema::Quarter, required = false)]
    from: Option<String>,
    /// The last quarter, at most 40 quarters from the first; where it is missing, that of today, or that in which the
    /// plan ends if it has ended.
    #[param(value_type = super::schema::Quarter, required = false)]
    to: Option<String>,
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

/// Which quarter.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackerExceptionsQuery {
    /// The quarter.
    #[param(value_type = super::schema::Quarter)]
    quarter: String,
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

impl<'de> Deserialize<'de> for PathQuarter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// A quarter in a query.
fn named(parameter: &str, text: &str) -> Result<Quarter, Problem> {
    text.parse::<Quarter>().map_err(|error| {
        let fault = Fault::in_parameter(parameter, error.code(), error);
        Problem::new(Kind::InvalidQuery).faults([fault])
    })
}

impl TrackerPath {
    /// The codes of organisation and plan, and the priority and quarter.
    pub(super) fn parts(self) -> ((Code, Code), (Code, Quarter)) {
        let Self { organisation, plan, priority, quarter } = self;
        ((organisation.0, plan.0), (priority.0, quarter.0))
    }
}

impl TrackersQuery {
    /// The page of the list at `path`, which trackers, and the moment.
    ///
    /// # Errors
    /// 400 for a bad limit, cursor or quarter, or a moment that has not come.
    pub(super) fn read(self, path: &str) -> Result<(Page, Filter, Moment), Problem> {
        let Self { limit, cursor, as_known_at, quarter, priority, state, differs } = self;
        let moment = past(as_known_at)?;
        let filter = Filter {
            quarter: quarter.map(|quarter| named("quarter", &quarter)).transpose()?,
            priority: priority.map(|priority| priority.0),
            state: state.map(Into::into),
            differs,
        };
        let mut query = Serializer::new(String::new());
        if let Some(moment) = moment {
            query.append_pair("as_known_at", &moment.to_rfc3339());
        }
        if let Some(quarter) = filter.quarter {
            query.append_pair("quarter", &quarter.to_string());
        }
        if let Some(priority) = &filter.priority {
            query.append_pair("priority", priority.as_str());
        }
        if let Some(state) = state {
            let word = serde_json::to_value(state).map_err(Problem::internal)?;
            query.append_pair("state", word.as_str().unwrap_or_default());
        }
        if let Some(differs) = differs {
            query.append_pair("differs", if differs { "true" } else { "false" });
        }
        let page = Page::read(path, &query.finish(), 1, limit, cursor.as_deref())?;
        Ok((page, filter, moment))
    }
}

impl Filter {
    /// Whether a tracker is wanted, as far as it tells itself.
    pub(super) fn fits(&self, tracker: &domain::Tracker) -> bool {
        self.quarter.is_none_or(|quarter| tracker.quarter == quarter)
            && self.priority.as_ref().is_none_or(|priority| tracker.priority == *priority)
            && self.state.is_none_or(|state| tracker.state() == state)
    }
}

impl TrackerHistoryQuery {
    /// The first and the last quarter, where they were named, and the moment.
    ///
    /// # Errors
    /// 400 where one is no quarter, where they are out of order or too far apart, or for a moment that has not come.
    pub(super) fn read(self) -> Result<(Option<Quarter>, Option<Quarter>, Moment), Problem> {
        let Self { from, to, as_known_at } = self;
        let from = from.map(|from| named("from", &from)).transpose()?;
        let to = to.map(|to| named("to", &to)).transpose()?;
        if let Some((first, last)) = from.zip(to)
            && last < first
        {
            let fault =
                Fault::in_parameter("to", "before_start", "it ends in the quarter it begins, or later");
            return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
        }
        Ok((from, to, past(as_known_at)?))
    }
}

impl TrackerExceptionsQuery {
    /// The quarter and the moment.
    ///
    /// # Errors
    /// 400 for what is no quarter, or a moment that has not come.
    pub(super) fn read(self) -> Result<(Quarter, Moment), Problem> {
        Ok((named("quarter", &self.quarter)?, past(self.as_known_at)?))
    }
}
