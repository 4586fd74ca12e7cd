//! The store, on both engines. Each test runs on SQLite and, where `WAYMARK_TEST_POSTGRES_URL` names a
//! PostgreSQL server on which databases can be made, on PostgreSQL too.

mod clients;
mod engines;
mod idempotency;
mod revision;
mod store;
