//! Results coming in: upload, formats, validation and storage.

pub(crate) mod apply;
pub(crate) mod formats;
mod message;
pub(crate) mod parse;
pub(crate) mod raw_row;
pub(crate) mod reply;
pub(crate) mod schema;
pub(crate) mod snapshot;
pub(crate) mod snapshot_cache;
pub(crate) mod upload;
pub(crate) mod validate;
