//! Ratings.

/// A judged rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// On course.
    Green,
    /// Not on course, not lost.
    Amber,
    /// Off course.
    Red,
}
