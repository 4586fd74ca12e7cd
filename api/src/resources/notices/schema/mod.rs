//! Notices on the wire.

mod read;
mod tell;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::notice as domain;

use crate::http::content::content;
use crate::http::schema::{Code, Name, Note, Number, Period, Title, words};
use crate::workflow::Decision;
pub(super) use read::told;
pub(crate) use tell::state;

words! {
    /// How a notice comes to its end: its conditions are met, the authority took it back, or went on to stronger
    /// means.
    NoticeOutcome = domain::Outcome
}

words! {
    /// What the caller may do with a notice now.
    NoticeAction = domain::Action
}

/// Whether a notice binds the council.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeState {
    InForce,
    Closed,
}

/// What a condition requires of a figure.
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
    /// What an authority lays down in a notice.
    content NoticeContent {
        /// What it is called.
        title: Title,
        /// Who issued it, and who decides on it.
        authority: Name,
        /// The day on which it was issued: not before the plan, and not in the future.
        issued_on: NaiveDate,
        /// What is to be done, in order.
        #[serde(default)]
        #[schema(max_items = 200)]
        requirements: Vec<NoticeRequirement>,
        /// What is to be reached, in order.
        #[serde(default)]
        #[schema(max_items = 200)]
        conditions: Vec<NoticeCondition>,
    }
}

/// Something that a notice requires to be done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeRequirement {
    /// Its code as people write it, unique in the notice.
    #[schema(example = "IN 1.3 & 2.17")]
    code: Name,
    /// What is to be done.
    text: Note,
    /// The measures of the plan in which it shows.
    #[serde(default)]
    #[schema(max_items = 100)]
    measures: Vec<Code>,
    /// The priorities of the plan whose actions serve it.
    #[serde(default)]
    #[schema(max_items = 100)]
    priorities: Vec<Code>,
}

/// Something that must be reached for a notice to be met.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeCondition {
    /// Unique in the notice.
    code: Code,
    /// The measure of the plan by whose results it is judged.
    measure: Code,
    /// The component of its indicator; the whole where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    component: Option<Name>,
    condition: NoticeComparison,
    /// The number, in the indicator's unit and with no more decimal places than its results are compared at.
    value: Number,
    /// The period for which it must hold. It may end after the plan.
    period: Period,
    /// The code of the requirement that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requirement: Option<Name>,
    /// What else is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
}

/// What was done on a requirement in a month or a quarter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNoticeProgress {
    /// The code of the requirement.
    requirement: Name,
    /// The month or quarter, which has ended. An update on the same one is corrected.
    period: Period,
    /// What was done.
    text: Note,
}

/// A decision of the authority that closes a notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNoticeClosure {
    outcome: NoticeOutcome,
    /// The day of the meeting.
    meeting_date: NaiveDate,
    /// The reference of the minute.
    minute: Name,
    /// What else was said.
    note: Option<Note>,
}

/// A decision of the authority that puts a notice in force again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNoticeReinstatement {
    /// The day of the meeting.
    meeting_date: NaiveDate,
    /// The reference of the minute.
    minute: Name,
    /// What else was said.
    note: Option<Note>,
}

/// An improvement notice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notice {
    /// Unique in the plan.
    code: Code,
    /// What it is called.
    title: Title,
    /// Who issued it, and who decides on it.
    authority: Name,
    /// The day on which it was issued.
    issued_on: NaiveDate,
    state: NoticeState,
    /// How it came to its end, where it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<NoticeOutcome>,
    /// What is to be done, in order, with what was reported on it.
    #[schema(max_items = 200)]
    requirements: Vec<ReportedRequirement>,
    /// What is to be reached, in order. Whether it is reached is judged under `/conditions`.
    #[schema(max_items = 200)]
    conditions: Vec<NoticeCondition>,
    /// What the authority decided on it since, in order.
    #[schema(max_items = 10000)]
    decisions: Vec<NoticeDecision>,
    /// What the caller may do with it now; nothing where it is told as it was.
    #[schema(max_items = 4)]
    allowed_actions: Vec<NoticeAction>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// A requirement of a notice, and what was reported on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportedRequirement {
    /// Its code as people write it, unique in the notice.
    code: Name,
    /// What is to be done.
    text: Note,
    /// The measures of the plan in which it shows.
    #[schema(max_items = 100)]
    measures: Vec<Code>,
    /// The priorities of the plan whose actions serve it.
    #[schema(max_items = 100)]
    priorities: Vec<Code>,
    /// What was reported, that of the latest period first.
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
    /// The day on which it was reported.
    recorded_on: NaiveDate,
}

/// A decision of the authority on a notice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeDecision {
    /// The state that it led to.
    state: NoticeState,
    /// How the notice came to its end, where it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<NoticeOutcome>,
    /// Where that was decided. The body is the authority.
    decision: Decision,
}

/// A page of notices, in the order of their codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticePage {
    /// The notices.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Notice>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}

/// A page of the revisions of one notice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeHistory {
    /// The revisions, the newest first.
    #[schema(max_items = 500)]
    pub(super) items: Vec<Notice>,
    /// The next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000, nullable = false)]
    pub(super) next: Option<String>,
}
