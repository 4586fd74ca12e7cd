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
use crate::http::schema::{Code, Colour, Name, Note, Period, Title, words};

words! {
    /// What became of a promise.
    Outcome = domain::Outcome
}

words! {
    /// What can be done with a commitment.
    CommitmentAction = domain::Action
}

/// Whether a commitment is still worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CommitmentState {
    /// It is.
    Open,
    /// It is not.
    Closed,
}

/// How a commitment stands. Green: on course, within its tolerance. Amber: outside its tolerance, and likely to come
/// back with remedial action. Red: so far outside that remedial action will hardly bring it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CommitmentStatus {
    /// On course.
    Green,
    /// Off course, and recoverable.
    Amber,
    /// Off course, and hardly recoverable.
    Red,
    /// The parts of its milestone are reported, and nobody gave it a colour.
    NotAssigned,
    /// Nothing is reported.
    NotReported,
}

content! {
    /// A commitment, as it is created.
    new NewCommitment {
        /// Unique in the plan.
        code: Code,
    }
    /// What is promised, and who answers for it.
    content CommitmentContent {
        /// The theme of the plan under which it stands.
        theme: Code,
        /// The promise itself.
        text: Note,
        /// The post that answers for it.
        responsible: Name,
        /// The posts that stand in.
        #[serde(default)]
        #[schema(max_items = 20)]
        deputies: Vec<Name>,
        /// The measures of the plan that it leans on.
        #[serde(default)]
        #[schema(max_items = 100)]
        measures: Vec<Code>,
        /// What can be counted of it.
        #[serde(default)]
        milestone: Option<Milestone>,
    }
}

/// So many of something by a time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Milestone {
    /// How many.
    #[schema(minimum = 1, maximum = 1000000, example = 24)]
    count: u32,
    /// Of what.
    #[schema(example = "children's centres")]
    what: Name,
    /// By the end of this period, or by this day.
    by: Period,
}

/// How many of what a milestone counts are green, amber and red. Together they are no more than it counts; the rest is
/// not told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parts {
    /// On course.
    #[schema(minimum = 0, maximum = 1000000)]
    green: u32,
    /// Off course, and recoverable.
    #[schema(minimum = 0, maximum = 1000000)]
    amber: u32,
    /// Off course, and hardly recoverable.
    #[schema(minimum = 0, maximum = 1000000)]
    red: u32,
}

/// A report of the progress in one period, as it is sent. It has `status`, or `parts`, or both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProgress {
    /// The period that it is about. It has begun, and not before the plan.
    period: Period,
    /// The colour.
    status: Option<Colour>,
    /// What qualifies the status: a few words.
    qualifier: Option<Title>,
    /// What happened.
    commentary: Note,
    /// The parts of the milestone, where there is one.
    parts: Option<Parts>,
}

/// A report of the progress in one period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Progress {
    /// The period that it is about.
    period: Period,
    /// The colour that somebody gave, or `not_assigned`.
    status: CommitmentStatus,
    /// What the status means.
    #[schema(max_length = 200)]
    status_meaning: &'static str,
    /// Where nobody gave a colour: that of the worst part, to be considered. It counts nowhere.
    suggested_status: Option<Colour>,
    /// What qualifies the status.
    qualifier: Option<Title>,
    /// What happened.
    commentary: Note,
    /// The parts of the milestone.
    parts: Option<Parts>,
}

/// How a commitment is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClosure {
    outcome: Outcome,
    /// From this day on it is closed. The day has come.
    on: NaiveDate,
    /// Why.
    reason: Note,
}

/// Why a commitment is opened again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReopening {
    /// Why.
    reason: Note,
}

/// How a commitment was closed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Closure {
    outcome: Outcome,
    /// From this day on it is closed.
    on: NaiveDate,
    /// Why.
    reason: Note,
    /// Who closed it.
    by: Name,
}

/// Why a commitment was opened again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reopening {
    /// The day on which it was opened again.
    on: NaiveDate,
    /// Why.
    reason: Note,
    /// Who opened it.
    by: Name,
}

/// A promise of a plan, who answers for it, and how it goes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Commitment {
    /// Unique in the plan.
    code: Code,
    /// The theme under which it stands.
    theme: Code,
    /// The promise itself.
    text: Note,
    /// The post that answers for it.
    responsible: Name,
    /// The posts that stand in.
    #[schema(max_items = 20)]
    deputies: Vec<Name>,
    /// The measures of the plan that it leans on.
    #[schema(max_items = 100)]
    measures: Vec<Code>,
    /// What can be counted of it.
    milestone: Option<Milestone>,
    state: CommitmentState,
    /// How it was closed, where it is.
    closure: Option<Closure>,
    /// Why it was opened again, where it had been closed.
    reopening: Option<Reopening>,
    /// What its latest report says.
    status: CommitmentStatus,
    /// What the status means.
    #[schema(max_length = 200)]
    status_meaning: &'static str,
    /// The period of its latest report.
    status_period: Option<Period>,
    /// One report for each period, in the order of the periods.
    #[schema(max_items = 1000)]
    reports: Vec<Progress>,
    /// What the caller may do with it as it is; nothing with what it was.
    #[schema(max_items = 4)]
    allowed_actions: Vec<CommitmentAction>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// A page of commitments, in the order of their codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentPage {
    /// The commitments.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Commitment>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

/// A page of the revisions of one commitment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentHistory {
    /// The revisions, the newest first.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Commitment>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

impl CommitmentStatus {
    /// What it means, in a few words.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Green => "on course, within its tolerance",
            Self::Amber => "outside its tolerance, and likely to come back with remedial action",
            Self::Red => "so far outside its tolerance that remedial action will hardly bring it back",
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
    /// One of its revisions; with an actor where it is the one that can be worked on.
    pub(super) fn of(
        code: &code::Code,
        revision: &Versioned<domain::Commitment>,
        actor: Option<&Actor>,
    ) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content } = revision;
        let domain::Commitment { promise, reports, state } = content;
        let domain::Promise { theme, text, responsible, deputies, measures, milestone } = promise;
        let (closure, reopening) = match state {
            State::Open { reopening } => (None, reopening.as_ref().map(Reopening::from)),
            State::Closed(closure) => (Some(Closure::from(closure)), None),
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
            milestone: milestone.as_ref().map(Milestone::from),
            state: CommitmentState::from(state),
            closure,
            reopening,
            status,
            status_meaning: status.meaning(),
            status_period: latest.map(|report| Period::from(report.period)),
            reports: reports.iter().map(Progress::from).collect(),
            allowed_actions: allowed.into_iter().map(CommitmentAction::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl From<&domain::Milestone> for Milestone {
    fn from(milestone: &domain::Milestone) -> Self {
        let domain::Milestone { count, what, by } = milestone;
        Self { count: *count, what: Name::from(what), by: Period::from(*by) }
    }
}

impl From<&domain::Progress> for Progress {
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
            parts: parts.map(|domain::Parts { green, amber, red }| Parts { green, amber, red }),
        }
    }
}

impl From<&domain::Closure> for Closure {
    fn from(closure: &domain::Closure) -> Self {
        let domain::Closure { outcome, on, reason, by } = closure;
        Self { outcome: (*outcome).into(), on: *on, reason: Note::from(reason), by: Name::from(by) }
    }
}

impl From<&domain::Reopening> for Reopening {
    fn from(reopening: &domain::Reopening) -> Self {
        let domain::Reopening { on, reason, by } = reopening;
        Self { on: *on, reason: Note::from(reason), by: Name::from(by) }
    }
}
