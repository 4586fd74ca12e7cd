//! The characters of a cell made into tokens: numbers, words and signs.

use crate::number::decimal::Decimal;
use std::cell::Cell as Counter;
use winnow::{
    Parser, Result,
    ascii::digit1,
    combinator::{alt, repeat},
    error::EmptyError,
    stream::{Stateful, Stream, TokenSlice},
    token::{any, one_of, take_while},
};

/// A number, word or sign, and whether it stands apart from the one before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: Kind<'t>,
    /// Whether white space stands before it, or nothing at all.
    pub(super) spaced: bool,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind<'t> {
    /// A number with its text.
    Number(Decimal, &'t str),
    /// A letter and the letters, digits and apostrophes that follow it.
    Word(&'t str),
    /// A sign; the many dashes are `-`, the quotation marks are `'`, square brackets are round.
    Sign(char),
    /// Digits with points between them, as in a date: `31.03.2010`.
    Dotted(&'t str),
    /// Digits that make no number, or a character that stands for one.
    Odd(&'t str),
}

/// Tokens on their way through the grammar, with a count of the steps taken.
pub(super) type Input<'t> = Stateful<TokenSlice<'t, Token<'t>>, &'t Counter<usize>>;

/// What a parser of the grammar gives.
pub(super) type Parsed<T> = Result<T, EmptyError>;

/// The input over some tokens; every token that is looked at adds one to `steps`.
pub(super) fn input<'t>(tokens: &'t [Token<'t>], steps: &'t Counter<usize>) -> Input<'t> {
    Stateful { input: TokenSlice::new(tokens), state: steps }
}

/// The next token.
pub(super) fn next<'t>(input: &mut Input<'t>) -> Parsed<&'t Token<'t>> {
    input.state.set(input.state.get() + 1);
    input.next_token().ok_or(EmptyError)
}

/// The next token, left where it is.
pub(super) fn peek<'t>(input: &Input<'t>) -> Option<&'t Token<'t>> {
    input.state.set(input.state.get() + 1);
    input.peek_token()
}

/// A word that is one of these, in whatever case.
pub(super) fn word<'t>(these: &'static [&'static str]) -> impl Parser<Input<'t>, &'t str, EmptyError> {
    move |input: &mut Input<'t>| match next(input)?.kind {
        Kind::Word(word) if these.iter().any(|this| this.eq_ignore_ascii_case(word)) => Ok(word),
        Kind::Word(_) | Kind::Number(..) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => Err(EmptyError),
    }
}

/// Words in a row, in whatever case.
pub(super) fn words<'t>(these: &'static [&'static str]) -> impl Parser<Input<'t>, (), EmptyError> {
    move |input: &mut Input<'t>| {
        these.iter().try_for_each(|this| match next(input)?.kind {
            Kind::Word(word) if word.eq_ignore_ascii_case(this) => Ok(()),
            Kind::Word(_) | Kind::Number(..) | Kind::Sign(_) | Kind::Dotted(_) | Kind::Odd(_) => {
                Err(EmptyError)
            }
        })
    }
}

/// A sign.
pub(super) fn sign<'t>(this: char) -> impl Parser<Input<'t>, &'t Token<'t>, EmptyError> {
    move |input: &mut Input<'t>| {
        let token = next(input)?;
        if token.kind == Kind::Sign(this) { Ok(token) } else { Err(EmptyError) }
    }
}

/// The tokens of a text, one pass from left to right.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut rest = text;
    let mut tokens: Vec<Token<'_>> = Vec::new();
    loop {
        let spaced = blank(&mut rest) || tokens.is_empty();
        let after_opening = tokens.last().is_some_and(|token| match token.kind {
            Kind::Sign(sign) => "(<>=\u{2264}\u{2265}~\u{a3}".contains(sign),
            Kind::Number(..) | Kind::Word(_) | Kind::Dotted(_) | Kind::Odd(_) => false,
        });
        let kind = if spaced || after_opening {
            alt((bare_point, number, word_kind, any_sign)).parse_next(&mut rest)
        } else {
            alt((number, word_kind, any_sign)).parse_next(&mut rest)
        };
        match kind {
            Ok(kind) => tokens.push(Token { kind, spaced }),
            Err(EmptyError) => return tokens,
        }
    }
}

