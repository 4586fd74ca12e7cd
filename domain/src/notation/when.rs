//! The grammar of times: months, quarters, halves, years, seasons, dates and spans of them.

use super::{
    canonical::canonical,
    cell::{InYear, Season, When, Year},
    token::{Input, Kind, Parsed, next, peek, sign, word, words},
    year::{bare_year, digits, named_years, no_figure, short_year, year, year_pair, years_to},
};
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

/// Whether a word, in lower case, is the name of a month.
pub(super) fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|names| names.contains(&word))
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

fn month_and_year(input: &mut Input<'_>) -> Parsed<(u32, InYear)> {
    (month, year_of_month).parse_next(input)
}

fn any_month(input: &mut Input<'_>) -> Parsed<(u32, InYear)> {
    (month, opt(year_of_month).map(|year| year.unwrap_or(InYear::Unstated))).parse_next(input)
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
    let last = month_and_year(input)?;
    Ok(When::Months { first, last })
}

/// `Sept 07`, `month of June 2010`, `Dec`.
fn month_in_year(input: &mut Input<'_>) -> Parsed<When> {
    opt((opt(word(&["the"])), words(&["month", "of"]))).parse_next(input)?;
    let is_may =
        peek(input).is_some_and(|token| matches!(token.kind, Kind::Word(w) if w.eq_ignore_ascii_case("may")));
    let (month, year) = any_month(input)?;
    if is_may && year == InYear::Unstated { Err(EmptyError) } else { Ok(When::Month(month, year)) }
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
    let before_month = alt((word(&["of"]).void(), tight_dash));
    let before_year = alt((sign(',').void(), tight_dash));
    let in_words = (ordinal, opt(before_month), month, opt(before_year), year)
        .map(|(day, _, month, _, year)| When::Day { day, month, year, figures_only: false });
    let month_first = (month, ordinal, sign(','), year).map(|(month, day, _, year)| When::Day {
        day,
        month,
        year,
        figures_only: false,
    });
    alt((in_words, month_first, date_in_figures, dotted_date)).parse_next(input)
}

/// A dash without white space on either side: `31-Mar-10`, not the joint of `Apr 09 - Jan 10`.
fn tight_dash(input: &mut Input<'_>) -> Parsed<()> {
    let dash = sign('-').parse_next(input)?;
    let tight = !dash.spaced && peek(input).is_some_and(|token| !token.spaced);
    if tight { Ok(()) } else { Err(EmptyError) }
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
    let pair = opt(preceded(opt(alt((sign(',').void(), sign('-').void(), word(&["of"]).void()))), year_pair))
        .parse_next(input)?;
    let one_year = peek(input).is_some_and(|token| match token.kind {
        Kind::Number(_, text) => token.spaced && text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()),
        Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => false,
    });
    let figure = |input: &mut Input<'_>| (short_year, no_figure).void().parse_next(input);
    let mut ahead = *input;
    if pair.is_none() && one_year && figure(&mut ahead).is_ok() { Err(EmptyError) } else { Ok(pair) }
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
        .verify(|when| !matches!(when, When::Month(_, InYear::Unstated)))
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
    let end = alt((date, month_and_year.map(|(month, year)| When::Month(month, year)))).parse_next(input)?;
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
