//! The documents of deletions and of the departures that they lead to.

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::deletion::{Category, Deletion, Departure, Grounds, Outcome, Ruling};
use waymark_domain::text::{Name, Note};

use super::decision::DecisionDocument;
use super::document;
use super::scalar::Text;
use crate::history::noun::Noun;
use crate::history::plan_item::PlanItem;

impl Noun for Deletion {
    const KIND: &'static str = "deletion";
    type Document = DeletionDocument;
}

impl PlanItem for Deletion {
    const KEY: &'static str = "deletion";
}

document! {
    pub struct DeletionDocument of Deletion {
        measure: Text<Code>,
        grounds: GroundsDocument,
        proposed_on: Text<NaiveDate>,
        proposed_by: Text<Name>,
        rulings: Vec<RulingDocument>,
        withdrawn_on: Option<Text<NaiveDate>>,
    }

    struct GroundsDocument of Grounds {
        category: CategoryDocument,
        reason: Text<Note>,
        as_written: Option<Text<Note>>,
    }

    struct RulingDocument of Ruling {
        outcome: OutcomeDocument,
        decision: DecisionDocument,
        comment: Option<Text<Note>>,
    }

    pub(super) struct DepartureDocument of Departure {
        from: Text<NaiveDate>,
        until: Option<Text<NaiveDate>>,
        category: CategoryDocument,
        reason: Text<Note>,
        proposal: Uuid,
        decision: DecisionDocument,
    }
}

document! {
    enum CategoryDocument of Category {
        NoLongerCollected,
        MethodChangedNationally,
        CollectedTooRarely,
        Superseded { by: Text<Code> },
        NoLongerRelevant,
    }

    enum OutcomeDocument of Outcome {
        Agreed { from: Text<NaiveDate> },
        Rejected,
        Deferred,
        Restored { from: Text<NaiveDate> },
    }
}
