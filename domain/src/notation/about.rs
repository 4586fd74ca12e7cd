//! What is said of a figure: its period, its standing, the same thing in another form, free words.

use super::{
    absent::UNCONFIRMED,
    cell::{About, Amount, Beside, Figure, Limit, Mark, Sign, When},
    phrase::{Phrase, Piece, joined},
    unread::Unread,
    words::{self, FILLERS, LEADING, NEGATIONS, has},
};
use crate::number::decimal::Decimal;

/// Refuses words that speak of a change, or spell a number out.
pub(super) fn refuse_words<'p, 't: 'p>(
    pieces: impl IntoIterator<Item = &'p Piece<'t>>,
) -> Result<(), Unread> {
    pieces.into_iter().try_for_each(|piece| match piece.phrase {
        Phrase::Word(word) => words::refuse(word),
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
    refuse_broken_spans(pieces)?;
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

/// Refuses a time after a dash and a word that is no mark: in `Arp - Dec 10` the word may be a month as well.
fn refuse_broken_spans(pieces: &[Piece<'_>]) -> Result<(), Unread> {
    let broken = pieces.windows(3).find(|three| match three {
        [before, dash, after] => {
            let doubtful =
                lower_word(before).is_some_and(|word| Mark::of(&word).is_none() && !has(FILLERS, &word));
            doubtful && dash.phrase == Phrase::Mark('-') && time(&after.phrase).is_some()
        }
        _ => false,
    });
    broken.map_or(Ok(()), |three| Err(Unread::Stray(joined(&three.iter().collect::<Vec<_>>()))))
}

/// The time that a phrase states, or may state.
fn time(phrase: &Phrase<'_>) -> Option<When> {
    match phrase {
        Phrase::When(when) | Phrase::MaybeYears(when) => Some(when.clone()),
        Phrase::MaybeYear(year, _) => Some(When::Year(*year)),
        Phrase::Amount(_)
        | Phrase::Approximately
        | Phrase::Label
        | Phrase::Word(_)
        | Phrase::Mark(_)
        | Phrase::Stray => None,
    }
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
    let (rest, dated) = without_times(about, amount, segment, in_brackets)?;
    let words: Vec<String> = rest.iter().filter_map(|piece| lower_word(piece)).collect();
    let only_words = rest.iter().all(|piece| matches!(piece.phrase, Phrase::Word(_) | Phrase::Mark('.')));
    if words.is_empty() && only_words {
        return Ok(None);
    }
    let spoken: Vec<&str> = words.iter().map(String::as_str).collect();
    if only_words && understood(about, amount, &spoken, dated, in_brackets) {
        return Ok(None);
    }
    refuse_words(rest.iter().copied())?;
    if spoken.windows(2).any(|two| two == ["per", "year"] || two == ["a", "year"]) {
        return Err(Unread::Change(spoken.join(" ")));
    }
    if !spoken.iter().any(|word| has(NEGATIONS, word)) {
        about.marks.extend(spoken.iter().filter(|word| word.len() > 3).filter_map(|word| Mark::of(word)));
    }
    Ok(Some(joined(&rest)))
}

/// Takes words that all have a fixed meaning.
fn understood(
    about: &mut About<When>,
    amount: &mut Amount<When>,
    spoken: &[&str],
    dated: bool,
    in_brackets: bool,
) -> bool {
    if let ["to", "be", done] = spoken
        && UNCONFIRMED.contains(done)
    {
        about.marks.insert(Mark::Unconfirmed);
        return true;
    }
    if let (Some(limit), Amount::Exactly(figure)) = (lone_limit(spoken), &*amount) {
        *amount = Amount::Limit(limit, figure.clone());
        return true;
    }
    // A single letter is a mark in brackets only: (p), (e), (r).
    let mark = |word: &&str| if word.len() > 1 || in_brackets { Mark::of(word) } else { None };
    let marks: Vec<Mark> = spoken.iter().filter_map(mark).collect();
    let is_plain = |word: &&str| mark(word).is_some() || has(FILLERS, word) || has(LEADING, word);
    let all_plain = spoken.iter().all(is_plain) && (dated || !marks.is_empty());
    if all_plain {
        about.marks.extend(marks);
    }
    all_plain
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
    amount: &Amount<When>,
    segment: &'p [Piece<'t>],
    in_brackets: bool,
) -> Result<(Vec<&'p Piece<'t>>, bool), Unread> {
    let mut rest: Vec<&Piece<'_>> = Vec::new();
    let mut dated = false;
    for piece in segment {
        let Some(when) = time(&piece.phrase) else {
            match piece.phrase {
                Phrase::Amount(_) => return Err(Unread::SecondFigure(piece.text.clone())),
                Phrase::Stray | Phrase::Mark('=' | '|') | Phrase::Approximately => {
                    return Err(Unread::Stray(piece.text.clone()));
                }
                Phrase::Label | Phrase::Word(_) | Phrase::Mark(_) => rest.push(piece),
                Phrase::When(_) | Phrase::MaybeYear(..) | Phrase::MaybeYears(_) => {}
            }
            continue;
        };
        if about.when.as_ref().is_some_and(|known| *known != when) {
            return Err(Unread::TwoPeriods);
        }
        // A step has its years beside it; another time would be that of something else.
        let of_step = matches!(amount, Amount::PerYear { .. });
        let led = take_leading(&mut rest)?;
        let may_be_figure =
            !matches!(piece.phrase, Phrase::When(_)) && !in_brackets && !led && is_bare(amount);
        if of_step || may_be_figure {
            return Err(Unread::SecondFigure(piece.text.clone()));
        }
        about.when = Some(when);
        dated = true;
    }
    let is_mark = |piece: &&Piece<'_>| matches!(piece.phrase, Phrase::Mark('.' | '-' | '/' | '\''));
    let end = rest.iter().rposition(|piece| !is_mark(piece)).map_or(0, |last| last + 1);
    rest.truncate(end);
    let rest = rest.into_iter().skip_while(is_mark).collect();
    Ok((rest, dated))
}

/// Takes away the words that lead to a time, and says whether there were any. In `ned of 2010` the first word may
/// have been one that counts.
fn take_leading(rest: &mut Vec<&Piece<'_>>) -> Result<bool, Unread> {
    let mut led = false;
    let mut joins = false;
    while let Some(word) = rest.last().and_then(|last| lower_word(last)).filter(|word| has(LEADING, word)) {
        // One end of a span is no period.
        if ["to", "from"].contains(&word.as_str()) {
            return Err(Unread::Stray(word));
        }
        led = true;
        joins = word == "of";
        rest.pop();
    }
    let before = rest.last().filter(|_| joins);
    match before.and_then(|last| Some((lower_word(last)?, last.text.clone()))) {
        Some((word, text)) if Mark::of(&word).is_none() && !has(FILLERS, &word) => Err(Unread::Stray(text)),
        Some(_) | None => Ok(led),
    }
}

/// Whether a figure has nothing that distinguishes it from another number.
fn is_bare(amount: &Amount<When>) -> bool {
    matches!(amount, Amount::Exactly(Figure { sign: Sign::None, number }) if number.is_whole())
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
    let stated =
        crate::number::value::Value::Ratio(ratio).figure(crate::number::value::Unit::Percent, share.places());
    let apart = stated.map(|stated| (stated.raw() - share.raw()).abs());
    // One unit in the last place, because some round halves down and some cut.
    let most = Decimal::rounded(rust_decimal::Decimal::new(1, share.places()), share.places());
    match (apart, most) {
        (Some(apart), Some(most)) if apart <= most.raw() => Ok(()),
        _ => Err(Unread::Share(ratio.numerator(), ratio.denominator(), share)),
    }
}
