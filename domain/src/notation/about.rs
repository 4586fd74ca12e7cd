//! What is said of a figure: its period, its standing, the same thing in another form, free words.

use super::{
    cell::{About, Amount, Beside, Figure, Limit, Mark, Sign, When},
    phrase::{Phrase, Piece, joined},
    unread::Unread,
};
use crate::decimal::Decimal;

/// Words that lead to a time: `as at 31 March`.
const LEADING: &[&str] =
    &["in", "at", "as", "by", "for", "to", "on", "of", "during", "the", "from", "position"];
/// Words that add nothing beside a period or a mark: `2007/08 results`.
const FILLERS: &[&str] = &[
    "result", "results", "figure", "figures", "data", "outturn", "actual", "value", "year", "is", "the", "a",
];
/// Words that speak of a change or a comparison.
const CHANGES: &[&str] = &[
    "increase",
    "increased",
    "increases",
    "increasing",
    "decrease",
    "decreased",
    "decreases",
    "reduction",
    "reduced",
    "reduce",
    "reduces",
    "reducing",
    "rise",
    "rises",
    "rose",
    "risen",
    "fall",
    "falls",
    "fell",
    "fallen",
    "drop",
    "drops",
    "dropped",
    "improvement",
    "improve",
    "improved",
    "improves",
    "growth",
    "up",
    "down",
    "higher",
    "lower",
    "fewer",
    "more",
    "less",
    "above",
    "below",
    "over",
    "under",
    "better",
    "worse",
    "change",
    "changes",
    "difference",
    "variance",
    "versus",
    "vs",
    "against",
    "compared",
    "comparison",
    "than",
    "double",
    "doubled",
    "halve",
    "halved",
    "half",
    "twice",
    "plus",
    "minus",
    "was",
    "were",
    "previously",
    "previous",
    "last",
    "prior",
    "formerly",
    "since",
    "until",
    "cut",
    "between",
    "least",
    "most",
    "every",
    "each",
];
/// Numbers that are spelled out.
const NUMBERS: &[&str] = &[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "million",
    "dozen",
    "third",
    "thirds",
    "quarter",
    "quarters",
    "tenth",
    "fifth",
    "zero",
    "nil",
    "none",
    "both",
    "neither",
];
const NEGATIONS: &[&str] = &["not", "no", "non", "pre", "without", "awaiting", "un", "never", "until"];

/// Refuses words that speak of a change, or spell a number out.
pub(super) fn refuse_words<'p, 't: 'p>(
    pieces: impl IntoIterator<Item = &'p Piece<'t>>,
) -> Result<(), Unread> {
    pieces.into_iter().try_for_each(|piece| match piece.phrase {
        Phrase::Word(word) => refuse_word(word),
        Phrase::Stray => Err(Unread::Stray(piece.text.clone())),
        Phrase::Amount(_)
        | Phrase::When(_)
        | Phrase::MaybeYear(..)
        | Phrase::MaybeYears(_)
        | Phrase::Approximately
        | Phrase::Label
        | Phrase::Mark(_) => Ok(()),
    })
}

/// The same for the words of what is counted: `6 schools`.
pub(super) fn refuse_word(word: &str) -> Result<(), Unread> {
    let lower = word.to_lowercase();
    if CHANGES.contains(&lower.as_str()) {
        return Err(Unread::Change(word.to_owned()));
    }
    if NUMBERS.contains(&lower.as_str()) { Err(Unread::NumberInWords(word.to_owned())) } else { Ok(()) }
}

/// Adds what these pieces say of the figure; `in_brackets` where they stand in a pair of them.
pub(super) fn add(
    about: &mut About<When>,
    amount: &mut Amount<When>,
    pieces: &[Piece<'_>],
    in_brackets: bool,
) -> Result<(), Unread> {
    let mut note: Vec<String> = Vec::new();
    let is_joint = |piece: &Piece<'_>| match piece.phrase {
        Phrase::Mark(',' | ';' | ':') => true,
        Phrase::Mark('-') => piece.spaced,
        _ => false,
    };
    for segment in pieces.split(is_joint) {
        if let Some(words) = add_segment(about, amount, segment, in_brackets)? {
            note.push(words);
        }
    }
    if !note.is_empty() {
        about.notes.push(note.join(", "));
    }
    Ok(())
}

