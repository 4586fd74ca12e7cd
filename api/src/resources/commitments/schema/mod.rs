//! Commitments on the wire.

mod read;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::commitment::{self as domain, Standing, State};
use waymark_domain::workflow::Actor;
use waymark_domain::{code, rating};
use waymark_persistence::Versioned;

use crate::http::content::content;
use crate::http::list::{History, Page};
use crate::http::schema::{Code, Colour, Name, Note, Period, Title, words};

words! {
    /// The outcome of a closed commitment.
    CommitmentOutcome = domain::Outcome
}

words! {
    /// What can be done with a commitment.
    CommitmentAction = domain::Action
}

/// Whether a commitment is open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CommitmentState {
    /// It is open.
    Open,
    /// It is closed.
    Closed,
}

/// The status of a commitment. Green: on course, within its tolerance. Amber: outside its tolerance, and likely to recover
/// with remedial action. Red: so far outside its tolerance that it is unlikely to recover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CommitmentStatus {
    /// On course.
    Green,
    /// Off course, but recoverable.
    Amber,
    /// Off course, and unlikely to recover.
    Red,
    /// The parts of its milestone are reported, without a colour.
    NotAssigned,
    /// There is no report.
    NotReported,
}

content! {
    /// A commitment, as it is created.
    new NewCommitment {
        /// Unique in the plan.
        code: Code,
    }
    /// What is promised, and who is responsible.
    content CommitmentContent {
        /// The theme of the plan that it belongs to.
        theme: Code,
        /// The text of the commitment.
        text: Note,
        /// The post that is responsible for it.
        responsible: Name,
        /// The deputies of that post.
        #[serde(default)]
        #[schema(max_items = 20)]
        deputies: Vec<Name>,
        /// The measures of the plan that it depends on.
        #[serde(default)]
        #[schema(max_items = 100)]
        measures: Vec<Code>,
        /// Its countable milestone, if it has one.
        #[serde(default)]
        milestone: Option<CommitmentMilestone>,
    }
}

/// A number of things that are promised by a time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitmentMilestone {
    /// How many.
    #[schema(minimum = 1, maximum = 1000000, example = 24)]
    count: u32,
    /// What is counted.
    #[schema(example = "children's centres")]
    what: Name,
    /// The period by whose end it is due, or the due date.
    due: Period,
}

/// The parts of a milestone by colour. Their sum is at most the milestone's count; the rest is not reported.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartCounts {
    /// On course.
    #[schema(minimum = 0, maximum = 1000000)]
    green: u32,
    /// Off course, but recoverable.
    #[schema(minimum = 0, maximum = 1000000)]
    amber: u32,
    /// Off course, and unlikely to recover.
    #[schema(minimum = 0, maximum = 1000000)]
    red: u32,
}

/// A new report of the progress in one period. It needs `status`, or `parts`, or both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCommitmentProgress {
    /// The reported period. It has begun, and not before the plan.
    period: Period,
    /// The colour.
    status: Option<Colour>,
    /// A few words that qualify the status.
    qualifier: Option<Title>,
    /// What happened.
    commentary: Note,
    /// The parts of the milestone, if there is one.
    parts: Option<PartCounts>,
}

/// A report of the progress in one period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentProgress {
    /// The reported period.
    period: Period,
    /// The reported colour, or `not_assigned`.
    status: CommitmentStatus,
    /// What the status means.
    #[schema(max_length = 200)]
    status_meaning: &'static str,
    /// The colour of the worst part if no colour was reported. It is a suggestion and is not counted.
    suggested_status: Option<Colour>,
    /// A few words that qualify the status.
    qualifier: Option<Title>,
    /// What happened.
    commentary: Note,
    /// The parts of the milestone.
    parts: Option<PartCounts>,
}

/// The closure of a commitment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCommitmentClosure {
    outcome: CommitmentOutcome,
    /// The date of closure, not in the future.
    closed_on: NaiveDate,
    /// Why it is closed.
    reason: Note,
}

/// The reopening of a commitment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCommitmentReopening {
    /// Why.
    reason: Note,
}

/// The closure of a commitment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentClosure {
    outcome: CommitmentOutcome,
    /// The date of closure.
    closed_on: NaiveDate,
    /// Why.
    reason: Note,
    /// Who closed it.
    closed_by: Name,
}

/// The reopening of a commitment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentReopening {
    /// The date of reopening.
    reopened_on: NaiveDate,
    /// Why.
    reason: Note,
    /// Who reopened it.
    reopened_by: Name,
}

