//! The notations that people write in the cells of a performance table, read into the model and written back.
//!
//! `67%`, `2 out of 15`, `10% - 15%`, `40% Mar 09, 50% Mar 10`, `Dose 1 = 92.1%. Dose 2 = 91.5%`,
//! `2% increase per year to 2011`, `88.3% (end Feb 10)`. A cell is cut into tokens, the tokens are parsed into
//! phrases (figures, times, words), the phrases make a [`Cell`], which says what is written; its times are
//! settled by a [`Context`]; then [`read_result`], [`read_baseline`] and [`read_target`] say what it means.
//!
//! Where any of these steps is in doubt, the cell is [`Unread`]. Every token is looked at a bounded number of
//! times, so that the work grows no faster than the text.

mod about;
mod absent;
mod amount;
mod canonical;
mod cell;
mod meaning;
mod phrase;
mod resolve;
mod sentence;
mod step;
#[cfg(test)]
mod tests;
mod token;
mod unread;
mod when;
mod words;
mod write;
mod year;

pub use cell::{
    About, Absence, Amount, Beside, Cell, Figure, InYear, Limit, Mark, Part, Season, Sign, When, Year,
    YearKind,
};
pub use meaning::{
    Aim, Measured, MeasuredPart, Reading, TargetPart, Targeted, YearlyStep, read_baseline, read_result,
    read_target,
};
pub use unread::Unread;

use crate::time::period::Period;
use chrono::NaiveDate;
use std::cell::Cell as Counter;
use winnow::Parser;

/// The most characters of a cell that is read.
pub const MOST_CHARACTERS: usize = 4000;

/// What a cell does not say of its times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The date of the report.
    pub report_date: NaiveDate,
    /// What a year written as `2009/10` is.
    pub year: YearKind,
}

/// The time from which a remark says that the method of measuring changed: `Definition changed Jan 09`.
pub fn change_of_method(remark: &str, context: &Context) -> Option<Period> {
    let steps = Counter::new(0);
    let tokens = token::tokens(remark);
    let mut input = token::input(&tokens, &steps);
    while token::peek(&input).is_some() {
        let mut here = input;
        let changed = when::change_of_method.parse_next(&mut here);
        if let Ok(when) = changed {
            return resolve::Settling::new(context, true).period(&when).ok();
        }
        token::next(&mut input).ok()?;
    }
    None
}

/// Whether a cell is one number that may be a year, and nothing else: `2012`.
fn is_a_bare_year(text: &str) -> bool {
    let steps = Counter::new(0);
    let tokens = token::tokens(text);
    let mut input = token::input(&tokens, &steps);
    year::bare_year.parse_next(&mut input).is_ok() && phrase::is_over(&input)
}

/// What is written in a cell.
pub fn parse(text: &str) -> Result<Cell<When>, Unread> {
    parse_counted(text, &Counter::new(0))
}

/// The same; `steps` counts how often a token was looked at.
fn parse_counted(text: &str, steps: &Counter<usize>) -> Result<Cell<When>, Unread> {
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        return Err(Unread::TooLong);
    }
    let tokens = token::tokens(text);
    let input = token::input(&tokens, steps);
    if let Some(absent) = absent::absent(&input) {
        return absent;
    }
    let items = phrase::items(input)?;
    if absent::to_be_set(&items)? {
        return Ok(Cell::ToBeSet(text.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    sentence::sentence(items)
}
