//! Cached responses, and the watch on the versions that they depend on.

pub(crate) mod fast_path;
pub(crate) mod responses;
pub(crate) mod version_watch;
