//! The store, on both engines. Each test runs on SQLite and, where `WAYMARK_TEST_POSTGRES_URL` names a
//! PostgreSQL server on which databases can be made, on PostgreSQL too.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod clients;
mod deletion;
mod engines;
mod explained;
mod framework;
mod idempotency;
mod judgement;
mod result;
mod revision;
mod samples;
mod store;
mod submission;
mod trail;
mod upgrade;
