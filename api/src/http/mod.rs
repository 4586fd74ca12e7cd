//! What any JSON API needs and no noun knows: bodies, queries, pages, problems, entity tags and responses.

pub(crate) mod body;
pub(crate) mod content;
pub(crate) mod cors;
pub(crate) mod encoding;
pub(crate) mod etag;
pub(crate) mod idempotency;
pub(crate) mod json_error;
pub(crate) mod known;
pub(crate) mod list;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod path;
pub(crate) mod prefer;
pub(crate) mod problem;
pub(crate) mod protocol;
pub(crate) mod request_id;
pub(crate) mod response;
pub(crate) mod runtime;
pub(crate) mod schema;
pub(crate) mod sentence;
pub(crate) mod shape;
pub(crate) mod strict_json;
pub(crate) mod validation;
