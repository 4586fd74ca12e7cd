//! A breaking change, and for whom it breaks.

use std::fmt;

/// Which way a value travels. What is safe one way breaks the other: a new enum value may be sent, but not received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// From the client: what was accepted has to be accepted still.
    Request,
    /// To the client: nothing may be returned that was excluded before.
    Response,
    /// To the client, as a failure: like a response, but enums may grow, because clients have to expect failures that they do
    /// not know.
    Failure,
}

/// Whom a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Breaks {
    /// What clients send.
    Requests,
    /// What clients receive.
    Responses,
    /// The names in generated clients.
    Names,
}

impl From<Direction> for Breaks {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Request => Self::Requests,
            Direction::Response | Direction::Failure => Self::Responses,
        }
    }
}

impl fmt::Display for Breaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requests => "what clients send",
            Self::Responses => "what clients receive",
            Self::Names => "names in generated clients",
        })
    }
}

/// One breaking change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    /// Where: `Schema.property`, `operation.parameter.name`, `operation.response.200`. It does not depend on the order of
    /// anything.
    pub(crate) id: String,
    /// What changed.
    pub(crate) what: String,
    /// Whom it breaks.
    pub(crate) breaks: Breaks,
}

/// The changes found so far.
#[derive(Debug, Default)]
pub(crate) struct Found(pub(crate) Vec<Change>);

impl Found {
    pub(crate) fn add(&mut self, id: &str, breaks: impl Into<Breaks>, what: impl Into<String>) {
        self.0.push(Change { id: id.to_owned(), what: what.into(), breaks: breaks.into() });
    }
}
