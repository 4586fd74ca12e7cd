//! The document of a commitment.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::commitment::{
    Closure, Commitment, Milestone, Outcome, Parts, Progress, Promise, Reopening, State,
};
use waymark_domain::period::Period;
use waymark_domain::rating::Colour;
use waymark_domain::text::{Name, Note, Title};

use super::scalar::{Case, Text};
use super::{Stored, document};
use crate::history::noun::Noun;
use crate::history::plan_item::PlanItem;

impl Noun for Commitment {
    const KIND: &'static str = "commitment";
    type Document = CommitmentDocument;
}

impl PlanItem for Commitment {
    const KEY: &'static str = "commitment code";
}

/// Written by hand: the state is stored in two fields of which at most one has a value.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitmentDocument {
    theme: Text<Code>,
    text: Text<Note>,
    responsible: Text<Name>,
    deputies: Vec<Text<Name>>,
    measures: Vec<Text<Code>>,
    milestone: Option<MilestoneDocument>,
    reports: Vec<ProgressDocument>,
    closure: Option<ClosureDocument>,
    reopening: Option<ReopeningDocument>,
}

impl Stored<Commitment> for CommitmentDocument {
    fn store(commitment: &Commitment) -> Self {
        let Commitment { promise, reports, state } = commitment;
        let Promise { theme, text, responsible, deputies, measures, milestone } = promise;
        let (closure, reopening) = match state {
            State::Open { reopening } => (None, Stored::store(reopening)),
            State::Closed(closure) => (Some(Stored::store(closure)), None),
        };
        Self {
            theme: Stored::store(theme),
            text: Stored::store(text),
            responsible: Stored::store(responsible),
            deputies: Stored::store(deputies),
            measures: Stored::store(measures),
            milestone: Stored::store(milestone),
            reports: Stored::store(reports),
            closure,
            reopening,
        }
    }

    fn restore(self) -> Commitment {
        let promise = Promise {
            theme: self.theme.restore(),
            text: self.text.restore(),
            responsible: self.responsible.restore(),
            deputies: self.deputies.restore(),
            measures: self.measures.restore(),
            milestone: self.milestone.restore(),
        };
        let state = match self.closure {
            Some(closure) => State::Closed(closure.restore()),
            None => State::Open { reopening: self.reopening.restore() },
        };
        Commitment { promise, reports: self.reports.restore(), state }
    }
}

document! {
    struct MilestoneDocument of Milestone {
        count: u32,
        what: Text<Name>,
        by: Text<Period>,
    }

    struct ProgressDocument of Progress {
        period: Text<Period>,
        status: Option<Case<Colour>>,
        qualifier: Option<Text<Title>>,
        commentary: Text<Note>,
        parts: Option<PartsDocument>,
    }

    struct PartsDocument of Parts {
        green: u32,
        amber: u32,
        red: u32,
    }

    struct ClosureDocument of Closure {
        outcome: Case<Outcome>,
        on: Text<NaiveDate>,
        reason: Text<Note>,
        by: Text<Name>,
    }

    struct ReopeningDocument of Reopening {
        on: Text<NaiveDate>,
        reason: Text<Note>,
        by: Text<Name>,
    }
}
