//! Cached responses, and the watch on the versions that they depend on.

pub(crate) mod responses;
pub(crate) mod version_watch;
