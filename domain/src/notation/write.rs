//! The one canonical notation in which a reading is written back.

use super::{
    cell::{About, Absence, Amount, Beside, Cell, Figure, Limit, Part, Sign},
    step::in_words,
};
use crate::number::decimal::Decimal;
use crate::time::period::{Period, PeriodKind};
use chrono::Datelike;
use std::fmt;

impl fmt::Display for Cell<Period> {
    /// The canonical notation. Reading it again gives the same cell, and nothing has to be assumed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Nothing { absence, note: None } => f.write_str(absence.text()),
            Cell::Nothing { absence, note: Some(note) } => write!(f, "{}, {note}", absence.text()),
            Cell::ToBeSet(sentence) => f.write_str(sentence),
            Cell::Figures(parts) => parts.iter().enumerate().try_for_each(|(place, part)| {
                f.write_str(if place == 0 { "" } else { "; " })?;
                part.fmt(f)
            }),
            Cell::Milestones { points, marks } => {
                for (place, (figure, when)) in points.iter().enumerate() {
                    f.write_str(if place == 0 { "" } else { ", " })?;
                    write!(f, "{figure} ({})", Time(*when))?;
                }
                marks.iter().try_for_each(|mark| write!(f, " ({})", mark.word()))
            }
        }
    }
}

impl Absence {
    /// How it is written.
    pub fn text(self) -> &'static str {
        match self {
            Absence::Empty => "",
            Absence::Dashes => "----",
            Absence::NotApplicable => "N/A",
            Absence::NoData => "no data",
            Absence::Awaited => "data awaited",
            Absence::Withheld => "withheld",
        }
    }
}

impl fmt::Display for Part<Period> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name} = ")?;
        }
        write!(f, "{}{}", self.amount, self.about)
    }
}

impl fmt::Display for About<Period> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.beside {
            None => {}
            Some(Beside::Share(share)) => write!(f, " ({share}%)")?,
            Some(Beside::Count(count, things)) => write!(f, " ({count} {things})")?,
            Some(Beside::Ratio(ratio)) => {
                write!(f, " ({} out of {})", ratio.numerator(), ratio.denominator())?
            }
        }
        if let Some(when) = self.when {
            write!(f, " ({})", Time(when))?;
        }
        self.marks.iter().try_for_each(|mark| write!(f, " ({})", mark.word()))?;
        self.notes.iter().try_for_each(|note| write!(f, " ({note})"))
    }
}

impl fmt::Display for Amount<Period> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Exactly(figure) => figure.fmt(f),
            Amount::Limit(limit, figure) => write!(f, "{} {figure}", limit.words()),
            Amount::Range { low, high, sign } => {
                let low_sign = match sign {
                    // Words that are counted stand once, after both ends.
                    Sign::Things(_) => Sign::None,
                    known => known.clone(),
                };
                let low = Figure { number: *low, sign: low_sign };
                write!(f, "between {low} and {}", Figure { number: *high, sign: sign.clone() })
            }
            Amount::Ratio(ratio) => write!(f, "{} out of {}", ratio.numerator(), ratio.denominator()),
            Amount::AllOf(total) => write!(f, "All ({total})"),
            Amount::PerYear { rise, from, until } => {
                f.write_str(&in_words(rise))?;
                match (from, until) {
                    (Some(from), Some(until)) => write!(f, " between {} and {}", Time(*from), Time(*until)),
                    (None, Some(until)) => write!(f, " to {}", Time(*until)),
                    (Some(_) | None, None) => Ok(()),
                }
            }
        }
    }
}

impl Limit {
    /// How it is written.
    pub fn words(self) -> &'static str {
        match self {
            Limit::AtLeast => "at least",
            Limit::AtMost => "at most",
            Limit::Above => "above",
            Limit::Below => "below",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sign {
            Sign::None => f.write_str(&unlike_a_year(self.number)),
            Sign::Things(things) => write!(f, "{} {things}", unlike_a_year(self.number)),
            Sign::Percent => write!(f, "{}%", self.number),
            Sign::PercentagePoints => write!(f, "{} percentage points", self.number),
            Sign::Points => write!(f, "{} points", self.number),
            Sign::Pounds => {
                write!(f, "{}\u{a3}{}", if self.number < Decimal::ZERO { "-" } else { "" }, self.number.abs())
            }
            Sign::Per(base) => write!(f, "{} per {base}", self.number),
        }
    }
}

/// A number that could be taken for a year is written with a comma: `1,984`.
fn unlike_a_year(number: Decimal) -> String {
    let text = number.to_string();
    let year = text.parse::<i32>().is_ok_and(|year| (Period::FIRST_YEAR..=Period::LAST_YEAR).contains(&year));
    match text.split_at_checked(1) {
        Some((thousands, rest)) if year => format!("{thousands},{rest}"),
        Some(_) | None => text,
    }
}

/// A period as a cell has it: its canonical form, but a month by its name, because `2010-11` reads as two years.
struct Time(Period);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind() {
            PeriodKind::Month => {
                let first = self.0.first_day();
                write!(f, "{} {}", first.format("%b"), first.year())
            }
            PeriodKind::Point
            | PeriodKind::Quarter
            | PeriodKind::Half
            | PeriodKind::FinancialYear
            | PeriodKind::AcademicYear
            | PeriodKind::CalendarYear
            | PeriodKind::Span => self.0.fmt(f),
        }
    }
}
