//! What is expected of a result: the value on the trajectory, the period's target, or the end target.

use super::{Case, Explanation, Goal, Rule, Start};
use crate::framework::scheme::Basis;
use crate::framework::target::{Condition, Target};
use crate::framework::trajectory;
use crate::framework::trajectory::{Course, Point, Step, Trajectory};
use crate::number::decimal::Decimal;
use crate::time::period::Period;
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
        Course::new(self.plan, baseline.and_then(|start| start.period), self.target_period())
    }

    /// The dated figures of the trajectory, where it has any: milestones, yearly steps or a profile.
    pub(super) fn points(
        &self,
        baseline: Option<Start>,
    ) -> impl Iterator<Item = (NaiveDate, Decimal)> + use<'a> {
        let places = self.indicator.precision;
        let (given, steps) = match &self.line.trajectory {
            Trajectory::Linear => (None, None),
            Trajectory::Milestones(points) | Trajectory::Profile(points) => (Some(self.given(points)), None),
            Trajectory::YearlyStep { step, until } => {
                (None, baseline.map(|start| self.steps(start, *step, *until)))
            }
        };
        let given = given.into_iter().flatten().map(move |(on, value)| (on, value.at(places)));
        let steps = steps.into_iter().flatten().map(move |(on, value)| (on, Decimal::rounded(value, places)));
        given.chain(steps).map_while(|(on, figure)| Some((on, figure?)))
    }

    /// Points as they were given. A value that cannot be stated in the unit was refused when the measure was made
    /// (`Measure::check`).
    fn given(&self, points: &'a [Point]) -> impl Iterator<Item = (NaiveDate, Decimal)> + use<'a> {
        let case = *self;
        points.iter().filter_map(move |point| Some((point.period.last_day(), case.uncut(point.value)?)))
    }

    /// The values at the end of each year that the steps make.
    fn steps(
        &self,
        start: Start,
        step: Step,
        until: Option<Period>,
    ) -> impl Iterator<Item = (NaiveDate, Raw)> + use<> {
        let until = until.map_or(self.plan.last_day(), Period::last_day);
        trajectory::yearly_points(self.steps_leave(start), start.exact.raw(), step, until)
    }

    fn steps_leave(&self, start: Start) -> NaiveDate {
        start.period.map_or_else(|| self.course(None).leaves, Period::last_day)
    }

    /// What the scheme's basis expects of a result of `day`: the goal, its number, and the day it is due.
    pub(super) fn expected(
        &self,
        day: NaiveDate,
        end: Goal,
        condition: &Condition,
        baseline: Option<Start>,
    ) -> Result<(Goal, Decimal, NaiveDate), Rule> {
        let at_end = || {
            let number = end.number_near(baseline.map(|start| start.figure));
            Ok((end, number, self.course(baseline).reaches))
        };
        match self.scheme.basis {
            Basis::EndTarget => at_end(),
            Basis::PeriodTarget => match self.points(baseline).find(|(on, _)| *on >= day) {
                Some((on, figure)) => Ok((end.moved_to(figure), figure, on)),
                None => at_end(),
            },
            Basis::Trajectory => self.on_trajectory(day, end, condition, baseline),
        }
    }

    fn on_trajectory(
        &self,
        day: NaiveDate,
        end: Goal,
        condition: &Condition,
        baseline: Option<Start>,
    ) -> Result<(Goal, Decimal, NaiveDate), Rule> {
        let (course, places) = (self.course(baseline), self.indicator.precision);
        let figure = match &self.line.trajectory {
            Trajectory::Linear => {
                let start = baseline.ok_or(Rule::NoBaseline)?;
                let number = end.number_near(Some(start.figure));
                if self.is_maintained(end, baseline) || day >= course.reaches {
                    return Ok((end, number, day));
                }
                let aim = self.exact(condition, number).ok_or(Rule::OutOfBounds)?;
                course.value_at(day, start.exact, aim, places)
            }
            Trajectory::Milestones(points) => {
                let before = baseline.map(|start| (course.leaves, start.exact));
                trajectory::milestone_at(day, before, self.given(points), places)
            }
            Trajectory::YearlyStep { step, until } => {
                let start = baseline.ok_or(Rule::NoBaseline)?;
                let before = (self.steps_leave(start), start.exact.raw());
                trajectory::milestone_at(day, Some(before), self.steps(start, *step, *until), places)
            }
            Trajectory::Profile(points) => {
                trajectory::profile_at(day, self.given(points)).and_then(|value| value.at(places))
            }
        };
        let figure = figure.ok_or(Rule::NothingExpected)?;
        Ok((end.moved_to(figure), figure, day))
    }

    /// Whether the baseline already meets the target, so that the target itself is expected throughout.
    pub(super) fn is_maintained(&self, end: Goal, baseline: Option<Start>) -> bool {
        let is_linear = matches!(self.line.trajectory, Trajectory::Linear);
        let on_trajectory = matches!(self.scheme.basis, Basis::Trajectory);
        is_linear && on_trajectory && baseline.is_some_and(|start| end.is_met_by(start.figure))
    }

    /// The number of the target that `number` is, before it was rounded to be compared.
    fn exact(&self, condition: &Condition, number: Decimal) -> Option<Decimal> {
        match *condition {
            Condition::Reach(value)
            | Condition::AtLeast(value)
            | Condition::AtMost(value)
            | Condition::Above(value)
            | Condition::Below(value)
            | Condition::Exactly(value) => self.uncut(value),
            Condition::Between { low, high } => {
                self.uncut(if self.compared(high) == Some(number) { high } else { low })
            }
            Condition::AllOf(_) | Condition::EndOfTrajectory => Some(number),
        }
    }
}
