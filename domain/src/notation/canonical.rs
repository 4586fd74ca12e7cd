//! The grammar of canonical periods, as [`Period`](crate::time::period::Period) writes them.

use super::{
    cell::{When, Year, YearKind},
    token::{Input, Kind, Parsed, next, sign, word},
    year::{digits, exact, long_year, no_figure},
};
use winnow::{
    Parser,
    combinator::{alt, opt, preceded},
    error::EmptyError,
};

/// `FY2009-10`, `FY2009-10-Q3`, `AY2008-09`, `CY2009`, `2009-09-30`, `2009-04-01/2009-12-31`, `2010-06`.
pub(super) fn canonical(input: &mut Input<'_>) -> Parsed<When> {
    alt((canonical_span, canonical_day, canonical_year, canonical_month)).parse_next(input)
}

fn iso_day(input: &mut Input<'_>) -> Parsed<String> {
    (digits(&[4]), sign('-'), digits(&[2]), sign('-'), digits(&[2]))
        .map(|(year, _, month, _, day)| format!("{year:04}-{month:02}-{day:02}"))
        .parse_next(input)
}

fn canonical_span(input: &mut Input<'_>) -> Parsed<When> {
    let (first, _, last) = (iso_day, sign('/'), iso_day).parse_next(input)?;
    exact(&format!("{first}/{last}"))
}

fn canonical_day(input: &mut Input<'_>) -> Parsed<When> {
    let day = iso_day(input)?;
    no_figure(input)?;
    exact(&day)
}

/// `2010-06`. `2008-11` and `2010-12` could be years as well and are no canonical months here.
fn canonical_month(input: &mut Input<'_>) -> Parsed<When> {
    let (year, _, month, ()) = (long_year, sign('-'), digits(&[2]), no_figure).parse_next(input)?;
    if month > year.number % 100 {
        return Err(EmptyError);
    }
    exact(&format!("{}-{month:02}", year.number))
}

fn canonical_year(input: &mut Input<'_>) -> Parsed<When> {
    let Kind::Word(prefixed) = next(input)?.kind else { return Err(EmptyError) };
    let (prefix, year) = prefixed.split_at_checked(2).ok_or(EmptyError)?;
    let upper = prefix.to_ascii_uppercase();
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return Err(EmptyError);
    }
    let first = match year.len() {
        2 => Year { number: year.parse().map_err(|_| EmptyError)?, short: true },
        4 => Year { number: year.parse().map_err(|_| EmptyError)?, short: false },
        _ => return Err(EmptyError),
    };
    let kind = match upper.as_str() {
        "CY" if !first.short => return exact(&format!("CY{year}")),
        "FY" => YearKind::Financial,
        "AY" => YearKind::Academic,
        _ => return Err(EmptyError),
    };
    let second = (alt((sign('-'), sign('/'))), digits(&[2, 4]), no_figure).parse_next(input)?.1;
    if second % 100 != (first.number + 1) % 100 {
        return Err(EmptyError);
    }
    let Some(part) =
        opt(preceded(sign('-'), word(&["Q1", "Q2", "Q3", "Q4", "H1", "H2"]))).parse_next(input)?
    else {
        return Ok(When::Years(first, Some(kind)));
    };
    let number = part.get(1..).and_then(|number| number.parse().ok()).ok_or(EmptyError)?;
    match (kind, part.starts_with(['Q', 'q'])) {
        (YearKind::Academic, _) => Err(EmptyError),
        (YearKind::Financial, true) => Ok(When::Quarters(number, number, Some(first))),
        (YearKind::Financial, false) => Ok(When::Half(number, Some(first))),
    }
}
