//! The schema of a plan's calendar.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::calendar::{self, Awaited};
use waymark_domain::status::awaited;
use waymark_domain::text;
use waymark_persistence::measure::MeasureOfPlan;

use super::query::{Asked, AwaitedState, Unscheduled};
use crate::http::list::Page;
use crate::http::problem::Problem;
use crate::http::schema::{Code, Name, Period, Title};
use crate::position::PlanPosition;

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
    /// The path of the list of measures whose indicator has no frequency, so that no result can be due.
    #[schema(max_length = 4000)]
    unscheduled: String,
    /// A page of awaited results, by due date.
    #[schema(max_items = 500)]
    items: Vec<AwaitedResult>,
    /// The path of the next page; null on the last one.
    #[schema(max_length = 4000, nullable = false)]
    next: Option<String>,
}

/// The number of results in each state.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct CalendarCounts {
    /// Received results.
    #[schema(minimum = 0, maximum = 100000000)]
    received: usize,
    /// Results whose period has ended and whose due date has not passed.
    #[schema(minimum = 0, maximum = 100000000)]
    due: usize,
    /// Results whose due date has passed.
    #[schema(minimum = 0, maximum = 100000000)]
    overdue: usize,
    /// Results whose period has not ended.
    #[schema(minimum = 0, maximum = 100000000)]
    not_due: usize,
    /// Measures whose indicator has no frequency.
    #[schema(minimum = 0, maximum = 100000)]
    unscheduled: usize,
}

/// The counts of one lead officer.
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
pub(crate) struct UnscheduledMeasure {
    /// The measure's code.
    measure: Code,
    /// The indicator's code.
    indicator: Code,
    /// The indicator's title.
    title: Title,
    /// The code of its theme.
    theme: Code,
    /// Its lead officer.
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
    /// Its lead officer.
    lead: Option<Name>,
    /// The period of the result.
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
    /// The day on which it was first received, before any correction; for several components, that of the last one.
    received_on: Option<NaiveDate>,
}

/// A page of the measures whose indicator has no frequency, by code.
pub(crate) type UnscheduledMeasurePage = Page<UnscheduledMeasure>;

/// The selected page of the measures whose indicator has no frequency.
pub(super) fn unscheduled(
    position: &PlanPosition,
    asked: &Unscheduled,
) -> Result<UnscheduledMeasurePage, Problem> {
    let after = asked.page.code_after()?;
    let mut found: Vec<&MeasureOfPlan> = position.measures.iter().collect();
    found.retain(|of| {
        let lead = of.measure.versioned.content.lead.as_ref();
        of.indicator.versioned.content.frequency.is_none()
            && asked.lead.as_ref().is_none_or(|wanted| lead.is_some_and(|lead| lead.as_str() == wanted))
            && after.as_ref().is_none_or(|after| of.measure.code > *after)
    });
    found.sort_by(|a, b| a.measure.code.cmp(&b.measure.code));
    let next = asked.page.cut(&mut found, |of| vec![of.measure.code.to_string()]);
    Ok(Page { items: found.into_iter().map(UnscheduledMeasure::of).collect(), next })
}

impl PlanCalendar {
    /// The selected page of the calendar.
    pub(super) fn of(position: &PlanPosition, asked: &Asked) -> Self {
        let plan = &position.plan;
        let lead_of = |of: &MeasureOfPlan| of.measure.versioned.content.lead.clone();
        let is_wanted = |of: &&MeasureOfPlan| {
            asked.lead.as_ref().is_none_or(|lead| lead_of(of).is_some_and(|own| own.as_str() == lead))
        };
        let mut counts = CalendarCounts::default();
        let mut leads: BTreeMap<Option<text::Name>, CalendarCounts> = BTreeMap::new();
        let mut items = Vec::new();
        for of in position.measures.iter().filter(is_wanted) {
            let of_lead = leads.entry(lead_of(of)).or_default();
            if of.indicator.versioned.content.frequency.is_none() {
                counts.unscheduled += 1;
                of_lead.unscheduled += 1;
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
            unscheduled: asked.unscheduled.clone(),
            items: items.iter().map(|(_, of, one)| AwaitedResult::of(of, one)).collect(),
            next,
        }
    }
}

/// Text that sorts as the items do.
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

impl UnscheduledMeasure {
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
        let UnscheduledMeasure { measure, indicator, title, theme, lead } = UnscheduledMeasure::of(of);
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
