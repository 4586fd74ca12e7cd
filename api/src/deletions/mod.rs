//! Deletions: measures proposed to leave a plan, and what was decided on that.

mod departure;

pub(crate) use departure::{Category, Departure, superseded_by};
