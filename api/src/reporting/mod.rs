//! What is computed from the framework and the results: status, calendar and links.

pub(crate) mod calendar;
pub(crate) mod links;
pub(crate) mod status;
