//! What is true in a performance framework.
//!
//! Pure functions over plain values: no input or output, no clock, no database, no wire format.
//! Time and identity are passed in. Start with [`rating`], which is what the service is for; it is
//! built from [`period`], [`value`], [`target`] and [`trajectory`].

pub mod access;
pub mod code;
pub mod disclosure;
mod framework;
pub mod named;
pub mod notation;
mod number;
pub mod rating;
pub mod table;
pub mod text;
mod time;
pub mod workflow;

pub use framework::{
    indicator, measure, observation, organisation, plan, polarity, scheme, target, trajectory,
};
pub use number::{decimal, value};
pub use rating::{calendar, direction, gap, judgement, plot, status, summary};
pub use time::period;
pub use workflow::{commitment, deletion, notice, quality, target_setting, tracker};
