//! Trajectories: the value expected at each reporting date between the baseline and the target.

use crate::number::decimal::Decimal;
use crate::number::exact;
use crate::number::value::Value;
use crate::time::period::Period;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal as Raw;

/// The shape of the way from the baseline to the target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trajectory {
    /// A straight line, or *maintain* where the baseline already meets the target.
    #[default]
    Linear,
    /// Values by dates, straight lines between them: 40 by March 2009, 50 by March 2010.
    Milestones(Vec<Point>),
    /// The same step each year, counted from the end of the baseline's own period.
    YearlyStep {
        /// How much a year.
        step: Step,
        /// No step ends after the last day of this period; the plan's last day where there is none.
        until: Option<Period>,
    },
    /// Explicit values, for seasonal and cumulative indicators: each holds until the next one.
    Profile(Vec<Point>),
}

/// A value expected on the last day of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The period whose last day counts.
    pub period: Period,
    /// The value expected then.
    pub value: Value,
}

/// What happens to the expected value in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many units are added: +2 points a year.
    Points(Decimal),
    /// So many per cent of the year before are added, compound: -1% a year.
    Percent(Decimal),
}

/// The most points that milestones or a profile have.
pub const MOST_POINTS: usize = 400;

/// Where a line runs: figures in the indicator's unit, days counted at their end.
///
/// A plan's first day is counted at its beginning, which is the end of the day before. So a result of the
/// last day of the second of three years stands at exactly two thirds of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The day at whose end the line leaves the baseline.
    pub leaves: NaiveDate,
    /// The day at whose end it reaches the target.
    pub reaches: NaiveDate,
}

/// A number that a straight line can run from and to.
pub trait OnLine: Copy {
    /// The number at no more than `places` decimal places, halves away from zero; `None` where it is too large.
    fn at(self, places: u32) -> Option<Decimal>;

    /// The number after `elapsed` of `whole` days on the way to another, at no more than `places` decimal places,
    /// halves away from zero; `None` where it is too large.
    fn towards(self, to: Self, elapsed: i32, whole: i32, places: u32) -> Option<Decimal>;
}

impl OnLine for Decimal {
    fn at(self, places: u32) -> Option<Decimal> {
        self.at(places)
    }

    fn towards(self, to: Self, elapsed: i32, whole: i32, places: u32) -> Option<Decimal> {
        exact::on_line(self, to, elapsed, whole, places)
    }
}

/// The compound steps of a percentage have more places than a [`Decimal`].
impl OnLine for Raw {
    fn at(self, places: u32) -> Option<Decimal> {
        Decimal::rounded(self, places)
    }

    fn towards(self, to: Self, elapsed: i32, whole: i32, places: u32) -> Option<Decimal> {
        // Multiplied before it is divided, so that whole shares stay exact.
        let part = to.checked_sub(self)?.checked_mul(elapsed.into())?.checked_div(whole.into())?;
        Decimal::rounded(part.checked_add(self)?, places)
    }
}

impl Course {
    /// A course leaves on the later of the plan's first day and the last day of the baseline's period, and
    /// reaches the target on the last day of the target's period, else on the plan's last day.
    pub fn new(plan: Period, baseline: Option<Period>, target: Option<Period>) -> Self {
        let before_plan = plan.first_day().pred_opt().unwrap_or(NaiveDate::MIN);
        let leaves = baseline.map_or(before_plan, |period| period.last_day().max(before_plan));
        Self { leaves, reaches: target.map_or(plan.last_day(), Period::last_day) }
    }

    /// The value on the straight line at the end of `day`, at `places` decimal places: the baseline before it
    /// leaves, the target once it is reached. `None` where it is too large.
    pub fn value_at<N: OnLine>(self, day: NaiveDate, from: N, to: N, places: u32) -> Option<Decimal> {
        if day >= self.reaches {
            return to.at(places);
        }
        if day <= self.leaves {
            return from.at(places);
        }
        let days_under_way = |day: NaiveDate| day.num_days_from_ce() - self.leaves.num_days_from_ce();
        from.towards(to, days_under_way(day), days_under_way(self.reaches), places)
    }
}

