//! What is read from many trackers: which are exceptions, and how many have which status.

use super::Tracker;
use crate::framework::exception_rule::ExceptionRule;
use crate::rating::Colour;
use crate::rating::direction::Direction;
use crate::rating::summary::{Share, share};

impl Tracker {
    /// Its status and direction, where its account has been given.
    pub fn position(&self) -> Option<(Colour, Direction)> {
        if self.state().counts() { self.content.status.zip(self.content.direction) } else { None }
    }

    /// The first of these rules by which it is an exception. What is still being written is none.
    pub fn exception<'a>(&self, rules: &'a [ExceptionRule]) -> Option<&'a ExceptionRule> {
        let (status, direction) = self.position()?;
        rules.iter().find(|rule| rule.fits(status, direction))
    }
}

/// How many trackers of a quarter have which status (the table of source 004, 4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// All of which the account has been given.
    pub total: usize,
    /// On course.
    pub green: Share,
    /// With minor delays.
    pub amber: Share,
    /// With significant delays.
    pub red: Share,
}

/// Counts statuses, in whole per cent of all, half rounded up.
pub fn tally(statuses: &[Colour]) -> Tally {
    let total = statuses.len();
    let of = |colour: Colour| share(statuses.iter().filter(|status| **status == colour).count(), total);
    Tally { total, green: of(Colour::Green), amber: of(Colour::Amber), red: of(Colour::Red) }
}
