//! The words in which ratings and officers judge: a colour, and a direction of travel.

/// A judged rating, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Colour {
    /// On course.
    Green,
    /// Not on course, not lost.
    Amber,
    /// Off course.
    Red,
}

crate::named!(Colour { Green = "green", Amber = "amber", Red = "red" });

/// Which way the results go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Better than the previous comparable result, by more than the threshold.
    Improving,
    /// Within the threshold of it.
    Static,
    /// Worse than it, by more than the threshold.
    Deteriorating,
}

crate::named!(Direction { Improving = "improving", Static = "static", Deteriorating = "deteriorating" });
