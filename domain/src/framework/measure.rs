//! Measures: an indicator's place in a plan, with its baseline, target and trajectory.

use crate::code::Code;
use crate::framework::departure::Departure;
use crate::framework::indicator::{Breakdown, Indicator};
use crate::framework::plan::Plan;
use crate::framework::target::{Baseline, Condition, Target};
use crate::framework::trajectory::{MOST_POINTS, Point, Trajectory};
use crate::number::value::Value;
use crate::text::{Name, Note};
use chrono::NaiveDate;
use std::collections::HashSet;

/// What a plan promises of one indicator, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The theme under which it stands.
    pub theme: Code,
    /// The priority under that theme, if any.
    pub priority: Option<Code>,
    /// The category of a breakdown that it measures; none for the whole.
    pub breakdown: Option<Breakdown>,
    /// The post of the officer who leads on it.
    pub lead: Option<Name>,
    /// The post to ask.
    pub contact: Option<Name>,
    /// Baseline, target and trajectory: one line for the whole, or one for each component, or both.
    pub lines: Vec<Line>,
    /// How the ratings of several components make one.
    pub composite: Composite,
    /// What else is said of it.
    pub note: Option<Note>,
    /// When and why it left the plan, in the order in which that was decided. Only decisions add to them.
    pub departures: Vec<Departure>,
}

/// Baseline, target and trajectory of a measure or of one of its components.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The component; none for the whole, and for every component without a line of its own.
    pub component: Option<Name>,
    /// Where it set out from.
    pub baseline: Option<Baseline>,
    /// What was promised.
    pub target: Option<Target>,
    /// The way between the two.
    pub trajectory: Trajectory,
}

/// How the ratings of several components make one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Composite {
    /// The worst part counts.
    #[default]
    Worst,
    /// The best part counts.
    Best,
    /// One part counts.
    Headline(Name),
}

/// What is wrong with a measure as a whole, or with its place in its plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeasureError {
    /// The plan has no such theme.
    #[error("the plan has no theme {0}")]
    UnknownTheme(Code),
    /// The plan has no such priority under the measure's theme.
    #[error("the plan has no priority {0} under the measure's theme")]
    UnknownPriority(Code),
    /// The indicator has no such breakdown.
    #[error("the indicator has no breakdown {0}")]
    UnknownBreakdown(Breakdown),
    /// The indicator has no such component.
    #[error("the indicator has no component {0}")]
    UnknownComponent(Name),
    /// Two lines for one component, or none at all.
    #[error("a measure has one line for the whole or at most one for each component")]
    Lines,
    /// Points of a trajectory that are missing, too many or out of order.
    #[error("a trajectory of points has 1 to {MOST_POINTS} of them, each ending later than the one before")]
    Points,
    /// A target that depends on a trajectory that has no end of its own.
    #[error("only milestones, a yearly step or a profile have a last value that can be the target")]
    EndOfTrajectory,
    /// A range whose low bound is above its high one, or that cannot be compared.
    #[error("the lower bound of a range is not above the upper one")]
    Range,
    /// A value that cannot be stated in the indicator's unit.
    #[error("a value is too large to be stated in the indicator's unit")]
    OutOfBounds,
}

impl Measure {
    /// The departure by which the measure is not in the plan on a day; none where it is in it.
    pub fn departure_on(&self, day: NaiveDate) -> Option<&Departure> {
        self.departures.iter().rev().find(|departure| departure.covers(day))
    }

    /// Whether the measure is not in the plan on a day.
    pub fn has_left(&self, day: NaiveDate) -> bool {
        self.departure_on(day).is_some()
    }

    /// Whether it was decided that the measure leaves the plan, and not that it comes back.
    pub fn is_deleted(&self) -> bool {
        self.departures.iter().any(|departure| departure.until.is_none())
    }

    /// The line for a component: its own, else the line for the whole.
    pub fn line(&self, component: Option<&Name>) -> Option<&Line> {
        let own = self.lines.iter().find(|line| line.component.as_ref() == component);
        own.or_else(|| self.lines.iter().find(|line| line.component.is_none()))
    }

    /// Whether the plan has the theme, and under it the priority, where the measure stands.
    pub fn check_place(&self, plan: &Plan) -> Result<(), MeasureError> {
        if plan.theme(&self.theme).is_none() {
            return Err(MeasureError::UnknownTheme(self.theme.clone()));
        }
        if let Some(code) = &self.priority
            && plan.priority(code).is_none_or(|priority| priority.theme != self.theme)
        {
            return Err(MeasureError::UnknownPriority(code.clone()));
        }
        Ok(())
    }

