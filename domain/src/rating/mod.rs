//! Ratings: the judgement on one line of a measure, and the rule and numbers that made it.
//!
//! [`rate`] is the heart of the service. It reads from top to bottom as DOMAIN.md states it: what stops a
//! rating, then the goal, then green, then amber, then red. It allocates nothing; the explanation becomes a
//! sentence only when it is displayed ([`Explanation`]'s `Display`).

pub mod calendar;
pub mod direction;
mod expected;
mod explanation;
pub mod gap;
mod goal;
pub mod judgement;
mod outcome;
pub mod plot;
pub mod status;
pub mod summary;
#[cfg(test)]
mod tests;

pub use crate::framework::colour::Colour;
pub use expected::expected_on;
pub use explanation::{DatedFigure, Explanation};
pub use goal::Goal;
pub use outcome::{NoRating, Rating, Rule};

use crate::framework::indicator::Indicator;
use crate::framework::measure::Line;
use crate::framework::observation::{Figure, Observation};
use crate::framework::polarity;
use crate::framework::polarity::{Polarity, PolaritySource};
use crate::framework::scheme::{Amber, Scheme, Tolerance};
use crate::framework::target::{Baseline, Condition, Target};
use crate::framework::trajectory::Trajectory;
use crate::number::decimal::Decimal;
use crate::number::exact;
use crate::number::value::Value;
use crate::time::period::Period;
use chrono::NaiveDate;

/// What a rating is made of: one line of a measure, the result, and the plan that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The plan's first to last day.
    pub plan: Period,
    /// How it is rated.
    pub scheme: &'a Scheme,
    /// What is measured.
    pub indicator: &'a Indicator,
    /// Baseline, target and trajectory.
    pub line: &'a Line,
    /// The result to be judged, if there is one.
    pub result: Option<&'a Observation>,
}

/// Rates one line of a measure; [`Explanation::rating`] is the judgement, the rest is why.
pub fn rate(case: Case<'_>) -> Explanation {
    let mut explanation = Explanation::new(case);
    let rule = decide(case, &mut explanation);
    explanation.decided_by(rule, case.scheme);
    explanation
}

/// The polarity by which the line of a case is read, and who said so: whatever else would stop a rating. `None` where
/// it is neither stated nor implied.
pub fn effective_polarity(case: Case<'_>) -> Option<(Polarity, PolaritySource)> {
    let stated = case.indicator.polarity.map(|polarity| (polarity, PolaritySource::Stated));
    let Ok(condition) = case.promised() else {
        return stated;
    };
    let mut explanation = Explanation::new(case);
    match case.end_goal(condition, case.baseline().unwrap_or_default(), &mut explanation) {
        Ok(_) | Err(_) => explanation.polarity.or(stated),
    }
}

/// The rule that decides, noting in `explanation` each number on the way.
fn decide(case: Case<'_>, explanation: &mut Explanation) -> Rule {
    let Some(result) = case.result else {
        return Rule::NoResult;
    };
    let Figure::Value(value) = &result.figure else {
        return Rule::ResultUnread;
    };
    let Some(actual) = case.compared(*value) else {
        return Rule::OutOfBounds;
    };
    explanation.actual = Some(DatedFigure { figure: actual, period: Some(result.period) });
    let condition = match case.promised() {
        Ok(condition) => condition,
        Err(rule) => return rule,
    };
    explanation.condition = Some(*condition);
    let baseline = match case.baseline() {
        Ok(baseline) => baseline,
        Err(rule) => return rule,
    };
    explanation.baseline = baseline.map(|Start { figure, period, .. }| DatedFigure { figure, period });
    if case.is_baseline(result) {
        return Rule::IsBaseline;
    }
    if case.method_changed(result) {
        return Rule::MethodChanged;
    }
    match case.judge(result.period.last_day(), actual, condition, baseline, explanation) {
        Ok(rule) | Err(rule) => rule,
    }
}

/// Where a line sets out from.
#[derive(Debug, Clone, Copy)]
struct Start {
    /// The number of the baseline, before it is rounded.
    exact: Decimal,
    /// The figure that is compared.
    figure: Decimal,
    /// The period of the baseline, where that is known.
    period: Option<Period>,
}

impl<'a> Case<'a> {
    fn compared(&self, value: Value) -> Option<Decimal> {
        value.figure(self.indicator.unit, self.indicator.precision)
    }

    /// A value in the unit before it is rounded to be compared.
    fn uncut(&self, value: Value) -> Option<Decimal> {
        value.figure(self.indicator.unit, Decimal::PLACES)
    }

