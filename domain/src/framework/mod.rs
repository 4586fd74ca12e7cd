//! The performance framework itself: organisations, indicators, plans, measures, targets, trajectories and results.

pub(crate) mod colour;
pub(crate) mod decision;
pub(crate) mod departure;
pub(crate) mod exception_rule;
pub(crate) mod frequency;
pub mod indicator;
pub mod measure;
pub mod observation;
pub mod organisation;
pub mod plan;
pub mod polarity;
pub mod scheme;
pub mod target;
pub mod trajectory;
