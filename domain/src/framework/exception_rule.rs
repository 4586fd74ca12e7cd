//! Exception rules: which action trackers a plan puts before a board.

use crate::framework::colour::{Colour, Direction};

/// A rule by which trackers are put before a board. A plan can have others than those that ship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRule {
    /// The status of the trackers that it is about.
    pub status: Colour,
    /// Only those that go in one of these directions; whichever way they go where there is none.
    pub directions: Vec<Direction>,
}

impl ExceptionRule {
    /// Source 004's rules (4.2): every red tracker, and every amber one that is static or deteriorates.
    pub fn shipped() -> Vec<Self> {
        vec![
            Self { status: Colour::Red, directions: Vec::new() },
            Self { status: Colour::Amber, directions: vec![Direction::Static, Direction::Deteriorating] },
        ]
    }

    /// Whether the rule fits this status and direction.
    pub fn fits(&self, status: Colour, direction: Direction) -> bool {
        self.status == status && (self.directions.is_empty() || self.directions.contains(&direction))
    }
}
