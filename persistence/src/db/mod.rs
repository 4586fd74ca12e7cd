//! The database: opening it, its connections and transactions, its tables and types, and its errors.

pub(crate) mod connection;
pub(crate) mod dry_run;
pub(crate) mod error;
pub(crate) mod schema;
pub(crate) mod slow_query_log;
pub(crate) mod types;