/// Skips white space; characters without width are skipped too, but set nothing apart.
fn blank(rest: &mut &str) -> bool {
    let is_blank =
        |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{2060}');
    let skipped: Result<&str, EmptyError> = take_while(0.., is_blank).parse_next(rest);
    skipped.is_ok_and(|skipped| skipped.chars().any(char::is_whitespace))
}

/// `.5`, where a number may begin.
fn bare_point<'t>(rest: &mut &'t str) -> Parsed<Kind<'t>> {
    let text = ('.', digit1).take().parse_next(rest)?;
    Ok(format!("0{text}").parse().map_or(Kind::Odd(text), |value| Kind::Number(value, text)))
}

/// The longest run of digits with single commas or points between them.
fn number<'t>(rest: &mut &'t str) -> Parsed<Kind<'t>> {
    let more = repeat::<_, _, (), _, _>(0.., (one_of([',', '.']), digit1));
    let text: &str = (digit1, more).take().parse_next(rest)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains('.') && !text.contains(',') {
        return Ok(Kind::Dotted(text));
    }
    let mut groups = whole.split(',');
    let leads = groups.next().is_some_and(|first| first.len() <= 3 && !first.starts_with('0'));
    let grouped = whole.contains(',');
    if fraction.contains([',', '.']) || (grouped && !(leads && groups.all(|group| group.len() == 3))) {
        return Ok(Kind::Odd(text));
    }
    let value = if grouped { text.replace(',', "").parse() } else { text.parse() };
    Ok(value.map_or(Kind::Odd(text), |value| Kind::Number(value, text)))
}

fn word_kind<'t>(rest: &mut &'t str) -> Parsed<Kind<'t>> {
    let letters = |c: char| c.is_alphabetic() || c.is_ascii_digit();
    let run = move |rest: &mut &'t str| -> Parsed<&'t str> { take_while(1.., letters).parse_next(rest) };
    let more = repeat::<_, _, (), _, _>(0.., (one_of(['\'', '\u{2019}']), run));
    (one_of(char::is_alphabetic), take_while(0.., letters), more).take().map(Kind::Word).parse_next(rest)
}

fn any_sign<'t>(rest: &mut &'t str) -> Parsed<Kind<'t>> {
    let text: &str = any.take().parse_next(rest)?;
    let sign = text.chars().next().ok_or(EmptyError)?;
    Ok(match sign {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Kind::Sign('-'),
        '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '"' | '`' => Kind::Sign('\''),
        '[' | '{' => Kind::Sign('('),
        ']' | '}' => Kind::Sign(')'),
        '\u{2a7d}' => Kind::Sign('\u{2264}'),
        '\u{2a7e}' => Kind::Sign('\u{2265}'),
        '\u{2022}' | '\u{b7}' => Kind::Sign(';'),
        _ if sign.is_control() || sign.is_numeric() => Kind::Odd(text),
        _ => Kind::Sign(sign),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        tokens(text).into_iter().map(|token| token.kind).collect()
    }

    fn number(text: &str) -> Kind<'_> {
        Kind::Number(text.replace(',', "").parse().unwrap(), text)
    }

    #[test]
    fn numbers_words_and_signs_come_apart() {
        assert_eq!(
            kinds("KS2=1,084\u{2013}22.80%"),
            [
                Kind::Word("KS2"),
                Kind::Sign('='),
                number("1,084"),
                Kind::Sign('-'),
                number("22.80"),
                Kind::Sign('%')
            ]
        );
        assert_eq!(kinds("children\u{2019}s"), [Kind::Word("children\u{2019}s")]);
        assert_eq!(kinds(".5"), [Kind::Number("0.5".parse().unwrap(), ".5")]);
        assert_eq!(kinds("Apr.09"), [Kind::Word("Apr"), Kind::Sign('.'), number("09")]);
        let spaced: Vec<bool> = tokens("1\u{a0}2\u{200b}%").into_iter().map(|token| token.spaced).collect();
        assert_eq!(spaced, [true, true, false]);
    }

    #[test]
    fn digits_that_make_no_number_are_odd() {
        for text in ["40,50", "1,08", "0,123", "12,345,67", "1.2,3", "9999999999999999", "\u{bd}", "\0"] {
            assert_eq!(kinds(text), [Kind::Odd(text)], "{text:?}");
        }
        assert_eq!(kinds("31.03.2010"), [Kind::Dotted("31.03.2010")]);
    }
}
