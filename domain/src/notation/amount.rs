//! The grammar of figures: signs, limits, ranges, ratios and totals.

use super::{
    cell::{Amount, Figure, Limit, Mark, Sign, When},
    token::{Input, Kind, Parsed, next, peek, sign, word, words},
    when::{is_month, month, when},
    words::{NO_THINGS, has},
    year::{bare_year, short_pair},
};
use crate::number::decimal::Decimal;
use crate::number::value::Ratio;
use winnow::{
    Parser,
    combinator::{alt, opt, preceded},
    error::EmptyError,
};

/// A figure in one of its forms.
pub(super) fn amount(input: &mut Input<'_>) -> Parsed<Amount<When>> {
    alt((limited, between, ratio, plain)).parse_next(input)
}

/// A figure that begins with a limit: `<10%`, `at least 5`.
pub(super) fn limited(input: &mut Input<'_>) -> Parsed<Amount<When>> {
    // After words ("up to 2011") a year would be one.
    let limit_in_words = (limit_words, end_of_range);
    let (limit, figure) = alt(((limit_sign, figure), limit_in_words)).parse_next(input)?;
    if opt(limit_after).parse_next(input)?.is_some() {
        Err(EmptyError)
    } else {
        Ok(Amount::Limit(limit, figure))
    }
}

/// `All (287)`, `all 287`, `all of the 287`.
pub(super) fn all_of(input: &mut Input<'_>) -> Parsed<Amount<When>> {
    word(&["all"]).parse_next(input)?;
    let bracketed = (sign('('), whole, sign(')')).map(|(_, total, _)| total);
    let bare = preceded((opt(word(&["of"])), opt(word(&["the"]))), whole);
    alt((bracketed, bare)).verify(|total| *total > Decimal::ZERO).map(Amount::AllOf).parse_next(input)
}

/// A number: no zeros before it, and nothing glued to it that would make it a name.
fn number(input: &mut Input<'_>) -> Parsed<Decimal> {
    let Kind::Number(value, text) = next(input)?.kind else { return Err(EmptyError) };
    let padded = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
    if padded { Err(EmptyError) } else { Ok(value) }
}

/// The words of limits and ranges that stand right before a figure.
const BEFORE_FIGURES: &[&str] = &[
    "between",
    "and",
    "from",
    "to",
    "least",
    "most",
    "than",
    "under",
    "over",
    "above",
    "below",
    "exceeding",
    "minimum",
    "maximum",
];

/// A number with the minus before it, if there is one, and whether it is in pounds.
///
/// A dash before a number is a minus at the beginning of a cell or bracket, after a sign and after the words of a
/// limit or range; after any other word or a figure it may as well be a joint, and is none.
pub(super) fn signed_number(input: &mut Input<'_>) -> Parsed<(Decimal, bool)> {
    let may_be_minus = match input.input.previous_tokens().next().map(|token| &token.kind) {
        None => true,
        Some(Kind::Sign(sign)) => "(=:,;<>\u{2264}\u{2265}~".contains(*sign),
        Some(Kind::Word(word)) => BEFORE_FIGURES.iter().any(|before| before.eq_ignore_ascii_case(word)),
        Some(Kind::Number(..) | Kind::Dotted(_) | Kind::Odd(_)) => false,
    };
    let minus = opt(sign('-')).parse_next(input)?.is_some();
    if minus && (!may_be_minus || peek(input).is_some_and(|token| token.spaced)) {
        return Err(EmptyError);
    }
    let pounds = opt(sign('\u{a3}')).parse_next(input)?.is_some();
    let value = number(input)?;
    Ok((if minus { -value } else { value }, pounds))
}

/// A whole number from zero.
fn whole(input: &mut Input<'_>) -> Parsed<Decimal> {
    number.verify(|number| number.is_whole()).parse_next(input)
}

/// What stands after a number; [`Sign::None`] where nothing says.
pub(super) fn unit_sign(input: &mut Input<'_>) -> Parsed<Sign> {
    let percent = alt((
        sign('%').void(),
        words(&["per", "cent"]),
        (word(&["per"]), sign('-'), word(&["cent"])).void(),
        word(&["percent", "pct"]).void(),
    ));
    let points = |input: &mut Input<'_>| word(&["point", "points", "pts", "pt"]).void().parse_next(input);
    alt((
        (percent, opt(points)).map(|(_, points)| match points {
            Some(()) => Sign::PercentagePoints,
            None => Sign::Percent,
        }),
        (word(&["percentage"]), points).value(Sign::PercentagePoints),
        word(&["pp", "pps", "ppt", "ppts"]).value(Sign::PercentagePoints),
        points.value(Sign::Points),
        preceded(word(&["per"]), base_of_rate).map(Sign::Per),
        ().value(Sign::None),
    ))
    .parse_next(input)
}

