//! How the commitments of a theme or a plan stand all together.

use super::{Commitment, Milestone, Outcome, Parts, Progress, Standing, State};
use crate::rating::summary::{Share, share};
use crate::time::period::Period;
use chrono::NaiveDate;

/// Which reports count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The latest of each commitment whose period had begun by this date.
    AsAt(NaiveDate),
    /// Those for exactly this period.
    In(Period),
}

/// How many commitments stand how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollUp {
    /// How many were open, and are therefore counted.
    pub total: usize,
    /// Each standing with its share of those that were open, in the order of [`Standing::ALL`].
    pub standings: [(Standing, Share); 5],
    /// How those ended that were closed by then; they are not among the others.
    pub closed: Closed,
    /// What the milestones of those that were open promise together.
    pub promised: u64,
    /// How many of these are green, amber and red.
    pub parts: (u64, u64, u64),
}

/// How many commitments ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Closed {
    /// They were kept.
    pub kept: usize,
    /// They were not kept.
    pub not_kept: usize,
    /// They were given up.
    pub dropped: usize,
}

impl Position {
    /// The report of a commitment that counts.
    pub fn report(self, commitment: &Commitment) -> Option<&Progress> {
        match self {
            Self::AsAt(date) => commitment.latest_at(date),
            Self::In(period) => commitment.reported_for(period),
        }
    }

    /// How a commitment had ended, where it was closed by the date, or before the period began.
    pub fn outcome(self, commitment: &Commitment) -> Option<Outcome> {
        match &commitment.state {
            State::Open { .. } => None,
            State::Closed(closure) => {
                let is_over = match self {
                    Self::AsAt(date) => closure.on <= date,
                    Self::In(period) => closure.on < period.first_day(),
                };
                is_over.then_some(closure.outcome)
            }
        }
    }
}

/// Counts commitments. Percentages are whole, half rounded up, of those that were open.
pub fn roll_up<'a>(commitments: impl IntoIterator<Item = &'a Commitment>, position: Position) -> RollUp {
    let mut closed = Closed::default();
    let mut standings = Vec::new();
    let (mut promised, mut parts) = (0, (0, 0, 0));
    for commitment in commitments {
        match position.outcome(commitment) {
            Some(Outcome::Kept) => closed.kept += 1,
            Some(Outcome::NotKept) => closed.not_kept += 1,
            Some(Outcome::Dropped) => closed.dropped += 1,
            None => {
                let report = position.report(commitment);
                standings.push(Standing::of(report));
                promised += commitment
                    .promise
                    .milestone
                    .as_ref()
                    .map_or(0, |Milestone { count, .. }| u64::from(*count));
                if let Some(Parts { green, amber, red }) = report.and_then(|report| report.parts) {
                    let (greens, ambers, reds) = parts;
                    parts = (greens + u64::from(green), ambers + u64::from(amber), reds + u64::from(red));
                }
            }
        }
    }
    let total = standings.len();
    let of = |standing: Standing| {
        (standing, share(standings.iter().filter(|each| **each == standing).count(), total))
    };
    RollUp { total, standings: Standing::ALL.map(of), closed, promised, parts }
}
