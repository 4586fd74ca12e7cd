//! Starts the real service for each test, on each engine, and talks HTTP to it.
//!
//! ```ignore
//! on_both(|waymark| {
//!     let answer = waymark.reader().get("/v1/organisations").expect(200);
//! });
//! ```
//!
//! Each test has a service and a database of its own, with two organisations in it ([`OWN`] and [`FOREIGN`]), so
//! that tests neither wait for each other nor see each other's data.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod answer;
mod database;
mod gate;
mod identity;
mod journal;
mod process;
mod replica;
mod request;
mod running;
mod schema;

pub use answer::Answer;
pub use identity::{IdentityProvider, Token};
pub use process::Process;
pub use replica::{Replica, on_replica, until};
pub use request::{Caller, Request};
pub use running::{Waymark, on_both, on_both_with, on_demo};
pub use schema::Contract;

/// The organisation that the callers of [`Waymark::role`] belong to.
pub const OWN: &str = "leicestershire";

/// An organisation that is none of their business.
pub const FOREIGN: &str = "rutland";

/// Every role, as tokens carry it.
pub const ROLES: [&str; 7] = [
    "reader",
    "submitter",
    "performance_officer",
    "accountable_officer",
    "accountable_director",
    "board_clerk",
    "admin",
];
