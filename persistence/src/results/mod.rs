//! Results: written in bulk so that no correction overwrites what was known, and read back as of any day and
//! as known at any moment.

mod binary;
mod current;
mod export;
mod optimistic;
mod planner_hint;
mod read;
mod row;
mod store;
mod writing;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Breakdown;
use waymark_domain::observation::{Observation, Standing};
use waymark_domain::period::Period;
use waymark_domain::text::Name;

pub use export::{KeptResult, Texts, each};
pub use optimistic::{NewSubmission, ResultSource};
pub use read::{beside_small_counts, brought_for_rating, first_recorded, for_rating, history, list};
pub use writing::{Fate, NewResult, Outcome, State, Writing};

/// A result as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResult {
    /// Its id; a correction has one of its own.
    pub id: Uuid,
    /// The indicator that it is a result of.
    pub indicator: Uuid,
    /// The code of that indicator.
    pub indicator_code: Code,
    /// What was measured.
    pub observation: Observation,
    /// The submission that brought it.
    pub submission: Uuid,
    /// From when on it was known.
    pub recorded_at: DateTime<Utc>,
    /// Until when it was current; none while it is.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// What of a result counts where a measure is rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedResult {
    /// The indicator that it is a result of.
    pub indicator: Uuid,
    /// What was measured.
    pub observation: Observation,
    /// From when on it was known.
    pub recorded_at: DateTime<Utc>,
}

/// The natural key of a result in its organisation, and the order in which results are listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResultKey {
    /// The indicator.
    pub indicator: Uuid,
    /// The period.
    pub period: Period,
    /// The category of a breakdown, or none for the whole.
    pub breakdown: Option<Breakdown>,
    /// The named part, or none for a result of one part.
    pub component: Option<Name>,
}

/// Which parts of something are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Part<T> {
    /// All of them.
    #[default]
    Any,
    /// Only the whole.
    Whole,
    /// Only this part.
    Only(T),
}

/// Which results are wanted. The default wants all that are current.
#[derive(Debug, Clone, Default)]
pub struct ResultFilter {
    /// Only of these indicators.
    pub indicators: Option<Vec<Uuid>>,
    /// Only of this period.
    pub period: Option<Period>,
    /// Only of periods that begin on this day or later.
    pub from: Option<NaiveDate>,
    /// Only of periods that end on this day or earlier.
    pub to: Option<NaiveDate>,
    /// The breakdown.
    pub breakdown: Part<Breakdown>,
    /// The component.
    pub component: Part<Name>,
    /// Only of this standing.
    pub standing: Option<Standing>,
    /// Only those that this submission brought.
    pub submission: Option<Uuid>,
    /// The position on this day: only of periods that had ended by then.
    pub as_at: Option<NaiveDate>,
    /// What was known at this moment.
    pub known_at: Option<DateTime<Utc>>,
}

impl StoredResult {
    /// Its natural key.
    pub fn key(&self) -> ResultKey {
        let (period, breakdown, component) = self.observation.key();
        ResultKey { indicator: self.indicator, period, breakdown, component }
    }
}
