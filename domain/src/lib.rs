//! What is true in a performance framework.
//!
//! Pure functions over plain values: no input or output, no clock, no database, no wire format.
//! Time and identity are passed in. Start with [`rating`], which is what the service is for; it is
//! built from [`period`], [`value`], [`target`] and [`trajectory`].

pub mod access;
pub mod calendar;
pub mod code;
pub mod commitment;
pub mod decimal;
pub mod deletion;
pub mod direction;
mod exact;
pub mod gap;
pub mod indicator;
pub mod judgement;
pub mod measure;
pub mod notation;
pub mod notice;
pub mod observation;
pub mod organisation;
pub mod period;
pub mod plan;
pub mod plot;
pub mod polarity;
pub mod quality;
pub mod rating;
pub mod scheme;
pub mod status;
pub mod summary;
pub mod suppression;
pub mod table;
pub mod target;
pub mod target_setting;
pub mod text;
pub mod tracker;
pub mod trajectory;
pub mod value;
pub mod workflow;
