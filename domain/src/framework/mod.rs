//! The performance framework itself: organisations, indicators, plans, measures, targets, trajectories and results.

pub mod indicator;
pub mod measure;
pub mod observation;
pub mod organisation;
pub mod plan;
pub mod polarity;
pub mod scheme;
pub mod target;
pub mod trajectory;
