//! Periods: the stretch of time that a result or a target is about.

mod words;

pub use words::day as day_in_words;

use chrono::{Datelike, Days, NaiveDate};
use std::{cmp::Ordering, fmt, str::FromStr};

/// A month, quarter, half, year of one of three kinds, span of dates or point in time.
///
/// The text form (`Display`, `FromStr`) is canonical and round-trips: `2010-06`, `FY2009-10`, `FY2009-10-Q3`,
/// `FY2009-10-H1`, `AY2008-09`, `CY2009`, `2009-04-01/2009-12-31`, `2009-09-30`.
/// Periods order by last day, then first day, then kind, so that a list of results reads as a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period(Inner);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Inner {
    Point(NaiveDate),
    Month { year: i32, month: u32 },
    Quarter { year: i32, quarter: u32 },
    Half { year: i32, half: u32 },
    Financial { year: i32 },
    Academic { year: i32 },
    Calendar { year: i32 },
    Span { first: NaiveDate, last: NaiveDate },
}

/// The kind of a period. Results are compared over time only within one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    /// A single day: a count "as at".
    Point,
    /// A calendar month.
    Month,
    /// Three months of a financial year; the first is April to June.
    Quarter,
    /// Six months of a financial year; the first is April to September.
    Half,
    /// April to March.
    FinancialYear,
    /// September to August.
    AcademicYear,
    /// January to December.
    CalendarYear,
    /// Any other stretch of days.
    Span,
}

/// Why a text or a pair of dates is no [`Period`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text has none of the canonical forms.
    #[error(
        "not a period: write 2010-06, FY2009-10, FY2009-10-Q3, FY2009-10-H1, AY2008-09, CY2009, \
         2009-04-01/2009-12-31 or 2009-09-30"
    )]
    Form,
    /// The form is right, but there is no such month, quarter, half or day.
    #[error("there is no such date, month, quarter or half")]
    NoSuchDate,
    /// Two years that do not follow each other, as in `FY2009-11`.
    #[error("a year from April or September ends in the year after it began, as in FY2009-10")]
    YearsDoNotFollow,
    /// A span whose last day comes before its first.
    #[error("a period ends on or after the day it begins")]
    EndsBeforeItBegins,
    /// Outside the years that can be written.
    #[error("a period lies between the years {} and {}", Period::FIRST_YEAR, Period::LAST_YEAR)]
    OutOfRange,
}

impl Period {
    /// The first year in which a period may begin.
    pub const FIRST_YEAR: i32 = 1900;
    /// The last year in which a period may begin.
    pub const LAST_YEAR: i32 = 2199;

    /// One day.
    pub fn point(day: NaiveDate) -> Result<Self, PeriodError> {
        in_range(day.year())?;
        Ok(Self(Inner::Point(day)))
    }

    /// A calendar month, 1 to 12.
    pub fn month(year: i32, month: u32) -> Result<Self, PeriodError> {
        in_range(year)?;
        within(month, 12).map(|month| Self(Inner::Month { year, month }))
    }

    /// Quarter 1 to 4 of the financial year that begins in April of `year`.
    pub fn quarter(year: i32, quarter: u32) -> Result<Self, PeriodError> {
        in_range(year)?;
        within(quarter, 4).map(|quarter| Self(Inner::Quarter { year, quarter }))
    }

    /// Half 1 or 2 of the financial year that begins in April of `year`.
    pub fn half(year: i32, half: u32) -> Result<Self, PeriodError> {
        in_range(year)?;
        within(half, 2).map(|half| Self(Inner::Half { year, half }))
    }

    /// The financial year that begins in April of `year`.
    pub fn financial_year(year: i32) -> Result<Self, PeriodError> {
        in_range(year).map(|year| Self(Inner::Financial { year }))
    }

    /// The academic year that begins in September of `year`.
    pub fn academic_year(year: i32) -> Result<Self, PeriodError> {
        in_range(year).map(|year| Self(Inner::Academic { year }))
    }