fn base_of_rate(input: &mut Input<'_>) -> Parsed<u32> {
    let spelled = alt((
        word(&["hundred"]).value(100),
        words(&["ten", "thousand"]).value(10_000),
        words(&["hundred", "thousand"]).value(100_000),
        word(&["thousand"]).value(1_000),
        word(&["million"]).value(1_000_000),
    ));
    let in_figures = whole.verify_map(|number| number.to_string().parse::<u32>().ok());
    let base = alt((spelled, in_figures)).parse_next(input)?;
    if (100..=crate::number::value::Unit::MOST_PER).contains(&base) { Ok(base) } else { Err(EmptyError) }
}

/// A number with what it counts. A word glued to it (`10k`, `16th`) makes it something else.
fn figure(input: &mut Input<'_>) -> Parsed<Figure> {
    let (number, pounds) = signed_number(input)?;
    let sign = unit_sign(input)?;
    let glued = sign == Sign::None
        && peek(input).is_some_and(|token| {
            !token.spaced && matches!(token.kind, Kind::Word(_) | Kind::Dotted(_) | Kind::Odd(_))
        });
    match (glued, pounds, sign) {
        (true, ..) => Err(EmptyError),
        (false, true, Sign::None) => Ok(Figure { number, sign: Sign::Pounds }),
        (false, true, _) => Err(EmptyError),
        (false, false, Sign::None) => {
            Ok(Figure { number, sign: opt(things).parse_next(input)?.map_or(Sign::None, Sign::Things) })
        }
        (false, false, sign) => Ok(Figure { number, sign }),
    }
}

/// Up to three words for what is counted, with nothing after them that they could belong to instead.
fn things(input: &mut Input<'_>) -> Parsed<String> {
    let mut found: Vec<&str> = Vec::new();
    while found.len() < 4 {
        match peek(input).map(|token| &token.kind) {
            Some(Kind::Word(text)) if is_thing(text) => {
                found.push(text);
                next(input)?;
            }
            None | Some(Kind::Sign('(' | ')' | ',' | ';' | '.')) => break,
            Some(Kind::Number(..) | Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_)) => {
                return Err(EmptyError);
            }
        }
    }
    if found.is_empty() || found.len() > 3 { Err(EmptyError) } else { Ok(found.join(" ")) }
}

fn is_thing(text: &str) -> bool {
    let lower = text.to_lowercase();
    let other = has(NO_THINGS, &lower) || is_month(&lower) || Mark::of(&lower).is_some();
    !other && text.chars().all(char::is_alphabetic)
}

fn limit_sign(input: &mut Input<'_>) -> Parsed<Limit> {
    alt((
        alt(((sign('<'), sign('=')), (sign('='), sign('<')))).value(Limit::AtMost),
        alt(((sign('>'), sign('=')), (sign('='), sign('>')))).value(Limit::AtLeast),
        sign('<').value(Limit::Below),
        sign('>').value(Limit::Above),
        sign('\u{2264}').value(Limit::AtMost),
        sign('\u{2265}').value(Limit::AtLeast),
    ))
    .parse_next(input)
}

fn limit_words(input: &mut Input<'_>) -> Parsed<Limit> {
    const MORE: &[&str] = &["more", "greater", "higher"];
    const LESS: &[&str] = &["less", "fewer", "lower"];
    let no = || word(&["no", "not"]);
    let bound = |these: &'static [&'static str]| (word(these), opt(word(&["of"]))).void();
    alt((
        alt((
            words(&["at", "least"]),
            (word(&["increase", "raise"]), word(&["to"])).void(),
            (no(), word(LESS), word(&["than"])).void(),
            (no(), word(&["below", "under"])).void(),
            bound(&["minimum", "min"]),
        ))
        .value(Limit::AtLeast),
        alt((
            words(&["at", "most"]),
            words(&["up", "to"]),
            (word(&["reduce", "decrease", "cut"]), word(&["to"])).void(),
            (no(), word(MORE), word(&["than"])).void(),
            (no(), word(&["above", "over", "exceeding"])).void(),
            bound(&["maximum", "max"]),
        ))
        .value(Limit::AtMost),
        alt((word(&["over", "above", "exceeding"]).void(), (word(MORE), word(&["than"])).void()))
            .value(Limit::Above),
        alt((word(&["under", "below"]).void(), (word(LESS), word(&["than"])).void())).value(Limit::Below),
    ))
    .parse_next(input)
}

/// `or more`, `and above`, `+`, `maximum`.
fn limit_after(input: &mut Input<'_>) -> Parsed<Limit> {
    let or = || word(&["or", "and"]);
    let last = |input: &mut Input<'_>| -> Parsed<()> {
        let more = peek(input).is_some_and(|token| matches!(token.kind, Kind::Word(_) | Kind::Number(..)));
        if more { Err(EmptyError) } else { Ok(()) }
    };
    let plus = sign('+').verify(|token: &&super::token::Token<'_>| !token.spaced);
    alt((
        (or(), word(&["more", "above", "over", "higher", "greater"])).value(Limit::AtLeast),
        (or(), word(&["less", "fewer", "below", "under", "lower"])).value(Limit::AtMost),
        (plus, last).value(Limit::AtLeast),
        (word(&["minimum", "min"]), last).value(Limit::AtLeast),
        (word(&["maximum", "max"]), last).value(Limit::AtMost),
    ))
    .parse_next(input)
}

