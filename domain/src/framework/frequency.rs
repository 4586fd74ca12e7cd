//! Reporting cycles: how often a result is due, and the periods of each cycle.

use crate::time::period::{Period, PeriodError};
use chrono::{Datelike, NaiveDate};

/// How often a result is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// Every calendar month.
    Monthly,
    /// Every quarter of the financial year.
    Quarterly,
    /// Every half of the financial year.
    HalfYearly,
    /// Every financial year.
    FinancialYear,
    /// Every academic year.
    AcademicYear,
    /// Every calendar year.
    CalendarYear,
}

crate::named!(Frequency {
    Monthly = "monthly",
    Quarterly = "quarterly",
    HalfYearly = "half_yearly",
    FinancialYear = "financial_year",
    AcademicYear = "academic_year",
    CalendarYear = "calendar_year",
});

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