    /// The calendar year `year`.
    pub fn calendar_year(year: i32) -> Result<Self, PeriodError> {
        in_range(year).map(|year| Self(Inner::Calendar { year }))
    }

    /// All days from `first` to `last`, both included.
    pub fn span(first: NaiveDate, last: NaiveDate) -> Result<Self, PeriodError> {
        in_range(first.year())?;
        in_range(last.year())?;
        if last < first {
            return Err(PeriodError::EndsBeforeItBegins);
        }
        Ok(Self(Inner::Span { first, last }))
    }

    /// The financial year in which `day` lies.
    pub fn financial_year_of(day: NaiveDate) -> Result<Self, PeriodError> {
        Self::financial_year(if day.month() >= 4 { day.year() } else { day.year() - 1 })
    }

    /// The kind of this period.
    pub fn kind(self) -> PeriodKind {
        match self.0 {
            Inner::Point(_) => PeriodKind::Point,
            Inner::Month { .. } => PeriodKind::Month,
            Inner::Quarter { .. } => PeriodKind::Quarter,
            Inner::Half { .. } => PeriodKind::Half,
            Inner::Financial { .. } => PeriodKind::FinancialYear,
            Inner::Academic { .. } => PeriodKind::AcademicYear,
            Inner::Calendar { .. } => PeriodKind::CalendarYear,
            Inner::Span { .. } => PeriodKind::Span,
        }
    }

    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        match self.0 {
            Inner::Point(day) => day,
            Inner::Span { first, .. } => first,
            Inner::Month { year, month } => month_begins(year, month),
            Inner::Quarter { year, quarter } => month_begins(year, 3 * quarter + 1),
            Inner::Half { year, half } => month_begins(year, 6 * half - 2),
            Inner::Financial { year } => month_begins(year, 4),
            Inner::Academic { year } => month_begins(year, 9),
            Inner::Calendar { year } => month_begins(year, 1),
        }
    }

    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        match self.0 {
            Inner::Point(day) => day,
            Inner::Span { last, .. } => last,
            Inner::Month { year, month } => day_before(month_begins(year, month + 1)),
            Inner::Quarter { year, quarter } => day_before(month_begins(year, 3 * quarter + 4)),
            Inner::Half { year, half } => day_before(month_begins(year, 6 * half + 4)),
            Inner::Financial { year } => day_before(month_begins(year + 1, 4)),
            Inner::Academic { year } => day_before(month_begins(year + 1, 9)),
            Inner::Calendar { year } => day_before(month_begins(year + 1, 1)),
        }
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        (self.last_day() - self.first_day()).num_days() + 1
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }

    /// The period of the same kind right after this one; a span's is the same number of days.
    /// [`PeriodError::OutOfRange`] at the end of time.
    pub fn next(self) -> Result<Self, PeriodError> {
        let after = self.last_day().checked_add_days(Days::new(1)).ok_or(PeriodError::OutOfRange)?;
        match self.0 {
            Inner::Point(_) => Self::point(after),
            Inner::Month { .. } => Self::month(after.year(), after.month()),
            Inner::Quarter { year, quarter: 4 } => Self::quarter(year + 1, 1),
            Inner::Quarter { year, quarter } => Self::quarter(year, quarter + 1),
            Inner::Half { year, half: 2 } => Self::half(year + 1, 1),
            Inner::Half { year, half } => Self::half(year, half + 1),
            Inner::Financial { year } => Self::financial_year(year + 1),
            Inner::Academic { year } => Self::academic_year(year + 1),
            Inner::Calendar { year } => Self::calendar_year(year + 1),
            Inner::Span { .. } => {
                let length = Days::new(self.days().unsigned_abs() - 1);
                Self::span(after, after.checked_add_days(length).ok_or(PeriodError::OutOfRange)?)
            }
        }
    }
}

fn in_range(year: i32) -> Result<i32, PeriodError> {
    match (Period::FIRST_YEAR..=Period::LAST_YEAR).contains(&year) {
        true => Ok(year),
        false => Err(PeriodError::OutOfRange),
    }
}