/// `between 10% and 15%`, `from 10 to 15%`.
fn between(input: &mut Input<'_>) -> Parsed<Amount<When>> {
    let joint: &'static [&'static str] = alt((
        word(&["between"]).value(&["and"] as &'static [&'static str]),
        word(&["from"]).value(&["to"] as &'static [&'static str]),
    ))
    .parse_next(input)?;
    let low = end_of_range(input)?;
    word(joint).parse_next(input)?;
    let high = end_of_range(input)?;
    range(low, high)
}

/// A figure that is surely no year.
fn end_of_range(input: &mut Input<'_>) -> Parsed<Figure> {
    let mut ahead = *input;
    let is_time = alt((when.void(), bare_year.void(), short_pair.void())).parse_next(&mut ahead).is_ok();
    let figure = if is_time { return Err(EmptyError) } else { figure(input)? };
    let goes_on = peek(input).is_some_and(|token| token.kind == Kind::Sign('/'));
    if goes_on { Err(EmptyError) } else { Ok(figure) }
}

/// One unit for both ends: stated twice alike, or once after the second.
fn range(low: Figure, high: Figure) -> Parsed<Amount<When>> {
    let stated = low.sign == high.sign || low.sign == Sign::None;
    if stated {
        Ok(Amount::Range { low: low.number, high: high.number, sign: high.sign })
    } else {
        Err(EmptyError)
    }
}

/// `2 out of 15`, `2 of the 15`, `2 schools out of 15`, `2/15`.
fn ratio(input: &mut Input<'_>) -> Parsed<Amount<When>> {
    let numerator = whole(input)?;
    let stroke = opt(sign('/')).parse_next(input)?.is_some();
    if !stroke {
        let thing = |input: &mut Input<'_>| -> Parsed<()> {
            let token = next(input)?;
            match token.kind {
                // Glued to the number it makes a place in an order: `3rd of 11`.
                Kind::Word(text) if token.spaced && is_thing(text) => Ok(()),
                Kind::Word(_) | Kind::Number(..) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => {
                    Err(EmptyError)
                }
            }
        };
        opt(thing).parse_next(input)?;
        alt((words(&["out", "of"]), word(&["of"]).void())).parse_next(input)?;
        opt(word(&["the"])).parse_next(input)?;
    }
    let may_be_year = bare_year.parse_next(&mut { *input }).is_ok();
    let denominator = whole(input)?;
    let unit = unit_sign(input)?;
    let goes_on = peek(input).is_some_and(|token| match token.kind {
        Kind::Sign(sign) => sign == '/',
        Kind::Word(_) | Kind::Number(..) | Kind::Dotted(_) | Kind::Odd(_) => !token.spaced,
    });
    if unit != Sign::None || goes_on || (stroke && may_be_year) {
        return Err(EmptyError);
    }
    Ratio::new(numerator, denominator).map(Amount::Ratio).map_err(|_| EmptyError)
}

/// `85%`, `10% - 15%`, `10 to 15%`, `85% or more`.
fn plain(input: &mut Input<'_>) -> Parsed<Amount<When>> {
    let figure = figure(input)?;
    let to = |input: &mut Input<'_>| -> Parsed<()> {
        let dash = |input: &mut Input<'_>| -> Parsed<()> {
            let spaced = sign('-').parse_next(input)?.spaced;
            // "10 -15" may be two numbers, the second below zero.
            let tight = peek(input).is_some_and(|token| !token.spaced);
            if spaced && tight { Err(EmptyError) } else { Ok(()) }
        };
        alt((dash, word(&["to"]).void())).parse_next(input)
    };
    let second = |input: &mut Input<'_>| (to, end_of_range).map(|(_, high)| high).parse_next(input);
    if let Some(high) = opt(second).parse_next(input)? {
        return range(figure, high);
    }
    Ok(match opt(limit_after).parse_next(input)? {
        Some(limit) => Amount::Limit(limit, figure),
        None => Amount::Exactly(figure),
    })
}

/// `~`, `about`, `c.` before a number.
pub(super) fn approximately(input: &mut Input<'_>) -> Parsed<()> {
    alt((
        sign('~').void(),
        word(&["about", "around", "circa", "approximately"]).void(),
        (word(&["approx", "c", "ca"]), opt(sign('.'))).void(),
    ))
    .parse_next(input)?;
    let number = peek(input).is_some_and(|token| matches!(token.kind, Kind::Number(..)));
    if number { Ok(()) } else { Err(EmptyError) }
}

/// A day and a month without a year, which may as well be a figure and a month: `16 Dec`, `10-Mar`.
pub(super) fn day_and_month(input: &mut Input<'_>) -> Parsed<()> {
    let day = whole.verify(|day| *day <= Decimal::from(31));
    let tight = sign('-').verify(|dash: &&super::token::Token<'_>| !dash.spaced);
    (day, opt(tight), month).void().parse_next(input)
}
