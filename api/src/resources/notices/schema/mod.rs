//! Notices on the wire.

mod read;
mod show;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::notice as domain;

use crate::http::content::content;
use crate::http::list::{History, Page};
use crate::http::schema::{Code, Name, Note, Number, Period, Title, words};
use crate::workflow::BoardDecision;
pub(super) use read::problem;
pub(crate) use show::state;

words! {
    /// The outcome of a closed notice: its conditions are met, the authority withdrew it, or it was escalated.
    NoticeOutcome = domain::Outcome
}

words! {
    /// What the caller can do with a notice now.
    NoticeAction = domain::Action
}

/// Whether a notice is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeState {
    InForce,
    Closed,
}

/// How a condition compares a figure with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeComparison {
    AtLeast,
    AtMost,
    Exactly,
}

content! {
    /// An improvement notice, as it is created.
    new NewNotice {
        /// Unique in the plan.
        code: Code,
    }
    /// The content of a notice, as the authority set it.
    content NoticeContent {
        /// Its title.
        title: Title,
        /// The authority that issued it and decides on it.
        authority: Name,
        /// The date of issue: not before the plan, and not in the future.
        issued_on: NaiveDate,
        /// The requirements, in order.
        #[serde(default)]
        #[schema(max_items = 200)]
        requirements: Vec<NoticeRequirement>,
        /// The conditions, in order.
        #[serde(default)]
        #[schema(max_items = 200)]
        conditions: Vec<NoticeCondition>,
    }
}

/// A requirement of a notice.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeRequirement {
    /// Its code as it is written in the notice, where it is unique.
    #[schema(example = "IN 1.3 & 2.17")]
    code: Name,
    /// What is to be done.
    text: Note,
    /// The measures of the plan that it concerns.
    #[serde(default)]
    #[schema(max_items = 100)]
    measures: Vec<Code>,
    /// The priorities of the plan that it concerns.
    #[serde(default)]
    #[schema(max_items = 100)]
    priorities: Vec<Code>,
}

/// A condition of a notice.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeCondition {
    /// Unique in the notice.
    code: Code,
    /// The measure of the plan whose results it is judged by.
    measure: Code,
    /// The component of its indicator; if omitted, the whole indicator.
    #[serde(default)]
    component: Option<Name>,
    condition: NoticeComparison,
    /// The required value, in the indicator's unit and with at most the decimal places of its precision.
    value: Number,
    /// The period for which it must be met. It may end after the plan.
    period: Period,
    /// The code of the requirement that it belongs to.
    #[serde(default)]
    requirement: Option<Name>,
    /// A note.
    #[serde(default)]
    note: Option<Note>,
}

/// What was done on a requirement in a month or a quarter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNoticeProgress {
    /// The code of the requirement.
    requirement: Name,
    /// The month or quarter, which has ended. An earlier report on the same period is replaced.
    period: Period,
    /// What was done.
    text: Note,
}

/// A decision of the authority that closes a notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNoticeClosure {
    outcome: NoticeOutcome,
    /// The date of the meeting.
    decided_on: NaiveDate,
    /// The reference of the minute.
    minute: Name,
    /// Other remarks in the minute.
    note: Option<Note>,
}

/// A decision of the authority that reinstates a notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNoticeReinstatement {
    /// The date of the meeting.
    decided_on: NaiveDate,
    /// The reference of the minute.
    minute: Name,
    /// Other remarks in the minute.
    note: Option<Note>,
}

/// An improvement notice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notice {
    /// Unique in the plan.
    code: Code,
    /// Its title.
    title: Title,
    /// The authority that issued it and decides on it.
    authority: Name,
    /// The date of issue.
    issued_on: NaiveDate,
    state: NoticeState,
    /// The outcome, if it is closed.
    outcome: Option<NoticeOutcome>,
    /// The requirements, in order, with the reported progress.
    #[schema(max_items = 200)]
    requirements: Vec<ReportedRequirement>,
    /// The conditions, in order. Their judgement is at `/conditions`.
    #[schema(max_items = 200)]
    conditions: Vec<NoticeCondition>,
    /// The authority's decisions on it since, the earliest first.
    #[schema(max_items = 10000)]
    decisions: Vec<NoticeDecision>,
    /// What the caller can do with it now; empty for earlier revisions and with `as_known_at`.
    #[schema(max_items = 4)]
    allowed_actions: Vec<NoticeAction>,
    /// 1 for the first revision, increasing by one with each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// A requirement of a notice with the reported progress.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportedRequirement {
    /// Its code as it is written in the notice, where it is unique.
    code: Name,
    /// What is to be done.
    text: Note,
    /// The measures of the plan that it concerns.
    #[schema(max_items = 100)]
    measures: Vec<Code>,
    /// The priorities of the plan that it concerns.
    #[schema(max_items = 100)]
    priorities: Vec<Code>,
    /// The reported progress, the latest period first.
    #[schema(max_items = 5000)]
    progress: Vec<NoticeProgress>,
}

/// What was done on a requirement in a month or a quarter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeProgress {
    /// The month or quarter.
    period: Period,
    /// What was done.
    text: Note,
    /// Who reported it.
    recorded_by: Name,
    /// The date on which it was reported.
    recorded_on: NaiveDate,
}

/// A decision of the authority on a notice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeDecision {
    /// The state that it led to.
    state: NoticeState,
    /// The outcome, if it closed the notice.
    outcome: Option<NoticeOutcome>,
    /// When it was decided, and where that is recorded. The body is the authority.
    decision: BoardDecision,
}

pub(crate) type NoticePage = Page<Notice>;
pub(crate) type NoticeHistory = History<Notice>;
