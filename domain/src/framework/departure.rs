//! Departures: when and why a measure left its plan, as stored with the measure.

use crate::code::Code;
use crate::framework::decision::Decision;
use crate::text::Note;
use chrono::NaiveDate;
use uuid::Uuid;

/// Why an indicator is deleted, in one of the words that reports count by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Category {
    /// It is no longer collected.
    NoLongerCollected,
    /// The method was changed for the whole country.
    MethodChangedNationally,
    /// It is collected too rarely to steer by.
    CollectedTooRarely,
    /// Another indicator takes its place.
    Superseded {
        /// That indicator.
        by: Code,
    },
    /// It no longer says anything about the plan.
    NoLongerRelevant,
}

/// A measure's leaving, as the measure itself knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The first day on which it is not in the plan.
    pub from: NaiveDate,
    /// The day on which it came back; none where it has not.
    pub until: Option<NaiveDate>,
    /// Why, in one word.
    pub category: Category,
    /// Why.
    pub reason: Note,
    /// The proposal that was agreed.
    pub proposal: Uuid,
    /// The decision that agreed it.
    pub decision: Decision,
}

impl Departure {
    /// Whether the measure is not in the plan on that day because of it.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}
