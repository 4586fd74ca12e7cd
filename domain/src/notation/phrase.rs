//! The tokens of a cell made into phrases: figures, times, labels, words and marks.

use super::{
    amount::{all_of, amount, approximately, day_and_month, limited},
    cell::{Amount, When, Year},
    step::per_year,
    token::{Input, Kind, Parsed, Token, next, peek, sign, word},
    unread::Unread,
    when::{quarter, when},
    words::NUMBERED,
    year::{bare_year, no_figure, short_pair, short_year, year_name},
};
use crate::number::decimal::Decimal;
use winnow::{
    Parser,
    combinator::{alt, opt, peek as ahead},
    error::EmptyError,
    stream::Stream,
};

/// A phrase, its text, and whether white space stands before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece<'t> {
    pub(super) phrase: Phrase<'t>,
    pub(super) text: String,
    pub(super) spaced: bool,
}

/// The smallest part of a cell that means something.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phrase<'t> {
    /// A figure.
    Amount(Amount<When>),
    /// A time.
    When(When),
    /// `2010`: a year or a figure.
    MaybeYear(Year, Decimal),
    /// `10/11`: two years or a fraction.
    MaybeYears(When),
    /// `about`.
    Approximately,
    /// A number that only names something: `Year 6`, `aged 16-18`, `n = 23`.
    Label,
    /// A word.
    Word(&'t str),
    /// A mark that separates or joins.
    Mark(char),
    /// What has no place here.
    Stray,
}

/// A phrase at the top of a cell, or the phrases in a pair of brackets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item<'t> {
    Piece(Piece<'t>),
    Group(Vec<Piece<'t>>),
}

/// The phrases of a cell, those in brackets together.
pub(super) fn items<'t>(mut input: Input<'t>) -> Result<Vec<Item<'t>>, Unread> {
    let mut items = Vec::new();
    let mut open: Option<Vec<Piece<'t>>> = None;
    while let Some(token) = peek(&input) {
        match (&token.kind, open.take()) {
            (Kind::Sign('('), None) => {
                next(&mut input).map_err(|EmptyError| Unread::Brackets)?;
                open = Some(Vec::new());
            }
            (Kind::Sign(')'), Some(group)) => {
                next(&mut input).map_err(|EmptyError| Unread::Brackets)?;
                items.push(Item::Group(group));
            }
            (Kind::Sign('(' | ')'), _) => return Err(Unread::Brackets),
            (_, Some(mut group)) => {
                group.push(piece(&mut input).map_err(|EmptyError| Unread::Brackets)?);
                open = Some(group);
            }
            (_, None) => items.push(Item::Piece(piece(&mut input).map_err(|EmptyError| Unread::Brackets)?)),
        }
    }
    if open.is_some() { Err(Unread::Brackets) } else { Ok(items) }
}

fn piece<'t>(input: &mut Input<'t>) -> Parsed<Piece<'t>> {
    let before = input.input;
    let phrase = phrase(input)?;
    let taken = before.len() - input.input.len();
    let tokens = before.get(..taken).unwrap_or_default();
    let spaced = tokens.first().is_some_and(|token| token.spaced);
    Ok(Piece { phrase, text: text_of(tokens), spaced })
}

fn phrase<'t>(input: &mut Input<'t>) -> Parsed<Phrase<'t>> {
    let after_equals =
        input.input.previous_tokens().next().is_some_and(|token| token.kind == Kind::Sign('='));
    let maybe_year = |input: &mut Input<'t>| {
        bare_year
            .verify(|_| !after_equals)
            .map(|year| Phrase::MaybeYear(year, Decimal::from(year.number)))
            .parse_next(input)
    };
    alt((
        label.value(Phrase::Label),
        alt((per_year, all_of, limited)).map(Phrase::Amount),
        when.map(|when| match when {
            When::Years(year, None) if year.short && year.number > 9 => Phrase::MaybeYears(when),
            when => Phrase::When(when),
        }),
        alt((year_of_unclear_kind, quarter_of_unclear_year, day_and_month, lost_base, end_of_unclear_year))
            .value(Phrase::Stray),
        named.value(Phrase::Label),
        maybe_year,
        alt((approximately.value(Phrase::Approximately), amount.map(Phrase::Amount))),
        single,
    ))
    .parse_next(input)
}

/// `academic year 2009`, which may begin or end then; `year 10/11`, which may be two
/// classes of a school.
fn year_of_unclear_kind(input: &mut Input<'_>) -> Parsed<()> {
    alt(((year_name, bare_year).void(), (word(&["year", "years"]), short_pair).void())).parse_next(input)
}

/// `Q3 10`, in which the second number is a year or a figure.
fn quarter_of_unclear_year(input: &mut Input<'_>) -> Parsed<()> {
    (quarter, short_year).void().parse_next(input)
}

/// `per 1,000` that is not the unit of a figure before it.
fn lost_base(input: &mut Input<'_>) -> Parsed<()> {
    (word(&["per"]), any_number).void().parse_next(input)
}

/// `by year end`, `the end of the year`: of which year it does not say.
fn end_of_unclear_year(input: &mut Input<'_>) -> Parsed<()> {
    let year = || word(&["year", "yr"]);
    let end_first = (word(&["end"]), opt(sign('-')), opt(word(&["of"])), opt(word(&["the"])), year());
    alt(((year(), opt(sign('-')), word(&["end"])).void(), end_first.void())).parse_next(input)
}

