//! The trajectory of one measure as points ready to plot.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::plot;
use waymark_persistence::measure::MeasureOfPlan;

use super::rule::RatingRule;
use super::schema::bounds;
use crate::http::schema::{Code, Name, Number, Period, Rating, Unit};
use crate::position::{PlanPosition, When};

/// The trajectory of one measure, with its results.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureTrajectory {
    /// The measure's code.
    measure: Code,
    /// The unit of all numbers.
    unit: Unit,
    /// The last date of the results.
    as_at: NaiveDate,
    /// One line for the whole, or one for each component.
    #[schema(max_items = 200)]
    lines: Vec<TrajectoryLine>,
}

/// The trajectory of the whole, or of one component.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrajectoryLine {
    /// The component; null for the whole.
    component: Option<Name>,
    /// Whether the values are suppressed because a count behind them is small; the lists are then empty.
    suppressed: bool,
    /// The start of the trajectory.
    start: Option<TrajectoryStart>,
    /// The values expected at the end of each reporting period, milestone and target.
    #[schema(max_items = 10000)]
    expected: Vec<ExpectedPoint>,
    /// The rule because of which nothing is expected; `expected` is then empty.
    nothing_expected_because: Option<RatingRule>,
    /// The results, by period.
    #[schema(max_items = 10000)]
    results: Vec<ResultPoint>,
}

/// The start of a trajectory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrajectoryStart {
    /// The day at the end of which the trajectory leaves the baseline.
    date: NaiveDate,
    /// The baseline's value.
    value: Number,
    /// Its period.
    period: Option<Period>,
}

/// The value expected on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExpectedPoint {
    /// The day, counted at its end.
    date: NaiveDate,
    /// The value on the trajectory.
    value: Number,
    /// The least value that is as expected, if there is one.
    at_least: Option<Number>,
    /// The greatest value that is as expected, if there is one.
    at_most: Option<Number>,
}

/// A result as a point of a chart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultPoint {
    /// The last day of its period.
    date: NaiveDate,
    /// Its period.
    period: Period,
    /// Its value at the indicator's precision; null if it could not be read.
    value: Option<Number>,
    /// Its rating against the value expected on that day.
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
            lines: plots.into_iter().map(|plot| TrajectoryLine::of(plot, sees_small_counts)).collect(),
        }
    }
}

impl TrajectoryLine {
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
        let (expected, nothing_expected_because) = match expected {
            Ok(points) => (points.into_iter().map(ExpectedPoint::from).collect(), None),
            Err(rule) => (Vec::new(), Some(rule.into())),
        };
        let result = |(received, explanation): (
            &waymark_domain::status::Received,
            waymark_domain::rating::Explanation,
        )| {
            ResultPoint {
                date: received.result.period.last_day(),
                period: Period::from(received.result.period),
                value: explanation.actual.map(|figure| Number::from(figure.figure)),
                rating: explanation.rating().into(),
            }
        };
        Self {
            component,
            suppressed: false,
            start: start.map(|(on, baseline)| TrajectoryStart {
                date: on,
                value: Number::from(baseline.figure),
                period: baseline.period.map(Period::from),
            }),
            expected,
            nothing_expected_because,
            results: results.into_iter().map(result).collect(),
        }
    }
}

impl From<plot::Expected> for ExpectedPoint {
    fn from(point: plot::Expected) -> Self {
        let plot::Expected { on, figure, goal } = point;
        let (at_least, at_most) = bounds(goal);
        Self { date: on, value: Number::from(figure), at_least, at_most }
    }
}
