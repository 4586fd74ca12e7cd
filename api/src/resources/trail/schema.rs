//! The schema of the trail: who changed what, with each change by location.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::access::Reach;
use waymark_domain::code::Code;
use waymark_persistence::trail::{self as kept, SUBMISSION, TrailKey};

use super::diff::{Difference, differences};
use super::kind::TrailKind;
use crate::http::list::Page;
use crate::http::problem::Problem;

/// The most changes that an entry of a list contains.
const MOST_CHANGES: usize = 100;
/// The most that they may say, in bytes.
const MOST_BYTES: usize = 16_384;

/// Who changed what, when, and in which request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stamp {
    /// The id of the changed entity.
    pub(super) entity: Uuid,
    /// The revision that the change created; 1 for what is recorded once and never changed.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) revision: i64,
    /// When it was recorded.
    pub(super) recorded_at: DateTime<Utc>,
    /// The kind of entity.
    pub(super) kind: TrailKind,
    /// The code of its plan; null if it belongs to none.
    #[schema(max_length = 64)]
    pub(super) plan: Option<String>,
    /// Its code, or that of the judged measure; null if it has none.
    #[schema(max_length = 200)]
    pub(super) code: Option<String>,
    /// The action.
    #[schema(inline)]
    pub(super) change: Done,
    /// Who recorded it: the subject of the token, or the name of the command.
    #[schema(max_length = 300)]
    pub(super) recorded_by: String,
    /// The caller's roles in this organisation at the time; empty for commands.
    #[schema(max_items = 20, inline)]
    pub(super) roles: Vec<RoleName>,
    /// The request in which it was done, as in the log.
    #[schema(max_length = 128)]
    pub(super) request_id: String,
    /// Paths of related resources: for a submission, its counts and its results.
    #[schema(max_items = 10, inline)]
    pub(super) see: Vec<Link>,
}

/// The name of a role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 40, pattern = "^[a-z][a-z_]*$", example = "performance_officer")]
pub(super) struct RoleName(pub(super) String);

/// The path of something to read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 400, pattern = r"^/v1/[^\s]*$")]
pub(super) struct Link(pub(super) String);

/// The action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Done {
    /// It was created.
    Created,
    /// It was changed.
    Changed,
    /// Results were pushed or imported.
    Sent,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Sent => "sent",
        })
    }
}

/// One change, with the places that it changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrailEntry {
    #[serde(flatten)]
    pub(super) stamp: Stamp,
    /// The changes by location; for something new, a single change.
    #[schema(max_items = 100)]
    pub(super) changes: Vec<TrailChange>,
    /// The number of changes that are omitted because they are too long or too many: the entry itself has all.
    #[schema(minimum = 0)]
    pub(super) changes_left_out: u32,
}

/// A change at one location.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrailChange {
    /// The location: a JSON pointer (RFC 6901); the empty pointer is the whole.
    #[schema(max_length = 2000)]
    pointer: String,
    /// The value before; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value, required = false)]
    before: Option<Value>,
    /// The value after; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value, required = false)]
    after: Option<Value>,
}

pub(super) type TrailEntryPage = Page<TrailEntry>;

/// One change, with all that the thing said before and says from then on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrailRecord {
    #[serde(flatten)]
    pub(super) stamp: Stamp,
    /// The document before, as stored; null if it is new. Its fields are not part of
    /// the contract.
    #[schema(value_type = Option<Object>)]
    pub(super) before: Option<Value>,
    /// The document after, as stored.
    #[schema(value_type = Object)]
    pub(super) after: Value,
}

impl Stamp {
    /// A change as callers in the organisation see it.
    pub(super) fn of(organisation: &Code, entry: &kept::TrailEntry) -> Result<Self, Problem> {
        let kept::TrailEntry { key, kind, plan, code, author, roles, request_id, before: _, after: _ } =
            entry;
        let TrailKey { recorded_at, entity, revision } = *key;
        let (change, see) = match (kind.as_str(), revision) {
            (SUBMISSION, _) => (Done::Sent, links(organisation, entity, recorded_at)),
            (_, 1) => (Done::Created, Vec::new()),
            _ => (Done::Changed, Vec::new()),
        };
        Ok(Self {
            entity,
            revision,
            recorded_at,
            kind: TrailKind::of(kind)?,
            plan: plan.clone(),
            code: code.clone(),
            change,
            recorded_by: author.clone(),
            roles: roles_here(roles, organisation),
            request_id: request_id.clone(),
            see,
        })
    }
}

/// The submission, and the results that it brought as they were known from then on.
fn links(organisation: &Code, submission: Uuid, at: DateTime<Utc>) -> Vec<Link> {
    let base = format!("/v1/organisations/{organisation}");
    let moment = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    vec![
        Link(format!("{base}/submissions/{submission}")),
        Link(format!("{base}/results?submission={submission}&as_known_at={moment}")),
    ]
}

/// The roles in this organisation; those in others are not shown.
fn roles_here(roles: &str, organisation: &Code) -> Vec<RoleName> {
    let mut here: Vec<&str> = roles
        .split_ascii_whitespace()
        .filter_map(|grant| grant.split_once(':'))
        .filter(|(_, reach)| reach.parse().is_ok_and(|reach: Reach| reach.covers(organisation)))
        .map(|(role, _)| role)
        .collect();
    here.sort_unstable();
    here.dedup();
    here.into_iter().map(|role| RoleName(role.to_owned())).collect()
}

impl TrailEntry {
    /// A change by location.
    pub(super) fn of(organisation: &Code, entry: &kept::TrailEntry) -> Result<Self, Problem> {
        let all = differences(entry.before.as_ref(), &entry.after);
        let (mut changes, mut said, mut left_out) = (Vec::new(), 0, 0_u32);
        for change in all.into_iter().map(TrailChange::from) {
            let length = change.length();
            if changes.len() < MOST_CHANGES && said + length <= MOST_BYTES {
                said += length;
                changes.push(change);
            } else {
                left_out = left_out.saturating_add(1);
            }
        }
        Ok(Self { stamp: Stamp::of(organisation, entry)?, changes, changes_left_out: left_out })
    }
}

impl TrailRecord {
    /// A change with both documents.
    pub(super) fn of(organisation: &Code, entry: kept::TrailEntry) -> Result<Self, Problem> {
        let stamp = Stamp::of(organisation, &entry)?;
        let kept::TrailEntry { before, after, .. } = entry;
        Ok(Self { stamp, before, after })
    }
}

impl TrailChange {
    /// How long it is as JSON, roughly.
    fn length(&self) -> usize {
        let Self { pointer, before, after } = self;
        let value = |value: &Option<Value>| value.as_ref().map_or(0, |value| value.to_string().len());
        pointer.len() + value(before) + value(after)
    }
}

impl From<Difference> for TrailChange {
    fn from(difference: Difference) -> Self {
        let Difference { pointer, before, after } = difference;
        Self { pointer, before, after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_roles_that_count_here_are_returned() {
        let returned = |roles: &str| {
            let code = Code::new("leicestershire").unwrap();
            roles_here(roles, &code).into_iter().map(|role| role.0).collect::<Vec<_>>()
        };
        assert_eq!(returned("reader:rutland performance_officer:leicestershire"), ["performance_officer"]);
        assert_eq!(returned("reader:* reader:leicestershire admin:rutland"), ["reader"]);
        assert!(returned("").is_empty());
        assert!(returned("reader:leicestershire-2").is_empty());
    }
}
