//! What holds on every route alike.

pub(crate) mod at_once;
mod bad_input;
mod conditions;
mod contract;
mod cors;
mod cached;
mod no_failures;
mod pages;
mod permissions;
mod protocol;
mod rate;
mod request_ids;
mod retries;
mod tokens;
