//! What all workflows have in common on the wire: what a board decided, and how refusals are told.

pub(crate) mod idempotency;
pub(crate) mod scope;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::workflow::{self, Concern, Refusal};

use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::{Name, Note};

/// What a board decided, and where that is written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Decision {
    /// The body that decided: a board, an executive, an authority.
    pub(crate) body: Name,
    /// The day of its meeting.
    pub(crate) meeting_date: NaiveDate,
    /// The reference of the minute.
    pub(crate) minute: Name,
    /// What else was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<Note>,
    /// Who recorded it here.
    pub(crate) recorded_by: Name,
}

impl From<&workflow::Decision> for Decision {
    fn from(decision: &workflow::Decision) -> Self {
        let workflow::Decision { body, meeting, minute, note, recorded_by } = decision;
        Self {
            body: body.into(),
            meeting_date: *meeting,
            minute: minute.into(),
            note: note.as_ref().map(Note::from),
            recorded_by: recorded_by.into(),
        }
    }
}

/// The problem that a refusal is (who asks, 403; the state, 409; what was sent, 422), with the name of its rule;
/// `pointer` is the place in the body that it is about, or empty where it is about the thing itself.
pub(crate) fn refused(refusal: &Refusal, pointer: &str) -> Problem {
    Problem::new(kind(refusal)).detail(refusal).faults([Fault::at(pointer, refusal.rule(), refusal)])
}

/// The kind of problem that a refusal is.
pub(crate) fn kind(refusal: &Refusal) -> Kind {
    match refusal.concern() {
        Concern::Actor => Kind::Forbidden,
        Concern::State => Kind::WrongState,
        Concern::Content => Kind::InvalidBody,
    }
}
