//! The document of a target proposal.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::period::Period;
use waymark_domain::target::Scope;
use waymark_domain::target_setting::{State, TargetProposal, Terms};
use waymark_domain::text::{Name, Note};
use waymark_domain::trajectory::Trajectory;

use super::decision::DecisionDocument;
use super::measure::TrajectoryDocument;
use super::scalar::{Case, Text, of_text, text};
use super::target::ConditionDocument;
use crate::history::plan_item::PlanItem;

impl PlanItem for TargetProposal {
    const KIND: &'static str = "target proposal";
    const KEY: &'static str = "target proposal";
    type Document = TargetProposalDocument;
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetProposalDocument {
    measure: Text<Code>,
    component: Option<Text<Name>>,
    terms: TermsDocument,
    proposed_on: Text<NaiveDate>,
    proposer: Text<Name>,
    state: StateDocument,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsDocument {
    condition: ConditionDocument,
    period: Option<Text<Period>>,
    trajectory: Option<TrajectoryDocument>,
    rationale: Text<Note>,
    scope: Case<Scope>,
    review_on: Option<Text<NaiveDate>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StateDocument {
    Proposed,
    SentBack { decision: DecisionDocument, comment: Text<Note> },
    Agreed { decision: DecisionDocument, comment: Option<Text<Note>> },
    Withdrawn,
}

impl From<&TargetProposal> for TargetProposalDocument {
    fn from(proposal: &TargetProposal) -> Self {
        let TargetProposal { measure, component, terms, proposed_on, proposer, state } = proposal;
        let Terms { condition, period, trajectory, rationale, scope, review_on } = terms;
        Self {
            measure: measure.into(),
            component: text(component),
            terms: TermsDocument {
                condition: condition.into(),
                period: text(period),
                trajectory: trajectory.as_ref().map(TrajectoryDocument::from),
                rationale: rationale.into(),
                scope: Case(*scope),
                review_on: text(review_on),
            },
            proposed_on: proposed_on.into(),
            proposer: proposer.into(),
            state: match state {
                State::Proposed => StateDocument::Proposed,
                State::SentBack { decision, comment } => {
                    StateDocument::SentBack { decision: decision.into(), comment: comment.into() }
                }
                State::Agreed { decision, comment } => {
                    StateDocument::Agreed { decision: decision.into(), comment: text(comment) }
                }
                State::Withdrawn => StateDocument::Withdrawn,
            },
        }
    }
}

impl From<TargetProposalDocument> for TargetProposal {
    fn from(document: TargetProposalDocument) -> Self {
        let TargetProposalDocument { measure, component, terms, proposed_on, proposer, state } = document;
        let TermsDocument { condition, period, trajectory, rationale, scope, review_on } = terms;
        Self {
            measure: measure.0,
            component: of_text(component),
            terms: Terms {
                condition: condition.into(),
                period: of_text(period),
                trajectory: trajectory.map(Trajectory::from),
                rationale: rationale.0,
                scope: scope.0,
                review_on: of_text(review_on),
            },
            proposed_on: proposed_on.0,
            proposer: proposer.0,
            state: match state {
                StateDocument::Proposed => State::Proposed,
                StateDocument::SentBack { decision, comment } => {
                    State::SentBack { decision: decision.into(), comment: comment.0 }
                }
                StateDocument::Agreed { decision, comment } => {
                    State::Agreed { decision: decision.into(), comment: of_text(comment) }
                }
                StateDocument::Withdrawn => State::Withdrawn,
            },
        }
    }
}