/// A commitment of a plan, who is responsible for it, and its progress.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Commitment {
    /// Unique in the plan.
    code: Code,
    /// The theme of the plan that it belongs to.
    theme: Code,
    /// The text of the commitment.
    text: Note,
    /// The post that is responsible for it.
    responsible: Name,
    /// The deputies of that post.
    #[schema(max_items = 20)]
    deputies: Vec<Name>,
    /// The measures of the plan that it depends on.
    #[schema(max_items = 100)]
    measures: Vec<Code>,
    /// Its countable milestone, if it has one.
    milestone: Option<CommitmentMilestone>,
    state: CommitmentState,
    /// The closure, if it is closed.
    closure: Option<CommitmentClosure>,
    /// The reopening, if it was closed before and is open again.
    reopening: Option<CommitmentReopening>,
    /// The status of its latest report.
    status: CommitmentStatus,
    /// What the status means.
    #[schema(max_length = 200)]
    status_meaning: &'static str,
    /// The period of its latest report.
    status_period: Option<Period>,
    /// The reports in the order of their periods, one for each period.
    #[schema(max_items = 1000)]
    reports: Vec<CommitmentProgress>,
    /// What the caller can do with it now; empty for earlier revisions and with `as_known_at`.
    #[schema(max_items = 4)]
    allowed_actions: Vec<CommitmentAction>,
    /// 1 for the first revision, increasing by one with each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

pub(crate) type CommitmentPage = Page<Commitment>;
pub(crate) type CommitmentHistory = History<Commitment>;

impl CommitmentStatus {
    /// What it means, in a few words.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Green => "on course, within its tolerance",
            Self::Amber => "outside its tolerance, and likely to recover with remedial action",
            Self::Red => "so far outside its tolerance that it is unlikely to recover with remedial action",
            Self::NotAssigned => "reported in parts, without a colour",
            Self::NotReported => "not reported on",
        }
    }
}

impl From<Standing> for CommitmentStatus {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Assigned(rating::Colour::Green) => Self::Green,
            Standing::Assigned(rating::Colour::Amber) => Self::Amber,
            Standing::Assigned(rating::Colour::Red) => Self::Red,
            Standing::NotAssigned => Self::NotAssigned,
            Standing::NotReported => Self::NotReported,
        }
    }
}

impl From<&State> for CommitmentState {
    fn from(state: &State) -> Self {
        match state {
            State::Open { .. } => Self::Open,
            State::Closed(_) => Self::Closed,
        }
    }
}

impl Commitment {
    /// A revision, with what the actor can do if there is one.
    pub(super) fn of(
        code: &code::Code,
        revision: &Versioned<domain::Commitment>,
        actor: Option<&Actor>,
    ) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content } = revision;
        let domain::Commitment { promise, reports, state } = content;
        let domain::Promise { theme, text, responsible, deputies, measures, milestone } = promise;
        let (closure, reopening) = match state {
            State::Open { reopening } => (None, reopening.as_ref().map(CommitmentReopening::from)),
            State::Closed(closure) => (Some(CommitmentClosure::from(closure)), None),
        };
        let latest = content.latest();
        let status = CommitmentStatus::from(Standing::of(latest));
        let allowed = actor.map(|actor| domain::allowed(content, actor)).unwrap_or_default();
        Self {
            code: Code::from(code),
            theme: Code::from(theme),
            text: Note::from(text),
            responsible: Name::from(responsible),
            deputies: deputies.iter().map(Name::from).collect(),
            measures: measures.iter().map(Code::from).collect(),
            milestone: milestone.as_ref().map(CommitmentMilestone::from),
            state: CommitmentState::from(state),
            closure,
            reopening,
            status,
            status_meaning: status.meaning(),
            status_period: latest.map(|report| Period::from(report.period)),
            reports: reports.iter().map(CommitmentProgress::from).collect(),
            allowed_actions: allowed.into_iter().map(CommitmentAction::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl From<&domain::Milestone> for CommitmentMilestone {
    fn from(milestone: &domain::Milestone) -> Self {
        let domain::Milestone { count, what, by } = milestone;
        Self { count: *count, what: Name::from(what), due: Period::from(*by) }
    }
}

impl From<&domain::Progress> for CommitmentProgress {
    fn from(progress: &domain::Progress) -> Self {
        let domain::Progress { period, status, qualifier, commentary, parts } = progress;
        let suggested = if status.is_none() { parts.and_then(domain::Parts::worst) } else { None };
        let status = CommitmentStatus::from(Standing::of(Some(progress)));
        Self {
            period: Period::from(*period),
            status,
            status_meaning: status.meaning(),
            suggested_status: suggested.map(Colour::from),
            qualifier: qualifier.as_ref().map(Title::from),
            commentary: Note::from(commentary),
            parts: parts.map(|domain::Parts { green, amber, red }| PartCounts { green, amber, red }),
        }
    }
}

impl From<&domain::Closure> for CommitmentClosure {
    fn from(closure: &domain::Closure) -> Self {
        let domain::Closure { outcome, on, reason, by } = closure;
        Self {
            outcome: (*outcome).into(),
            closed_on: *on,
            reason: Note::from(reason),
            closed_by: Name::from(by),
        }
    }
}

impl From<&domain::Reopening> for CommitmentReopening {
    fn from(reopening: &domain::Reopening) -> Self {
        let domain::Reopening { on, reason, by } = reopening;
        Self { reopened_on: *on, reason: Note::from(reason), reopened_by: Name::from(by) }
    }
}
