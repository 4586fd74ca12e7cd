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
use crate::http::list::{History, Page};
use crate::http::schema::{Code, Name, Note, Title};
use crate::workflow::BoardDecision;
use crate::workflow::bulk::decisions;

/// Proposals that measures leave a plan: all are stored, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeletions {
    /// The date of the proposals. Defaults to today.
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
    /// The category of the reason. If omitted with the reason "as above", that of the proposal before.
    pub(super) category: Option<Category>,
    /// Why the measure is to leave. "as above" takes the reason of the proposal before.
    pub(super) reason: Note,
    /// The code of the indicator that replaces it; required for the category `superseded`.
    pub(super) superseded_by: Option<Code>,
}

decisions! {
    /// A board's decisions on deletions at one meeting: all are stored, or none.
    NewDeletionDecisions of NewDeletionDecision => super::item::Outcome
}

/// A board's decision on one deletion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeletionDecision {
    /// The deletion's id.
    pub(super) deletion: Uuid,
    /// The revision of the deletion that the decision was made on.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) revision: i64,
    /// The outcome.
    #[schema(inline)]
    pub(super) outcome: Outcome,
    /// The first day on which the measure is no longer in the plan, or on which it is in it again: a day of the plan,
    /// which may be before the meeting. Defaults to the date of the meeting.
    pub(super) effective_from: Option<NaiveDate>,
    /// The board's comment on this deletion.
    pub(super) comment: Option<Note>,
}

/// The outcome of a decision on a deletion.
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

/// The state of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionState)]
pub(crate) enum State {
    /// It awaits a decision.
    Proposed,
    /// A board has deferred it.
    Deferred,
    /// The measure leaves, or has left.
    Agreed,
    /// The measure stays.
    Rejected,
    /// Its proposer has withdrawn it.
    Withdrawn,
    /// The measure had left, and came back.
    Restored,
}

/// What can be done with a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionAction)]
pub(crate) enum Action {
    /// Withdraw it.
    Withdraw,
    /// Record that it was agreed.
    Agree,
    /// Record that it was rejected.
    Reject,
    /// Record that it was deferred.
    Defer,
    /// Record that the measure comes back.
    Restore,
}

/// A proposal that a measure leaves its plan, and the decisions on it.
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
    /// The category of the reason.
    category: Category,
    /// The indicator that replaces it; null unless the category is `superseded`.
    superseded_by: Option<Code>,
    /// Why it was proposed.
    reason: Note,
    /// The reason as it was written, if it referred to the proposal before it: "as above".
    reason_as_written: Option<Note>,
    /// The date of the proposal.
    proposed_on: NaiveDate,
    /// Who proposed it. The decisions are recorded by someone else.
    proposed_by: Name,
    /// The decisions on it, the earliest first.
    #[schema(max_items = 10000)]
    decisions: Vec<DeletionDecision>,
    /// The date on which it was withdrawn.
    withdrawn_on: Option<NaiveDate>,
    /// What depends on the measure or its indicator.
    affected: Affected,
    /// What the caller can do with it now; empty for earlier revisions and with `as_known_at`.
    #[schema(max_items = 5, inline)]
    allowed_actions: Vec<Action>,
    /// 1 for the first revision, increasing by one with each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// One decision on a deletion.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletionDecision {
    /// The outcome.
    #[schema(inline)]
    outcome: Outcome,
    /// The first day on which the measure is no longer in the plan, or on which it is in it again; null unless the
    /// outcome is `agreed` or `restored`.
    effective_from: Option<NaiveDate>,
    /// Who decided and when, and where that is recorded.
    decision: BoardDecision,
    /// The board's comment on this deletion.
    comment: Option<Note>,
}

/// Deletions that were proposed or decided on together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletionList {
    /// The deletions, in the order of the request.
    #[schema(max_items = 500)]
    items: Vec<Deletion>,
}

impl From<Vec<Deletion>> for DeletionList {
    fn from(items: Vec<Deletion>) -> Self {
        Self { items }
    }
}

pub(crate) type DeletionPage = Page<Deletion>;
pub(crate) type DeletionHistory = History<Deletion>;

/// What a deletion is shown with.
pub(super) struct Around<'a> {
    /// The code of the measure's indicator.
    pub(super) indicator: &'a waymark_domain::code::Code,
    /// Its title.
    pub(super) title: &'a waymark_domain::text::Title,
    /// What depends on the measure or its indicator.
    pub(super) affected: Affected,
    /// Who can act on it; none for an earlier revision.
    pub(super) actor: Option<&'a Actor>,
}

impl Deletion {
    /// A revision as it is shown.
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
