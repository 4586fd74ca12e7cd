//! Times as they are written, made into periods by their context; what had to be assumed is reported.

use super::{
    Context,
    cell::{About, Amount, Cell, InYear, Part, Season, When, Year, YearKind},
    unread::Unread,
};
use crate::time::period::{Period, PeriodError};
use chrono::{Datelike, Days, Months, NaiveDate};

/// Settles times in one context, and keeps what it had to assume.
pub(super) struct Settling<'c> {
    context: &'c Context,
    /// Whether a month or quarter without a year is the last one before the report.
    looks_back: bool,
    /// What was assumed, each thing once.
    pub(super) assumed: Vec<String>,
}

impl<'c> Settling<'c> {
    pub(super) fn new(context: &'c Context, looks_back: bool) -> Self {
        Self { context, looks_back, assumed: Vec::new() }
    }

    pub(super) fn assume(&mut self, what: String) {
        if !self.assumed.contains(&what) {
            self.assumed.push(what);
        }
    }

    pub(super) fn cell(&mut self, cell: Cell<When>) -> Result<Cell<Period>, Unread> {
        Ok(match cell {
            Cell::Nothing { absence, note } => Cell::Nothing { absence, note },
            Cell::ToBeSet(sentence) => Cell::ToBeSet(sentence),
            Cell::Figures(parts) => {
                Cell::Figures(parts.into_iter().map(|part| self.part(part)).collect::<Result<_, _>>()?)
            }
            Cell::Milestones { points, marks } => {
                let settled = points.into_iter().map(|(figure, when)| Ok((figure, self.period(&when)?)));
                let points: Vec<_> = settled.collect::<Result<_, Unread>>()?;
                let follow = points.windows(2).all(|pair| match pair {
                    [(_, a), (_, b)] => a.last_day() < b.last_day(),
                    _ => true,
                });
                if !follow {
                    return Err(Unread::MilestoneOrder);
                }
                Cell::Milestones { points, marks }
            }
        })
    }

    fn part(&mut self, part: Part<When>) -> Result<Part<Period>, Unread> {
        let About { when, beside, marks, notes } = part.about;
        let when = when.map(|when| self.period(&when)).transpose()?;
        let amount = match part.amount {
            Amount::Exactly(figure) => Amount::Exactly(figure),
            Amount::Limit(limit, figure) => Amount::Limit(limit, figure),
            Amount::Range { low, high, .. } if low > high => return Err(Unread::Backwards(low, high)),
            Amount::Range { low, high, sign } => Amount::Range { low, high, sign },
            Amount::Ratio(ratio) if ratio.numerator() > ratio.denominator() => {
                return Err(Unread::Ratio(ratio.numerator(), ratio.denominator()));
            }
            Amount::Ratio(ratio) => Amount::Ratio(ratio),
            Amount::AllOf(total) => Amount::AllOf(total),
            Amount::PerYear { rise, from, until } => Amount::PerYear {
                rise,
                from: from.map(|from| self.period(&from)).transpose()?,
                until: until.map(|until| self.period(&until)).transpose()?,
            },
        };
        Ok(Part { name: part.name, amount, about: About { when, beside, marks, notes } })
    }

    pub(super) fn period(&mut self, when: &When) -> Result<Period, Unread> {
        let checked = |period: Result<Period, PeriodError>| period.map_err(|_| no_such(when));
        match when {
            When::Exact(period) => Ok(*period),
            When::Year(year) => {
                let number = self.year(*year);
                self.assume(format!("{number} is taken as the calendar year"));
                checked(Period::calendar_year(number))
            }
            When::Years(year, kind) => checked(self.years(*year, *kind)),
            When::YearsTo(first, last) => {
                let (first, last) = (self.period(first)?, self.period(last)?);
                checked(Period::span(first.first_day(), last.last_day()))
            }
            When::Day { day, month, year, figures_only } => {
                let year = self.year(*year);
                if *figures_only && *day <= 12 && *month <= 12 && day != month {
                    self.assume(format!("{day}/{month} is taken as day and month"));
                }
                let day = NaiveDate::from_ymd_opt(year, *month, *day).ok_or_else(|| no_such(when))?;
                checked(Period::point(day))
            }
            When::Month(month, year) => {
                let year = self.year_of(*month, *year, when)?;
                checked(Period::month(year, *month))
            }
            When::Months { first, last } => self.months(*first, *last, when),
            When::Quarters(first, last, year) => self.quarters(*first, *last, *year, when),
            When::Half(half, year) => {
                let year = match year {
                    Some(year) => self.year(*year),
                    None => self.latest(when, |year| Period::half(year, *half))?,
                };
                checked(Period::half(year, *half))
            }
            When::Season(season, year) => checked(self.season(*season, *year)),
            When::EndOf(inner) => checked(Period::point(self.settled_end(inner)?.last_day())),
            When::MonthsEnding(count, end) => {
                let last = self.period(end)?.last_day();
                let after = last.checked_add_days(Days::new(1)).ok_or_else(|| no_such(when))?;
                let first = after.checked_sub_months(Months::new(*count)).ok_or_else(|| no_such(when))?;
                checked(Period::span(first, last))
            }
            When::YearToDate if !self.looks_back => Err(Unread::NoYear(text(when))),
            When::YearToDate => checked(self.year_to_date()),
        }
    }

