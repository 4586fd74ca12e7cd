//! Direction of travel, and the year-end that the trend points to.

pub use crate::framework::colour::Direction;

use crate::framework::indicator::{Frequency, Indicator};
use crate::framework::observation::{Figure, Observation};
use crate::framework::polarity::Polarity;
use crate::number::decimal::Decimal;
use crate::number::value::Value;
use crate::rating::{Case, DatedFigure, Explanation, Goal, rate};
use crate::time::period::{Period, PeriodKind};
use chrono::NaiveDate;
use rust_decimal::Decimal as Raw;

/// A direction and the result that it was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Travel {
    /// Which way.
    pub direction: Direction,
    /// The previous comparable result.
    pub previous: DatedFigure,
    /// A change of at most this much is no change.
    pub threshold: Decimal,
}

/// Whether two results may be compared over time: measured by one method, over the same kind of period. Spans
/// are of one kind where they have the same length, give or take the days by which months differ.
pub fn comparable(a: &Observation, b: &Observation) -> bool {
    const MONTHS_DIFFER: i64 = 3;
    let alike = match (a.period.kind(), b.period.kind()) {
        (PeriodKind::Span, PeriodKind::Span) => (a.period.days() - b.period.days()).abs() <= MONTHS_DIFFER,
        (a, b) => a == b,
    };
    alike && a.definition_version == b.definition_version
}

/// The direction from the previous comparable result to `latest`. `earlier` are the results of the same line, in
/// order of their periods. `None` where there is no such result, or it is not known which way is better.
pub fn travel(
    indicator: &Indicator,
    polarity: Option<Polarity>,
    goal: Option<Goal>,
    latest: &Observation,
    earlier: &[&Observation],
) -> Option<Travel> {
    let now = figure(indicator, latest)?;
    let (period, then) = earlier
        .iter()
        .rev()
        .filter(|result| result.period.last_day() < latest.period.last_day() && comparable(result, latest))
        .find_map(|result| Some((result.period, figure(indicator, result)?)))?;
    let gain = match polarity? {
        Polarity::HigherIsBetter => now - then,
        Polarity::LowerIsBetter => then - now,
        Polarity::WithinRange | Polarity::NearestToPoint => {
            let goal = goal?;
            goal.shortfall(then) - goal.shortfall(now)
        }
    };
    let threshold = indicator.static_threshold;
    let direction = match gain {
        gain if gain.abs() <= threshold => Direction::Static,
        gain if gain > Decimal::ZERO => Direction::Improving,
        _ => Direction::Deteriorating,
    };
    Some(Travel { direction, previous: DatedFigure { figure: then, period: Some(period) }, threshold })
}

/// Where the trend leads by the end of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// The last day of the year.
    pub on: NaiveDate,
    /// The figure that the trend reaches then, at the indicator's precision.
    pub figure: Decimal,
    /// How many results the trend was drawn through.
    pub results: usize,
    /// How that figure would be rated, and why.
    pub explanation: Explanation,
}

/// The most recent results that make a trend.
const MOST_RESULTS: usize = 8;

/// The year-end by the straight line of least squares through the latest comparable results, two to eight of
/// them, each on the last day of its period. Shares that never left 0 to 100 per cent do not leave it here.
/// `None` where there is no trend, where the year has ended, or where the line leaves the bounds of a number.
pub fn forecast(
    case: Case<'_>,
    latest: &Observation,
    earlier: &[&Observation],
    as_at: NaiveDate,
) -> Option<Forecast> {
    let year = case.indicator.frequency.unwrap_or(Frequency::FinancialYear).year();
    let on = year.period_of(as_at).ok()?.last_day();
    if latest.period.last_day() >= on {
        return None;
    }
    let mut points = vec![(latest.period.last_day(), figure(case.indicator, latest)?.raw())];
    for result in earlier.iter().rev() {
        if points.len() == MOST_RESULTS {
            break;
        }
        let day = result.period.last_day();
        let earliest = points.last().is_some_and(|(earliest, _)| day < *earliest);
        if earliest && comparable(result, latest) {
            points.extend(figure(case.indicator, result).map(|figure| (day, figure.raw())));
        }
    }
    let trend = least_squares(&points, on)?;
    let shares = case.indicator.unit == crate::number::value::Unit::Percent
        && points.iter().all(|(_, value)| (Raw::ZERO..=Raw::ONE_HUNDRED).contains(value));
    let trend = if shares { trend.clamp(Raw::ZERO, Raw::ONE_HUNDRED) } else { trend };
    let figure = Decimal::rounded(trend, case.indicator.precision)?;
    let expected = Observation {
        period: Period::point(on).ok()?,
        breakdown: None,
        component: None,
        figure: Figure::Value(Value::Number(figure)),
        definition_version: latest.definition_version,
        standing: latest.standing,
        quality: None,
        is_baseline: false,
        note: None,
    };
    let explanation = rate(Case { result: Some(&expected), ..case });
    Some(Forecast { on, figure, results: points.len(), explanation })
}

