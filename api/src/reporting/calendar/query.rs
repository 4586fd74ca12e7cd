//! The parameters of a calendar.

use chrono::{DateTime, NaiveDate, Utc};
use form_urlencoded::Serializer;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use waymark_domain::calendar;
use waymark_domain::plan::Plan;

use crate::http::page::Page;
use crate::http::problem::{Fault, Kind, Problem};
use crate::position::{When, when};

/// Which date, which days, whose measures, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarQuery {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// The moment as of which the data were known. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
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
    /// Items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// The cursor of the `next` link of the previous page.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
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

/// Which date, whose measures, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnscheduledQuery {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// The moment as of which the data were known. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// Only measures with this lead officer.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    lead: Option<String>,
    /// Items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// The cursor of the `next` link of the previous page.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
}

/// The selection of measures whose indicator has no frequency.
#[derive(Clone)]
pub(super) struct Unscheduled {
    pub(super) when: When,
    pub(super) lead: Option<String>,
    pub(super) page: Page,
}

impl UnscheduledQuery {
    /// Converts to the selection for the list at `path`.
    pub(super) fn read(self, path: &str) -> Result<Unscheduled, Problem> {
        let Self { as_at, as_known_at, lead, limit, cursor } = self;
        let when = when("as_known_at", as_at, as_known_at, None)?;
        let filter = filter_of(when.as_at, as_known_at, lead.as_deref());
        let page = Page::read(path, &filter, 1, limit, cursor.as_deref())?;
        Ok(Unscheduled { when, lead, page })
    }
}

/// The part of a query string that the calendar and its unscheduled measures share.
fn filter_of(as_at: NaiveDate, as_known_at: Option<DateTime<Utc>>, lead: Option<&str>) -> String {
    let mut filter = Serializer::new(String::new());
    filter.append_pair("as_at", &as_at.to_string());
    if let Some(moment) = as_known_at {
        filter.append_pair("as_known_at", &moment.to_rfc3339());
    }
    if let Some(lead) = lead {
        filter.append_pair("lead", lead);
    }
    filter.finish()
}

/// Parts of the key of an item: the day on which it is due, the measure's code, the period.
const KEY_PARTS: usize = 3;

impl CalendarQuery {
    /// Converts to the selection for the calendar at `path`.
    pub(super) fn read(self, path: &str) -> Result<Asked, Problem> {
        let Self { as_at, as_known_at, from, to, lead, state, limit, cursor } = self;
        let when = when("as_known_at", as_at, as_known_at, None)?;
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            let fault =
                Fault::in_parameter("from", "after_end", "the earlier date must not be after the later one");
            return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
        }
        let mut filter = Serializer::new(String::new());
        let days = [("as_at", Some(when.as_at)), ("from", from), ("to", to)];
        let days = days.into_iter().filter_map(|(name, day)| Some((name, day?.to_string())));
        let others = [
            ("as_known_at", as_known_at.map(|moment| moment.to_rfc3339())),
            ("lead", lead.clone()),
            ("state", state.map(|state| state.word().to_owned())),
        ];
        filter.extend_pairs(days);
        filter.extend_pairs(others.into_iter().filter_map(|(name, text)| Some((name, text?))));
        let page = Page::read(path, &filter.finish(), KEY_PARTS, limit, cursor.as_deref())?;
        let unscheduled =
            format!("{path}/unscheduled?{}", filter_of(when.as_at, as_known_at, lead.as_deref()));
        Ok(Asked { when, from, to, lead, state, page, unscheduled })
    }
}

impl Asked {
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

impl AwaitedState {
    fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::NotDue => "not_due",
        }
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