    /// What the target asks; where only milestones or steps are given, their last value.
    fn promised(&self) -> Result<&'a Condition, Rule> {
        match &self.line.target {
            Some(Target::Set { condition, .. }) => Ok(condition),
            Some(Target::Unread { .. }) => Err(Rule::TargetUnread),
            Some(Target::ToBeSet { .. }) => Err(Rule::NoTarget),
            None => match self.line.trajectory {
                Trajectory::Linear => Err(Rule::NoTarget),
                Trajectory::Milestones(_) | Trajectory::YearlyStep { .. } | Trajectory::Profile(_) => {
                    Ok(&Condition::EndOfTrajectory)
                }
            },
        }
    }

    fn baseline(&self) -> Result<Option<Start>, Rule> {
        match &self.line.baseline {
            None => Ok(None),
            Some(Baseline::Unread { .. }) => Err(Rule::BaselineUnread),
            Some(Baseline::Known { value, period, .. }) => {
                let exact = self.uncut(*value).ok_or(Rule::OutOfBounds)?;
                let figure = exact.at(self.indicator.precision).ok_or(Rule::OutOfBounds)?;
                Ok(Some(Start { exact, figure, period: *period }))
            }
        }
    }

    fn is_baseline(&self, result: &Observation) -> bool {
        let starts = match &self.line.baseline {
            Some(Baseline::Known { period, .. }) => *period,
            Some(Baseline::Unread { .. }) | None => None,
        };
        result.is_baseline || starts.is_some_and(|period| result.period.last_day() <= period.last_day())
    }

    fn method_changed(&self, result: &Observation) -> bool {
        match &self.line.baseline {
            Some(Baseline::Known { definition_version, .. }) => {
                *definition_version != result.definition_version
            }
            Some(Baseline::Unread { .. }) | None => false,
        }
    }

    /// Green is asked first, then amber, then red.
    fn judge(
        &self,
        day: NaiveDate,
        actual: Decimal,
        condition: &Condition,
        baseline: Option<Start>,
        explanation: &mut Explanation,
    ) -> Result<Rule, Rule> {
        let end = self.end_goal(condition, baseline, explanation)?;
        explanation.goal = Some(end);
        let meets_end = self.scheme.end_target_is_green && end.is_met_by(actual);
        let expected = match self.expected(day, end, condition, baseline) {
            Ok((goal, figure, on)) => {
                explanation.expected = Some((figure, on));
                explanation.is_maintained = self.is_maintained(end, baseline);
                goal
            }
            // Without a trajectory there is still an end target to be met.
            Err(_) if meets_end => return Ok(Rule::EndTargetMet),
            Err(rule) => return Err(rule),
        };
        if meets_end {
            return Ok(Rule::EndTargetMet);
        }
        if expected.is_met_by(actual) {
            return Ok(Rule::AsExpected);
        }
        if within(self.scheme.green_within, expected, actual) {
            return Ok(Rule::WithinGreenTolerance);
        }
        match self.scheme.amber {
            Amber::Within(tolerance) if within(tolerance, expected, actual) => Ok(Rule::WithinAmberTolerance),
            Amber::Within(_) => Ok(Rule::BeyondTolerance),
            Amber::NotWorseThanBaseline => {
                let worse = end.is_worse(actual, baseline.ok_or(Rule::NoBaseline)?.figure);
                Ok(if worse { Rule::WorseThanBaseline } else { Rule::NotWorseThanBaseline })
            }
        }
    }

    /// The end target as figures, and the polarity by which it is read.
    fn end_goal(
        &self,
        condition: &Condition,
        baseline: Option<Start>,
        explanation: &mut Explanation,
    ) -> Result<Goal, Rule> {
        let compared = |value: Value| self.compared(value).ok_or(Rule::OutOfBounds);
        let last_point = || {
            let needs_baseline =
                matches!(self.line.trajectory, Trajectory::YearlyStep { .. }) && baseline.is_none();
            let missing = if needs_baseline { Rule::NoBaseline } else { Rule::NothingExpected };
            self.points(baseline).last().map(|(_, figure)| figure).ok_or(missing)
        };
        let aim = match *condition {
            Condition::Reach(value)
            | Condition::AtLeast(value)
            | Condition::AtMost(value)
            | Condition::Above(value)
            | Condition::Below(value)
            | Condition::Exactly(value) => compared(value)?,
            Condition::Between { low, .. } => compared(low)?,
            Condition::AllOf(total) => total,
            Condition::EndOfTrajectory => last_point()?,
        };
        let start = baseline.map(|start| start.figure);
        let effective = polarity::tell(self.indicator.polarity, Some(condition), start, Some(aim));
        explanation.polarity = effective;
        let (polarity, source) = effective.ok_or(Rule::PolarityUnknown)?;
        if source == PolaritySource::Stated
            && condition.implied_polarity().is_some_and(|implied| implied != polarity)
        {
            return Err(Rule::Contradiction);
        }
        match *condition {
            Condition::AtLeast(_) | Condition::AllOf(_) => Ok(Goal::AtLeast(aim)),
            Condition::AtMost(_) => Ok(Goal::AtMost(aim)),
            Condition::Above(_) => Ok(Goal::Above(aim)),
            Condition::Below(_) => Ok(Goal::Below(aim)),
            Condition::Between { high, .. } => Ok(Goal::Between { low: aim, high: compared(high)? }),
            Condition::Exactly(_) => Ok(Goal::Between { low: aim, high: aim }),
            Condition::Reach(_) | Condition::EndOfTrajectory => match polarity {
                Polarity::HigherIsBetter => Ok(Goal::AtLeast(aim)),
                Polarity::LowerIsBetter => Ok(Goal::AtMost(aim)),
                Polarity::NearestToPoint => Ok(Goal::Between { low: aim, high: aim }),
                Polarity::WithinRange => Err(Rule::NoRange),
            },
        }
    }
}

/// Whether a result is short of a goal by no more than the tolerance. No tolerance lets nothing pass, not even a
/// strict limit that is touched.
fn within(tolerance: Tolerance, goal: Goal, actual: Decimal) -> bool {
    // A relative tolerance is a hundred times as fine, so that no part of it is lost.
    let (scale, allowed) = match tolerance {
        Tolerance::Absolute(distance) => (1, distance.billionths()),
        Tolerance::Relative(percent) => {
            let number = goal.number_near(Some(actual)).billionths().abs();
            (100 * exact::ONE, number * percent.billionths())
        }
    };
    allowed != 0 && goal.shortfall(actual).billionths() * scale <= allowed
}
