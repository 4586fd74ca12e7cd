//! Large pushes as rows, and back.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{KIND, LargePush, NewLargePush, Progress, State};
use crate::StoreError;
use crate::db::schema::{large_pushes, refused_rows};
use crate::db::types::{Id, Instant, from_document, to_document};
use crate::history::revision::Change;
use crate::submission::{Counts, Format, Mode, RejectedRow, rejected_document};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = large_pushes, treat_none_as_default_value = false)]
pub(super) struct Row {
    organisation_id: Id,
    id: Id,
    received_at: Instant,
    author: String,
    roles: String,
    request_id: String,
    format: String,
    mode: String,
    validate_only: bool,
    bytes: i64,
    state: String,
    attempts: i64,
    cancellation_asked: bool,
    seen_at: Instant,
    step_began_at: Option<Instant>,
    ended_at: Option<Instant>,
    progress: String,
    outcome: Option<String>,
    label: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = refused_rows, treat_none_as_default_value = false)]
pub(super) struct RefusedRow {
    organisation_id: Id,
    push_id: Id,
    row_number: i64,
    document: String,
}

/// The outcome of a push that has ended.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    created: u32,
    superseded: u32,
    unchanged: u32,
    rejected: u32,
    problem: Option<Value>,
}

impl Row {
    /// A push that waits in the queue.
    pub(super) fn waiting(new: NewLargePush, change: &Change) -> Result<Self, StoreError> {
        let NewLargePush { organisation, id, format, mode, validate_only, label, bytes } = new;
        Ok(Self {
            organisation_id: Id(organisation),
            id: Id(id),
            received_at: change.at.into(),
            author: change.author.clone(),
            roles: change.roles.clone(),
            request_id: change.request_id.clone(),
            format: format.name().to_owned(),
            mode: mode.name().to_owned(),
            validate_only,
            bytes: number(bytes),
            state: State::Waiting.name().to_owned(),
            attempts: 0,
            cancellation_asked: false,
            seen_at: change.at.into(),
            step_began_at: None,
            ended_at: None,
            progress: to_document(KIND, &Progress::default())?,
            outcome: None,
            label,
        })
    }

    /// The push that the row stores.
    pub(super) fn read(self) -> Result<LargePush, StoreError> {
        let outcome: Option<Outcome> =
            self.outcome.as_deref().map(|text| from_document(KIND, text)).transpose()?;
        let Outcome { created, superseded, unchanged, rejected, problem } = outcome.unwrap_or_default();
        Ok(LargePush {
            organisation: self.organisation_id.0,
            id: self.id.0,
            received_at: self.received_at.into(),
            author: self.author,
            roles: self.roles,
            request_id: self.request_id,
            format: Format::from_name(&self.format).ok_or_else(|| corrupt("its format has no such name"))?,
            mode: Mode::from_name(&self.mode).ok_or_else(|| corrupt("its mode has no such name"))?,
            validate_only: self.validate_only,
            label: self.label,
            bytes: self.bytes.unsigned_abs(),
            state: State::from_name(&self.state).ok_or_else(|| corrupt("its state has no such name"))?,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            cancellation_asked: self.cancellation_asked,
            seen_at: self.seen_at.into(),
            step_began_at: self.step_began_at.map(Into::into),
            ended_at: self.ended_at.map(Into::into),
            progress: from_document(KIND, &self.progress)?,
            counts: Counts { created, superseded, unchanged, rejected },
            problem,
        })
    }
}

impl RefusedRow {
    /// A rejected row of a push.
    pub(super) fn of(push: &LargePush, row: &RejectedRow) -> Result<Self, StoreError> {
        Ok(Self {
            organisation_id: Id(push.organisation),
            push_id: Id(push.id),
            row_number: i64::from(row.row),
            document: rejected_document(row)?,
        })
    }
}

impl Outcome {
    /// The stored document.
    pub(super) fn text(counts: Counts, problem: Option<Value>) -> Result<String, StoreError> {
        let Counts { created, superseded, unchanged, rejected } = counts;
        to_document(KIND, &Self { created, superseded, unchanged, rejected, problem })
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn corrupt(detail: &str) -> StoreError {
    StoreError::Corrupt { what: KIND, detail: detail.to_owned() }
}
