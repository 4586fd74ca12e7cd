//! The grammar of times: months, quarters, halves, years, seasons, dates and spans of them.

use super::{
    cell::{InYear, Season, When, Year, YearKind},
    token::{Input, Kind, Parsed, next, peek, sign, word, words},
};
use crate::period::Period;
use winnow::{
    Parser,
    combinator::{alt, opt, preceded},
    error::EmptyError,
};

const MONTHS: [&[&str]; 12] = [
    &["january", "jan"],
    &["february", "febr", "feb"],
    &["march", "mar"],
    &["april", "apr"],
    &["may"],
    &["june", "jun"],
    &["july", "jul"],
    &["august", "aug"],
    &["september", "sept", "sep"],
    &["october", "oct"],
    &["november", "nov"],
    &["december", "dec"],
];

/// A time that is surely one. A bare year (`2006`) may be a figure too and is left to [`bare_year`].
pub(super) fn when(input: &mut Input<'_>) -> Parsed<When> {
    alt((
        alt((canonical, months_ending, year_to_date, end_of, date)),
        alt((quarters, half, season, months, month_in_year, years_then_part, years_to, named_years)),
    ))
    .parse_next(input)
}

/// A time, or a year that stands where only a time can.
pub(super) fn when_or_year(input: &mut Input<'_>) -> Parsed<When> {
    alt((when, bare_year.map(When::Year))).parse_next(input)
}

/// A number of so many digits, with its place after it free of what would make it a figure.
fn digits(lengths: &'static [usize]) -> impl FnMut(&mut Input<'_>) -> Parsed<u32> {
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

fn long_year(input: &mut Input<'_>) -> Parsed<Year> {
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
fn year(input: &mut Input<'_>) -> Parsed<Year> {
    (opt(sign('\'')), alt((long_year, short_year)), no_figure).map(|(_, year, ())| year).parse_next(input)
}

/// Two years that follow each other, `2006/7`, `2006-07`, `06/07`, as the first of them.
///
/// Two short years are joined by a stroke, or by a dash where a nought shows that they are no figures.
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

pub(super) fn month(input: &mut Input<'_>) -> Parsed<u32> {
    let token = next(input)?;
    let Kind::Word(word) = token.kind else { return Err(EmptyError) };
    let lower = word.to_ascii_lowercase();
    // "may" is a verb unless it is written as a name.
    if lower == "may" && !word.starts_with('M') {
        return Err(EmptyError);
    }
    let found = MONTHS.iter().zip(1..).find(|(names, _)| names.contains(&lower.as_str()));
    let (names, number) = found.ok_or(EmptyError)?;
    if names.first() != Some(&lower.as_str()) {
        opt(sign('.')).parse_next(input)?;
    }
    Ok(number)
}

/// The year after a month: `09`, `2009`, `-09`, `, 2009`, `2009/10`.
fn year_of_month(input: &mut Input<'_>) -> Parsed<InYear> {
    let glued = |input: &mut Input<'_>| -> Parsed<()> {
        let dash = next(input)?;
        let joint = matches!(dash.kind, Kind::Sign('-' | '/')) && !dash.spaced;
        let tight = peek(input).is_some_and(|token| !token.spaced);
        if joint && tight { Ok(()) } else { Err(EmptyError) }
    };
    let joint = opt(alt((glued, sign(',').void(), word(&["of"]).void())));
    preceded(joint, alt((year_pair.map(InYear::Years), year.map(InYear::Year)))).parse_next(input)
}

fn told_month(input: &mut Input<'_>) -> Parsed<(u32, InYear)> {
    (month, year_of_month).parse_next(input)
}

fn any_month(input: &mut Input<'_>) -> Parsed<(u32, InYear)> {
    (month, opt(year_of_month).map(|year| year.unwrap_or(InYear::Untold))).parse_next(input)
}

/// What joins the two ends of a span.
fn to(input: &mut Input<'_>) -> Parsed<()> {
    alt((sign('-').void(), sign('/').void(), word(&["to", "until", "till", "through", "and"]).void()))
        .parse_next(input)
}

/// `Apr-Aug 09`, `Apr 09 - Jan 10`, `April to December 2007`.
fn months(input: &mut Input<'_>) -> Parsed<When> {
    opt(word(&["between", "from"])).parse_next(input)?;
    let first = any_month(input)?;
    to(input)?;
    let last = told_month(input)?;
    Ok(When::Months { first, last })
}

/// `Sept 07`, `month of June 2010`, `Dec`.
fn month_in_year(input: &mut Input<'_>) -> Parsed<When> {
    opt((opt(word(&["the"])), words(&["month", "of"]))).parse_next(input)?;
    let is_may =
        peek(input).is_some_and(|token| matches!(token.kind, Kind::Word(w) if w.eq_ignore_ascii_case("may")));
    let (month, year) = any_month(input)?;
    if is_may && year == InYear::Untold { Err(EmptyError) } else { Ok(When::Month(month, year)) }
}

/// `31 March 2010`, `31st of March 10`, `March 31, 2010`, `31/03/2010`, `31.3.10`.
fn date(input: &mut Input<'_>) -> Parsed<When> {
    let ordinal = |input: &mut Input<'_>| -> Parsed<u32> {
        let day = digits(&[1, 2])(input)?;
        if peek(input).is_some_and(|token| !token.spaced && matches!(token.kind, Kind::Word(_))) {
            word(&["st", "nd", "rd", "th"]).parse_next(input)?;
        }
        Ok(day)
    };
    let in_words = (ordinal, opt(word(&["of"])), month, opt(sign(',')), year)
        .map(|(day, _, month, _, year)| When::Day { day, month, year, figures_only: false });
    let month_first = (month, ordinal, sign(','), year).map(|(month, day, _, year)| When::Day {
        day,
        month,
        year,
        figures_only: false,
    });
    alt((in_words, month_first, date_in_figures, dotted_date)).parse_next(input)
}

