//! Goals: conditions as figures, with the side on which the good lies.

use crate::number::decimal::Decimal;

/// What a figure must be. All figures are in one unit and at one precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// This or more.
    AtLeast(Decimal),
    /// More than this.
    Above(Decimal),
    /// This or less.
    AtMost(Decimal),
    /// Less than this.
    Below(Decimal),
    /// From low to high, both included; a point has both alike.
    Between {
        /// The lower bound.
        low: Decimal,
        /// The upper bound.
        high: Decimal,
    },
}

impl Goal {
    /// Whether a figure meets the goal.
    pub fn is_met_by(self, figure: Decimal) -> bool {
        match self {
            Goal::AtLeast(bound) => figure >= bound,
            Goal::Above(bound) => figure > bound,
            Goal::AtMost(bound) => figure <= bound,
            Goal::Below(bound) => figure < bound,
            Goal::Between { low, high } => low <= figure && figure <= high,
        }
    }

    /// How far a figure lies on the bad side; zero where it meets the goal or touches a strict limit.
    pub fn shortfall(self, figure: Decimal) -> Decimal {
        match self {
            Goal::AtLeast(bound) | Goal::Above(bound) => (bound - figure).max(Decimal::ZERO),
            Goal::AtMost(bound) | Goal::Below(bound) => (figure - bound).max(Decimal::ZERO),
            Goal::Between { low, high } => (low - figure).max(figure - high).max(Decimal::ZERO),
        }
    }

    /// Whether one figure is worse than another. Two that lie in a range are alike.
    pub fn is_worse(self, figure: Decimal, than: Decimal) -> bool {
        match self {
            Goal::AtLeast(_) | Goal::Above(_) => figure < than,
            Goal::AtMost(_) | Goal::Below(_) => figure > than,
            Goal::Between { .. } => self.shortfall(figure) > self.shortfall(than),
        }
    }

    /// The number of the goal; of a range, the bound that is nearer to a figure (the lower one without any).
    pub fn number_near(self, figure: Option<Decimal>) -> Decimal {
        match self {
            Goal::AtLeast(bound) | Goal::Above(bound) | Goal::AtMost(bound) | Goal::Below(bound) => bound,
            Goal::Between { low, high } => {
                let nearer_high = figure.is_some_and(|f| (f - high).abs() < (f - low).abs());
                if nearer_high { high } else { low }
            }
        }
    }

    /// The goal on the way: the same side, at another number. A range is widened on both sides by the distance
    /// that is still allowed. A strict limit stays strict only at its own number.
    pub fn moved_to(self, number: Decimal) -> Self {
        match self {
            Goal::Above(bound) if bound == number => self,
            Goal::Below(bound) if bound == number => self,
            Goal::AtLeast(_) | Goal::Above(_) => Goal::AtLeast(number),
            Goal::AtMost(_) | Goal::Below(_) => Goal::AtMost(number),
            Goal::Between { low, high } => {
                let slack = self.shortfall(number);
                let widened = |bound: Decimal| bound.at(Decimal::PLACES);
                match (widened(low - slack), widened(high + slack)) {
                    (Some(low), Some(high)) => Goal::Between { low, high },
                    _ => self,
                }
            }
        }
    }
}
