//! The grammar of yearly steps: `2% increase per year to 2011`.

use super::{
    amount::{signed_number, unit_sign},
    cell::{Amount, Figure, Sign, When},
    token::{Input, Kind, Parsed, peek, sign, word, words},
    when::when_or_year,
};
use crate::number::decimal::Decimal;
use winnow::{
    Parser,
    combinator::{alt, opt, preceded},
    error::EmptyError,
};

/// Which way a step goes.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Up,
    Down,
}

/// A step that repeats each year, with the years between which it does.
pub(super) fn per_year(input: &mut Input<'_>) -> Parsed<Amount<When>> {
    let (figure, way) = alt((
        (figure, way, each).map(|(figure, way, ())| (figure, way)),
        (figure, each, way).map(|(figure, (), way)| (figure, way)),
        (way, opt(word(&["of", "by"])), figure, each).map(|(way, _, figure, ())| (figure, way)),
        (each, way, opt(word(&["of", "by"])), figure).map(|((), way, _, figure)| (figure, way)),
        (with_sign, each).map(|(stepped, ())| stepped),
    ))
    .parse_next(input)?;
    let (from, until) = opt(bounds).parse_next(input)?.unwrap_or((None, None));
    let number = if way == Way::Down { -figure.number } else { figure.number };
    Ok(Amount::PerYear { rise: Figure { number, sign: figure.sign }, from, until })
}

fn figure(input: &mut Input<'_>) -> Parsed<Figure> {
    let (number, pounds) = signed_number.verify(|(number, _)| *number > Decimal::ZERO).parse_next(input)?;
    match (unit_sign(input)?, pounds) {
        (Sign::None, true) => Ok(Figure { number, sign: Sign::Pounds }),
        (_, true) => Err(EmptyError),
        (sign, false) => Ok(Figure { number, sign }),
    }
}

/// `+2%`, `-1%`.
fn with_sign(input: &mut Input<'_>) -> Parsed<(Figure, Way)> {
    let way = alt((sign('+').value(Way::Up), sign('-').value(Way::Down))).parse_next(input)?;
    let tight = peek(input).is_some_and(|token| !token.spaced && matches!(token.kind, Kind::Number(..)));
    if tight { figure.map(|figure| (figure, way)).parse_next(input) } else { Err(EmptyError) }
}

fn way(input: &mut Input<'_>) -> Parsed<Way> {
    alt((
        word(&["increase", "rise", "growth"]).value(Way::Up),
        word(&["reduction", "decrease", "fall", "drop", "reduce", "cut"]).value(Way::Down),
    ))
    .parse_next(input)
}

fn each(input: &mut Input<'_>) -> Parsed<()> {
    alt((
        (word(&["per", "each", "every", "a"]), word(&["year", "annum", "yr"])).void(),
        words(&["year", "on", "year"]),
        (word(&["year"]), sign('-'), word(&["on"]), sign('-'), word(&["year"])).void(),
        (word(&["p"]), opt(sign('.')), word(&["a"]), opt(sign('.'))).void(),
        word(&["pa", "annually", "annual", "yearly"]).void(),
    ))
    .parse_next(input)
}

/// `to 2011`, `between 2008/9 and 2010/11`.
fn bounds(input: &mut Input<'_>) -> Parsed<(Option<When>, Option<When>)> {
    let until = |input: &mut Input<'_>| {
        preceded(alt((words(&["up", "to"]), word(&["to", "until", "till", "by"]).void())), when_or_year)
            .map(|until| (None, Some(until)))
            .parse_next(input)
    };
    let both = |input: &mut Input<'_>| -> Parsed<(Option<When>, Option<When>)> {
        word(&["between", "from"]).parse_next(input)?;
        let first = when_or_year(input)?;
        match first {
            When::YearsTo(first, last) => return Ok((Some(*first), Some(*last))),
            When::Months { first, last } => {
                return Ok((Some(When::Month(first.0, first.1)), Some(When::Month(last.0, last.1))));
            }
            _ => {}
        }
        word(&["and", "to", "until"]).parse_next(input)?;
        Ok((Some(first), Some(when_or_year(input)?)))
    };
    alt((until, both)).parse_next(input)
}

/// How a step is written: the figure, then which way it goes.
pub(super) fn in_words(rise: &Figure) -> String {
    let way = if rise.number < Decimal::ZERO { "reduction" } else { "increase" };
    let figure = match &rise.sign {
        Sign::Percent => format!("{}%", rise.number.abs()),
        Sign::PercentagePoints => format!("{} percentage points", rise.number.abs()),
        Sign::Points => format!("{} points", rise.number.abs()),
        Sign::Per(base) => format!("{} per {base}", rise.number.abs()),
        Sign::Pounds => format!("\u{a3}{}", rise.number.abs()),
        Sign::None | Sign::Things(_) => rise.number.abs().to_string(),
    };
    format!("{figure} {way} per year")
}
