//! What is due when: the periods of a reporting cycle, and how fresh a measure's results are.

use crate::{
    indicator::{Frequency, Indicator},
    period::{Period, PeriodError},
};
use chrono::{Datelike, Days, NaiveDate};

impl Frequency {
    /// The period of this cycle in which a day lies.
    pub fn period_of(self, day: NaiveDate) -> Result<Period, PeriodError> {
        // Months counted from April, the first of a financial year.
        let april = if day.month() >= 4 { day.year() } else { day.year() - 1 };
        let month = (day.month() + 8) % 12;
        match self {
            Frequency::Monthly => Period::month(day.year(), day.month()),
            Frequency::Quarterly => Period::quarter(april, month / 3 + 1),
            Frequency::HalfYearly => Period::half(april, month / 6 + 1),
            Frequency::FinancialYear => Period::financial_year(april),
            Frequency::AcademicYear => {
                Period::academic_year(if day.month() >= 9 { day.year() } else { day.year() - 1 })
            }
            Frequency::CalendarYear => Period::calendar_year(day.year()),
        }
    }

    /// The year that a forecast looks to the end of: academic or calendar where the indicator is reported by it,
    /// else financial.
    pub fn year(self) -> Frequency {
        match self {
            Frequency::Monthly | Frequency::Quarterly | Frequency::HalfYearly | Frequency::FinancialYear => {
                Frequency::FinancialYear
            }
            Frequency::AcademicYear => Frequency::AcademicYear,
            Frequency::CalendarYear => Frequency::CalendarYear,
        }
    }

    /// The last days of all periods of this cycle that end inside `span`, and the last day of `span` itself.
    pub fn ends_within(self, span: Period) -> impl Iterator<Item = NaiveDate> {
        let first = self.period_of(span.first_day()).ok();
        let ends = std::iter::successors(first, |period| period.next().ok())
            .map(Period::last_day)
            .take_while(move |end| *end < span.last_day());
        ends.chain([span.last_day()])
    }
}

/// Whether a measure's latest result is the latest that could be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It is.
    Current,
    /// A later one was due.
    Overdue {
        /// The latest period whose result was due.
        period: Period,
        /// The day it was due.
        due: NaiveDate,
        /// How many days ago that was.
        days_late: i64,
    },
    /// There is none, and none was due.
    NotDue {
        /// The day on which the first one is due.
        due: NaiveDate,
    },
    /// Nobody has said how often a result is due.
    Unknown,
}

/// How fresh a measure's results are on a day. A result is due `lag_days` after the last day of its period, and a
/// plan waits for the periods that end on or after its first day. `latest` is the last day that the latest
/// result is about.
pub fn freshness(
    indicator: &Indicator,
    plan: Period,
    latest: Option<NaiveDate>,
    as_at: NaiveDate,
) -> Freshness {
    let Some(frequency) = indicator.frequency else {
        return Freshness::Unknown;
    };
    let lag = Days::new(u64::from(indicator.lag_days));
    let first = frequency.period_of(plan.first_day()).ok();
    let due_on = |period: Period| period.last_day().checked_add_days(lag);
    let waited_for = std::iter::successors(first, |period| period.next().ok());
    let mut overdue = None;
    let mut next = None;
    for period in waited_for.take_while(|period| period.first_day() <= plan.last_day()) {
        let Some(due) = due_on(period) else { break };
        if due >= as_at {
            next = Some(due);
            break;
        }
        overdue = Some((period, due));
    }
    match (overdue, latest, next) {
        (Some((period, due)), latest, _) if latest.is_none_or(|latest| latest < period.last_day()) => {
            Freshness::Overdue { period, due, days_late: (as_at - due).num_days() }
        }
        (None, None, Some(due)) => Freshness::NotDue { due },
        (None, None, None) => Freshness::Unknown,
        (Some(_), _, _) | (None, Some(_), _) => Freshness::Current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text::Title, value::Unit};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_lies_in_one_period_of_each_cycle() {
        for (frequency, text) in [
            (Frequency::Monthly, "2010-02"),
            (Frequency::Quarterly, "FY2009-10-Q4"),
            (Frequency::HalfYearly, "FY2009-10-H2"),
            (Frequency::FinancialYear, "FY2009-10"),
            (Frequency::AcademicYear, "AY2009-10"),
            (Frequency::CalendarYear, "CY2010"),
        ] {
            assert_eq!(frequency.period_of(day("2010-02-14")).unwrap().to_string(), text);
        }
        assert_eq!(Frequency::Quarterly.period_of(day("2009-04-01")).unwrap().to_string(), "FY2009-10-Q1");
        assert_eq!(Frequency::HalfYearly.period_of(day("2009-10-01")).unwrap().to_string(), "FY2009-10-H2");
    }

    #[test]
    fn a_plan_is_reported_on_at_the_end_of_each_half() {
        let ends: Vec<_> =
            Frequency::HalfYearly.ends_within("2008-04-01/2009-12-31".parse().unwrap()).collect();
        assert_eq!(ends, [day("2008-09-30"), day("2009-03-31"), day("2009-09-30"), day("2009-12-31")]);
    }

    /// Quarterly results of a plan from April 2008, published 30 days after the quarter: the first one is due on
    /// 30 July 2008, the one of quarter 3 of 2009/10 on 30 January 2010.
    #[test]
    fn freshness_counts_the_days() {
        let plan: Period = "2008-04-01/2011-03-31".parse().unwrap();
        let mut indicator = Indicator::new(Title::new("Reviews").unwrap(), Unit::Percent, 1);
        assert_eq!(freshness(&indicator, plan, None, day("2010-03-31")), Freshness::Unknown);
        indicator.frequency = Some(Frequency::Quarterly);
        indicator.lag_days = 30;
        let at = |latest: Option<&str>, on: &str| freshness(&indicator, plan, latest.map(day), day(on));
        assert_eq!(at(None, "2008-07-30"), Freshness::NotDue { due: day("2008-07-30") });
        let q3 = "FY2009-10-Q3".parse().unwrap();
        let late = |days_late| Freshness::Overdue { period: q3, due: day("2010-01-30"), days_late };
        assert_eq!(at(Some("2009-09-30"), "2010-03-31"), late(60));
        assert_eq!(at(Some("2009-12-31"), "2010-03-31"), Freshness::Current);
        assert_eq!(at(Some("2009-09-30"), "2010-01-30"), Freshness::Current);
        assert_eq!(at(None, "2010-01-31"), late(1));
        // After the plan nothing more is waited for.
        assert_eq!(at(Some("2011-03-31"), "2013-01-01"), Freshness::Current);
    }
}
