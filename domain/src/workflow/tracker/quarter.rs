//! Quarters of a financial year, as trackers account for them.

use crate::time::period::{Period, PeriodError, PeriodKind};
use crate::workflow::{DateOf, Refusal};
use chrono::NaiveDate;
use std::{fmt, str::FromStr};

/// A quarter of a financial year: `FY2009-10-Q3` is October to December 2009.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(Period);

/// Why something is no [`Quarter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuarterError {
    /// It is no period at all.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// It is a period of another kind.
    #[error("not a quarter of a financial year: write FY2009-10-Q3")]
    Kind,
}

impl Quarter {
    /// The period, where it is a quarter.
    ///
    /// # Errors
    /// [`QuarterError::Kind`] for a period of another kind.
    pub fn new(period: Period) -> Result<Self, QuarterError> {
        if period.kind() == PeriodKind::Quarter { Ok(Self(period)) } else { Err(QuarterError::Kind) }
    }

    /// The quarter in which a day lies.
    ///
    /// # Errors
    /// [`PeriodError::OutOfRange`] for a day outside the supported years.
    pub fn of(day: NaiveDate) -> Result<Self, PeriodError> {
        use chrono::Datelike;
        // Months from April, and the year in which they begin.
        let (months, year) =
            if day.month() >= 4 { (day.month() - 4, day.year()) } else { (day.month() + 8, day.year() - 1) };
        Period::quarter(year, months / 3 + 1).map(Self)
    }

    /// It as a period.
    pub fn period(self) -> Period {
        self.0
    }

    /// The quarter after it.
    ///
    /// # Errors
    /// [`PeriodError::OutOfRange`] at the end of time.
    pub fn next(self) -> Result<Self, PeriodError> {
        self.0.next().map(Self)
    }

    /// The date of ratings in it: its last day, or today where that is earlier.
    pub fn as_at(self, today: NaiveDate) -> NaiveDate {
        self.0.last_day().min(today)
    }

    /// The quarters from this one to `last`, at most `most` of them.
    pub fn until(self, last: Self, most: usize) -> Vec<Self> {
        let quarters = std::iter::successors(Some(self), |quarter| quarter.next().ok());
        quarters.take_while(|quarter| *quarter <= last).take(most).collect()
    }

    /// Checks that it can be accounted for: it touches the plan, and has begun.
    ///
    /// # Errors
    /// [`Refusal::BeforePlan`], [`Refusal::AfterPlan`] or [`Refusal::InFuture`].
    pub fn check(self, plan: Period, today: NaiveDate) -> Result<(), Refusal> {
        let what = DateOf::Period;
        if self.0.last_day() < plan.first_day() {
            return Err(Refusal::BeforePlan { what, first: plan.first_day() });
        }
        if self.0.first_day() > plan.last_day() {
            return Err(Refusal::AfterPlan { what, last: plan.last_day() });
        }
        if self.0.first_day() > today {
            return Err(Refusal::InFuture { what });
        }
        Ok(())
    }
}

impl FromStr for Quarter {
    type Err = QuarterError;
    fn from_str(text: &str) -> Result<Self, QuarterError> {
        Self::new(text.parse()?)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
