//! The phrases of a cell made into what it says: one figure, named parts or milestones.

use super::{
    about::{add, refuse_words},
    cell::{About, Amount, Cell, Figure, Mark, Part, Sign, When},
    phrase::{Item, Phrase, Piece, joined},
    unread::Unread,
    words::{self, NEGATIONS, NO_NAMES, WHOLE, has},
};
use crate::text::Name;
use std::collections::{BTreeSet, HashSet};

/// The most parts of one cell.
const MOST_PARTS: usize = 40;

/// A figure at the top of a cell with the items after it.
struct Chunk<'i, 't> {
    amount: Amount<When>,
    text: &'i str,
    after: &'i [Item<'t>],
}

/// What the items of a cell say.
pub(super) fn sentence(mut items: Vec<Item<'_>>) -> Result<Cell<When>, Unread> {
    settle_years(&mut items);
    for item in &items {
        match item {
            Item::Piece(piece) => refuse_words([piece])?,
            Item::Group(pieces) => refuse_words(pieces)?,
        }
    }
    let (before, chunks) = chunks(&items);
    for chunk in &chunks {
        if let Some(Sign::Things(things)) = chunk.amount.sign() {
            things.split(' ').try_for_each(words::refuse)?;
        }
    }
    match chunks.as_slice() {
        [] => Err(no_figure(&items)),
        [chunk] => single(before, chunk).map(|part| Cell::Figures(vec![part])),
        [_, second, ..] => {
            if chunks.len() > MOST_PARTS {
                return Err(Unread::TooMuch);
            }
            if let Some(cell) = milestones(before, &chunks)? {
                return Ok(cell);
            }
            named_first(before, &chunks)?
                .or(named_after(before, &chunks)?)
                .ok_or_else(|| Unread::SecondFigure(second.text.to_owned()))
                .map(Cell::Figures)
        }
    }
}

/// A bare year that stands alone, but for brackets, is the figure: `1984`, `2010 (2008/09)`.
fn settle_years(items: &mut [Item<'_>]) {
    let mut outside = items.iter_mut().filter_map(|item| match item {
        Item::Piece(piece) if piece.phrase != Phrase::Mark('.') => Some(piece),
        Item::Piece(_) | Item::Group(_) => None,
    });
    if let (Some(piece), None) = (outside.next(), outside.next())
        && let Phrase::MaybeYear(_, number) = piece.phrase
    {
        piece.phrase = Phrase::Amount(Amount::Exactly(Figure { number, sign: Sign::None }));
    }
}

/// The items before the first figure, and each figure with the items up to the next one.
fn chunks<'i, 't>(items: &'i [Item<'t>]) -> (&'i [Item<'t>], Vec<Chunk<'i, 't>>) {
    let mut places = Vec::new();
    for (place, item) in items.iter().enumerate() {
        if let Item::Piece(Piece { phrase: Phrase::Amount(amount), text, .. }) = item {
            places.push((place, amount.clone(), text.as_str()));
        }
    }
    let before = items.get(..places.first().map_or(items.len(), |(place, ..)| *place)).unwrap_or_default();
    let ends = places.iter().skip(1).map(|(place, ..)| *place).chain([items.len()]);
    let chunks = places
        .iter()
        .zip(ends)
        .map(|((place, amount, text), end)| Chunk {
            amount: amount.clone(),
            text,
            after: items.get(place + 1..end).unwrap_or_default(),
        })
        .collect();
    (before, chunks)
}

