//! Why and when a measure left its plan, as the measure itself shows it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::deletion as domain;

use crate::http::schema::{Code, Note};
use crate::workflow::BoardDecision;

/// Why an indicator is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionCategory)]
pub(crate) enum Category {
    /// It is no longer collected.
    NoLongerCollected,
    /// The method was changed nationally.
    MethodChangedNationally,
    /// It is collected too rarely to be useful.
    CollectedTooRarely,
    /// Another indicator replaces it.
    Superseded,
    /// It is no longer relevant to the plan.
    NoLongerRelevant,
}

/// A period in which a measure was not in the plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Departure {
    /// The first day on which it was not in the plan.
    from: NaiveDate,
    /// The day on which it came back; null if it has not.
    until: Option<NaiveDate>,
    /// The category of the reason.
    category: Category,
    /// The indicator that replaces it; null unless the category is `superseded`.
    superseded_by: Option<Code>,
    /// Why it left.
    reason: Note,
    /// The id of the deletion.
    deletion: Uuid,
    /// The decision that agreed it.
    decision: BoardDecision,
}

impl From<&domain::Category> for Category {
    fn from(category: &domain::Category) -> Self {
        match category {
            domain::Category::NoLongerCollected => Self::NoLongerCollected,
            domain::Category::MethodChangedNationally => Self::MethodChangedNationally,
            domain::Category::CollectedTooRarely => Self::CollectedTooRarely,
            domain::Category::Superseded { by: _ } => Self::Superseded,
            domain::Category::NoLongerRelevant => Self::NoLongerRelevant,
        }
    }
}

/// The indicator that a category names.
pub(crate) fn superseded_by(category: &domain::Category) -> Option<Code> {
    match category {
        domain::Category::Superseded { by } => Some(by.into()),
        domain::Category::NoLongerCollected
        | domain::Category::MethodChangedNationally
        | domain::Category::CollectedTooRarely
        | domain::Category::NoLongerRelevant => None,
    }
}

impl From<&domain::Departure> for Departure {
    fn from(departure: &domain::Departure) -> Self {
        let domain::Departure { from, until, category, reason, proposal, decision } = departure;
        Self {
            from: *from,
            until: *until,
            category: category.into(),
            superseded_by: superseded_by(category),
            reason: reason.into(),
            deletion: *proposal,
            decision: decision.into(),
        }
    }
}
