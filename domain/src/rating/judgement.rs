//! Judgements: an officer's override of a computed rating, or prediction of the year-end.

use crate::{
    rating::Colour,
    text::{Name, Note},
};
use chrono::NaiveDate;

/// What an officer says of a measure beside what the rules compute. It never hides the computed rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Override or prediction.
    pub kind: JudgementKind,
    /// The rating that the officer gives.
    pub rating: Colour,
    /// Why.
    pub reason: Note,
    /// Who: the name of the client or the post that said it.
    pub author: Name,
    /// From this day on it stands, until a later judgement of the same kind.
    pub from: NaiveDate,
    /// The last day on which it stands; without one it stands until a later judgement.
    pub until: Option<NaiveDate>,
}

/// What a judgement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JudgementKind {
    /// The rating now.
    Override,
    /// The rating at the end of the year.
    Prediction,
}

crate::named!(JudgementKind { Override = "override", Prediction = "prediction" });

/// The judgement of a kind that stands on a day: the last one given of those that have begun and not ended.
/// `judgements` are in the order in which they were given.
pub fn standing_on(judgements: &[Judgement], kind: JudgementKind, day: NaiveDate) -> Option<&Judgement> {
    judgements.iter().rev().find(|judgement| {
        judgement.kind == kind && judgement.from <= day && judgement.until.is_none_or(|until| day <= until)
    })
}
