//! What has a history: entities with a code and items of a plan, each with its append-only revisions.

pub(crate) mod document;
pub(crate) mod entity;
pub mod indicator;
pub mod measure;
pub(crate) mod noun;
pub mod organisation;
pub mod plan;
pub mod plan_item;
pub mod revision;