    /// What no single field can show: that all that it names is there, and that its lines are sound.
    pub fn check(&self, plan: &Plan, indicator: &Indicator) -> Result<(), MeasureError> {
        self.check_place(plan)?;
        if let Some(breakdown) = self.breakdown.as_ref().filter(|breakdown| !indicator.has(breakdown)) {
            return Err(MeasureError::UnknownBreakdown(breakdown.clone()));
        }
        let headline = match &self.composite {
            Composite::Headline(name) => Some(name),
            Composite::Worst | Composite::Best => None,
        };
        let named = self.lines.iter().filter_map(|line| line.component.as_ref()).chain(headline);
        if let Some(unknown) = named.into_iter().find(|name| !indicator.components.contains(name)) {
            return Err(MeasureError::UnknownComponent(unknown.clone()));
        }
        let mut components = HashSet::new();
        if self.lines.is_empty() || !self.lines.iter().all(|line| components.insert(&line.component)) {
            return Err(MeasureError::Lines);
        }
        self.lines.iter().try_for_each(|line| line.check(indicator))
    }
}

impl Line {
    /// Who agreed the target stays known where the line that takes the place of `before` promises the same, and only
    /// there: whatever the new line says of it is of no account.
    pub fn keep_origin(&mut self, before: Option<&Self>) {
        let Some(target) = &mut self.target else { return };
        let kept = before.and_then(|before| {
            let same_way = before.trajectory == self.trajectory;
            let there = before.target.as_ref().filter(|there| there.promises_the_same(target))?;
            let Target::Set { condition, origin, .. } = there else { return None };
            origin.clone().filter(|_| same_way || *condition != Condition::EndOfTrajectory)
        });
        match target {
            Target::Set { origin, .. } => *origin = kept,
            Target::ToBeSet { .. } | Target::Unread { .. } => {}
        }
    }

    /// The day of the review stays where a line that cannot name one promises the same as `before`.
    pub fn keep_review(&mut self, before: Option<&Self>) {
        let there = before.and_then(|before| before.target.as_ref());
        let same = self.target.as_ref().zip(there).is_some_and(|(own, there)| own.promises_the_same(there));
        let (Some(Target::Set { review_on, .. }), Some(Target::Set { review_on: day, .. })) =
            (&mut self.target, there)
        else {
            return;
        };
        if same && review_on.is_none() {
            *review_on = *day;
        }
    }

    /// Whether its numbers can be stated in the unit of the indicator, and make sense beside each other.
    pub fn check(&self, indicator: &Indicator) -> Result<(), MeasureError> {
        let figure = |value: &Value| {
            value.figure(indicator.unit, indicator.precision).ok_or(MeasureError::OutOfBounds)
        };
        if let Some(Baseline::Known { value, .. }) = &self.baseline {
            figure(value)?;
        }
        match &self.trajectory {
            Trajectory::Linear | Trajectory::YearlyStep { .. } => {}
            Trajectory::Milestones(points) | Trajectory::Profile(points) => {
                check_points(points)?;
                points.iter().try_for_each(|point| figure(&point.value).map(|_| ()))?;
            }
        }
        let Some(Target::Set { condition, .. }) = &self.target else {
            return Ok(());
        };
        match condition {
            Condition::Between { low, high } if figure(low)? > figure(high)? => Err(MeasureError::Range),
            Condition::EndOfTrajectory if self.trajectory == Trajectory::Linear => {
                Err(MeasureError::EndOfTrajectory)
            }
            Condition::Between { .. } | Condition::EndOfTrajectory | Condition::AllOf(_) => Ok(()),
            Condition::Reach(value)
            | Condition::AtLeast(value)
            | Condition::AtMost(value)
            | Condition::Above(value)
            | Condition::Below(value)
            | Condition::Exactly(value) => figure(value).map(|_| ()),
        }
    }
}

fn check_points(points: &[Point]) -> Result<(), MeasureError> {
    let later = points.windows(2).all(|pair| match pair {
        [a, b] => a.period.last_day() < b.period.last_day(),
        _ => true,
    });
    if points.is_empty() || points.len() > MOST_POINTS || !later { Err(MeasureError::Points) } else { Ok(()) }
}
