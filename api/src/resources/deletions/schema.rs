//! Deletions on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::deletion::{self as domain, Grounds, Ruling};
use waymark_domain::workflow::Actor;
use waymark_persistence::Versioned;

use super::affected::Affected;
use super::departure::{Category, superseded_by};
use crate::http::schema::{Code, Name, Note, Title};
use crate::workflow::Decision;

/// Proposals that measures leave a plan, all kept or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeletions {
    /// The day of the proposals; today where it is missing.
    pub(super) proposed_on: Option<NaiveDate>,
    /// The proposals.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) proposals: Vec<NewDeletion>,
}

/// A proposal that a measure leaves its plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeletion {
    /// The measure's code.
    pub(super) measure: Code,
    /// Why, in one word. It may be missing where the reason is "as above": then it is that of the proposal before.
    pub(super) category: Option<Category>,
    /// Why. "as above" takes the reason of the proposal before.
    pub(super) reason: Note,
    /// The code of the indicator that takes its place, where the category is `superseded`.
    pub(super) superseded_by: Option<Code>,
}

/// What a board decided on deletions at one meeting, all recorded or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeletionDecisions {
    /// The body that decided.
    pub(super) body: Name,
    /// The day of its meeting: not before the proposals, not in the future.
    pub(super) meeting_date: NaiveDate,
    /// The reference of the minute.
    pub(super) minute: Name,
    /// What else was said.
    pub(super) note: Option<Note>,
    /// The decisions.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) decisions: Vec<NewDeletionDecision>,
}

/// What was decided on one deletion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeletionDecision {
    /// The deletion's id.
    pub(super) deletion: Uuid,
    /// The revision of it that was decided on.
    #[schema(minimum = 1)]
    pub(super) revision: i64,
    /// What was decided.
    #[schema(inline)]
    pub(super) outcome: Outcome,
    /// The first day on which the measure is not in the plan, or on which it is in it again: a day of the plan, which
    /// may lie before the meeting; the day of the meeting where it is missing.
    pub(super) effective_from: Option<NaiveDate>,
    /// What was said of this deletion.
    pub(super) comment: Option<Note>,
}

/// What a board decides on a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionOutcome)]
pub(crate) enum Outcome {
    /// The measure leaves the plan.
    Agreed,
    /// It stays.
    Rejected,
    /// It stays for now.
    Deferred,
    /// It had left, and comes back.
    Restored,
}

/// Where a deletion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionState)]
pub(crate) enum State {
    /// Nobody has decided yet.
    Proposed,
    /// A board has put it off.
    Deferred,
    /// The measure leaves, or has left.
    Agreed,
    /// The measure stays.
    Rejected,
    /// Its proposer has taken it back.
    Withdrawn,
    /// The measure had left, and came back.
    Restored,
}

/// What can be done with a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionAction)]
pub(crate) enum Action {
    /// Take it back.
    Withdraw,
    /// Record that it was agreed.
    Agree,
    /// Record that it was rejected.
    Reject,
    /// Record that it was put off.
    Defer,
    /// Record that the measure comes back.
    Restore,
}

/// A proposal that a measure leaves its plan, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deletion {
    id: Uuid,
    /// The measure's code.
    measure: Code,
    /// The code of its indicator.
    indicator: Code,
    /// The indicator's title.
    title: Title,
    #[schema(inline)]
    state: State,
    /// Why, in one word.
    category: Category,
    /// The indicator that takes its place, where one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<Code>,
    /// Why.
    reason: Note,
    /// What stood in place of the reason, where it was that of the proposal before it: "as above".
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_as_written: Option<Note>,
    /// The day of the proposal.
    proposed_on: NaiveDate,
    /// Who proposed it. Somebody else records the decisions.
    proposed_by: Name,
    /// What was decided on it, in that order.
    #[schema(max_items = 10000)]
    decisions: Vec<DeletionDecision>,
    /// The day on which it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withdrawn_on: Option<NaiveDate>,
    /// What leans on the measure or its indicator now.
    affected: Affected,
    /// What the caller can do with it now.
    #[schema(max_items = 5, inline)]
    allowed_actions: Vec<Action>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// One decision on a deletion.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletionDecision {
    /// What was decided.
    #[schema(inline)]
    outcome: Outcome,
    /// The first day on which the measure is not in the plan, or on which it is in it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    effective_from: Option<NaiveDate>,
    /// By whom, when, and where that is written.
    decision: Decision,
    /// What was said of this deletion.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<Note>,
}