/// Adds what one segment says, and gives the words that are left as a note.
fn add_segment(
    about: &mut About<When>,
    amount: &mut Amount<When>,
    segment: &[Piece<'_>],
    in_brackets: bool,
) -> Result<Option<String>, Unread> {
    if in_brackets && let Some(beside) = beside(amount, segment)? {
        if about.beside.is_some() {
            return Err(Unread::SecondFigure(joined(&segment.iter().collect::<Vec<_>>())));
        }
        agree(amount, &beside)?;
        about.beside = Some(beside);
        return Ok(None);
    }
    let (rest, dated) = without_times(about, segment)?;
    let words: Vec<String> = rest.iter().filter_map(|piece| lower_word(piece)).collect();
    let only_words = rest.iter().all(|piece| matches!(piece.phrase, Phrase::Word(_) | Phrase::Mark('.')));
    if words.is_empty() && only_words {
        return Ok(None);
    }
    let spoken: Vec<&str> = words.iter().map(String::as_str).collect();
    if only_words && let ["to", "be", "confirmed" | "agreed" | "validated" | "finalised"] = spoken.as_slice()
    {
        about.marks.insert(Mark::Unconfirmed);
        return Ok(None);
    }
    if only_words
        && let Some(limit) = lone_limit(&spoken)
        && let Amount::Exactly(figure) = amount
    {
        *amount = Amount::Limit(limit, figure.clone());
        return Ok(None);
    }
    let marks: Vec<Mark> = spoken.iter().filter_map(|word| Mark::of(word)).collect();
    let is_plain = |word: &&str| Mark::of(word).is_some() || FILLERS.contains(word) || LEADING.contains(word);
    if only_words && spoken.iter().all(is_plain) && (dated || !marks.is_empty()) {
        about.marks.extend(marks);
        return Ok(None);
    }
    refuse_words(rest.iter().copied())?;
    if !spoken.iter().any(|word| NEGATIONS.contains(word)) {
        about.marks.extend(spoken.iter().filter(|word| word.len() > 3).filter_map(|word| Mark::of(word)));
    }
    Ok(Some(joined(&rest)))
}

fn lower_word(piece: &Piece<'_>) -> Option<String> {
    match piece.phrase {
        Phrase::Word(word) => Some(word.to_lowercase()),
        _ => None,
    }
}

fn lone_limit(words: &[&str]) -> Option<Limit> {
    match words {
        ["minimum" | "min"] => Some(Limit::AtLeast),
        ["maximum" | "max"] => Some(Limit::AtMost),
        _ => None,
    }
}

/// Takes the times out of a segment, with the words that lead to them.
fn without_times<'p, 't>(
    about: &mut About<When>,
    segment: &'p [Piece<'t>],
) -> Result<(Vec<&'p Piece<'t>>, bool), Unread> {
    let mut rest: Vec<&Piece<'_>> = Vec::new();
    let mut dated = false;
    for piece in segment {
        let when = match &piece.phrase {
            Phrase::When(when) | Phrase::MaybeYears(when) => when.clone(),
            Phrase::MaybeYear(year, _) => When::Year(*year),
            Phrase::Amount(_) => return Err(Unread::SecondFigure(piece.text.clone())),
            Phrase::Stray => return Err(Unread::Stray(piece.text.clone())),
            Phrase::Mark('=' | '|') => return Err(Unread::Stray(piece.text.clone())),
            Phrase::Approximately => return Err(Unread::Stray(piece.text.clone())),
            Phrase::Label | Phrase::Word(_) | Phrase::Mark(_) => {
                rest.push(piece);
                continue;
            }
        };
        if about.when.as_ref().is_some_and(|known| *known != when) {
            return Err(Unread::TwoPeriods);
        }
        about.when = Some(when);
        dated = true;
        while rest
            .last()
            .and_then(|last| lower_word(last))
            .is_some_and(|word| LEADING.contains(&word.as_str()))
        {
            rest.pop();
        }
    }
    let is_mark = |piece: &&Piece<'_>| matches!(piece.phrase, Phrase::Mark('.' | '-' | '/' | '\''));
    while rest.first().is_some_and(is_mark) {
        rest.remove(0);
    }
    while rest.last().is_some_and(is_mark) {
        rest.pop();
    }
    Ok((rest, dated))
}

/// The same thing in another form, alone in brackets: a share beside a count or ratio, a count or ratio beside a
/// percentage.
fn beside(amount: &Amount<When>, segment: &[Piece<'_>]) -> Result<Option<Beside>, Unread> {
    let [Piece { phrase: Phrase::Amount(other), text, .. }] = segment else { return Ok(None) };
    let second = || Unread::SecondFigure(text.clone());
    match (amount, other) {
        (Amount::Ratio(_), Amount::Exactly(Figure { number, sign: Sign::Percent })) => {
            Ok(Some(Beside::Share(*number)))
        }
        (
            Amount::Exactly(Figure { number: count, sign: Sign::None | Sign::Things(_) }),
            Amount::Exactly(Figure { number, sign: Sign::Percent }),
        ) if count.is_whole() => Ok(Some(Beside::Share(*number))),
        (
            Amount::Exactly(Figure { sign: Sign::Percent, .. }),
            Amount::Exactly(Figure { number, sign: Sign::Things(things) }),
        ) if number.is_whole() => Ok(Some(Beside::Count(*number, things.clone()))),
        (Amount::Exactly(Figure { sign: Sign::Percent, .. }), Amount::Ratio(ratio)) => {
            Ok(Some(Beside::Ratio(*ratio)))
        }
        _ => Err(second()),
    }
}

/// A ratio and a share beside it tell the same, at the share's decimal places.
fn agree(amount: &Amount<When>, beside: &Beside) -> Result<(), Unread> {
    let (ratio, share) = match (amount, beside) {
        (Amount::Ratio(ratio), Beside::Share(share)) => (*ratio, *share),
        (Amount::Exactly(figure), Beside::Ratio(ratio)) => (*ratio, figure.number),
        _ => return Ok(()),
    };
    let told = crate::value::Value::Ratio(ratio).figure(crate::value::Unit::Percent, share.places());
    let apart = told.map(|told| (told.raw() - share.raw()).abs());
    // One unit in the last place, because some round halves down and some cut.
    let most = Decimal::rounded(rust_decimal::Decimal::new(1, share.places()), share.places());
    match (apart, most) {
        (Some(apart), Some(most)) if apart <= most.raw() => Ok(()),
        _ => Err(Unread::Share(ratio.numerator(), ratio.denominator(), share)),
    }
}