fn date_in_figures(input: &mut Input<'_>) -> Parsed<When> {
    let day = digits(&[1, 2])(input)?;
    let joint = next(input)?.kind;
    if joint != Kind::Sign('/') && joint != Kind::Sign('-') {
        return Err(EmptyError);
    }
    let month = digits(&[1, 2])(input)?;
    if next(input)?.kind != joint {
        return Err(EmptyError);
    }
    let year = year(input)?;
    Ok(When::Day { day, month, year, figures_only: true })
}

fn dotted_date(input: &mut Input<'_>) -> Parsed<When> {
    let Kind::Dotted(text) = next(input)?.kind else { return Err(EmptyError) };
    let mut parts = text.split('.');
    let (Some(day), Some(month), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(EmptyError);
    };
    if day.len() > 2 || month.len() > 2 || !matches!(year.len(), 2 | 4) {
        return Err(EmptyError);
    }
    let number = |text: &str| text.parse().map_err(|_| EmptyError);
    let year = Year { number: number(year)?, short: year.len() == 2 };
    Ok(When::Day { day: number(day)?, month: number(month)?, year, figures_only: true })
}

/// `FY2009-10`, `FY2009-10-Q3`, `AY2008-09`, `CY2009`, `2009-09-30`, `2009-04-01/2009-12-31`, `2010-06`.
fn canonical(input: &mut Input<'_>) -> Parsed<When> {
    alt((canonical_span, canonical_day, canonical_year, canonical_month)).parse_next(input)
}

fn iso_day(input: &mut Input<'_>) -> Parsed<String> {
    (digits(&[4]), sign('-'), digits(&[2]), sign('-'), digits(&[2]))
        .map(|(year, _, month, _, day)| format!("{year:04}-{month:02}-{day:02}"))
        .parse_next(input)
}

