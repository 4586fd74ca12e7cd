//! Target proposals and decisions on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::target_setting::{self as domain, State, Terms, allowed};
use waymark_domain::workflow::Actor;
use waymark_persistence::Versioned;

use super::item::Outcome;
use crate::http::list::{History, Page};
use crate::http::schema::{Code, Name, Note, TargetScope, words};
use crate::resources::measures::{TargetTerms, Trajectory};
use crate::workflow::BoardDecision;
use crate::workflow::bulk::decisions;

words! {
    /// What can be done with a target proposal.
    ProposalAction = domain::Action
}

/// Targets that are proposed together: all are stored, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTargetProposals {
    /// The date of the proposals. Defaults to today.
    pub(super) proposed_on: Option<NaiveDate>,
    /// The proposals.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) proposals: Vec<NewTargetProposal>,
}

/// A target that is proposed for a measure.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTargetProposal {
    /// The measure's code.
    pub(super) measure: Code,
    /// The component of its indicator; if omitted, the target is for the whole indicator.
    pub(super) component: Option<Name>,
    /// The proposed target.
    pub(super) target: TargetTerms,
    /// The trajectory to the target. Defaults to the measure's current trajectory.
    pub(super) trajectory: Option<Trajectory>,
    /// Why this target is proposed.
    pub(super) reason: Note,
    pub(super) scope: TargetScope,
    /// The date by which the target is to be reviewed.
    pub(super) review_on: Option<NaiveDate>,
}

/// The revised terms of a target proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetRevision {
    /// The date of the revised proposal. Defaults to today.
    pub(super) proposed_on: Option<NaiveDate>,
    /// The proposed target.
    pub(super) target: TargetTerms,
    /// The trajectory to the target. Defaults to the measure's current trajectory.
    pub(super) trajectory: Option<Trajectory>,
    /// Why this target is proposed.
    pub(super) reason: Note,
    pub(super) scope: TargetScope,
    /// The date by which the target is to be reviewed.
    pub(super) review_on: Option<NaiveDate>,
}

decisions! {
    /// A board's decisions on target proposals at one meeting: all are stored, or none.
    NewTargetDecisions of NewTargetDecision => Outcome
}

/// A board's decision on one target proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTargetDecision {
    /// The proposal's id.
    pub(super) proposal: Uuid,
    /// The revision of the proposal that the decision was made on.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) revision: i64,
    pub(super) outcome: TargetOutcome,
    /// The board's comment on this proposal; required for the outcome `sent_back`.
    pub(super) comment: Option<Note>,
}

/// The outcome of a decision on a target proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TargetOutcome {
    Agreed,
    SentBack,
}

/// The state of a target proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProposalState {
    Proposed,
    SentBack,
    Agreed,
    Withdrawn,
}

/// A target that was proposed for a measure, and the decision on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetProposal {
    id: Uuid,
    /// The measure's code.
    measure: Code,
    /// The component of its indicator; null if the target is for the whole indicator.
    component: Option<Name>,
    /// The proposed target.
    target: TargetTerms,
    /// The trajectory to the target; null if the measure keeps its current one.
    trajectory: Option<Trajectory>,
    /// Why this target is proposed.
    reason: Note,
    scope: TargetScope,
    /// The date by which the target is to be reviewed.
    review_on: Option<NaiveDate>,
    /// The date of the proposal, or of its last revision.
    proposed_on: NaiveDate,
    /// Who proposed it.
    proposed_by: Name,
    state: ProposalState,
    /// The board's decision, if the proposal was agreed or sent back.
    decision: Option<BoardDecision>,
    /// The board's comment on this proposal.
    comment: Option<Note>,
    /// What the caller can do with it now; empty for earlier revisions and with `as_known_at`.
    #[schema(max_items = 4)]
    allowed_actions: Vec<ProposalAction>,
    /// 1 for the first revision, increasing by one with each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// Target proposals that were made or decided on together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetProposalList {
    /// The proposals, in the order of the request.
    #[schema(max_items = 500)]
    items: Vec<TargetProposal>,
}

pub(crate) type TargetProposalPage = Page<TargetProposal>;
pub(crate) type TargetProposalHistory = History<TargetProposal>;

impl From<&State> for ProposalState {
    fn from(state: &State) -> Self {
        match state {
            State::Proposed => Self::Proposed,
            State::SentBack { .. } => Self::SentBack,
            State::Agreed { .. } => Self::Agreed,
            State::Withdrawn => Self::Withdrawn,
        }
    }
}

impl TargetProposal {
    /// A revision, with what the actor can do if there is one.
    pub(super) fn of(versioned: &Versioned<domain::TargetProposal>, actor: Option<&Actor>) -> Self {
        let Versioned { id, revision, recorded_at, author: _, content } = versioned;
        let domain::TargetProposal { measure, component, terms, proposed_on, proposer, state } = content;
        let Terms { condition, period, trajectory, rationale, scope, review_on } = terms;
        let (decision, comment) = match state {
            State::Proposed | State::Withdrawn => (None, None),
            State::SentBack { decision, comment } => (Some(decision), Some(comment)),
            State::Agreed { decision, comment } => (Some(decision), comment.as_ref()),
        };
        let actions = actor.map(|actor| allowed(content, actor)).unwrap_or_default();
        Self {
            id: *id,
            measure: measure.into(),
            component: component.as_ref().map(Name::from),
            target: TargetTerms::of(*condition, *period),
            trajectory: trajectory.as_ref().map(Trajectory::from),
            reason: rationale.into(),
            scope: (*scope).into(),
            review_on: *review_on,
            proposed_on: *proposed_on,
            proposed_by: proposer.into(),
            state: state.into(),
            decision: decision.map(BoardDecision::from),
            comment: comment.map(Note::from),
            allowed_actions: actions.into_iter().map(ProposalAction::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl From<Vec<TargetProposal>> for TargetProposalList {
    fn from(items: Vec<TargetProposal>) -> Self {
        Self { items }
    }
}
