//! The document of what a board decided.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::text::{Name, Note};
use waymark_domain::workflow::Decision;

use super::scalar::{Text, of_text, text};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionDocument {
    body: Text<Name>,
    meeting: Text<NaiveDate>,
    minute: Text<Name>,
    note: Option<Text<Note>>,
    recorded_by: Text<Name>,
}

impl From<&Decision> for DecisionDocument {
    fn from(decision: &Decision) -> Self {
        let Decision { body, meeting, minute, note, recorded_by } = decision;
        Self {
            body: body.into(),
            meeting: meeting.into(),
            minute: minute.into(),
            note: text(note),
            recorded_by: recorded_by.into(),
        }
    }
}

impl From<DecisionDocument> for Decision {
    fn from(document: DecisionDocument) -> Self {
        let DecisionDocument { body, meeting, minute, note, recorded_by } = document;
        Self {
            body: body.0,
            meeting: meeting.0,
            minute: minute.0,
            note: of_text(note),
            recorded_by: recorded_by.0,
        }
    }
}