fn exact(text: &str) -> Parsed<When> {
    text.parse().map(When::Exact).map_err(|_| EmptyError)
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

/// `financial year 2009/10`, `2008/9 academic year`, `calendar year 2009`, `2006/7`.
fn named_years(input: &mut Input<'_>) -> Parsed<When> {
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

/// `2006-2008`, `2006/07 to 2008/09`.
fn years_to(input: &mut Input<'_>) -> Parsed<When> {
    let pair = |input: &mut Input<'_>| year_pair.map(|year| When::Years(year, None)).parse_next(input);
    let plain =
        |input: &mut Input<'_>| (long_year, no_figure).map(|(year, ())| When::Year(year)).parse_next(input);
    let joint = || alt((sign('-').void(), word(&["to"]).void()));
    let (first, _, last) = alt(((pair, joint(), pair), (plain, joint(), plain))).parse_next(input)?;
    Ok(When::YearsTo(Box::new(first), Box::new(last)))
}

/// `Q3`, `Qtr 4`, `3rd quarter`.
pub(super) fn quarter(input: &mut Input<'_>) -> Parsed<u32> {
    let short = word(&["Q1", "Q2", "Q3", "Q4", "Qtr1", "Qtr2", "Qtr3", "Qtr4"])
        .verify_map(|word| word.bytes().last().map(|digit| u32::from(digit - b'0')));
    let in_full =
        (word(&["Q", "Qtr", "Quarter"]), opt(sign('.')), digits(&[1]), no_figure).map(|(_, _, n, ())| n);
    let ordinal =
        (digits(&[1]), word(&["st", "nd", "rd", "th"]), word(&["quarter", "qtr"])).map(|(n, _, _)| n);
    let spelled = (word(&["first", "second", "third", "fourth"]), word(&["quarter", "qtr"]))
        .map(|(nth, _)| spelled(nth));
    alt((short, in_full, ordinal, spelled)).verify(|number| (1..=4).contains(number)).parse_next(input)
}

fn spelled(ordinal: &str) -> u32 {
    match ordinal.to_ascii_lowercase().as_str() {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        _ => 4,
    }
}

/// The year of a quarter or half: `09/10`, `of 2009/10`. A single year does not tell which financial year it is.
fn year_of_part(input: &mut Input<'_>) -> Parsed<Option<Year>> {
    let told = opt(preceded(opt(alt((sign(',').void(), sign('-').void(), word(&["of"]).void()))), year_pair))
        .parse_next(input)?;
    let one_year = peek(input).is_some_and(|token| match token.kind {
        Kind::Number(_, text) => token.spaced && text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()),
        Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => false,
    });
    let figure = |input: &mut Input<'_>| (short_year, no_figure).void().parse_next(input);
    let mut ahead = *input;
    if told.is_none() && one_year && figure(&mut ahead).is_ok() { Err(EmptyError) } else { Ok(told) }
}

fn quarters(input: &mut Input<'_>) -> Parsed<When> {
    let first = quarter(input)?;
    let last = opt(preceded(alt((sign('-').void(), word(&["to"]).void())), quarter)).parse_next(input)?;
    let year = year_of_part(input)?;
    Ok(When::Quarters(first, last.unwrap_or(first), year))
}

/// `H1 2009/10`, `first half of 2009/10`.
fn half(input: &mut Input<'_>) -> Parsed<When> {
    let short = word(&["H1", "H2"]).map(|half| if half.ends_with('1') { 1 } else { 2 });
    let ordinal =
        (alt((word(&["first"]).value(1), word(&["second"]).value(2))), words(&["half"])).map(|(n, ())| n);
    let number = alt((short, ordinal)).parse_next(input)?;
    let year = year_of_part(input)?;
    Ok(When::Half(number, year))
}

/// `2009/10 Q3`, `2009/10, quarter 3`.
fn years_then_part(input: &mut Input<'_>) -> Parsed<When> {
    let year = year_pair(input)?;
    opt(alt((sign(','), sign('-')))).parse_next(input)?;
    alt((
        quarter.map(|quarter| When::Quarters(quarter, quarter, Some(year))),
        word(&["H1"]).map(|_| When::Half(1, Some(year))),
        word(&["H2"]).map(|_| When::Half(2, Some(year))),
    ))
    .parse_next(input)
}

fn season(input: &mut Input<'_>) -> Parsed<When> {
    let season = alt((
        word(&["spring"]).value(Season::Spring),
        word(&["summer"]).value(Season::Summer),
        word(&["autumn"]).value(Season::Autumn),
    ))
    .parse_next(input)?;
    Ok(When::Season(season, year(input)?))
}

/// `end Feb 10`, `end of 2010`, `year end 2009/10`.
fn end_of(input: &mut Input<'_>) -> Parsed<When> {
    let end = (opt(word(&["the"])), word(&["end"]), opt(sign('-')), opt(word(&["of"]))).void();
    let year_end = (word(&["year"]), opt(sign('-')), word(&["end"])).void();
    alt((end, year_end)).parse_next(input)?;
    let dated = alt((quarters, month_in_year, named_years, bare_year.map(When::Year)));
    dated
        .verify(|when| !matches!(when, When::Month(_, InYear::Untold)))
        .map(|when| When::EndOf(Box::new(when)))
        .parse_next(input)
}

/// `year to March 2010`, `12 months to 31 March 2010`, `quarter ending Dec 09`.
fn months_ending(input: &mut Input<'_>) -> Parsed<When> {
    let count = alt((
        (opt(word(&["full", "rolling"])), word(&["year"])).value(12),
        word(&["quarter"]).value(3),
        (opt(word(&["rolling"])), digits(&[1, 2]), word(&["month", "months"])).map(|(_, count, _)| count),
        (word(&["twelve"]), word(&["months"])).value(12),
        (word(&["six"]), word(&["months"])).value(6),
    ))
    .verify(|count| (1..=60).contains(count))
    .parse_next(input)?;
    word(&["to", "ending", "ended"]).parse_next(input)?;
    opt(word(&["end"])).parse_next(input)?;
    let end = alt((date, told_month.map(|(month, year)| When::Month(month, year)))).parse_next(input)?;
    Ok(When::MonthsEnding(count, Box::new(end)))
}

fn year_to_date(input: &mut Input<'_>) -> Parsed<When> {
    alt((words(&["year", "to", "date"]), word(&["YTD"]).void())).value(When::YearToDate).parse_next(input)
}

/// `Definition changed Jan 09`.
pub(super) fn change_of_method(input: &mut Input<'_>) -> Parsed<When> {
    word(&["definition", "method", "methodology"]).parse_next(input)?;
    opt(word(&["was", "has"])).parse_next(input)?;
    word(&["changed", "revised", "amended"]).parse_next(input)?;
    opt(word(&["in", "from"])).parse_next(input)?;
    when_or_year(input)
}
