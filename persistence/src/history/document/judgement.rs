//! The document of a judgement.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::judgement::{Judgement, JudgementKind};
use waymark_domain::rating::Colour;
use waymark_domain::text::{Name, Note};

use super::scalar::{Case, Text, names, of_text, text};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JudgementDocument {
    kind: Case<JudgementKind>,
    rating: Case<Colour>,
    reason: Text<Note>,
    author: Text<Name>,
    from: Text<NaiveDate>,
    until: Option<Text<NaiveDate>>,
}

names!(JudgementKind { Override = "override", Prediction = "prediction" });
names!(Colour { Green = "green", Amber = "amber", Red = "red" });

impl From<&Judgement> for JudgementDocument {
    fn from(judgement: &Judgement) -> Self {
        let Judgement { kind, rating, reason, author, from, until } = judgement;
        Self {
            kind: Case(*kind),
            rating: Case(*rating),
            reason: reason.into(),
            author: author.into(),
            from: from.into(),
            until: text(until),
        }
    }
}

impl From<JudgementDocument> for Judgement {
    fn from(document: JudgementDocument) -> Self {
        let JudgementDocument { kind, rating, reason, author, from, until } = document;
        Self {
            kind: kind.0,
            rating: rating.0,
            reason: reason.0,
            author: author.0,
            from: from.0,
            until: of_text(until),
        }
    }
}