fn no_figure(items: &[Item<'_>]) -> Unread {
    let mut period = None;
    for item in items {
        match item {
            Item::Group(pieces) => {
                if pieces.iter().any(|piece| matches!(piece.phrase, Phrase::Amount(_))) {
                    return Unread::OnlyInBrackets;
                }
            }
            Item::Piece(piece) => match piece.phrase {
                Phrase::When(_) | Phrase::MaybeYear(..) | Phrase::MaybeYears(_) => {
                    period = Some(piece.text.clone())
                }
                Phrase::Amount(_)
                | Phrase::Approximately
                | Phrase::Label
                | Phrase::Word(_)
                | Phrase::Mark(_)
                | Phrase::Stray => {}
            },
        }
    }
    period.map_or(Unread::NoFigure, Unread::OnlyPeriod)
}

/// One figure: what stands before it, and what is said of it after it.
fn single(before: &[Item<'_>], chunk: &Chunk<'_, '_>) -> Result<Part<When>, Unread> {
    let mut part = Part { name: None, amount: chunk.amount.clone(), about: About::nothing() };
    let mut lead = Vec::new();
    for item in before {
        match item {
            Item::Group(_) => return Err(Unread::SecondFigure(chunk.text.to_owned())),
            Item::Piece(Piece { phrase: Phrase::Approximately, .. }) => {
                part.about.marks.insert(Mark::Approximate);
            }
            Item::Piece(piece) => lead.push(piece.clone()),
        }
    }
    let joint = lead.iter().rposition(|piece| !is_joint(piece)).map_or(0, |last| last + 1);
    let separated = joint < lead.len();
    lead.truncate(joint);
    match lead.last().map(|piece| &piece.phrase) {
        None if separated => return Err(Unread::Stray(chunk.text.to_owned())),
        None => {}
        Some(last) => {
            let numbered = match last {
                Phrase::Label => true,
                Phrase::Word(word) => word.bytes().any(|b| b.is_ascii_digit()),
                _ => false,
            };
            refuse_negations(&lead)?;
            let mut said = About::nothing();
            add(&mut said, &mut part.amount, &lead, false)?;
            let is_name = (separated || numbered) && !said.notes.is_empty() && said.when.is_none();
            if is_name && said.marks.is_empty() && !is_whole(&said.notes) {
                part.name = Some(name(&lead.iter().collect::<Vec<_>>())?);
            } else {
                said.marks.append(&mut part.about.marks);
                part.about = said;
            }
        }
    }
    tail(&mut part, chunk.after)?;
    Ok(part)
}

/// Refuses words before a figure that turn it into what it is not: `not 45%`.
fn refuse_negations(lead: &[Piece<'_>]) -> Result<(), Unread> {
    lead.iter().try_for_each(|piece| match piece.phrase {
        Phrase::Word(word) if has(NEGATIONS, &word.to_lowercase()) => Err(Unread::Stray(word.to_owned())),
        _ => Ok(()),
    })
}

/// Whether the words before a figure only say that it is the whole.
fn is_whole(notes: &[String]) -> bool {
    notes.iter().all(|note| has(WHOLE, &note.to_lowercase()))
}

fn is_joint(piece: &Piece<'_>) -> bool {
    matches!(piece.phrase, Phrase::Mark('=' | ':' | '-'))
}

/// Adds what stands after a figure: brackets one by one, and the words between them.
fn tail(part: &mut Part<When>, after: &[Item<'_>]) -> Result<(), Unread> {
    let mut run: Vec<Piece<'_>> = Vec::new();
    for item in after {
        match item {
            Item::Piece(piece) => run.push(piece.clone()),
            Item::Group(pieces) => {
                add(&mut part.about, &mut part.amount, &std::mem::take(&mut run), false)?;
                add(&mut part.about, &mut part.amount, pieces, true)?;
            }
        }
    }
    add(&mut part.about, &mut part.amount, &run, false)
}

/// The name that these pieces spell.
fn name(pieces: &[&Piece<'_>]) -> Result<String, Unread> {
    let text = joined(pieces);
    let known = pieces.iter().all(|piece| match piece.phrase {
        Phrase::Word(word) => {
            let lower = word.to_lowercase();
            !has(NO_NAMES, &lower) && Mark::of(&lower).is_none()
        }
        Phrase::Label | Phrase::Mark('/' | '&' | '\'' | '-' | '*') => true,
        _ => false,
    });
    let ends = [pieces.first(), pieces.last()];
    let whole = |piece: &&&Piece<'_>| matches!(piece.phrase, Phrase::Word(_) | Phrase::Label);
    if !known || !ends.iter().all(|end| end.as_ref().is_some_and(whole)) {
        return Err(Unread::SecondFigure(text));
    }
    if Name::new(&text).is_err() { Err(Unread::TooMuch) } else { Ok(text) }
}

/// `Dose 1 = 92.1%. Dose 2 = 91.5%`, `KS2 25% (2008) KS4 31.1% (2008)`: every figure has its name before it.
fn named_first(before: &[Item<'_>], chunks: &[Chunk<'_, '_>]) -> Result<Option<Vec<Part<When>>>, Unread> {
    let mut name_of_next = name_pieces(before);
    if name_of_next.as_ref().is_none_or(|pieces| pieces.len() != before.len()) {
        return Ok(None);
    }
    let mut parts = Vec::new();
    for (place, chunk) in chunks.iter().enumerate() {
        let Some(pieces) = name_of_next.take() else { return Ok(None) };
        let without_joint = pieces.iter().rposition(|piece| !is_joint(piece)).map_or(0, |last| last + 1);
        let name = name(pieces.get(..without_joint).unwrap_or_default())?;
        let mut part = Part { name: Some(name), amount: chunk.amount.clone(), about: About::nothing() };
        let is_last = place + 1 == chunks.len();
        let ending = if is_last { None } else { name_pieces(chunk.after) };
        let named = ending.as_ref().map_or(0, Vec::len);
        tail(&mut part, chunk.after.get(..chunk.after.len() - named).unwrap_or_default())?;
        if !is_last && !part.about.notes.is_empty() {
            return Err(Unread::SecondFigure(chunk.text.to_owned()));
        }
        parts.push(part);
        name_of_next = ending;
    }
    checked(parts).map(Some)
}

/// The pieces of a name at the end of some items: after the last bracket, time, comma or full stop.
fn name_pieces<'i, 't>(items: &'i [Item<'t>]) -> Option<Vec<&'i Piece<'t>>> {
    let mut pieces = Vec::new();
    for item in items.iter().rev() {
        match item {
            Item::Piece(piece) => match piece.phrase {
                Phrase::Word(_) | Phrase::Label => pieces.push(piece),
                Phrase::Mark(mark) if !",;.".contains(mark) => pieces.push(piece),
                _ => break,
            },
            Item::Group(_) => break,
        }
    }
    pieces.reverse();
    if pieces.is_empty() { None } else { Some(pieces) }
}

/// `21.7% (KS2) 22.5% (KS4)`, `4.4% outstanding, 48.8% good`: every figure has its name after it.
fn named_after(before: &[Item<'_>], chunks: &[Chunk<'_, '_>]) -> Result<Option<Vec<Part<When>>>, Unread> {
    if !before.is_empty() {
        return Ok(None);
    }
    let mut parts = Vec::new();
    for (place, chunk) in chunks.iter().enumerate() {
        let closed = place + 1 == chunks.len()
            || matches!(
                chunk.after.last(),
                Some(Item::Piece(Piece { phrase: Phrase::Mark(',' | ';' | '.'), .. }))
            );
        let Some((part, bracketed)) = name_after(chunk)? else { return Ok(None) };
        if !closed && !bracketed {
            return Ok(None);
        }
        parts.push(part);
    }
    checked(parts).map(Some)
}

/// The part that a figure and the name after it make, and whether the name stands in brackets.
fn name_after(chunk: &Chunk<'_, '_>) -> Result<Option<(Part<When>, bool)>, Unread> {
    let mut part = Part { name: None, amount: chunk.amount.clone(), about: About::nothing() };
    let mut bracketed = false;
    if let Amount::Exactly(figure) = &mut part.amount
        && let Sign::Things(things) = &figure.sign
    {
        let refused = things.split(' ').any(|word| has(NO_NAMES, &word.to_lowercase()));
        if refused {
            return Ok(None);
        }
        part.name = Some(things.clone());
        figure.sign = Sign::None;
    }
    let mut words: Vec<&Piece<'_>> = Vec::new();
    for item in chunk.after {
        match item {
            Item::Piece(Piece { phrase: Phrase::Mark(',' | ';' | '.'), .. }) => {}
            Item::Piece(piece) => words.push(piece),
            Item::Group(pieces) => {
                let mut said = About::nothing();
                add(&mut said, &mut part.amount, pieces, true)?;
                match (said.notes.is_empty(), part.name.is_some()) {
                    (true, _) => add(&mut part.about, &mut part.amount, pieces, true)?,
                    (false, true) => return Ok(None),
                    (false, false) => {
                        part.name = Some(name(&pieces.iter().collect::<Vec<_>>())?);
                        bracketed = true;
                    }
                }
            }
        }
    }
    match (words.is_empty(), part.name.is_some()) {
        (true, true) => Ok(Some((part, bracketed))),
        (false, false) => {
            part.name = Some(name(&words)?);
            Ok(Some((part, false)))
        }
        (true, false) | (false, true) => Ok(None),
    }
}

/// Every name once, one unit for all, and no yearly steps among them.
fn checked(parts: Vec<Part<When>>) -> Result<Vec<Part<When>>, Unread> {
    let mut names = HashSet::new();
    for part in &parts {
        let name = part.name.as_deref().unwrap_or_default().to_lowercase();
        // "Year 1" of several is a year of the plan as well as a class of a school.
        if name == "year 1"
            || !names.insert(name)
            || matches!(part.amount, Amount::PerYear { .. } | Amount::AllOf(_))
        {
            return Err(Unread::SecondFigure(part.name.clone().unwrap_or_default()));
        }
    }
    let unit = |part: &Part<When>| match part.amount.sign() {
        Some(Sign::Things(_)) => Some(Sign::None),
        other => other.cloned(),
    };
    let first = parts.first().and_then(unit);
    if parts.iter().all(|part| unit(part) == first) { Ok(parts) } else { Err(Unread::MixedUnits) }
}

/// `40% Mar 09, 50% Mar 10`, `Mar 09: 40%, Mar 10: 50%`: nothing but figures and their dates.
fn milestones(before: &[Item<'_>], chunks: &[Chunk<'_, '_>]) -> Result<Option<Cell<When>>, Unread> {
    let Some(first) = chunks.first() else { return Ok(None) };
    let mut marks = BTreeSet::new();
    let mut points = Vec::new();
    let mut time_first = match times_in(before, &first.amount) {
        _ if before.is_empty() => None,
        Some((Some(when), said)) if said.is_empty() => Some(when),
        _ => return Ok(None),
    };
    let ahead = time_first.is_some();
    for (place, chunk) in chunks.iter().enumerate() {
        let Amount::Exactly(figure) = &chunk.amount else { return Ok(None) };
        let is_last = place + 1 == chunks.len();
        let Some((after, said)) = times_in(chunk.after, &chunk.amount) else { return Ok(None) };
        if !is_last && !said.is_empty() {
            return Ok(None);
        }
        marks.extend(said);
        let when = if ahead { std::mem::replace(&mut time_first, after) } else { after };
        let Some(when) = when else { return Ok(None) };
        points.push((figure.clone(), when));
    }
    if time_first.is_some() {
        return Ok(None);
    }
    let unit = points.first().map(|(figure, _)| figure.sign.clone());
    let one_unit = points.iter().all(|(figure, _)| Some(&figure.sign) == unit.as_ref());
    if one_unit { Ok(Some(Cell::Milestones { points, marks })) } else { Err(Unread::MixedUnits) }
}

/// The one time among these items, and the marks; `None` where there is anything else.
fn times_in(items: &[Item<'_>], amount: &Amount<When>) -> Option<(Option<When>, BTreeSet<Mark>)> {
    let mut about = About::nothing();
    let mut ignored = amount.clone();
    for item in items {
        let pieces = match item {
            Item::Piece(Piece { phrase: Phrase::Word(word), .. })
                if ["and", "then", "by", "in", "at", "for"].contains(&word.to_lowercase().as_str()) =>
            {
                continue;
            }
            Item::Piece(Piece { phrase: Phrase::Mark(',' | ';' | '.' | ':' | '=' | '-'), .. }) => continue,
            Item::Piece(piece) => std::slice::from_ref(piece),
            Item::Group(pieces) => pieces.as_slice(),
        };
        add(&mut about, &mut ignored, pieces, false).ok()?;
    }
    if about.notes.is_empty() && about.beside.is_none() { Some((about.when, about.marks)) } else { None }
}
