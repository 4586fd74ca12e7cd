//! The document of a judgement.

use chrono::NaiveDate;
use waymark_domain::judgement::{Judgement, JudgementKind};
use waymark_domain::rating::Colour;
use waymark_domain::text::{Name, Note};

use super::document;
use super::scalar::{Case, Text};

document! {
    pub(crate) struct JudgementDocument of Judgement {
        kind: Case<JudgementKind>,
        rating: Case<Colour>,
        reason: Text<Note>,
        author: Text<Name>,
        from: Text<NaiveDate>,
        until: Option<Text<NaiveDate>>,
    }
}
