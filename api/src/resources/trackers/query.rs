//! The parameters of trackers: which one, which page, which quarters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;
use waymark_domain::code::Code;
use waymark_domain::tracker::{self as domain, Quarter};
use waymark_persistence::Connection;
use waymark_persistence::plan_item::Filed;

use super::item::key;
use super::ratings::Ratings;
use super::schema;
use crate::http::known::{Moment, past};
use crate::http::params::PathCode;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::TrackerState;
use crate::http::validation::Coded;
use crate::workflow::filter::known_priority;
use crate::workflow::item::ItemPath;
use crate::workflow::read::Filter;
use crate::workflow::scope::PlanScope;

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

/// A quarter in a path. Any other text is 404.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathQuarter(Quarter);

/// Which trackers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackerFilter {
    /// Only trackers of this quarter.
    #[param(value_type = super::schema::Quarter, required = false)]
    quarter: Option<String>,
    /// Only trackers of this priority.
    #[param(value_type = crate::http::schema::Code, required = false)]
    priority: Option<PathCode>,
    /// Only trackers in this state.
    #[param(nullable = false, inline)]
    state: Option<TrackerState>,
    /// Only trackers whose status differs (`true`) or does not differ (`false`) from the suggested one.
    #[param(nullable = false)]
    differs: Option<bool>,
}

/// Which trackers are wanted.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    quarter: Option<Quarter>,
    priority: Option<Code>,
    state: Option<domain::State>,
    /// Whether the status differs.
    differs: Option<bool>,
}

/// The first and the last quarter, if they were given.
pub(super) type Ends = (Option<Quarter>, Option<Quarter>);

/// Which quarters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackerHistoryQuery {
    /// The first quarter. Defaults to the one in which the plan begins, but at most 40 quarters up to the last.
    #[param(value_type = super::schema::Quarter, required = false)]
    from: Option<String>,
    /// The last quarter, at most 40 quarters from the first. Defaults to the current one, or to the one in which the plan
    /// ends if it has ended.
    #[param(value_type = super::schema::Quarter, required = false)]
    to: Option<String>,
    /// What was known at this moment. Defaults to now.
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
    /// What was known at this moment. Defaults to now.
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

impl From<TrackerPath> for ItemPath {
    fn from(path: TrackerPath) -> Self {
        let TrackerPath { organisation, plan, priority, quarter } = path;
        Self { plan: (organisation.0, plan.0), key: key(&priority.0, quarter.0) }
    }
}

impl TrackerFilter {
    /// # Errors
    /// 400 for a value that is not a quarter.
    pub(super) fn read(self) -> Result<Wanted, Problem> {
        let Self { quarter, priority, state, differs } = self;
        Ok(Wanted {
            quarter: quarter.map(|quarter| named("quarter", &quarter)).transpose()?,
            priority: priority.map(|priority| priority.0),
            state: state.map(Into::into),
            differs,
        })
    }
}

impl Filter<domain::Tracker> for Wanted {
    fn check(
        &self,
        _: &mut Connection,
        scope: &PlanScope,
        _: Moment,
        _: &[Filed<domain::Tracker>],
    ) -> Result<(), Problem> {
        self.priority.as_ref().map_or(Ok(()), |priority| known_priority(scope, priority))
    }

    fn selects(&self, item: &Filed<domain::Tracker>, _: &Ratings) -> bool {
        let tracker = &item.versioned.content;
        self.quarter.is_none_or(|quarter| tracker.quarter == quarter)
            && self.priority.as_ref().is_none_or(|priority| tracker.priority == *priority)
            && self.state.is_none_or(|state| tracker.state() == state)
    }

    fn selects_view(&self, view: &schema::Tracker) -> bool {
        self.differs.is_none_or(|differs| differs == view.differs())
    }
}

impl TrackerHistoryQuery {
    /// The first and the last quarter, if they were given, and the moment.
    ///
    /// # Errors
    /// 400 for a value that is not a quarter, for a last quarter before the first, or for a moment in the future.
    pub(super) fn read(self) -> Result<(Ends, Moment), Problem> {
        let Self { from, to, as_known_at } = self;
        let from = from.map(|from| named("from", &from)).transpose()?;
        let to = to.map(|to| named("to", &to)).transpose()?;
        if let Some((first, last)) = from.zip(to)
            && last < first
        {
            let fault = Fault::in_parameter(
                "to",
                "before_start",
                "the last quarter is before the first: `to` must not be before `from`",
            );
            return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
        }
        Ok(((from, to), past(as_known_at)?))
    }
}

impl TrackerExceptionsQuery {
    /// The quarter and the moment.
    ///
    /// # Errors
    /// 400 for a value that is not a quarter, or a moment in the future.
    pub(super) fn read(self) -> Result<(Quarter, Moment), Problem> {
        Ok((named("quarter", &self.quarter)?, past(self.as_known_at)?))
    }
}
