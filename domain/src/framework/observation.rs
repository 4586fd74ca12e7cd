//! Results: what was measured. In code they are called observations, because Rust has a `Result` of its own.

use crate::framework::indicator::Breakdown;
use crate::number::value::Value;
use crate::text::{Name, Note, Title};
use crate::time::period::Period;

/// One result of one indicator of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The period that it is about.
    pub period: Period,
    /// The category of a breakdown, or none for the whole.
    pub breakdown: Option<Breakdown>,
    /// The named part of a result of several parts.
    pub component: Option<Name>,
    /// What was measured.
    pub figure: Figure,
    /// The number of the definition version under which it was measured.
    pub definition_version: u32,
    /// How settled the figure is.
    pub standing: Standing,
    /// How good the data are, where they are graded.
    pub quality: Option<QualityGrade>,
    /// Whether it only repeats the baseline, so that there is nothing to judge yet.
    pub is_baseline: bool,
    /// What else was said of it.
    pub note: Option<Note>,
}

/// What was measured, or the cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A value.
    Value(Value),
    /// A cell that could not be read. Its measure is not rateable until it is corrected.
    Unread {
        /// The cell, as it was written.
        text: Note,
        /// Why it could not be read.
        reason: Title,
    },
}

/// How settled a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Likely to change.
    Provisional,
    /// Not measured in full.
    Estimate,
    /// Settled.
    Final,
    /// Settled once, and corrected since.
    Revised,
}

crate::named!(Standing {
    Provisional = "provisional",
    Estimate = "estimate",
    Final = "final",
    Revised = "revised",
});

/// How good the data behind a result are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QualityGrade {
    /// No concern.
    Good,
    /// Some concern.
    Fair,
    /// Not to be relied on.
    Weak,
}

crate::named!(QualityGrade { Good = "good", Fair = "fair", Weak = "weak" });

/// What the natural key of a result is within its organisation and indicator.
pub type Key = (Period, Option<Breakdown>, Option<Name>);

impl Observation {
    /// Period, breakdown and component: two results of one indicator with the same key are one result.
    pub fn key(&self) -> Key {
        (self.period, self.breakdown.clone(), self.component.clone())
    }

    /// The value, where one was read.
    pub fn value(&self) -> Option<Value> {
        match &self.figure {
            Figure::Value(value) => Some(*value),
            Figure::Unread { .. } => None,
        }
    }
}
