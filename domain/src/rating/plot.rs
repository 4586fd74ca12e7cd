//! The way of one measure as points ready to plot: where it set out, what was expected when, what was measured.

use crate::disclosure::is_small;
use crate::framework::measure::Line;
use crate::framework::target::{Baseline, Target};
use crate::framework::trajectory::{Course, Trajectory};
use crate::number::decimal::Decimal;
use crate::rating::status::{Position, Received};
use crate::rating::{Case, DatedFigure, Explanation, Goal, Rule, expected_on, rate};
use crate::text::Name;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The way of one line of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot<'a> {
    /// The component, if the line is for one.
    pub component: Option<&'a Name>,
    /// The day at whose end the way leaves the baseline, and the baseline.
    pub start: Option<(NaiveDate, DatedFigure)>,
    /// What is expected at the end of each reporting period, milestone and target of the plan; or the rule that
    /// leaves nothing to expect.
    pub expected: Result<Vec<Expected>, Rule>,
    /// The results, by period, each judged by its own place on the way.
    pub results: Vec<(&'a Received, Explanation)>,
    /// Whether a number among these would tell one that is suppressed.
    pub is_suppressed: bool,
}

/// What is expected on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The day, counted at its end.
    pub on: NaiveDate,
    /// The figure on the way.
    pub figure: Decimal,
    /// What a result must be to be on the way.
    pub goal: Goal,
}

/// The plots of a measure, one for each of its lines.
pub fn plots<'a>(position: Position<'a>, threshold: u32) -> Vec<Plot<'a>> {
    position.measure.lines.iter().map(|line| plot(position, line, threshold)).collect()
}

fn plot<'a>(position: Position<'a>, line: &'a Line, threshold: u32) -> Plot<'a> {
    let case = Case {
        plan: position.plan.span,
        scheme: &position.plan.scheme,
        indicator: position.indicator,
        line,
        result: None,
    };
    let belongs = |received: &&Received| {
        let result = &received.result;
        let to_this_line = position.measure.line(result.component.as_ref()) == Some(line);
        to_this_line
            && result.breakdown == position.measure.breakdown
            && result.period.last_day() <= position.as_at
    };
    let mut results: Vec<&Received> = position.results.iter().filter(belongs).collect();
    results.sort_by_key(|received| received.result.period);
    let baseline = match &line.baseline {
        Some(Baseline::Known { value, .. }) => Some(*value),
        Some(Baseline::Unread { .. }) | None => None,
    };
    let small_baseline = baseline.is_some_and(|value| is_small(value, position.indicator.unit, threshold));
    let is_suppressed = small_baseline || results.iter().any(|received| received.is_suppressed);
    Plot {
        component: line.component.as_ref(),
        start: start(position, line),
        expected: expected(position, line, case),
        results: results
            .into_iter()
            .map(|received| (received, rate(Case { result: Some(&received.result), ..case })))
            .collect(),
        is_suppressed,
    }
}

fn start(position: Position<'_>, line: &Line) -> Option<(NaiveDate, DatedFigure)> {
    let Some(Baseline::Known { value, period, .. }) = &line.baseline else {
        return None;
    };
    let figure = value.figure(position.indicator.unit, position.indicator.precision)?;
    let leaves = Course::new(position.plan.span, *period, None).leaves;
    Some((leaves, DatedFigure { figure, period: *period }))
}

fn expected(position: Position<'_>, line: &Line, case: Case<'_>) -> Result<Vec<Expected>, Rule> {
    let mut days: BTreeSet<NaiveDate> =
        position.plan.reporting_cycle.ends_within(position.plan.span).collect();
    match &line.trajectory {
        Trajectory::Milestones(points) | Trajectory::Profile(points) => {
            days.extend(points.iter().map(|point| point.period.last_day()));
        }
        Trajectory::Linear | Trajectory::YearlyStep { .. } => {}
    }
    if let Some(Target::Set { period: Some(period), .. }) = &line.target {
        days.insert(period.last_day());
    }
    let mut points = Vec::with_capacity(days.len());
    for on in days {
        match expected_on(case, on) {
            Ok((goal, figure)) => points.push(Expected { on, figure, goal }),
            // Before the first point of a profile nothing is expected yet.
            Err(Rule::NothingExpected) => {}
            Err(rule) => return Err(rule),
        }
    }
    if points.is_empty() { Err(Rule::NothingExpected) } else { Ok(points) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::framework::indicator::{Frequency, Indicator};
    use crate::framework::measure::{Composite, Measure};
    use crate::framework::plan::Plan;
    use crate::framework::polarity::Polarity;
    use crate::framework::scheme::Scheme;
    use crate::framework::target::{Condition, TargetState};
    use crate::number::value::{Unit, Value};
    use crate::text::Title;

    fn plan() -> Plan {
        Plan {
            title: Title::new("Plan").unwrap(),
            span: "2008-04-01/2011-03-31".parse().unwrap(),
            themes: Vec::new(),
            priorities: Vec::new(),
            scheme: Scheme::baseline_to_target(),
            reporting_cycle: Frequency::FinancialYear,
            exception_rules: crate::framework::exception_rule::ExceptionRule::shipped(),
        }
    }

    /// From a baseline to a target.
    fn measure(baseline: &str, target: &str) -> Measure {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let value = number(baseline);
        let line = Line {
            baseline: Some(Baseline::Known { value, period: None, definition_version: 1, note: None }),
            target: Some(Target::Set {
                period: None,
                condition: Condition::Reach(number(target)),
                state: TargetState::Agreed,
                note: None,
                review_on: None,
                origin: None,
            }),
            ..Line::default()
        };
        Measure {
            theme: Code::new("be-healthy").unwrap(),
            priority: None,
            breakdown: None,
            lead: None,
            contact: None,
            lines: vec![line],
            composite: Composite::Worst,
            note: None,
            departures: Vec::new(),
        }
    }

    /// 26% to 33% in three years: a third of 7 is 2.33, two thirds 4.67.
    #[test]
    fn school_lunches_are_expected_to_rise_by_a_third_of_seven_a_year() {
        let polarity = Some(Polarity::HigherIsBetter);
        let indicator =
            Indicator { polarity, ..Indicator::new(Title::new("Lunches").unwrap(), Unit::Percent, 2) };
        let (plan, measure) = (plan(), measure("26", "33"));
        let position = Position {
            plan: &plan,
            indicator: &indicator,
            measure: &measure,
            results: &[],
            judgements: &[],
            as_at: "2010-03-31".parse().unwrap(),
            previous_report: None,
        };
        let plots = plots(position, 5);
        let [plot] = plots.as_slice() else { panic!("one line") };
        let points: Vec<(String, String)> = plot
            .expected
            .as_ref()
            .unwrap()
            .iter()
            .map(|point| (point.on.to_string(), point.figure.to_string()))
            .collect();
        let expected = [("2009-03-31", "28.33"), ("2010-03-31", "30.67"), ("2011-03-31", "33")];
        assert_eq!(points, expected.map(|(on, figure)| (on.to_owned(), figure.to_owned())));
        assert_eq!(
            plot.start.map(|(on, dated)| (on.to_string(), dated.figure.to_string())),
            Some(("2008-03-31".into(), "26".into()))
        );
    }
}