fn within(number: u32, most: u32) -> Result<u32, PeriodError> {
    match (1..=most).contains(&number) {
        true => Ok(number),
        false => Err(PeriodError::NoSuchDate),
    }
}

/// The first of a month counted from January of `year`; months past 12 run into the next year.
fn month_begins(year: i32, month: u32) -> NaiveDate {
    let (year, month) = if month > 12 { (year + 1, month - 12) } else { (year, month) };
    // Years are checked by every constructor and chrono reaches far beyond them.
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX)
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(NaiveDate::MIN)
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |period: &Self| (period.last_day(), period.first_day(), period.kind());
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = |year: i32| (year + 1) % 100;
        match self.0 {
            Inner::Point(day) => write!(f, "{day}"),
            Inner::Month { year, month } => write!(f, "{year}-{month:02}"),
            Inner::Quarter { year, quarter } => write!(f, "FY{year}-{:02}-Q{quarter}", next(year)),
            Inner::Half { year, half } => write!(f, "FY{year}-{:02}-H{half}", next(year)),
            Inner::Financial { year } => write!(f, "FY{year}-{:02}", next(year)),
            Inner::Academic { year } => write!(f, "AY{year}-{:02}", next(year)),
            Inner::Calendar { year } => write!(f, "CY{year}"),
            Inner::Span { first, last } => write!(f, "{first}/{last}"),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        if let Some(rest) = text.strip_prefix("FY") {
            let (years, part) = match rest.get(7..) {
                None | Some("") => (rest, None),
                Some(part) => (rest.get(..7).ok_or(PeriodError::Form)?, Some(part)),
            };
            let year = year_pair(years)?;
            return match part.map(|part| (part.get(..2), part.get(2..))) {
                None => Self::financial_year(year),
                Some((Some("-Q"), Some(number))) => Self::quarter(year, digits(number, 1)?),
                Some((Some("-H"), Some(number))) => Self::half(year, digits(number, 1)?),
                Some(_) => Err(PeriodError::Form),
            };
        }
        if let Some(years) = text.strip_prefix("AY") {
            return Self::academic_year(year_pair(years)?);
        }
        if let Some(year) = text.strip_prefix("CY") {
            return Self::calendar_year(digits(year, 4)? as i32);
        }
        if let Some((first, last)) = text.split_once('/') {
            return Self::span(day(first)?, day(last)?);
        }
        match text.len() {
            7 => {
                let (year, month) = text.split_once('-').ok_or(PeriodError::Form)?;
                Self::month(digits(year, 4)? as i32, digits(month, 2)?)
            }
            _ => Self::point(day(text)?),
        }
    }
}

/// `2009-10` as two years that follow each other: the first one.
fn year_pair(text: &str) -> Result<i32, PeriodError> {
    let (first, second) = text.split_once('-').ok_or(PeriodError::Form)?;
    let (first, second) = (digits(first, 4)?, digits(second, 2)?);
    if (first + 1) % 100 != second {
        return Err(PeriodError::YearsDoNotFollow);
    }
    Ok(first as i32)
}

fn day(text: &str) -> Result<NaiveDate, PeriodError> {
    let (Some((year, month)), Some(day)) =
        (text.get(..7).and_then(|text| text.split_once('-')), text.get(7..))
    else {
        return Err(PeriodError::Form);
    };
    let day = day.strip_prefix('-').ok_or(PeriodError::Form)?;
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    NaiveDate::from_ymd_opt(year as i32, month, day).ok_or(PeriodError::NoSuchDate)
}

/// A number of exactly `length` ASCII digits, at most 4.
fn digits(text: &str, length: usize) -> Result<u32, PeriodError> {
    if text.len() != length || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PeriodError::Form);
    }
    Ok(text.bytes().fold(0, |number, b| 10 * number + u32::from(b - b'0')))
}

#[cfg(test)]
mod tests;