/// The value of dated points at the end of `day`, at `places` decimal places, with straight lines between them;
/// `before` is where the first line comes from. `None` before the first point where there is nothing before it.
pub fn milestone_at<N: OnLine>(
    day: NaiveDate,
    before: Option<(NaiveDate, N)>,
    points: impl IntoIterator<Item = (NaiveDate, N)>,
    places: u32,
) -> Option<Decimal> {
    let mut previous = before;
    for (reaches, to) in points {
        if day <= reaches {
            return match previous {
                Some((leaves, from)) => Course { leaves, reaches }.value_at(day, from, to, places),
                None if day == reaches => to.at(places),
                None => None,
            };
        }
        previous = Some((reaches, to));
    }
    previous.and_then(|(_, value)| value.at(places))
}

/// The value of a profile at the end of `day`: that of the last point that has been reached.
pub fn profile_at<N>(day: NaiveDate, points: impl IntoIterator<Item = (NaiveDate, N)>) -> Option<N> {
    points.into_iter().take_while(|(on, _)| *on <= day).last().map(|(_, value)| value)
}

/// The dates and values at the end of each whole year after `leaves`, up to and including `until`. It ends early
/// where a value passes the bounds of a number.
pub fn yearly_points(
    leaves: NaiveDate,
    from: Raw,
    step: Step,
    until: NaiveDate,
) -> impl Iterator<Item = (NaiveDate, Raw)> {
    let first = step.taken_from(from).map(|value| (1, value));
    std::iter::successors(first, move |(year, value)| Some((year + 1, step.taken_from(*value)?)))
        .take(MOST_POINTS)
        .map(move |(year, value)| (anniversary(leaves, year), value))
        .take_while(move |(day, _)| *day <= until)
}

impl Step {
    fn taken_from(self, value: Raw) -> Option<Raw> {
        match self {
            Step::Points(points) => value.checked_add(points.raw()),
            Step::Percent(percent) => {
                let factor = percent.raw().checked_div(Raw::ONE_HUNDRED)?.checked_add(Raw::ONE)?;
                value.checked_mul(factor)
            }
        }
    }
}

