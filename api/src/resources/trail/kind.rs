//! The kinds of entities in the trail.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::problem::Problem;

/// The kind of a changed entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TrailKind {
    /// An organisation or its peer group.
    Organisation,
    /// An indicator.
    Indicator,
    /// A plan.
    Plan,
    /// A measure.
    Measure,
    /// An officer's judgement.
    Judgement,
    /// A push or an import.
    Submission,
    /// A target proposal.
    TargetProposal,
    /// A deletion.
    Deletion,
    /// An action tracker.
    Tracker,
    /// A commitment.
    Commitment,
    /// An improvement notice.
    Notice,
    /// A quality check.
    QualityCheck,
    /// A registered client.
    Client,
}

impl TrailKind {
    const ALL: [Self; 13] = [
        Self::Organisation,
        Self::Indicator,
        Self::Plan,
        Self::Measure,
        Self::Judgement,
        Self::Submission,
        Self::TargetProposal,
        Self::Deletion,
        Self::Tracker,
        Self::Commitment,
        Self::Notice,
        Self::QualityCheck,
        Self::Client,
    ];

    /// The kind as the store has it.
    pub(super) fn stored(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Indicator => "indicator",
            Self::Plan => "plan",
            Self::Measure => "measure",
            Self::Judgement => "judgement",
            Self::Submission => "submission",
            Self::TargetProposal => "target proposal",
            Self::Deletion => "deletion",
            Self::Tracker => "tracker",
            Self::Commitment => "commitment",
            Self::Notice => "notice",
            Self::QualityCheck => "quality check",
            Self::Client => "client",
        }
    }

    /// Converts from the store.
    ///
    /// # Errors
    /// 500 for a kind that the contract does not have.
    pub(super) fn of(stored: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|kind| kind.stored() == stored);
        found.ok_or_else(|| Problem::internal(format_args!("the trail has an unknown kind `{stored}`")))
    }

    /// The kind as the contract writes it.
    pub(super) fn name(self) -> String {
        self.stored().replace(' ', "_")
    }
}
