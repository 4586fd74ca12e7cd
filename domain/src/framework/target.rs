//! Baselines and targets: where a measure set out from and what was promised.

use crate::framework::polarity::Polarity;
use crate::number::decimal::Decimal;
use crate::number::value::{Unit, Value};
use crate::text::{Name, Note, Title};
use crate::time::period::Period;
use chrono::NaiveDate;
use uuid::Uuid;

/// What must hold for a target to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// A bare number (`85%`): the polarity says on which side of it the good lies.
    Reach(Value),
    /// This or more.
    AtLeast(Value),
    /// This or less.
    AtMost(Value),
    /// More than this.
    Above(Value),
    /// Less than this.
    Below(Value),
    /// From low to high, both included.
    Between {
        /// The lower bound.
        low: Value,
        /// The upper bound.
        high: Value,
    },
    /// This and nothing else.
    Exactly(Value),
    /// Every one of a known total: `All (287)`.
    AllOf(Decimal),
    /// The last value of the trajectory, where milestones or yearly steps make the target.
    EndOfTrajectory,
}

impl Condition {
    /// The polarity that the form of the condition gives away, if it does.
    pub fn implied_polarity(&self) -> Option<Polarity> {
        match self {
            Condition::AtLeast(_) | Condition::Above(_) | Condition::AllOf(_) => {
                Some(Polarity::HigherIsBetter)
            }
            Condition::AtMost(_) | Condition::Below(_) => Some(Polarity::LowerIsBetter),
            Condition::Between { .. } => Some(Polarity::WithinRange),
            Condition::Reach(_) | Condition::Exactly(_) | Condition::EndOfTrajectory => None,
        }
    }

    /// The numbers that it names, in the unit of the indicator.
    pub fn values(self) -> impl Iterator<Item = Value> {
        let (one, other) = match self {
            Condition::Reach(value)
            | Condition::AtLeast(value)
            | Condition::AtMost(value)
            | Condition::Above(value)
            | Condition::Below(value)
            | Condition::Exactly(value) => (Some(value), None),
            Condition::Between { low, high } => (Some(low), Some(high)),
            Condition::AllOf(_) | Condition::EndOfTrajectory => (None, None),
        };
        one.into_iter().chain(other)
    }

    /// The condition as people write it: `at least 85%`, `10% to 15%`.
    pub fn show(self, unit: Unit) -> String {
        match self {
            Condition::Reach(value) => value.show(unit),
            Condition::AtLeast(value) => format!("at least {}", value.show(unit)),
            Condition::AtMost(value) => format!("at most {}", value.show(unit)),
            Condition::Above(value) => format!("above {}", value.show(unit)),
            Condition::Below(value) => format!("below {}", value.show(unit)),
            Condition::Between { low, high } => format!("{} to {}", low.show(unit), high.show(unit)),
            Condition::Exactly(value) => format!("exactly {}", value.show(unit)),
            Condition::AllOf(total) => format!("all of {total}"),
            Condition::EndOfTrajectory => "the last value of the trajectory".to_owned(),
        }
    }
}

/// How far a target is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TargetState {
    /// Put forward, not yet settled.
    Proposed,
    /// Settled for the time being.
    Tentative,
    /// Settled.
    Agreed,
}

crate::named!(TargetState { Proposed = "proposed", Tentative = "tentative", Agreed = "agreed" });

/// A target, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// There will be one.
    ToBeSet {
        /// Why there is none yet.
        reason: Note,
    },
    /// A promise.
    Set {
        /// For which period; the plan's end where it has none.
        period: Option<Period>,
        /// What must hold.
        condition: Condition,
        /// How far it is settled.
        state: TargetState,
        /// What else was said of it.
        note: Option<Note>,
        /// The day until which it shall have been looked at again.
        review_on: Option<NaiveDate>,
        /// Who agreed it, and why; none where it came with a table or was written by hand.
        origin: Option<Box<Origin>>,
    },
    /// A cell that could not be read. Its measure is not rateable until it is corrected.
    Unread {
        /// The cell, as it was written.
        text: Note,
        /// Why it could not be read.
        reason: Title,
    },
}

/// Where a target comes from: the proposal, and the board that agreed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whose target it is.
    pub scope: Scope,
    /// The day of the meeting that agreed it.
    pub agreed_on: NaiveDate,
    /// The body that agreed it.
    pub body: Name,
    /// The reference of the minute.
    pub minute: Name,
    /// Why this target and no other.
    pub rationale: Note,
    /// The proposal that was agreed.
    pub proposal: Uuid,
    /// The number of the indicator's definition version that was in force when it was agreed.
    pub definition_version: u32,
}

/// Whose target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Set for every council.
    National,
    /// Set by the council and its partners for themselves.
    Local,
}

crate::named!(Scope { National = "national", Local = "local" });

impl Scope {
    /// The word, as in *a local target*.
    pub fn words(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Local => "local",
        }
    }
}

impl Target {
    /// Who agreed it, where that is known.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Set { origin, .. } => origin.as_deref(),
            Self::ToBeSet { .. } | Self::Unread { .. } => None,
        }
    }

    /// Whether this promises the same as another target: the same condition for the same period, as settled. Its
    /// note and the day of its review may differ.
    pub fn promises_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Set { period, condition, state, note: _, review_on: _, origin: _ },
                Self::Set {
                    period: other_period,
                    condition: other_condition,
                    state: other_state,
                    note: _,
                    review_on: _,
                    origin: _,
                },
            ) => (period, condition, state) == (other_period, other_condition, other_state),
            (Self::Set { .. } | Self::ToBeSet { .. } | Self::Unread { .. }, _) => false,
        }
    }
}

/// Where a measure set out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// A value.
    Known {
        /// The value.
        value: Value,
        /// The period that it is about, where that is known.
        period: Option<Period>,
        /// The number of the definition version under which it was measured; results under another one are
        /// never compared with it.
        definition_version: u32,
        /// A note, of a revision or recalculation for one.
        note: Option<Note>,
    },
    /// A cell that could not be read.
    Unread {
        /// The cell, as it was written.
        text: Note,
        /// Why it could not be read.
        reason: Title,
    },
}
