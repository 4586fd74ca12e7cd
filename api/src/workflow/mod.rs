//! One mechanism for everything that is proposed, decided or reported in a plan: the plan that it belongs to (`scope`),
//! the kinds of items (`item`), how they are read and changed (`read`, `write`), requests about many of them (`bulk`),
//! and how refusals become problems (here).

pub(crate) mod bulk;
pub(crate) mod filter;
pub(crate) mod idempotency;
pub(crate) mod item;
pub(crate) mod read;
pub(crate) mod scope;
pub(crate) mod write;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::workflow::{self, Concern, Input, Refusal};
use waymark_persistence::StoreError;

use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::{Name, Note};

/// A board's decision, and where it is recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BoardDecision {
    /// The body that decided: a board, an executive, an authority.
    pub(crate) body: Name,
    /// The date of its meeting.
    pub(crate) decided_on: NaiveDate,
    /// The reference of the minute.
    pub(crate) minute: Name,
    /// Other remarks in the minute.
    pub(crate) note: Option<Note>,
    /// Who recorded the decision in this service.
    pub(crate) recorded_by: Name,
}

impl From<&workflow::Decision> for BoardDecision {
    fn from(decision: &workflow::Decision) -> Self {
        let workflow::Decision { body, meeting, minute, note, recorded_by } = decision;
        Self {
            body: body.into(),
            decided_on: *meeting,
            minute: minute.into(),
            note: note.as_ref().map(Note::from),
            recorded_by: recorded_by.into(),
        }
    }
}

/// The fields of a request body that inputs of an action are read from, as JSON pointers. An input that is not listed
/// is the body itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pointers(pub(crate) &'static [(Input, &'static str)]);

impl Pointers {
    /// For actions without a body, or without an input that can be refused.
    pub(crate) const NONE: Self = Self(&[]);

    /// The field that an input is read from.
    pub(crate) fn of(self, input: Input) -> &'static str {
        self.0.iter().find(|(listed, _)| *listed == input).map_or("", |(_, pointer)| pointer)
    }
}

/// The problem that a refusal is reported as, with the name of its rule, at the field that it concerns.
pub(crate) fn refused(refusal: &Refusal, pointers: Pointers) -> Problem {
    let pointer = refusal.concern().input().map_or("", |input| pointers.of(input));
    Problem::new(kind(refusal)).detail(refusal).faults([Fault::at(pointer, refusal.rule(), refusal)])
}

/// The kind of problem that a refusal is reported as: 403 for the actor, 409 for the state, 422 for the content.
pub(crate) fn kind(refusal: &Refusal) -> Kind {
    match refusal.concern() {
        Concern::Actor => Kind::Forbidden,
        Concern::State | Concern::StateOf(_) => Kind::WrongState,
        Concern::Content(_) => Kind::InvalidBody,
    }
}

/// Why a step of a workflow failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A rule of the domain refuses it.
    Refused(Refusal),
    /// Something else is wrong.
    Problem(Problem),
}

impl Failure {
    /// The problem that it is reported as.
    pub(crate) fn at(self, pointers: Pointers) -> Problem {
        match self {
            Self::Refused(refusal) => refused(&refusal, pointers),
            Self::Problem(problem) => problem,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
