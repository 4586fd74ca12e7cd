//! Results going out: lists and exports.

pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod schema;
