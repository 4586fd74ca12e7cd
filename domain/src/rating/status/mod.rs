//! The status of one measure at one date: its rating and why, its direction, its forecast, how fresh it is.

use crate::disclosure::is_small;
use crate::framework::indicator::Indicator;
use crate::framework::measure::{Composite, Measure};
use crate::framework::observation::Observation;
use crate::framework::plan::Plan;
use crate::framework::target::{Baseline, Target};
use crate::rating::calendar;
use crate::rating::calendar::{Arrival, Awaited, Freshness};
use crate::rating::direction::{Forecast, Travel};
use crate::rating::judgement::{Judgement, JudgementKind, standing_on};
use crate::rating::{Case, Colour, Explanation, NoRating, Rating, Rule, direction, rate};
use crate::text::Name;
use chrono::NaiveDate;
use std::cmp::Reverse;

mod alone;

pub use alone::{is_later, rating};

/// A result and how it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The result.
    pub result: Observation,
    /// The day on which the service learned of it.
    pub on: NaiveDate,
    /// Whether it is suppressed where a caller may not see small counts ([`crate::disclosure::suppressed`]).
    pub is_suppressed: bool,
}

/// All that the status of one measure is made of.
#[derive(Debug, Clone, Copy)]
pub struct Position<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The indicator that is measured.
    pub indicator: &'a Indicator,
    /// The measure.
    pub measure: &'a Measure,
    /// Its results, of any period and component; those that end after `as_at` or belong to another breakdown are
    /// passed over.
    pub results: &'a [Received],
    /// What officers have said of it, in the order in which they said it.
    pub judgements: &'a [Judgement],
    /// The date of the position.
    pub as_at: NaiveDate,
    /// The date of the report before this one, where results that are not newer are distinguished.
    pub previous_report: Option<NaiveDate>,
}

/// The status of one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status<'a> {
    /// The computed rating; of several parts, what the measure's rule makes of them.
    pub computed: Rating,
    /// Each part that was rated by itself: one without component, or one for each component.
    pub parts: Vec<Part<'a>>,
    /// The part that decided.
    pub decisive: Part<'a>,
    /// An officer's override that stands on this day.
    pub overridden: Option<&'a Judgement>,
    /// An officer's prediction of the year-end that stands on this day.
    pub predicted: Option<&'a Judgement>,
    /// How fresh its results are.
    pub freshness: Freshness,
}

/// One part of a measure: its result, its rating and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// The component, if the measure has several.
    pub component: Option<&'a Name>,
    /// The target that it is judged by, or what stands in its place.
    pub target: Option<&'a Target>,
    /// The rating and why.
    pub explanation: Explanation,
    /// The latest result.
    pub latest: Option<&'a Received>,
    /// The direction of travel, where there is something to compare with.
    pub travel: Option<Travel>,
    /// The year-end that the trend points to, where there is one.
    pub forecast: Option<Forecast>,
    /// Whether a number that is reported of it would reveal one that is suppressed.
    pub is_suppressed: bool,
}

impl Status<'_> {
    /// The rating to be shown: an officer's override, else the computed one.
    pub fn rating(&self) -> Rating {
        self.overridden.map_or(self.computed, |judgement| Rating::Judged(judgement.rating))
    }
}

/// Works out the status of a measure. `threshold` is the organisation's threshold of small counts.
pub fn status(position: Position<'_>, threshold: u32) -> Status<'_> {
    let results = in_order(position);
    let latest = latest_of_each(position.measure, &results);
    let freshness = calendar::freshness(position.indicator, position.plan.span, latest, position.as_at);
    let parts: Vec<Part<'_>> = components(position.measure, &results)
        .into_iter()
        .map(|component| part(position, component, &results, freshness, threshold))
        .collect();
    let decisive = decisive(&position.measure.composite, &parts)
        .cloned()
        .unwrap_or_else(|| part(position, None, &results, freshness, threshold));
    let stands = |kind| standing_on(position.judgements, kind, position.as_at);
    Status {
        computed: decisive.explanation.rating(),
        parts,
        decisive,
        overridden: stands(JudgementKind::Override),
        predicted: stands(JudgementKind::Prediction),
        freshness,
    }
}

/// Every period that the plan waits for a result of this measure for, and how it stands.
pub fn awaited(position: Position<'_>) -> Vec<Awaited> {
    let parts = arrivals(position.measure, &in_order(position));
    calendar::awaited(position.indicator, position.plan.span, &parts, position.as_at)
}

/// What came of each part that is waited for.
fn arrivals(measure: &Measure, results: &[&Received]) -> Vec<Vec<Arrival>> {
    let arrival = |received: &&Received| Arrival { of: received.result.period.last_day(), on: received.on };
    waited_for(measure)
        .map(|part| results.iter().filter(|received| is_of(part, received)).map(arrival).collect())
        .collect()
}

/// The last day that a result of every part is about; none where a part has none. The results are in order.
fn latest_of_each(measure: &Measure, results: &[&Received]) -> Option<NaiveDate> {
    let latest = |part| results.iter().rev().find(|received| is_of(part, received));
    // Of days and none, none is the least.
    waited_for(measure).map(|part| latest(part).map(|latest| latest.result.period.last_day())).min().flatten()
}

/// The parts that are waited for: each component that has a line, else anything.
fn waited_for(measure: &Measure) -> impl Iterator<Item = Option<&Name>> {
    let named = || measure.lines.iter().filter_map(|line| line.component.as_ref());
    named().map(Some).chain(named().next().is_none().then_some(None))
}

fn is_of(part: Option<&Name>, received: &Received) -> bool {
    part.is_none() || received.result.component.as_ref() == part
}

/// The results that count, by the last day of their periods. Of two that end on one day the longer one counts as the
/// later: the figure of a year says more than that of its last day.
pub(crate) fn in_order<'a>(position: Position<'a>) -> Vec<&'a Received> {
    let counts = |received: &&Received| {
        received.result.breakdown == position.measure.breakdown
            && received.result.period.last_day() <= position.as_at
    };
    let mut results: Vec<&Received> = position.results.iter().filter(counts).collect();
    results.sort_by_cached_key(|received| {
        let period = received.result.period;
        (period.last_day(), Reverse(period.first_day()), period)
    });
    results
}