fn figure(indicator: &Indicator, result: &Observation) -> Option<Decimal> {
    result.value()?.figure(indicator.unit, indicator.precision)
}

/// The value at `on` of the line with the smallest sum of squared distances from the points; at least two of them
/// on different days.
fn least_squares(points: &[(NaiveDate, Raw)], on: NaiveDate) -> Option<Raw> {
    let count = Raw::from(points.len());
    let days = |day: NaiveDate| Raw::from((day - on).num_days());
    let mean_day = points.iter().map(|(day, _)| days(*day)).sum::<Raw>().checked_div(count)?;
    let sum = points.iter().try_fold(Raw::ZERO, |sum, (_, value)| sum.checked_add(*value))?;
    let mean = sum.checked_div(count)?;
    let (mut product, mut square) = (Raw::ZERO, Raw::ZERO);
    for (day, value) in points {
        let from_mean = days(*day) - mean_day;
        product = product.checked_add(from_mean.checked_mul(value.checked_sub(mean)?)?)?;
        square = square.checked_add(from_mean.checked_mul(from_mean)?)?;
    }
    if square.is_zero() {
        return None;
    }
    // The line goes through the mean point; `on` is day zero.
    mean.checked_sub(product.checked_div(square)?.checked_mul(mean_day)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::measure::Line;
    use crate::framework::observation::Standing;
    use crate::framework::scheme::Scheme;
    use crate::framework::target::{Baseline, Condition, Target, TargetState};
    use crate::number::value::Unit;
    use crate::text::Title;

    fn result(of: &str, value: &str) -> Observation {
        Observation {
            period: of.parse().unwrap(),
            breakdown: None,
            component: None,
            figure: Figure::Value(Value::Number(value.parse().unwrap())),
            definition_version: 1,
            standing: Standing::Final,
            quality: None,
            is_baseline: false,
            note: None,
        }
    }

    fn indicator() -> Indicator {
        Indicator::new(Title::new("Assessments in time").unwrap(), Unit::Percent, 1)
    }

    fn direction(
        polarity: Polarity,
        threshold: &str,
        then: &Observation,
        now: &Observation,
    ) -> Option<Direction> {
        let indicator = Indicator { static_threshold: threshold.parse().unwrap(), ..indicator() };
        travel(&indicator, Some(polarity), None, now, &[then]).map(|travel| travel.direction)
    }

    #[test]
    fn the_same_change_is_better_or_worse_by_polarity() {
        let (then, now) = (result("FY2008-09", "80"), result("FY2009-10", "82"));
        assert_eq!(direction(Polarity::HigherIsBetter, "0", &then, &now), Some(Direction::Improving));
        assert_eq!(direction(Polarity::LowerIsBetter, "0", &then, &now), Some(Direction::Deteriorating));
        assert_eq!(direction(Polarity::LowerIsBetter, "2", &then, &now), Some(Direction::Static));
        assert_eq!(direction(Polarity::HigherIsBetter, "1.9", &then, &now), Some(Direction::Improving));
    }

    /// A change within the threshold is none although both results are far above it: 82 - 80 = 2, while 82 + 80 = 162.
    #[test]
    fn the_change_counts_and_not_the_size_of_the_results() {
        let (then, now) = (result("FY2008-09", "80"), result("FY2009-10", "82"));
        assert_eq!(direction(Polarity::HigherIsBetter, "2", &then, &now), Some(Direction::Static));
        assert_eq!(
            direction(Polarity::HigherIsBetter, "0", &now, &result("FY2010-11", "80")),
            Some(Direction::Deteriorating)
        );
        assert_eq!(
            direction(Polarity::LowerIsBetter, "0", &now, &result("FY2010-11", "80")),
            Some(Direction::Improving)
        );
        assert_eq!(
            direction(Polarity::HigherIsBetter, "0", &then, &result("FY2009-10", "80")),
            Some(Direction::Static)
        );
    }

    /// From 1 to 3 points above a range of 10 to 15 is further away, whatever the sum of the two.
    #[test]
    fn in_a_range_further_is_worse_and_within_the_threshold_is_no_change() {
        let goal = Some(Goal::Between { low: 10.into(), high: 15.into() });
        let (near, far) = (result("FY2008-09", "16"), result("FY2009-10", "18"));
        let indicator = Indicator { static_threshold: "0".parse().unwrap(), ..indicator() };
        let of = |indicator: &Indicator, then: &Observation, now: &Observation| {
            travel(indicator, Some(Polarity::WithinRange), goal, now, &[then]).map(|travel| travel.direction)
        };
        assert_eq!(of(&indicator, &near, &far), Some(Direction::Deteriorating));
        let within = Indicator { static_threshold: "2".parse().unwrap(), ..indicator };
        assert_eq!(of(&within, &near, &far), Some(Direction::Static));
    }

    #[test]
    fn a_result_is_compared_with_an_earlier_one_only() {
        let (then, now) = (result("FY2009-10", "80"), result("FY2009-10", "82"));
        assert_eq!(direction(Polarity::HigherIsBetter, "0", &then, &now), None);
        let later = result("FY2010-11", "80");
        assert_eq!(direction(Polarity::HigherIsBetter, "0", &later, &now), None);
    }

    /// 1 April to 30 September has 183 days, 1 April to 3 October 186: three more are as months differ, four are not.
    #[test]
    fn spans_are_alike_up_to_three_days() {
        let half = result("2008-04-01/2008-09-30", "80");
        assert!(comparable(&half, &result("2009-04-01/2009-10-03", "80")));
        assert!(!comparable(&half, &result("2009-04-01/2009-10-04", "80")));
        assert!(comparable(&result("2009-04-01/2009-10-03", "80"), &half));
        assert!(!comparable(&result("2009-04-01/2009-10-04", "80"), &half));
    }

    #[test]
    fn only_comparable_results_have_a_direction() {
        let now = result("FY2009-10", "82");
        let other_kind = result("2009-02", "80");
        let other_method = Observation { definition_version: 2, ..result("FY2008-09", "80") };
        assert_eq!(direction(Polarity::HigherIsBetter, "0", &other_kind, &now), None);
        assert_eq!(direction(Polarity::HigherIsBetter, "0", &other_method, &now), None);
        let nine_months = result("2009-04-01/2009-12-31", "82");
        assert!(comparable(&result("2008-04-01/2008-12-31", "80"), &nine_months));
        assert!(!comparable(&result("2008-04-01/2008-09-30", "80"), &nine_months));
    }

    #[test]
    fn in_a_range_nearer_is_better() {
        let goal = Some(Goal::Between { low: 10.into(), high: 15.into() });
        let (then, now) = (result("FY2008-09", "20"), result("FY2009-10", "9"));
        let travel = travel(&indicator(), Some(Polarity::WithinRange), goal, &now, &[&then]);
        assert_eq!(travel.map(|travel| travel.direction), Some(Direction::Improving));
    }

    /// 70, 72 and 74 at the ends of June (day -274 before 31 March), September (-182) and December (-90): 92 days
    /// apart each, 2 a step, so 90 days later 74 + 2 * 90 / 92 = 75.96, at one decimal 76.0.
    #[test]
    fn the_trend_of_three_quarters_leads_to_the_year_end() {
        let earlier = [result("FY2009-10-Q1", "70"), result("FY2009-10-Q2", "72")];
        let latest = result("FY2009-10-Q3", "74");
        let (indicator, scheme) = (
            Indicator { polarity: Some(Polarity::HigherIsBetter), ..indicator() },
            Scheme::baseline_to_target(),
        );
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let line = Line {
            baseline: Some(Baseline::Known {
                value: number("60"),
                period: None,
                definition_version: 1,
                note: None,
            }),
            target: Some(Target::Set {
                period: None,
                condition: Condition::Reach(number("90")),
                state: TargetState::Agreed,
                note: None,
                review_on: None,
                origin: None,
            }),
            ..Line::default()
        };
        let plan = "2008-04-01/2011-03-31".parse().unwrap();
        let case = Case { plan, scheme: &scheme, indicator: &indicator, line: &line, result: Some(&latest) };
        let earlier: Vec<&Observation> = earlier.iter().collect();
        let forecast = forecast(case, &latest, &earlier, "2010-02-01".parse().unwrap()).unwrap();
        assert_eq!((forecast.figure, forecast.results), ("76.0".parse().unwrap(), 3));
        assert_eq!(forecast.on, "2010-03-31".parse().unwrap());
        // 80 were expected by then: amber.
        assert_eq!(forecast.explanation.expected.map(|(figure, _)| figure), "80".parse().ok());
        assert_eq!(forecast.explanation.rating().words(), "Amber");
    }

    /// The figure at the end of the year and the number of results behind it, of a line without a target.
    fn year_end(unit: Unit, earlier: &[Observation], latest: &Observation) -> Option<(Decimal, usize)> {
        let (indicator, scheme) = (Indicator { unit, ..indicator() }, Scheme::baseline_to_target());
        let (plan, line) = ("2008-04-01/2011-03-31".parse().unwrap(), Line::default());
        let case = Case { plan, scheme: &scheme, indicator: &indicator, line: &line, result: Some(latest) };
        let earlier: Vec<&Observation> = earlier.iter().collect();
        let forecast = forecast(case, latest, &earlier, "2010-02-01".parse().unwrap())?;
        Some((forecast.figure, forecast.results))
    }

    fn quarters(values: [&str; 3]) -> [Observation; 3] {
        let [first, second, third] = values;
        [result("FY2009-10-Q1", first), result("FY2009-10-Q2", second), result("FY2009-10-Q3", third)]
    }

    #[test]
    fn there_is_nothing_to_forecast_on_the_last_day_of_the_year() {
        assert_eq!(year_end(Unit::Percent, &[result("FY2008-09", "70")], &result("FY2009-10", "74")), None);
    }

    /// Half a year ends at 90 on day -182 before the year-end and at 80 on day -90, so 10 less in 92 days: 80 - 90 * 10 / 92
    /// is 70.2. A second half that ends on the same day as the first is not a further point.
    #[test]
    fn a_trend_has_one_result_for_each_day() {
        let earlier = [result("2009-04-01/2009-09-30", "70"), result("2009-04-02/2009-09-30", "90")];
        let latest = result("2009-07-01/2009-12-31", "80");
        assert_eq!(year_end(Unit::Percent, &earlier, &latest), Some(("70.2".parse().unwrap(), 2)));
    }

    /// From 70 to 74 in 184 days: 74 + 90 * 4 / 184 is 76.0, whatever was measured by another method between.
    #[test]
    fn a_trend_leaves_out_what_is_not_comparable() {
        let [first, second, latest] = quarters(["70", "10", "74"]);
        let earlier = [first, Observation { definition_version: 2, ..second }];
        assert_eq!(year_end(Unit::Percent, &earlier, &latest), Some(("76.0".parse().unwrap(), 2)));
    }

    /// 4 more in 92 days: 98 + 90 * 4 / 92 is 101.9, which no share of a whole can be. 2 more: 108 + 90 * 2 / 92 is 110.0.
    #[test]
    fn a_share_of_a_whole_stays_within_it() {
        let ends_at = |unit, values| {
            let [first, second, latest] = quarters(values);
            year_end(unit, &[first, second], &latest).map(|(figure, _)| figure)
        };
        assert_eq!(ends_at(Unit::Percent, ["90", "94", "98"]), "100".parse().ok());
        assert_eq!(ends_at(Unit::Count, ["90", "94", "98"]), "101.9".parse().ok());
        assert_eq!(ends_at(Unit::Percent, ["104", "106", "108"]), "110.0".parse().ok());
    }

    #[test]
    fn there_is_no_trend_in_one_result() {
        let on = "2010-03-31".parse().unwrap();
        let june = "2009-06-30".parse().unwrap();
        assert_eq!(least_squares(&[(june, Raw::TEN)], on), None);
        assert_eq!(least_squares(&[(june, Raw::TEN), (june, Raw::ONE)], on), None);
    }
}
