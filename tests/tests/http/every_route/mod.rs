//! What holds on every route alike.

mod bad_input;
mod conditions;
mod cors;
mod pages;
mod permissions;
mod rate;
mod request_ids;
mod retries;
mod tokens;