/// The parts to rate: the components that have a line or a result, else the whole.
fn components<'a>(measure: &'a Measure, results: &[&'a Received]) -> Vec<Option<&'a Name>> {
    let named = measure.lines.iter().map(|line| line.component.as_ref()).filter(Option::is_some);
    let mut components: Vec<Option<&Name>> = Vec::new();
    for component in named.chain(results.iter().map(|received| received.result.component.as_ref())) {
        if !components.contains(&component) {
            components.push(component);
        }
    }
    if components.is_empty() { vec![None] } else { components }
}

fn part<'a>(
    position: Position<'a>,
    component: Option<&'a Name>,
    results: &[&'a Received],
    freshness: Freshness,
    threshold: u32,
) -> Part<'a> {
    let own: Vec<&Received> =
        results.iter().copied().filter(|received| received.result.component.as_ref() == component).collect();
    let latest = own.last().copied();
    let no_line = crate::framework::measure::Line::default();
    let line = position.measure.line(component).unwrap_or(&no_line);
    let case = Case {
        plan: position.plan.span,
        scheme: &position.plan.scheme,
        indicator: position.indicator,
        line,
        result: latest.map(|received| &received.result),
    };
    let explanation = with_calendar(rate(case), position, latest, freshness);
    let earlier: Vec<&Observation> =
        own.iter().rev().skip(1).rev().map(|received| &received.result).collect();
    let polarity = explanation.polarity.map(|(polarity, _)| polarity).or(position.indicator.polarity);
    let travel = latest.and_then(|latest| {
        direction::travel(position.indicator, polarity, explanation.goal, &latest.result, &earlier)
    });
    let forecast =
        latest.and_then(|latest| direction::forecast(case, &latest.result, &earlier, position.as_at));
    let baseline = match &line.baseline {
        Some(Baseline::Known { value, .. }) => Some(*value),
        Some(Baseline::Unread { .. }) | None => None,
    };
    let small_baseline = baseline.is_some_and(|value| is_small(value, position.indicator.unit, threshold));
    let is_suppressed = small_baseline || own.iter().any(|received| received.is_suppressed);
    let target = position.measure.line(component).and_then(|line| line.target.as_ref());
    Part { component, target, explanation, latest, travel, forecast, is_suppressed }
}

/// What the calendar has to say: nothing is due yet, or nothing is new.
fn with_calendar(
    explanation: Explanation,
    position: Position<'_>,
    latest: Option<&Received>,
    freshness: Freshness,
) -> Explanation {
    let old_news = |received: &Received| position.previous_report.is_some_and(|report| received.on <= report);
    match (explanation.rating(), latest, freshness) {
        (Rating::None(NoRating::NoData), None, Freshness::NotDue { .. }) => {
            explanation.stopped_by(Rule::NotDueYet)
        }
        (Rating::Judged(_), Some(received), _) if old_news(received) => {
            explanation.stopped_by(Rule::NothingNew)
        }
        _ => explanation,
    }
}

/// The part whose rating is the measure's.
fn decisive<'p, 'a>(composite: &Composite, parts: &'p [Part<'a>]) -> Option<&'p Part<'a>> {
    let weight = |part: &&Part<'_>| gravity(part.explanation.rating());
    match composite {
        // Of parts that are alike the first one counts.
        Composite::Worst => parts.iter().rev().max_by_key(weight),
        Composite::Best => parts.iter().min_by_key(|part| (weight(part) < JUDGED, weight(part))),
        Composite::Headline(name) => parts.iter().find(|part| part.component == Some(name)),
    }
}

/// Ratings of at least this gravity are judgements, or a result that defies one.
const JUDGED: u8 = 5;

/// How much a part's rating weighs. A part that cannot be judged outweighs green and amber, because it may be red.
fn gravity(rating: Rating) -> u8 {
    match rating {
        Rating::None(NoRating::NotDue) => 0,
        Rating::None(NoRating::NoData) => 1,
        Rating::None(NoRating::NoTarget) => 2,
        Rating::None(NoRating::NoNewData) => 3,
        Rating::None(NoRating::BaselineYear) => 4,
        Rating::Judged(Colour::Green) => JUDGED,
        Rating::Judged(Colour::Amber) => 6,
        Rating::None(NoRating::NotRateable) => 7,
        Rating::Judged(Colour::Red) => 8,
    }
}

#[cfg(test)]
mod tests;
