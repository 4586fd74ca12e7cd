//! The gaps of a framework: what is missing before a plan can be judged whole.

use crate::framework::indicator::Indicator;
use crate::framework::measure::Line;
use crate::framework::target::{Baseline, Target};
use crate::framework::trajectory::Trajectory;
use crate::rating::status::{Position, Received, in_order};
use crate::text::Name;
use crate::time::period::day_in_words;
use chrono::NaiveDate;

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapKind {
    /// There are results and no target to judge them by. The reports show these in blue.
    NoTarget,
    /// The target was set for another method of measuring than the one in force.
    ResetAfterMethodChange,
    /// The day by which the target should have been looked at again has passed.
    ReviewOverdue,
    /// No one leads on the measure.
    NoLead,
}

crate::named!(GapKind {
    NoTarget = "no_target",
    ResetAfterMethodChange = "reset_after_method_change",
    ReviewOverdue = "review_overdue",
    NoLead = "no_lead",
});

/// One gap of one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap<'a> {
    /// The component whose line it is; none for the whole, or the measure.
    pub component: Option<&'a Name>,
    /// What is missing.
    pub kind: GapKind,
    /// The day since which it has been missing, where that is known.
    pub since: Option<NaiveDate>,
    /// Why it is a gap, in a sentence. It names no result.
    pub why: String,
}

/// The gaps of a measure at the date of a position, by kind within each component.
pub fn gaps<'a>(position: Position<'a>) -> Vec<Gap<'a>> {
    let results = in_order(position);
    let no_line = Line::default();
    let mut found = Vec::new();
    for component in components(position, &results) {
        let line = position.measure.line(component).unwrap_or(&no_line);
        let own: Vec<&Received> = results
            .iter()
            .copied()
            .filter(|received| line_of(position, received.result.component.as_ref()) == component)
            .collect();
        let of_line = [
            no_target(line, &own),
            reset(line, &own, position.indicator, position.as_at),
            review_overdue(line, position.as_at),
        ];
        let gap = |(kind, (since, why))| Gap { component, kind, since, why };
        let kinds = GapKind::ALL.into_iter().zip(of_line);
        found.extend(kinds.filter_map(|(kind, reason)| Some((kind, reason?))).map(gap));
    }
    if position.measure.lead.is_none() {
        let why = "No one is named as the lead of this measure.".to_owned();
        found.push(Gap { component: None, kind: GapKind::NoLead, since: None, why });
    }
    found
}

/// Since when, and why.
type Reason = (Option<NaiveDate>, String);

/// The component whose line a result belongs to: its own where it has one, or where there is no line for the whole.
fn line_of<'a>(position: Position<'a>, component: Option<&'a Name>) -> Option<&'a Name> {
    match position.measure.line(component) {
        Some(line) => line.component.as_ref(),
        None => component,
    }
}

/// One for each line, and one for each component with results that has none.
fn components<'a>(position: Position<'a>, results: &[&'a Received]) -> Vec<Option<&'a Name>> {
    let of_lines = position.measure.lines.iter().map(|line| line.component.as_ref());
    let of_results = results.iter().map(|received| line_of(position, received.result.component.as_ref()));
    let mut components: Vec<Option<&Name>> = Vec::new();
    for component in of_lines.chain(of_results) {
        if !components.contains(&component) {
            components.push(component);
        }
    }
    components
}

/// Results without a target, since the first of them came about.
fn no_target(line: &Line, results: &[&Received]) -> Option<Reason> {
    let first = results.first()?.result.period.last_day();
    let why = match (&line.target, &line.trajectory) {
        (Some(Target::Set { .. } | Target::Unread { .. }), _) => return None,
        (None, Trajectory::Milestones(_) | Trajectory::YearlyStep { .. } | Trajectory::Profile(_)) => {
            return None;
        }
        (Some(Target::ToBeSet { reason }), _) => {
            let reason = reason.as_str().trim_end_matches('.');
            format!("There are results and no target, of which is said: {reason}.")
        }
        (None, Trajectory::Linear) => "There are results and no target.".to_owned(),
    };
    Some((Some(first), why))
}

/// A target of another method than the one in force on the day, or than that of the latest result; or one of which
/// it is said that it is to be reset.
fn reset(line: &Line, results: &[&Received], indicator: &Indicator, day: NaiveDate) -> Option<Reason> {
    let of_result = results.last().map(|received| received.result.definition_version);
    let now = of_result.unwrap_or(1).max(indicator.version_on(day));
    let since =
        indicator.versions.iter().find(|version| version.number == now).and_then(|version| version.from);
    if let Some(Target::ToBeSet { reason }) = &line.target {
        let why = || {
            let reason = reason.as_str().trim_end_matches('.');
            format!("The target does not count after a change of method: {reason}.")
        };
        return says_reset(reason.as_str()).then(|| (since, why()));
    }
    let set_for = set_for(line)?;
    let why =
        || format!("The target was set for method {set_for} of the indicator, and method {now} counts now.");
    (set_for < now).then(|| (since, why()))
}

/// The number of the definition version that the target of a line was set for: the one in force when it was agreed,
/// else that of the baseline that it was set against, as far as that is known.
fn set_for(line: &Line) -> Option<u32> {
    let of_baseline = match &line.baseline {
        Some(Baseline::Known { definition_version, .. }) => Some(*definition_version),
        Some(Baseline::Unread { .. }) | None => None,
    };
    match (&line.target, &line.trajectory) {
        (Some(Target::Set { origin: Some(origin), .. }), _) => Some(origin.definition_version),
        (Some(Target::Set { origin: None, .. }), _) => of_baseline,
        (None, Trajectory::Milestones(_) | Trajectory::YearlyStep { .. } | Trajectory::Profile(_)) => {
            of_baseline
        }
        (Some(Target::ToBeSet { .. } | Target::Unread { .. }), _) | (None, Trajectory::Linear) => None,
    }
}

/// Whether people say of a target that it is to be set again: `To be reset following change in method`, `Method of
/// calculation revised, target to be set`.
fn says_reset(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    says(&["reset", "re-set"]) || (says(&["method", "definition"]) && says(&["chang", "revis"]))
}

fn review_overdue(line: &Line, day: NaiveDate) -> Option<Reason> {
    let Some(Target::Set { review_on: Some(review), .. }) = &line.target else { return None };
    let why = || format!("The target was to be looked at again by {}.", day_in_words(*review));
    (*review < day).then(|| (Some(*review), why()))
}

#[cfg(test)]
mod tests;