/// The same day some years later; the last day of February stays the last day of February.
fn anniversary(day: NaiveDate, years: i32) -> NaiveDate {
    let year = day.year() + years;
    let last_of_february = day.month() == 2 && day.succ_opt().is_some_and(|next| next.month() == 3);
    let month_day = if last_of_february { NaiveDate::from_ymd_opt(year, 2, 29) } else { None };
    month_day
        .or_else(|| NaiveDate::from_ymd_opt(year, day.month(), day.day()))
        .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn raw(text: &str) -> Raw {
        text.parse().unwrap()
    }

    fn figure(text: &str) -> Option<Decimal> {
        Some(text.parse().unwrap())
    }

    fn plan() -> Period {
        "2008-04-01/2011-03-31".parse().unwrap()
    }

    /// 26% to 33% over three years of 1,095 days, two thirds elapsed: 26 + 7 * 730 / 1095 = 30.666...
    #[test]
    fn school_lunches_stand_at_two_thirds_after_two_of_three_years() {
        let course = Course::new(plan(), None, None);
        let at = |text| course.value_at(day(text), raw("26"), raw("33"), 2);
        assert_eq!(at("2010-03-31"), figure("30.67"));
        assert_eq!(at("2008-03-31"), figure("26"));
        assert_eq!(at("2007-01-01"), figure("26"));
        assert_eq!(at("2011-03-31"), figure("33"));
        assert_eq!(at("2012-01-01"), figure("33"));
    }

    #[test]
    fn a_course_leaves_where_the_baseline_ends_if_that_is_later_than_the_plan() {
        let baseline = "FY2008-09".parse().ok();
        let course = Course::new(plan(), baseline, "CY2010".parse().ok());
        assert_eq!((course.leaves, course.reaches), (day("2009-03-31"), day("2010-12-31")));
        let early = Course::new(plan(), "CY2006".parse().ok(), None);
        assert_eq!((early.leaves, early.reaches), (day("2008-03-31"), day("2011-03-31")));
    }

    /// Source 001: 40% in March 2009, 50% in March 2010. Half of the 365 days between, rounded down, is 182:
    /// 40 + 10 * 182 / 365 = 44.986...
    #[test]
    fn milestones_are_joined_by_straight_lines() {
        let points = [(day("2009-03-31"), raw("40")), (day("2010-03-31"), raw("50"))];
        let at = |text| milestone_at(day(text), Some((day("2008-03-31"), raw("31"))), points, 2);
        assert_eq!(at("2009-03-31"), figure("40"));
        assert_eq!(at("2009-09-29"), figure("44.99"));
        assert_eq!(at("2011-01-01"), figure("50"));
        assert_eq!(at("2008-01-01"), figure("31"));
        assert_eq!(milestone_at(day("2008-06-01"), None, points, 2), None);
        assert_eq!(milestone_at(day("2009-03-31"), None, points, 2), figure("40"));
    }

    #[test]
    fn a_profile_holds_each_value_until_the_next() {
        let points = [(day("2009-06-30"), raw("10")), (day("2009-09-30"), raw("45"))];
        assert_eq!(profile_at(day("2009-06-29"), points), None);
        assert_eq!(profile_at(day("2009-08-15"), points), Some(raw("10")));
        assert_eq!(profile_at(day("2010-08-15"), points), Some(raw("45")));
    }

    /// Source 001: 73% in 2005/06, two points a year to 2011: five whole years fit. And 823 less one per cent
    /// twice: 814.77, 806.6223.
    #[test]
    fn yearly_steps_count_from_the_baseline() {
        let two = Step::Points("2".parse().unwrap());
        let points: Vec<_> = yearly_points(day("2006-03-31"), raw("73"), two, day("2011-12-31")).collect();
        assert_eq!(points.len(), 5);
        assert_eq!(points.get(1), Some(&(day("2008-03-31"), raw("77"))));
        assert_eq!(points.last(), Some(&(day("2011-03-31"), raw("83"))));
        let one_per_cent = Step::Percent("-1".parse().unwrap());
        let less: Vec<_> =
            yearly_points(day("2009-03-31"), raw("823"), one_per_cent, day("2011-03-31")).collect();
        assert_eq!(less, [(day("2010-03-31"), raw("814.77")), (day("2011-03-31"), raw("806.6223"))]);
    }

    #[test]
    fn the_end_of_february_stays_the_end_of_february() {
        assert_eq!(anniversary(day("2007-02-28"), 1), day("2008-02-29"));
        assert_eq!(anniversary(day("2008-02-29"), 1), day("2009-02-28"));
        assert_eq!(anniversary(day("2009-03-31"), 1), day("2010-03-31"));
    }

    proptest! {
        #[test]
        fn a_line_never_leaves_the_space_between_its_ends(from in -10_000_i64..10_000, to in -10_000_i64..10_000, days in -50_i64..1_200) {
            let course = Course::new(plan(), None, None);
            let on = day("2008-04-01") + chrono::Duration::days(days);
            let value = course.value_at(on, Raw::from(from), Raw::from(to), Decimal::PLACES).unwrap().raw();
            prop_assert!(Raw::from(from.min(to)) <= value && value <= Raw::from(from.max(to)));
        }

        #[test]
        fn a_line_that_rises_never_falls(from in 0_i64..1_000, rise in 0_i64..1_000, a in 0_i64..1_095, b in 0_i64..1_095) {
            let course = Course::new(plan(), None, None);
            let at = |days| course.value_at(day("2008-04-01") + chrono::Duration::days(days), Raw::from(from), Raw::from(from + rise), Decimal::PLACES).unwrap();
            prop_assert!(at(a.min(b)) <= at(a.max(b)));
        }

        #[test]
        fn milestones_turn_with_their_signs(values in proptest::collection::vec(-1_000_i64..1_000, 1..6), days in -10_i64..2_400) {
            let points: Vec<_> = values.iter().zip(1..).map(|(&v, year)| (anniversary(day("2008-03-31"), year), Raw::from(v))).collect();
            let turned: Vec<_> = points.iter().map(|&(on, v)| (on, -v)).collect();
            let on = day("2008-03-31") + chrono::Duration::days(days);
            let before = |v| Some((day("2008-03-31"), v));
            let (there, back) = (milestone_at(on, before(Raw::TEN), points, 1), milestone_at(on, before(-Raw::TEN), turned, 1));
            prop_assert_eq!(there.map(|v| -v), back);
        }
    }
}
