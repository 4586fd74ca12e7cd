//! The documents of deletions and of the departures that they lead to.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::deletion::{Category, Deletion, Departure, Grounds, Outcome, Ruling};
use waymark_domain::text::{Name, Note};

use super::decision::DecisionDocument;
use super::each;
use super::scalar::{Text, of_text, text};
use crate::history::plan_item::PlanItem;

impl PlanItem for Deletion {
    const KIND: &'static str = "deletion";
    const KEY: &'static str = "deletion";
    type Document = DeletionDocument;
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeletionDocument {
    measure: Text<Code>,
    grounds: GroundsDocument,
    proposed_on: Text<NaiveDate>,
    proposed_by: Text<Name>,
    rulings: Vec<RulingDocument>,
    withdrawn_on: Option<Text<NaiveDate>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroundsDocument {
    category: CategoryDocument,
    reason: Text<Note>,
    as_written: Option<Text<Note>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum CategoryDocument {
    NoLongerCollected,
    MethodChangedNationally,
    CollectedTooRarely,
    Superseded { by: Text<Code> },
    NoLongerRelevant,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulingDocument {
    outcome: OutcomeDocument,
    decision: DecisionDocument,
    comment: Option<Text<Note>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum OutcomeDocument {
    Agreed { from: Text<NaiveDate> },
    Rejected,
    Deferred,
    Restored { from: Text<NaiveDate> },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartureDocument {
    from: Text<NaiveDate>,
    until: Option<Text<NaiveDate>>,
    category: CategoryDocument,
    reason: Text<Note>,
    proposal: Uuid,
    decision: DecisionDocument,
}

impl From<&Deletion> for DeletionDocument {
    fn from(deletion: &Deletion) -> Self {
        let Deletion { measure, grounds, proposed_on, proposed_by, rulings, withdrawn_on } = deletion;
        let Grounds { category, reason, as_written } = grounds;
        Self {
            measure: measure.into(),
            grounds: GroundsDocument {
                category: category.into(),
                reason: reason.into(),
                as_written: text(as_written),
            },
            proposed_on: proposed_on.into(),
            proposed_by: proposed_by.into(),
            rulings: each(rulings),
            withdrawn_on: text(withdrawn_on),
        }
    }
}

impl From<DeletionDocument> for Deletion {
    fn from(document: DeletionDocument) -> Self {
        let DeletionDocument { measure, grounds, proposed_on, proposed_by, rulings, withdrawn_on } = document;
        let GroundsDocument { category, reason, as_written } = grounds;
        Self {
            measure: measure.0,
            grounds: Grounds { category: category.into(), reason: reason.0, as_written: of_text(as_written) },
            proposed_on: proposed_on.0,
            proposed_by: proposed_by.0,
            rulings: each(rulings),
            withdrawn_on: of_text(withdrawn_on),
        }
    }
}

impl From<&Category> for CategoryDocument {
    fn from(category: &Category) -> Self {
        match category {
            Category::NoLongerCollected => Self::NoLongerCollected,
            Category::MethodChangedNationally => Self::MethodChangedNationally,
            Category::CollectedTooRarely => Self::CollectedTooRarely,
            Category::Superseded { by } => Self::Superseded { by: by.into() },
            Category::NoLongerRelevant => Self::NoLongerRelevant,
        }
    }
}

impl From<CategoryDocument> for Category {
    fn from(document: CategoryDocument) -> Self {
        match document {
            CategoryDocument::NoLongerCollected => Self::NoLongerCollected,
            CategoryDocument::MethodChangedNationally => Self::MethodChangedNationally,
            CategoryDocument::CollectedTooRarely => Self::CollectedTooRarely,
            CategoryDocument::Superseded { by } => Self::Superseded { by: by.0 },
            CategoryDocument::NoLongerRelevant => Self::NoLongerRelevant,
        }
    }
}

impl From<&Ruling> for RulingDocument {
    fn from(ruling: &Ruling) -> Self {
        let Ruling { outcome, decision, comment } = ruling;
        Self {
            outcome: match outcome {
                Outcome::Agreed { from } => OutcomeDocument::Agreed { from: from.into() },
                Outcome::Rejected => OutcomeDocument::Rejected,
                Outcome::Deferred => OutcomeDocument::Deferred,
                Outcome::Restored { from } => OutcomeDocument::Restored { from: from.into() },
            },
            decision: decision.into(),
            comment: text(comment),
        }
    }
}

impl From<RulingDocument> for Ruling {
    fn from(document: RulingDocument) -> Self {
        let RulingDocument { outcome, decision, comment } = document;
        Self {
            outcome: match outcome {
                OutcomeDocument::Agreed { from } => Outcome::Agreed { from: from.0 },
                OutcomeDocument::Rejected => Outcome::Rejected,
                OutcomeDocument::Deferred => Outcome::Deferred,
                OutcomeDocument::Restored { from } => Outcome::Restored { from: from.0 },
            },
            decision: decision.into(),
            comment: of_text(comment),
        }
    }
}

impl From<&Departure> for DepartureDocument {
    fn from(departure: &Departure) -> Self {
        let Departure { from, until, category, reason, proposal, decision } = departure;
        Self {
            from: from.into(),
            until: text(until),
            category: category.into(),
            reason: reason.into(),
            proposal: *proposal,
            decision: decision.into(),
        }
    }
}

impl From<DepartureDocument> for Departure {
    fn from(document: DepartureDocument) -> Self {
        let DepartureDocument { from, until, category, reason, proposal, decision } = document;
        Self {
            from: from.0,
            until: of_text(until),
            category: category.into(),
            reason: reason.0,
            proposal,
            decision: decision.into(),
        }
    }
}
