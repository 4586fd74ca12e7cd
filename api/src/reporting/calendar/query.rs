//! The parameters of a calendar.

use chrono::NaiveDate;
use form_urlencoded::Serializer;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use waymark_domain::calendar;
use waymark_domain::plan::Plan;

use crate::http::list::List;
use crate::http::page::Page;
use crate::http::problem::{Fault, Kind, Problem};
use crate::position::When;

/// Which date, which days, and whose measures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarFilter {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// Only results due on this day or later.
    #[param(nullable = false)]
    from: Option<NaiveDate>,
    /// Only results due on this day or earlier.
    #[param(nullable = false)]
    to: Option<NaiveDate>,
    /// Only measures with this lead officer.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    lead: Option<String>,
    /// Only results in this state.
    #[param(nullable = false, inline)]
    state: Option<AwaitedState>,
}

/// The state of a result that is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AwaitedState {
    /// It was received.
    Received,
    /// The period has ended, and the due date has not passed.
    Due,
    /// The due date has passed.
    Overdue,
    /// The period has not ended.
    NotDue,
}

/// The selection.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) when: When,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    pub(super) lead: Option<String>,
    pub(super) state: Option<AwaitedState>,
    pub(super) page: Page,
    /// The path of the measures whose indicator has no frequency.
    pub(super) unscheduled: String,
}

/// Which date, and whose measures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnscheduledFilter {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// Only measures with this lead officer.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    lead: Option<String>,
}

/// The selection of measures whose indicator has no frequency.
#[derive(Clone)]
pub(super) struct Unscheduled {
    pub(super) when: When,
    pub(super) lead: Option<String>,
    pub(super) page: Page,
}

impl Unscheduled {
    /// # Errors
    /// 400 for a bad cursor.
    pub(super) fn read(list: List<UnscheduledFilter>) -> Result<Self, Problem> {
        let when = When::of(list.filter.as_at, list.moment());
        let page = list.page_with(1, &[("as_at", &when.as_at.to_string())])?;
        Ok(Self { when, lead: list.filter.lead, page })
    }
}

/// Parts of the key of an item: the day on which it is due, the measure's code, the period.
const KEY_PARTS: usize = 3;

impl Asked {
    /// The selection of the calendar at `path`.
    ///
    /// # Errors
    /// 400 for a bad cursor, or a window that ends before it begins.
    pub(super) fn read(list: List<CalendarFilter>, path: &str) -> Result<Self, Problem> {
        let when = When::of(list.filter.as_at, list.moment());
        let page = list.page_with(KEY_PARTS, &[("as_at", &when.as_at.to_string())])?;
        let CalendarFilter { as_at: _, from, to, lead, state } = list.filter;
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            let fault =
                Fault::in_parameter("from", "after_end", "the earlier date must not be after the later one");
            return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
        }
        let mut filter = Serializer::new(String::new());
        filter.append_pair("as_at", &when.as_at.to_string());
        if let Some(moment) = when.known_at {
            filter.append_pair("as_known_at", &moment.to_rfc3339());
        }
        if let Some(lead) = &lead {
            filter.append_pair("lead", lead);
        }
        let unscheduled = format!("{path}/unscheduled?{}", filter.finish());
        Ok(Self { when, from, to, lead, state, page, unscheduled })
    }

    /// Whether this is in the window: due between the given dates, or else overdue or due in the plan's reporting cycle.
    pub(super) fn wants(&self, plan: &Plan, awaited: &calendar::Awaited) -> bool {
        if self.from.is_some() || self.to.is_some() {
            return self.from.is_none_or(|from| awaited.due >= from)
                && self.to.is_none_or(|to| awaited.due <= to);
        }
        let cycle = plan.reporting_cycle.period_of(self.when.as_at);
        AwaitedState::from(awaited.state) == AwaitedState::Overdue
            || cycle.is_ok_and(|cycle| cycle.contains(awaited.due))
    }
}

impl From<calendar::AwaitedState> for AwaitedState {
    fn from(state: calendar::AwaitedState) -> Self {
        match state {
            calendar::AwaitedState::Received { .. } => Self::Received,
            calendar::AwaitedState::Due => Self::Due,
            calendar::AwaitedState::Overdue { .. } => Self::Overdue,
            calendar::AwaitedState::NotDue => Self::NotDue,
        }
    }
}
