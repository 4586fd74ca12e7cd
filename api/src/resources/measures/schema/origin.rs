//! Where a target comes from, on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::target as domain;

use crate::http::schema::{Name, Note, TargetScope};
use crate::http::validation::Faults;

/// The proposal and the board that a target comes from. Only decisions make it: it is sent back as it was or left
/// out, and is removed when the target is changed directly.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetOrigin {
    scope: TargetScope,
    /// The day of the meeting that agreed it.
    agreed_on: NaiveDate,
    /// The body that agreed it.
    body: Name,
    /// The reference of the minute.
    minute: Name,
    /// Why this target and no other.
    reason: Note,
    /// The target proposal that was agreed.
    proposal: Uuid,
    /// The number of the indicator's definition version that was in force when it was agreed.
    #[schema(minimum = 1, maximum = 100)]
    definition_version: u32,
}

impl TargetOrigin {
    /// Into the domain.
    pub(super) fn read(self, faults: &mut Faults) -> Option<domain::Origin> {
        let Self { scope, agreed_on, body, minute, reason, proposal, definition_version } = self;
        let body = body.read(faults, "/body");
        let minute = minute.read(faults, "/minute");
        let reason = reason.read(faults, "/reason");
        Some(domain::Origin {
            scope: scope.into(),
            agreed_on,
            body: body?,
            minute: minute?,
            rationale: reason?,
            proposal,
            definition_version,
        })
    }
}

impl From<&domain::Origin> for TargetOrigin {
    fn from(origin: &domain::Origin) -> Self {
        let domain::Origin { scope, agreed_on, body, minute, rationale, proposal, definition_version } =
            origin;
        Self {
            scope: (*scope).into(),
            agreed_on: *agreed_on,
            body: body.into(),
            minute: minute.into(),
            reason: rationale.into(),
            proposal: *proposal,
            definition_version: *definition_version,
        }
    }
}