/// Deletions that were proposed or decided together, in the order in which they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletionList {
    /// The deletions.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Deletion>,
}

/// A page of deletions, in the order in which they were proposed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletionPage {
    /// The deletions.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Deletion>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

/// A page of the revisions of one deletion.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletionHistory {
    /// The revisions, the newest first.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Deletion>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

/// What a deletion is shown with.
pub(super) struct Around<'a> {
    /// The code of the measure's indicator.
    pub(super) indicator: &'a waymark_domain::code::Code,
    /// Its title.
    pub(super) title: &'a waymark_domain::text::Title,
    /// What leans on the measure or its indicator.
    pub(super) affected: Affected,
    /// Who looks at it; nobody for what is past.
    pub(super) actor: Option<&'a Actor>,
}

impl Deletion {
    /// A revision as somebody sees it.
    pub(super) fn of(revision: &Versioned<domain::Deletion>, around: Around<'_>) -> Self {
        let Versioned { id, revision, recorded_at, author: _, content } = revision;
        let Around { indicator, title, affected, actor } = around;
        let domain::Deletion { measure, grounds, proposed_on, proposed_by, rulings, withdrawn_on } = content;
        let Grounds { category, reason, as_written } = grounds;
        let allowed = actor.map(|actor| content.allowed(actor)).unwrap_or_default();
        Self {
            id: *id,
            measure: measure.into(),
            indicator: indicator.into(),
            title: title.into(),
            state: content.state().into(),
            category: category.into(),
            superseded_by: superseded_by(category),
            reason: reason.into(),
            reason_as_written: as_written.as_ref().map(Note::from),
            proposed_on: *proposed_on,
            proposed_by: proposed_by.into(),
            decisions: rulings.iter().map(DeletionDecision::from).collect(),
            withdrawn_on: *withdrawn_on,
            affected,
            allowed_actions: allowed.into_iter().map(Action::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl From<&Ruling> for DeletionDecision {
    fn from(ruling: &Ruling) -> Self {
        let Ruling { outcome, decision, comment } = ruling;
        let (outcome, effective_from) = match outcome {
            domain::Outcome::Agreed { from } => (Outcome::Agreed, Some(*from)),
            domain::Outcome::Rejected => (Outcome::Rejected, None),
            domain::Outcome::Deferred => (Outcome::Deferred, None),
            domain::Outcome::Restored { from } => (Outcome::Restored, Some(*from)),
        };
        Self { outcome, effective_from, decision: decision.into(), comment: comment.as_ref().map(Note::from) }
    }
}

impl State {
    /// The word of it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Deferred => "deferred",
            Self::Agreed => "agreed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Restored => "restored",
        }
    }
}

impl From<domain::State> for State {
    fn from(state: domain::State) -> Self {
        match state {
            domain::State::Proposed => Self::Proposed,
            domain::State::Deferred => Self::Deferred,
            domain::State::Agreed => Self::Agreed,
            domain::State::Rejected => Self::Rejected,
            domain::State::Withdrawn => Self::Withdrawn,
            domain::State::Restored => Self::Restored,
        }
    }
}

impl From<domain::Action> for Action {
    fn from(action: domain::Action) -> Self {
        match action {
            domain::Action::Withdraw => Self::Withdraw,
            domain::Action::Agree => Self::Agree,
            domain::Action::Reject => Self::Reject,
            domain::Action::Defer => Self::Defer,
            domain::Action::Restore => Self::Restore,
        }
    }
}
