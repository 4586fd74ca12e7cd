//! What is true in a performance framework.
//!
//! Pure functions over plain values: no input or output, no clock, no database, no wire format.
//! Time and identity are passed in. Start with [`rating`], which is what the service is for; it is
//! built from [`period`], [`value`], [`target`] and [`trajectory`].

pub mod code;
pub mod decimal;
pub mod period;
