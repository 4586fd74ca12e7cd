//! Target proposals and decisions on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::target_setting::{self as domain, State, Terms, allowed};
use waymark_domain::workflow::Actor;
use waymark_persistence::Versioned;
use waymark_persistence::plan_item::Filed;

use crate::http::schema::{Code, Name, Note, TargetScope, words};
use crate::resources::measures::{Promise, Trajectory};
use crate::workflow::Decision;

words! {
    /// What can be done with a target proposal.
    ProposalAction = domain::Action
}

/// Targets that are proposed together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTargetProposals {
    /// The day on which they are put forward; today where it is missing.
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
    /// The component of its indicator; none for the whole.
    pub(super) component: Option<Name>,
    /// What is proposed.
    pub(super) target: Promise,
    /// The way to the target; the measure keeps its own where it is missing.
    pub(super) trajectory: Option<Trajectory>,
    /// Why this target and no other.
    pub(super) rationale: Note,
    pub(super) scope: TargetScope,
    /// The day until which the target shall have been looked at again.
    pub(super) review_on: Option<NaiveDate>,
}

/// A target proposal in another form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetRevision {
    /// The day on which it is put forward in this form; today where it is missing.
    pub(super) proposed_on: Option<NaiveDate>,
    /// What is proposed.
    pub(super) target: Promise,
    /// The way to the target; the measure keeps its own where it is missing.
    pub(super) trajectory: Option<Trajectory>,
    /// Why this target and no other.
    pub(super) rationale: Note,
    pub(super) scope: TargetScope,
    /// The day until which the target shall have been looked at again.
    pub(super) review_on: Option<NaiveDate>,
}

/// What a board decided of target proposals at one meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTargetDecisions {
    /// The body that decided: a board, an executive.
    pub(super) body: Name,
    /// The day of its meeting.
    pub(super) meeting_date: NaiveDate,
    /// The reference of the minute.
    pub(super) minute: Name,
    /// What else was said.
    pub(super) note: Option<Note>,
    /// The decisions.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) decisions: Vec<NewTargetDecision>,
}

/// What a board decided of one target proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTargetDecision {
    /// The proposal's id.
    pub(super) proposal: Uuid,
    /// The revision that the board had before it.
    #[schema(minimum = 1)]
    pub(super) revision: i64,
    pub(super) outcome: TargetOutcome,
    /// What the board said of it; a proposal that is sent back has one.
    pub(super) comment: Option<Note>,
}

/// Which way a board decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TargetOutcome {
    Agreed,
    SentBack,
}

/// What became of a target proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProposalState {
    Proposed,
    SentBack,
    Agreed,
    Withdrawn,
}

/// A target that was proposed for a measure, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetProposal {
    id: Uuid,
    /// The measure's code.
    measure: Code,
    /// The component; null for the whole.
    component: Option<Name>,
    /// What is proposed.
    target: Promise,
    /// The way to the target; null where the measure keeps its own.
    trajectory: Option<Trajectory>,
    /// Why this target and no other.
    rationale: Note,
    scope: TargetScope,
    /// The day until which the target shall have been looked at again.
    review_on: Option<NaiveDate>,
    /// The day on which it was put forward in this form.
    proposed_on: NaiveDate,
    /// Who put it forward.
    proposer: Name,
    state: ProposalState,
    /// What a board decided of it, where it is agreed or sent back.
    decision: Option<Decision>,
    /// What the board said of it.
    comment: Option<Note>,
    /// What the caller may do with it now; empty in histories and for what was known at a past moment.
    #[schema(max_items = 4)]
    allowed_actions: Vec<ProposalAction>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// Target proposals that were made or decided on together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetProposalList {
    /// In the order in which they were sent.
    #[schema(max_items = 500)]
    items: Vec<TargetProposal>,
}

/// A page of target proposals, in the order in which they were made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetProposalPage {
    /// The proposals.
    #[schema(max_items = 500)]
    pub(super) items: Vec<TargetProposal>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

/// A page of the revisions of one target proposal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetProposalHistory {
    /// The revisions, the newest first.
    #[schema(max_items = 500)]
    pub(super) items: Vec<TargetProposal>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

impl ProposalState {
    /// The word on the wire.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::SentBack => "sent_back",
            Self::Agreed => "agreed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

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
    /// A revision; with what the actor may do where there is one.
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
            target: Promise::of(*condition, *period),
            trajectory: trajectory.as_ref().map(Trajectory::from),
            rationale: rationale.into(),
            scope: (*scope).into(),
            review_on: *review_on,
            proposed_on: *proposed_on,
            proposer: proposer.into(),
            state: state.into(),
            decision: decision.map(Decision::from),
            comment: comment.map(Note::from),
            allowed_actions: actions.into_iter().map(ProposalAction::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl TargetProposalList {
    pub(super) fn of(filed: &[Filed<domain::TargetProposal>], actor: &Actor) -> Self {
        let items = filed.iter().map(|filed| TargetProposal::of(&filed.versioned, Some(actor)));
        Self { items: items.collect() }
    }
}
