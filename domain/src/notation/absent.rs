//! Cells without a figure: nothing at all, no data, or a sentence that says that something will be set.

use super::{
    cell::{Absence, Amount, Cell, Figure, Sign, When},
    phrase::{Item, Phrase, Piece, is_over, items, joined},
    token::{Input, Kind, Parsed, next, peek, sign, word, words},
    unread::Unread,
};
use winnow::{
    Parser,
    combinator::{alt, opt},
    error::EmptyError,
};

/// What a cell says that has nothing to say, or `None` where it has.
pub(super) fn absent<'t>(input: &Input<'t>) -> Option<Result<Cell<When>, Unread>> {
    let mut rest = *input;
    if dashes(&mut rest) {
        let absence = if peek(input).is_none() { Absence::Empty } else { Absence::Dashes };
        return Some(Ok(Cell::Nothing { absence, note: None }));
    }
    let mut rest = *input;
    if let Ok(number) = spelled(&mut rest) {
        let figure = Figure { number: number.into(), sign: Sign::None };
        let about = super::cell::About::nothing();
        let part = super::cell::Part { name: None, amount: Amount::Exactly(figure), about };
        return Some(Ok(Cell::Figures(vec![part])));
    }
    let mut rest = *input;
    let absence = absence(&mut rest).ok()?;
    if opt(alt((sign(',').void(), sign(';').void(), sign('-').void(), sign(':').void(), sign('.').void())))
        .parse_next(&mut rest)
        .is_err()
    {
        return None;
    }
    if is_over(&rest) {
        return Some(Ok(Cell::Nothing { absence, note: None }));
    }
    Some(remark(rest).map(|note| Cell::Nothing { absence, note: Some(note) }))
}

/// Nothing but dashes, dots and strokes.
fn dashes(rest: &mut Input<'_>) -> bool {
    while let Some(token) = peek(rest) {
        let Kind::Sign('-' | '.' | '_' | '/' | '\u{2026}' | '?') = token.kind else { return false };
        if next(rest).is_err() {
            return false;
        }
    }
    true
}

fn absence(input: &mut Input<'_>) -> Parsed<Absence> {
    let data = || word(&["data", "result", "results", "figure", "figures", "information"]);
    alt((
        alt((
            (word(&["n"]), sign('/'), word(&["a"])).void(),
            (word(&["n"]), sign('.'), word(&["a"]), opt(sign('.'))).void(),
            word(&["na"]).void(),
            words(&["not", "applicable"]),
        ))
        .value(Absence::NotApplicable),
        alt((
            (word(&["awaiting"]), data()).void(),
            (opt(data()), word(&["awaited", "pending", "tba", "tbc", "tbd"])).void(),
            (opt(data()), words(&["not", "yet", "available"])).void(),
            (opt(data()), words(&["to", "follow"])).void(),
            (opt(data()), word(&["not"]), opt(word(&["yet"])), word(&["due"])).void(),
            (data(), word(&["due"])).void(),
        ))
        .value(Absence::Awaited),
        alt((
            (word(&["no"]), opt(word(&["current", "new"])), data(), opt(words(&["available"]))).void(),
            (opt(data()), words(&["not", "available"])).void(),
            (opt(data()), word(&["unavailable", "unknown"])).void(),
            (opt(data()), words(&["not", "known"])).void(),
            (words(&["not"]), word(&["reported", "collected", "measured", "returned"])).void(),
            words(&["no", "return"]),
            words(&["no", "baseline"]),
            words(&["no", "target"]),
        ))
        .value(Absence::NoData),
        alt(((sign('*'), opt(sign('*'))).void(), word(&["suppressed", "withheld", "confidential"]).void()))
            .value(Absence::Withheld),
    ))
    .parse_next(input)
}

/// `Two` and nothing else. `None` and `nil` may mean zero or no data, and are left alone.
fn spelled(input: &mut Input<'_>) -> Parsed<u32> {
    const WORDS: &[&str] = &[
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let said = word(WORDS).parse_next(input)?;
    let number =
        WORDS.iter().zip(0..).find(|(word, _)| word.eq_ignore_ascii_case(said)).map(|(_, number)| number);
    if is_over(input) { number.ok_or(EmptyError) } else { Err(EmptyError) }
}

/// The words after an absence. A figure among them is one too many.
fn remark(rest: Input<'_>) -> Result<String, Unread> {
    let items = items(rest)?;
    let mut pieces: Vec<&Piece<'_>> = Vec::new();
    for item in &items {
        match item {
            Item::Piece(piece) => pieces.push(piece),
            Item::Group(group) => pieces.extend(group),
        }
    }
    without_figures(&pieces)?;
    Ok(joined(&pieces))
}

fn without_figures(pieces: &[&Piece<'_>]) -> Result<(), Unread> {
    pieces.iter().try_for_each(|piece| match piece.phrase {
        Phrase::Amount(_) => Err(Unread::SecondFigure(piece.text.clone())),
        Phrase::Stray | Phrase::Approximately => Err(Unread::Stray(piece.text.clone())),
        Phrase::When(_)
        | Phrase::MaybeYear(..)
        | Phrase::MaybeYears(_)
        | Phrase::Label
        | Phrase::Word(_)
        | Phrase::Mark(_) => Ok(()),
    })
}

/// Whether these items say that something is still to be set. That and a figure are two things, and unread.
pub(super) fn to_be_set(items: &[Item<'_>]) -> Result<bool, Unread> {
    let mut pieces: Vec<&Piece<'_>> = Vec::new();
    for item in items {
        match item {
            Item::Piece(piece) => pieces.push(piece),
            Item::Group(group) => pieces.extend(group),
        }
    }
    let spoken: Vec<String> = pieces
        .iter()
        .map(|piece| match piece.phrase {
            Phrase::Word(word) => word.to_lowercase(),
            _ => String::new(),
        })
        .collect();
    let spoken: Vec<&str> = spoken.iter().map(String::as_str).collect();
    if without_figures(&pieces).is_ok() {
        return Ok(promises(&spoken));
    }
    let set_later = |three: &[&str]| matches!(three, ["to", "be", set] if SET.contains(set) && !UNCONFIRMED.contains(set));
    if spoken.windows(3).any(set_later) { Err(Unread::StillToBeSet) } else { Ok(false) }
}

/// What is done to a target or an indicator before it stands.
const SET: &[&str] = &[
    "set",
    "reset",
    "agreed",
    "confirmed",
    "determined",
    "decided",
    "established",
    "finalised",
    "finalized",
    "developed",
    "defined",
    "advised",
    "announced",
    "published",
    "calculated",
    "reviewed",
    "negotiated",
    "identified",
    "validated",
];

/// What may be said of a figure that stands already: `85% (to be confirmed)`.
pub(super) const UNCONFIRMED: &[&str] = &["confirmed", "agreed", "validated", "finalised", "finalized"];

fn promises(spoken: &[&str]) -> bool {
    let three =
        |three: &[&str]| matches!(three, ["to", "be", set] | ["not", "yet", set] if SET.contains(set));
    let two = |two: &[&str]| match two {
        ["under", what] => ["review", "development", "negotiation", "discussion"].contains(what),
        ["not", what] => SET.contains(what),
        _ => false,
    };
    let one = |word: &&str| ["tbc", "tba", "tbd", "tbs", "awaiting", "awaited", "pending"].contains(word);
    spoken.windows(3).any(three) || spoken.windows(2).any(two) || spoken.iter().any(one)
}
