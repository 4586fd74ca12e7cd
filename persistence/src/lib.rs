//! What Waymark keeps, in SQLite or PostgreSQL, through one query layer.
//!
//! [`Store`] opens the database and gives transactions; each noun's module holds its rows,
//! their conversions to and from the domain, and its queries. Nothing outside this crate
//! names Diesel.

mod db;
mod history;
mod locks;
mod replication;

pub mod clients;
pub mod idempotency;
pub mod jobs;
pub mod judgement;
pub mod results;
pub mod store;
pub mod submission;
pub mod trail;
pub mod versions;

pub use db::connection::Connection;
pub use db::dry_run::dry_run;
pub use db::error::StoreError;
pub use db::types::new_id;
pub use history::entity::Record;
pub use history::revision::{Change, Versioned};
pub use history::{indicator, measure, organisation, plan, plan_item, revision};
pub use replication::lag::Lag;
pub use replication::position::{NoPosition, Position};
pub use replication::replica::{Needs, Reads, ReplicaState, Standing};
pub use store::Store;