    fn years(&mut self, year: Year, kind: Option<YearKind>) -> Result<Period, PeriodError> {
        let number = self.year(year);
        let settled = kind.unwrap_or(self.context.year);
        if kind.is_none() {
            let what = match settled {
                YearKind::Financial => "a financial year",
                YearKind::Academic => "an academic year",
            };
            self.assume(format!("{number}/{:02} is taken as {what}", (number + 1).rem_euclid(100)));
        }
        match settled {
            YearKind::Financial => Period::financial_year(number),
            YearKind::Academic => Period::academic_year(number),
        }
    }

    fn season(&mut self, season: Season, year: Year) -> Result<Period, PeriodError> {
        let (first, last) = match season {
            Season::Spring => (3, 5),
            Season::Summer => (6, 8),
            Season::Autumn => (9, 11),
        };
        let year = self.year(year);
        let name = season_name(season);
        self.assume(format!("{name} is taken as {} to {}", month_name(first), month_name(last)));
        span_of_months((year, first), (year, last))
    }

    fn year_to_date(&mut self) -> Result<Period, PeriodError> {
        let report = self.context.report_date;
        let first = Period::financial_year_of(report)?.first_day();
        self.assume(format!("the year to date is taken as {first} to the report\u{2019}s date"));
        Period::span(first, report)
    }

    /// The period whose end is meant; the end of 2010 asks for nothing to be assumed about the year.
    fn settled_end(&mut self, inner: &When) -> Result<Period, Unread> {
        match inner {
            When::Year(year) => {
                let number = self.year(*year);
                Period::calendar_year(number).map_err(|_| no_such(inner))
            }
            other => self.period(other),
        }
    }

    /// A year in full. A short one lies at most 20 years after the report.
    fn year(&mut self, year: Year) -> i32 {
        let number = i32::try_from(year.number).unwrap_or(0);
        if !year.short {
            return number;
        }
        let century = self.context.report_date.year().div_euclid(100) * 100;
        let latest = self.context.report_date.year() + 20;
        let candidates = [century + 100 + number, century + number, century - 100 + number];
        let full = candidates.into_iter().find(|full| *full <= latest).unwrap_or(number);
        self.assume(format!("the year {number:02} is taken as {full}"));
        full
    }

    /// The calendar year of a month.
    fn year_of(&mut self, month: u32, year: InYear, when: &When) -> Result<i32, Unread> {
        match year {
            InYear::Year(year) => Ok(self.year(year)),
            InYear::Years(year) => {
                let first = self.year(year);
                let begins = match self.context.year {
                    YearKind::Financial => 4,
                    YearKind::Academic => 9,
                };
                Ok(if month >= begins { first } else { first + 1 })
            }
            InYear::Unstated => self.latest(when, |year| Period::month(year, month)),
        }
    }

    fn months(&mut self, first: (u32, InYear), last: (u32, InYear), when: &When) -> Result<Period, Unread> {
        let last_year = self.year_of(last.0, last.1, when)?;
        let first_year = match (first.1, last.1) {
            (InYear::Unstated, InYear::Years(_)) => self.year_of(first.0, last.1, when)?,
            (InYear::Unstated, InYear::Year(_) | InYear::Unstated) if first.0 > last.0 => last_year - 1,
            (InYear::Unstated, InYear::Year(_) | InYear::Unstated) => last_year,
            (stated, _) => self.year_of(first.0, stated, when)?,
        };
        span_of_months((first_year, first.0), (last_year, last.0)).map_err(|_| no_such(when))
    }

