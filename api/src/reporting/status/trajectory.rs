//! The way of one measure as points ready to plot.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::plot;
use waymark_persistence::measure::MeasureOfPlan;

use super::position::{PlanPosition, When};
use super::rule::Rule;
use super::schema::bounds;
use crate::http::schema::{Code, Name, Number, Period, Rating, Unit};

/// The way of one measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureTrajectory {
    /// The measure's code.
    measure: Code,
    /// The unit of all numbers.
    unit: Unit,
    /// Results up to this date are shown.
    as_at: NaiveDate,
    /// A line for the whole, or for each component.
    #[schema(max_items = 200)]
    lines: Vec<Way>,
}

/// The way of one line of a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Way {
    /// The component; null for the whole.
    component: Option<Name>,
    /// Whether the numbers are withheld because a count behind them is small; the lists are empty then.
    suppressed: bool,
    /// Where it set out from.
    start: Option<Start>,
    /// What is expected at the end of each reporting period, milestone and target.
    #[schema(max_items = 10000)]
    expected: Vec<ExpectedPoint>,
    /// The rule that leaves nothing to expect, where it does.
    nothing_expected_because: Option<Rule>,
    /// The results, by period.
    #[schema(max_items = 10000)]
    results: Vec<ResultPoint>,
}

/// Where a way sets out from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Start {
    /// The day at whose end the way leaves the baseline.
    on: NaiveDate,
    /// The baseline.
    value: Number,
    /// Its period.
    period: Option<Period>,
}

/// What is expected on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExpectedPoint {
    /// The day, counted at its end.
    on: NaiveDate,
    /// The value on the way.
    value: Number,
    /// The least that is on the way, where there is one.
    at_least: Option<Number>,
    /// The most that is on the way, where there is one.
    at_most: Option<Number>,
}

/// A result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultPoint {
    /// The last day of its period.
    on: NaiveDate,
    /// Its period.
    period: Period,
    /// Its value at the indicator's precision; null where it could not be read.
    value: Option<Number>,
    /// How it is rated by its own place on the way.
    rating: Rating,
}

impl MeasureTrajectory {
    pub(super) fn of(
        position: &PlanPosition,
        of_plan: &MeasureOfPlan,
        when: When,
        sees_small_counts: bool,
    ) -> Self {
        let plots = plot::plots(position.of(of_plan), position.threshold());
        Self {
            measure: Code::from(&of_plan.measure.code),
            unit: Unit::from(of_plan.indicator.versioned.content.unit),
            as_at: when.as_at,
            lines: plots.into_iter().map(|plot| Way::of(plot, sees_small_counts)).collect(),
        }
    }
}

impl Way {
    fn of(plot: plot::Plot<'_>, sees_small_counts: bool) -> Self {
        let plot::Plot { component, start, expected, results, is_suppressed } = plot;
        let component = component.map(Name::from);
        if is_suppressed && !sees_small_counts {
            return Self {
                component,
                suppressed: true,
                start: None,
                expected: Vec::new(),
                nothing_expected_because: None,
                results: Vec::new(),
            };
        }
        let (expected, nothing) = match expected {
            Ok(points) => (points.into_iter().map(ExpectedPoint::from).collect(), None),
            Err(rule) => (Vec::new(), Some(rule.into())),
        };
        let result = |(received, explanation): (
            &waymark_domain::status::Received,
            waymark_domain::rating::Explanation,
        )| {
            ResultPoint {
                on: received.result.period.last_day(),
                period: Period::from(received.result.period),
                value: explanation.actual.map(|told| Number::from(told.figure)),
                rating: explanation.rating().into(),
            }
        };
        Self {
            component,
            suppressed: false,
            start: start.map(|(on, told)| Start {
                on,
                value: Number::from(told.figure),
                period: told.period.map(Period::from),
            }),
            expected,
            nothing_expected_because: nothing,
            results: results.into_iter().map(result).collect(),
        }
    }
}

impl From<plot::Expected> for ExpectedPoint {
    fn from(point: plot::Expected) -> Self {
        let plot::Expected { on, figure, goal } = point;
        let (at_least, at_most) = bounds(goal);
        Self { on, value: Number::from(figure), at_least, at_most }
    }
}
