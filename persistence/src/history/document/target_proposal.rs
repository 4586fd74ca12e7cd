//! The document of a target proposal.

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_domain::period::Period;
use waymark_domain::target::Scope;
use waymark_domain::target_setting::{State, TargetProposal, Terms};
use waymark_domain::text::{Name, Note};

use super::decision::DecisionDocument;
use super::document;
use super::measure::TrajectoryDocument;
use super::scalar::{Case, Text};
use super::target::ConditionDocument;
use crate::history::noun::Noun;
use crate::history::plan_item::PlanItem;

impl Noun for TargetProposal {
    const KIND: &'static str = "target proposal";
    type Document = TargetProposalDocument;
}

impl PlanItem for TargetProposal {
    const KEY: &'static str = "target proposal";
}

document! {
    pub struct TargetProposalDocument of TargetProposal {
        measure: Text<Code>,
        component: Option<Text<Name>>,
        terms: TermsDocument,
        proposed_on: Text<NaiveDate>,
        proposer: Text<Name>,
        state: StateDocument,
    }

    struct TermsDocument of Terms {
        condition: ConditionDocument,
        period: Option<Text<Period>>,
        trajectory: Option<TrajectoryDocument>,
        rationale: Text<Note>,
        scope: Case<Scope>,
        review_on: Option<Text<NaiveDate>>,
    }
}

document! {
    enum StateDocument of State {
        Proposed,
        SentBack { decision: DecisionDocument, comment: Text<Note> },
        Agreed { decision: DecisionDocument, comment: Option<Text<Note>> },
        Withdrawn,
    }
}
