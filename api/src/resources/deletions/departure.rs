//! Why and when a measure left its plan, as the measure itself tells it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::deletion as domain;

use crate::http::schema::{Code, Note};
use crate::workflow::Decision;

/// Why an indicator is deleted, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeletionCategory)]
pub(crate) enum Category {
    /// Nobody collects it any more.
    NoLongerCollected,
    /// The method was changed for the whole country.
    MethodChangedNationally,
    /// It is collected too rarely to steer by.
    CollectedTooRarely,
    /// Another indicator takes its place.
    Superseded,
    /// It no longer says anything about the plan.
    NoLongerRelevant,
}

/// A measure's leaving.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Departure {
    /// The first day on which it is not in the plan.
    from: NaiveDate,
    /// The day on which it came back; missing where it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    until: Option<NaiveDate>,
    /// Why, in one word.
    category: Category,
    /// The indicator that takes its place, where one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<Code>,
    /// Why.
    reason: Note,
    /// The deletion that was agreed.
    deletion: Uuid,
    /// The decision that agreed it.
    decision: Decision,
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
