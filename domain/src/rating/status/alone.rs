//! The rating of a measure without all else that its status reports: what a push has to know of many measures at once.

use std::cmp::Reverse;

use super::{JUDGED, Position, Received, arrivals, components, gravity, in_order, with_calendar};
use crate::framework::measure::{Composite, Line};
use crate::framework::observation::Observation;
use crate::rating::calendar;
use crate::rating::calendar::Freshness;
use crate::rating::judgement::{JudgementKind, standing_on};
use crate::rating::{Case, Rating, rate};
use crate::text::Name;

/// The rating that [`super::status`] reports. Of each component only the latest result counts ([`is_later`]), so the
/// position may leave out the others.
pub fn rating(position: Position<'_>) -> Rating {
    if let Some(judgement) = standing_on(position.judgements, JudgementKind::Override, position.as_at) {
        return Rating::Judged(judgement.rating);
    }
    let results = in_order(position);
    let components = components(position.measure, &results);
    let of = |component| of_part(position, component, &results);
    let ratings = components.iter().map(|component| of(*component));
    let decisive = match &position.measure.composite {
        Composite::Worst => ratings.max_by_key(|rating| gravity(*rating)),
        Composite::Best => ratings.min_by_key(|rating| (gravity(*rating) < JUDGED, gravity(*rating))),
        Composite::Headline(name) => components.contains(&Some(name)).then(|| of(Some(name))),
    };
    decisive.unwrap_or_else(|| of(None))
}

/// Whether a result comes after another one of the same component and breakdown, or takes its place.
pub fn is_later(result: &Observation, than: &Observation) -> bool {
    let place = |of: &Observation| (of.period.last_day(), Reverse(of.period.first_day()), of.period);
    place(result) >= place(than)
}

fn of_part(position: Position<'_>, component: Option<&Name>, results: &[&Received]) -> Rating {
    let own = |received: &&&Received| received.result.component.as_ref() == component;
    let latest = results.iter().rev().find(own).copied();
    let no_line = Line::default();
    let explanation = rate(Case {
        plan: position.plan.span,
        scheme: &position.plan.scheme,
        indicator: position.indicator,
        line: position.measure.line(component).unwrap_or(&no_line),
        result: latest.map(|received| &received.result),
    });
    // How fresh the results are makes a difference only where there is none.
    let freshness = match latest {
        Some(_) => Freshness::Current,
        None => {
            let latest = calendar::latest(&arrivals(position.measure, results));
            calendar::freshness(position.indicator, position.plan.span, latest, position.as_at)
        }
    };
    with_calendar(explanation, position, latest, freshness).rating()
}
