//! Board decisions: what every decision on a workflow records.

use crate::text::{Name, Note};
use chrono::NaiveDate;

/// What a board decided, and where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The body that decided: a board, an executive, an authority.
    pub body: Name,
    /// The day of its meeting.
    pub meeting: NaiveDate,
    /// The reference of the minute.
    pub minute: Name,
    /// What else was said.
    pub note: Option<Note>,
    /// Who recorded it here.
    pub recorded_by: Name,
}
