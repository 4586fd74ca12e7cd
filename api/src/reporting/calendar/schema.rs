//! The calendar of a plan on the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::calendar::{self, Awaited};
use waymark_domain::status::awaited;
use waymark_domain::text;
use waymark_persistence::measure::MeasureOfPlan;

use super::query::{Asked, AwaitedState};
use crate::http::schema::{Code, Name, Period, Title};
use crate::reporting::status::position::PlanPosition;

/// The calendar of a plan on a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanCalendar {
    /// The plan's code.
    plan: Code,
    /// The date of the position.
    as_at: NaiveDate,
    /// The moment as of which the data were known; null for now.
    as_known_at: Option<DateTime<Utc>>,
    /// The number of results in each state.
    counts: CalendarCounts,
    /// The same for each lead officer, by name; measures without a lead come first.
    #[schema(max_items = 100000)]
    leads: Vec<LeadCounts>,
    /// The measures whose indicator has no frequency, so that no result can be due.
    #[schema(max_items = 100000)]
    unknown: Vec<UnknownMeasure>,
    /// A page of results that are waited for, in the order of the days on which they are due.
    #[schema(max_items = 500)]
    items: Vec<AwaitedResult>,
    /// The path of the next page; null on the last one.
    #[schema(max_length = 4000, nullable = false)]
    next: Option<String>,
}

/// The number of results in each state.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct CalendarCounts {
    /// Results that are there.
    #[schema(minimum = 0, maximum = 100000000)]
    received: usize,
    /// Results whose period has ended, and whose day has not passed.
    #[schema(minimum = 0, maximum = 100000000)]
    due: usize,
    /// Results whose day has passed.
    #[schema(minimum = 0, maximum = 100000000)]
    overdue: usize,
    /// Results whose period has not ended.
    #[schema(minimum = 0, maximum = 100000000)]
    not_due: usize,
    /// Measures whose indicator has no frequency.
    #[schema(minimum = 0, maximum = 100000)]
    unknown: usize,
}

/// The counts of one post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeadCounts {
    /// The lead officer; null for measures without one.
    lead: Option<Name>,
    /// Its counts.
    #[serde(flatten)]
    counts: CalendarCounts,
}

/// A measure whose indicator has no frequency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnknownMeasure {
    /// The measure's code.
    measure: Code,
    /// The indicator's code.
    indicator: Code,
    /// The indicator's title.
    title: Title,
    /// The code of its theme.
    theme: Code,
    /// The post of the officer who leads on it.
    lead: Option<Name>,
}

/// The result of a measure and a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AwaitedResult {
    /// The measure's code.
    measure: Code,
    /// The indicator's code.
    indicator: Code,
    /// The indicator's title.
    title: Title,
    /// The code of its theme.
    theme: Code,
    /// The post of the officer who leads on it.
    lead: Option<Name>,
    /// The period that the result is about.
    period: Period,
    /// The last day of the period.
    period_end: NaiveDate,
    /// The day on which the result is due.
    due_on: NaiveDate,
    /// Its state.
    state: AwaitedState,
    /// Days from the due date to its receipt, or to the date of the position if it is
    /// overdue; 0 if it was received in time, null if it is not late.
    #[schema(minimum = 0, maximum = 200000)]
    days_late: Option<i64>,
    /// The day on which it first came, whatever it was corrected to since; of several components, the last one's.
    received_on: Option<NaiveDate>,
}

impl PlanCalendar {
    /// The page of the calendar that is asked for.
    pub(super) fn of(position: &PlanPosition, asked: &Asked) -> Self {
        let plan = &position.plan;
        let lead_of = |of: &MeasureOfPlan| of.measure.versioned.content.lead.clone();
        let is_wanted = |of: &&MeasureOfPlan| {
            asked.lead.as_ref().is_none_or(|lead| lead_of(of).is_some_and(|own| own.as_str() == lead))
        };
        let mut counts = CalendarCounts::default();
        let mut leads: BTreeMap<Option<text::Name>, CalendarCounts> = BTreeMap::new();
        let (mut unknown, mut items) = (Vec::new(), Vec::new());
        for of in position.measures.iter().filter(is_wanted) {
            let of_lead = leads.entry(lead_of(of)).or_default();
            if of.indicator.versioned.content.frequency.is_none() {
                counts.unknown += 1;
                of_lead.unknown += 1;
                unknown.push(UnknownMeasure::of(of));
            }
            for one in awaited(position.of(of)) {
                if asked.wants(&plan.versioned.content, &one) {
                    counts.count(one.state.into());
                    of_lead.count(one.state.into());
                    items.push((key(of, &one), of, one));
                }
            }
        }
        items.retain(|(key, _, one)| {
            asked.state.is_none_or(|state| state == one.state.into())
                && asked.page.after.as_ref().is_none_or(|after| key > after)
        });
        items.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let next = asked.page.cut(&mut items, |(key, ..)| key.clone());
        Self {
            plan: Code::from(&plan.code),
            as_at: asked.when.as_at,
            as_known_at: asked.when.known_at,
            counts,
            leads: leads.into_iter().map(LeadCounts::from).collect(),
            unknown,
            items: items.iter().map(|(_, of, one)| AwaitedResult::of(of, one)).collect(),
            next,
        }
    }
}

/// Texts that sort as the items do.
fn key(of: &MeasureOfPlan, one: &Awaited) -> Vec<String> {
    vec![one.due.to_string(), of.measure.code.to_string(), one.period.to_string()]
}

impl CalendarCounts {
    fn count(&mut self, state: AwaitedState) {
        let counted = match state {
            AwaitedState::Received => &mut self.received,
            AwaitedState::Due => &mut self.due,
            AwaitedState::Overdue => &mut self.overdue,
            AwaitedState::NotDue => &mut self.not_due,
        };
        *counted += 1;
    }
}

impl From<(Option<text::Name>, CalendarCounts)> for LeadCounts {
    fn from((lead, counts): (Option<text::Name>, CalendarCounts)) -> Self {
        Self { lead: lead.as_ref().map(Name::from), counts }
    }
}

impl UnknownMeasure {
    fn of(of: &MeasureOfPlan) -> Self {
        let measure = &of.measure.versioned.content;
        Self {
            measure: Code::from(&of.measure.code),
            indicator: Code::from(&of.indicator.code),
            title: Title::from(&of.indicator.versioned.content.title),
            theme: Code::from(&measure.theme),
            lead: measure.lead.as_ref().map(Name::from),
        }
    }
}

impl AwaitedResult {
    fn of(of: &MeasureOfPlan, one: &Awaited) -> Self {
        let UnknownMeasure { measure, indicator, title, theme, lead } = UnknownMeasure::of(of);
        let (days_late, received_on) = match one.state {
            calendar::AwaitedState::Received { on, days_late } => (Some(days_late), Some(on)),
            calendar::AwaitedState::Overdue { days_late } => (Some(days_late), None),
            calendar::AwaitedState::Due | calendar::AwaitedState::NotDue => (None, None),
        };
        Self {
            measure,
            indicator,
            title,
            theme,
            lead,
            period: Period::from(one.period),
            period_end: one.period.last_day(),
            due_on: one.due,
            state: one.state.into(),
            days_late,
            received_on,
        }
    }
}
