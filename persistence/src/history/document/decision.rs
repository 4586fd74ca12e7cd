//! The document of a board's decision.

use chrono::NaiveDate;
use waymark_domain::text::{Name, Note};
use waymark_domain::workflow::Decision;

use super::document;
use super::scalar::Text;

document! {
    pub(super) struct DecisionDocument of Decision {
        body: Text<Name>,
        meeting: Text<NaiveDate>,
        minute: Text<Name>,
        note: Option<Text<Note>>,
        recorded_by: Text<Name>,
    }
}
