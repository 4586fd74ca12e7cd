//! What holds on every route alike.

mod all_faults;
pub(crate) mod at_once;
mod bad_input;
mod cached;
mod conditions;
mod contract;
mod cors;
mod examples;
mod no_failures;
mod pages;
mod permissions;
mod protocol;
mod rate;
mod request_ids;
mod retries;
mod tokens;
