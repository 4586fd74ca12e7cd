//! The grammar of years: one, two that follow each other, several.

use super::{
    cell::{When, Year, YearKind},
    token::{Input, Kind, Parsed, next, peek, sign, word, words},
};
use crate::time::period::Period;
use winnow::{
    Parser,
    combinator::{alt, opt, preceded},
    error::EmptyError,
};

/// A number of so many digits, with its place after it free of what would make it a figure.
pub(super) fn digits(lengths: &'static [usize]) -> impl FnMut(&mut Input<'_>) -> Parsed<u32> {
    move |input| match next(input)?.kind {
        Kind::Number(_, text)
            if lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) =>
        {
            text.parse().map_err(|_| EmptyError)
        }
        Kind::Number(..) | Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => Err(EmptyError),
    }
}

/// Fails where the number just read goes on, as in `10%`, `10th` or `10 out of 15`.
pub(super) fn no_figure(input: &mut Input<'_>) -> Parsed<()> {
    let is_figure = peek(input).is_some_and(|token| match token.kind {
        Kind::Sign(sign) => matches!(sign, '%' | '+'),
        Kind::Word(word) => {
            let word = word.to_ascii_lowercase();
            let unit = matches!(
                word.as_str(),
                "per" | "percent" | "percentage" | "points" | "point" | "pts" | "pp" | "out" | "of"
            );
            unit || !token.spaced
        }
        Kind::Number(..) | Kind::Dotted(_) | Kind::Odd(_) => !token.spaced,
    });
    if is_figure { Err(EmptyError) } else { Ok(()) }
}

pub(super) fn long_year(input: &mut Input<'_>) -> Parsed<Year> {
    let number = digits(&[4])(input)?;
    let known = (Period::FIRST_YEAR as u32..=Period::LAST_YEAR as u32).contains(&number);
    if known { Ok(Year { number, short: false }) } else { Err(EmptyError) }
}

pub(super) fn short_year(input: &mut Input<'_>) -> Parsed<Year> {
    Ok(Year { number: digits(&[2])(input)?, short: true })
}

/// `2006`, which may be a year.
pub(super) fn bare_year(input: &mut Input<'_>) -> Parsed<Year> {
    (opt(sign('\'')), alt((long_year, preceded(opt(sign('\'')), long_year))), no_figure)
        .map(|(_, year, ())| year)
        .parse_next(input)
}

/// A year after something that asks for one: `2009`, `09`, `'09`.
pub(super) fn year(input: &mut Input<'_>) -> Parsed<Year> {
    (opt(sign('\'')), alt((long_year, short_year)), no_figure).map(|(_, year, ())| year).parse_next(input)
}

/// Two years that follow each other, `2006/7`, `2006-07`, `06/07`, as the first of them.
///
/// Two short years are joined by a stroke, or by a dash where a zero shows that they are no figures.
pub(super) fn year_pair(input: &mut Input<'_>) -> Parsed<Year> {
    let first = alt((long_year, short_year)).parse_next(input)?;
    let joint = next(input)?;
    let stroke = match joint.kind {
        Kind::Sign('/') => true,
        Kind::Sign('-') => false,
        Kind::Number(..) | Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => {
            return Err(EmptyError);
        }
    };
    if joint.spaced || peek(input).is_some_and(|token| token.spaced) {
        return Err(EmptyError);
    }
    if first.short && !stroke && first.number > 9 {
        return Err(EmptyError);
    }
    let second = if first.short { digits(&[2])(input)? } else { digits(&[1, 2, 4])(input)? };
    no_figure(input)?;
    let follows = |modulus: u32| (first.number + 1) % modulus == second;
    // A single digit is that of the second year: 2006/7.
    let follows = match second {
        1000.. => second == first.number + 1,
        0..=9 if !first.short => follows(100) || follows(10),
        _ => follows(100),
    };
    if follows { Ok(first) } else { Err(EmptyError) }
}

/// Whether the two years could be a fraction or a range as well: `10/11`.
pub(super) fn short_pair(input: &mut Input<'_>) -> Parsed<Year> {
    year_pair.verify(|year: &Year| year.short && year.number > 9).parse_next(input)
}

/// A canonical period.
pub(super) fn exact(text: &str) -> Parsed<When> {
    text.parse().map(When::Exact).map_err(|_| EmptyError)
}

/// `financial year 2009/10`, `2008/9 academic year`, `calendar year 2009`, `2006/7`.
pub(super) fn named_years(input: &mut Input<'_>) -> Parsed<When> {
    let calendar = (words(&["calendar", "year"]), long_year, no_figure);
    if let Some((_, year, ())) = opt(calendar).parse_next(input)? {
        return exact(&format!("CY{}", year.number));
    }
    let before = opt(year_name).parse_next(input)?;
    let unnamed = before.is_none() && opt(word(&["year"])).parse_next(input)?.is_some();
    // "Year 10/11" may be two classes of a school.
    let first = year_pair.verify(|year: &Year| !(unnamed && year.short)).parse_next(input)?;
    let after = if before.is_none() { opt(year_name).parse_next(input)? } else { None };
    Ok(When::Years(first, before.or(after)))
}

/// `financial year`, `academic year`, `FY`, `AY`.
pub(super) fn year_name(input: &mut Input<'_>) -> Parsed<YearKind> {
    let full = |names: &'static [&'static str]| (word(names), word(&["year", "yr", "years"])).void();
    alt((
        alt((full(&["financial", "fiscal"]), word(&["FY"]).void())).value(YearKind::Financial),
        alt((full(&["academic", "school"]), word(&["AY"]).void())).value(YearKind::Academic),
    ))
    .parse_next(input)
}

/// `2006-2008`, `2006/07 to 2008/09`. Two years that follow each other are one financial or academic year: `2009-2010`.
pub(super) fn years_to(input: &mut Input<'_>) -> Parsed<When> {
    let pair = |input: &mut Input<'_>| year_pair.map(|year| When::Years(year, None)).parse_next(input);
    let plain =
        |input: &mut Input<'_>| (long_year, no_figure).map(|(year, ())| When::Year(year)).parse_next(input);
    let joint = || alt((sign('-').void(), word(&["to"]).void()));
    let follow = |(first, _, last): &(When, (), When)| match (first, last) {
        (When::Year(first), When::Year(last)) => last.number == first.number + 1,
        _ => false,
    };
    let plain = (plain, joint(), plain).verify(move |years| !follow(years));
    let (first, _, last) = alt(((pair, joint(), pair), plain)).parse_next(input)?;
    Ok(When::YearsTo(Box::new(first), Box::new(last)))
}