fn any_number(input: &mut Input<'_>) -> Parsed<()> {
    match next(input)?.kind {
        Kind::Number(..) => Ok(()),
        Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => Err(EmptyError),
    }
}

/// One token: a word, a mark, or something stray.
///
/// A dash or point right before a number joins it to a word (`Good-70%`) or belongs to the number; other marks right
/// before one join it to nothing known (`#DIV/0!`). A dash with nothing behind it may be the minus of what it follows
/// (`5-`).
fn single<'t>(input: &mut Input<'t>) -> Parsed<Phrase<'t>> {
    let after_word = input.input.previous_tokens().next().is_some_and(|token| match token.kind {
        Kind::Word(word) => word.chars().all(char::is_alphabetic),
        Kind::Number(..) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => false,
    });
    let token = next(input)?;
    let at_number = peek(input).is_some_and(is_tight_number);
    let at_end = peek(input).is_none_or(|token| token.kind == Kind::Sign(')'));
    Ok(match token.kind {
        Kind::Word(text) => Phrase::Word(text),
        Kind::Sign('-') if at_end => Phrase::Stray,
        Kind::Sign('-' | '.') if at_number && (token.spaced || !after_word) => Phrase::Stray,
        Kind::Sign('/' | '&' | '*' | '#' | '!' | '?' | '|' | '\'') if at_number => Phrase::Stray,
        Kind::Sign(sign) if ",;.:=-/&'*#!?|".contains(sign) => Phrase::Mark(sign),
        Kind::Sign(_) | Kind::Number(..) | Kind::Dotted(_) | Kind::Odd(_) => Phrase::Stray,
    })
}

fn is_tight_number(token: &Token<'_>) -> bool {
    !token.spaced && matches!(token.kind, Kind::Number(..))
}

fn label(input: &mut Input<'_>) -> Parsed<()> {
    alt((sample_size, ages, years_old, numbered)).parse_next(input)
}

fn small_number(input: &mut Input<'_>) -> Parsed<()> {
    match next(input)?.kind {
        Kind::Number(_, text)
            if text.len() <= 3 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) =>
        {
            Ok(())
        }
        Kind::Number(..) | Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => Err(EmptyError),
    }
}

/// `n = 23`.
fn sample_size(input: &mut Input<'_>) -> Parsed<()> {
    let whole = |input: &mut Input<'_>| match next(input)?.kind {
        Kind::Number(value, _) if value.is_whole() => Ok(()),
        Kind::Number(..) | Kind::Word(_) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => Err(EmptyError),
    };
    (word(&["n"]), sign('='), whole, no_figure).void().parse_next(input)
}

fn age_range(input: &mut Input<'_>) -> Parsed<()> {
    let to = alt((sign('-').void(), word(&["to", "and"]).void()));
    (small_number, opt((to, small_number))).void().parse_next(input)
}

/// `aged 16-18`, `age 19`.
fn ages(input: &mut Input<'_>) -> Parsed<()> {
    (word(&["aged", "age", "ages"]), age_range, no_figure).void().parse_next(input)
}

/// `16-18 year olds`.
fn years_old(input: &mut Input<'_>) -> Parsed<()> {
    let years = (word(&["year", "years", "yr"]), opt(sign('-')), word(&["old", "olds"]));
    (age_range, opt(sign('-')), years).void().parse_next(input)
}

/// `Year 6`; not the middle of a duration: `1 year 2 months`.
fn numbered(input: &mut Input<'_>) -> Parsed<()> {
    let after_number =
        input.input.previous_tokens().next().is_some_and(|token| matches!(token.kind, Kind::Number(..)));
    if after_number {
        return Err(EmptyError);
    }
    (word(NUMBERED), small_number, no_figure).parse_next(input)?;
    let goes_on =
        peek(input).is_some_and(|token| matches!(token.kind, Kind::Sign('/' | '-')) && !token.spaced);
    if goes_on { Err(EmptyError) } else { Ok(()) }
}

/// Any word and number that a sign makes the name of what follows: `Site 3 = 40%`.
fn named(input: &mut Input<'_>) -> Parsed<()> {
    match next(input)?.kind {
        Kind::Word(word) if word.chars().all(char::is_alphabetic) => {}
        Kind::Word(_) | Kind::Number(..) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => {
            return Err(EmptyError);
        }
    }
    (small_number, ahead(alt((sign('='), sign(':'))))).void().parse_next(input)
}

/// Tokens as text again, with single spaces where white space stood.
fn text_of(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.spaced && !text.is_empty() {
            text.push(' ');
        }
        match token.kind {
            Kind::Number(_, part) | Kind::Word(part) | Kind::Dotted(part) | Kind::Odd(part) => {
                text.push_str(part)
            }
            Kind::Sign(sign) => text.push(sign),
        }
    }
    text
}

/// Pieces as text again.
pub(super) fn joined(pieces: &[&Piece<'_>]) -> String {
    let mut text = String::new();
    for piece in pieces {
        if piece.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&piece.text);
    }
    text
}

/// Whether the cell is over.
pub(super) fn is_over(input: &Input<'_>) -> bool {
    input.input.eof_offset() == 0
}
