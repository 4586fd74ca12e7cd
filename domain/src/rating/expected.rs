//! What is expected of a result: the value on the trajectory, the period's target, or the end target.

use super::{Case, Explanation, Goal, Rule, Start};
use crate::{
    decimal::Decimal,
    period::Period,
    scheme::Basis,
    target::{Condition, Target},
    trajectory::{self, Course, Trajectory},
};
use chrono::NaiveDate;
use rust_decimal::Decimal as Raw;

/// The value that the trajectory of a line expects at the end of `day`, and the goal that it makes, for a
/// picture of the way. [`Rule`] says why there is none.
pub fn expected_on(case: Case<'_>, day: NaiveDate) -> Result<(Goal, Decimal), Rule> {
    let condition = case.promised()?;
    let baseline = case.baseline()?;
    let end = case.end_goal(condition, baseline, &mut Explanation::new(case))?;
    case.on_trajectory(day, end, condition, baseline).map(|(goal, figure, _)| (goal, figure))
}

impl<'a> Case<'a> {
    fn target_period(&self) -> Option<Period> {
        match &self.line.target {
            Some(Target::Set { period, .. }) => *period,
            Some(Target::ToBeSet { .. } | Target::Unread { .. }) | None => None,
        }
    }

    fn course(&self, baseline: Option<Start>) -> Course {
        Course::new(self.plan, baseline.and_then(|(_, period)| period), self.target_period())
    }

    /// The dated values of the trajectory, where it has any: milestones, yearly steps or a profile.
    pub(super) fn points(&self, baseline: Option<Start>) -> impl Iterator<Item = (NaiveDate, Raw)> + use<'a> {
        let case = *self;
        let given = match &case.line.trajectory {
            Trajectory::Milestones(points) | Trajectory::Profile(points) => points.as_slice(),
            Trajectory::Linear | Trajectory::YearlyStep { .. } => &[],
        };
        // A value that cannot be told in the unit was refused when the measure was made (`Measure::check`).
        let given =
            given.iter().filter_map(move |point| Some((point.period.last_day(), case.uncut(point.value)?)));
        let steps = match (&case.line.trajectory, baseline) {
            (Trajectory::YearlyStep { step, until }, Some((from, period))) => {
                let until = until.map_or(case.plan.last_day(), Period::last_day);
                let leaves = period.map_or_else(|| case.course(None).leaves, Period::last_day);
                Some(trajectory::yearly_points(leaves, from, *step, until))
            }
            _ => None,
        };
        given.chain(steps.into_iter().flatten())
    }

    /// What the scheme's basis expects of a result of `day`: the goal, its number, and the day it is due.
    pub(super) fn expected(
        &self,
        day: NaiveDate,
        end: Goal,
        condition: Condition,
        baseline: Option<Start>,
    ) -> Result<(Goal, Decimal, NaiveDate), Rule> {
        let due = self.course(baseline).reaches;
        let at_end = |on| Ok((end, end.number_near(baseline.map(|(from, _)| self.at_precision(from))), on));
        match self.scheme.basis {
            Basis::EndTarget => at_end(due),
            Basis::PeriodTarget => match self.points(baseline).find(|(on, _)| *on >= day) {
                Some((on, value)) => Ok(self.on_the_way(end, value, on)),
                None => at_end(due),
            },
            Basis::Trajectory => self.on_trajectory(day, end, condition, baseline),
        }
    }

    fn on_trajectory(
        &self,
        day: NaiveDate,
        end: Goal,
        condition: Condition,
        baseline: Option<Start>,
    ) -> Result<(Goal, Decimal, NaiveDate), Rule> {
        let course = self.course(baseline);
        let value = match &self.line.trajectory {
            Trajectory::Linear => {
                let (from, _) = baseline.ok_or(Rule::NoBaseline)?;
                let start = self.at_precision(from);
                let number = end.number_near(Some(start));
                if self.is_maintained(end, baseline) || day >= course.reaches {
                    return Ok((end, number, day));
                }
                let aim = self.exact(condition, number).ok_or(Rule::OutOfBounds)?;
                course.value_at(day, from, aim)
            }
            Trajectory::Milestones(_) => {
                let before = baseline.map(|(from, _)| (course.leaves, from));
                trajectory::milestone_at(day, before, self.points(baseline))
            }
            Trajectory::YearlyStep { .. } => {
                let (from, period) = baseline.ok_or(Rule::NoBaseline)?;
                let leaves = period.map_or(course.leaves, Period::last_day);
                trajectory::milestone_at(day, Some((leaves, from)), self.points(baseline))
            }
            Trajectory::Profile(_) => trajectory::profile_at(day, self.points(baseline)),
        };
        Ok(self.on_the_way(end, value.ok_or(Rule::NothingExpected)?, day))
    }

    fn on_the_way(&self, end: Goal, value: Raw, on: NaiveDate) -> (Goal, Decimal, NaiveDate) {
        let figure = self.at_precision(value);
        (end.moved_to(figure), figure, on)
    }

    /// Whether the baseline already meets the target, so that the target itself is expected throughout.
    pub(super) fn is_maintained(&self, end: Goal, baseline: Option<Start>) -> bool {
        let is_linear = matches!(self.line.trajectory, Trajectory::Linear);
        let on_trajectory = matches!(self.scheme.basis, Basis::Trajectory);
        is_linear && on_trajectory && baseline.is_some_and(|(from, _)| end.is_met_by(self.at_precision(from)))
    }

    /// The number of the target that `number` is, before it was rounded to be compared.
    fn exact(&self, condition: Condition, number: Decimal) -> Option<Raw> {
        match condition {
            Condition::Reach(value)
            | Condition::AtLeast(value)
            | Condition::AtMost(value)
            | Condition::Above(value)
            | Condition::Below(value)
            | Condition::Exactly(value) => self.uncut(value),
            Condition::Between { low, high } => {
                self.uncut(if self.compared(high) == Some(number) { high } else { low })
            }
            Condition::AllOf(_) | Condition::EndOfTrajectory => Some(number.raw()),
        }
    }
}