    fn quarters(&mut self, first: u32, last: u32, year: Option<Year>, when: &When) -> Result<Period, Unread> {
        let year = match year {
            Some(year) => self.year(year),
            None => self.latest(when, |year| Period::quarter(year, last))?,
        };
        let quarter = |number| Period::quarter(year, number).map_err(|_| no_such(when));
        if first == last {
            return quarter(first);
        }
        let (first, last) = (quarter(first)?, quarter(last)?);
        Period::span(first.first_day(), last.last_day()).map_err(|_| no_such(when))
    }

    /// The last year in which a period was over by the report's date.
    fn latest(
        &mut self,
        when: &When,
        period: impl Fn(i32) -> Result<Period, PeriodError>,
    ) -> Result<i32, Unread> {
        let report = self.context.report_date;
        if !self.looks_back {
            return Err(Unread::NoYear(text(when)));
        }
        let over = |year: &i32| period(*year).is_ok_and(|period| period.last_day() <= report);
        let year = [report.year(), report.year() - 1, report.year() - 2].into_iter().find(over);
        let year = year.ok_or_else(|| Unread::NoYear(text(when)))?;
        if let Ok(period) = period(year) {
            self.assume(format!(
                "{} without a year is taken as {period}, the last one before the report",
                text(when)
            ));
        }
        Ok(year)
    }
}

fn no_such(when: &When) -> Unread {
    Unread::NoSuchPeriod(text(when))
}

fn span_of_months(first: (i32, u32), last: (i32, u32)) -> Result<Period, PeriodError> {
    Period::span(Period::month(first.0, first.1)?.first_day(), Period::month(last.0, last.1)?.last_day())
}

fn month_name(month: u32) -> &'static str {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month).ok().and_then(|month| NAMES.get(month.wrapping_sub(1))).copied().unwrap_or("?")
}

fn season_name(season: Season) -> &'static str {
    match season {
        Season::Spring => "spring",
        Season::Summer => "summer",
        Season::Autumn => "autumn",
    }
}

/// A time as it is written in a reason or an assumption.
fn text(when: &When) -> String {
    let year = |year: &Year| if year.short { format!("{:02}", year.number) } else { year.number.to_string() };
    let in_year = |stated: &InYear| match stated {
        InYear::Unstated => String::new(),
        InYear::Year(stated) => format!(" {}", year(stated)),
        InYear::Years(stated) => format!(" {}/{:02}", year(stated), (stated.number + 1) % 100),
    };
    match when {
        When::Exact(period) => period.to_string(),
        When::Year(stated) => year(stated),
        When::Years(stated, _) => format!("{}/{:02}", year(stated), (stated.number + 1) % 100),
        When::YearsTo(first, last) => format!("{} to {}", text(first), text(last)),
        When::Day { day, month, year: stated, .. } => format!("{day}/{month}/{}", year(stated)),
        When::Month(month, stated) => format!("{}{}", month_name(*month), in_year(stated)),
        When::Months { first, last } => format!(
            "{}{} to {}{}",
            month_name(first.0),
            in_year(&first.1),
            month_name(last.0),
            in_year(&last.1)
        ),
        When::Quarters(first, last, stated) => {
            let years =
                stated.as_ref().map(|stated| format!(" {}/{:02}", year(stated), (stated.number + 1) % 100));
            let last = if first == last { String::new() } else { format!("-Q{last}") };
            format!("Q{first}{last}{}", years.unwrap_or_default())
        }
        When::Half(half, stated) => {
            let years =
                stated.as_ref().map(|stated| format!(" {}/{:02}", year(stated), (stated.number + 1) % 100));
            format!("H{half}{}", years.unwrap_or_default())
        }
        When::Season(season, stated) => format!("{} {}", season_name(*season), year(stated)),
        When::EndOf(inner) => format!("the end of {}", text(inner)),
        When::MonthsEnding(count, end) => format!("{count} months to {}", text(end)),
        When::YearToDate => "year to date".to_owned(),
    }
}
