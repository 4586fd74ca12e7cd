//! What Waymark keeps, in SQLite or PostgreSQL, through one query layer.
//!
//! [`Store`] opens the database and gives transactions; each noun's module holds its rows,
//! their conversions to and from the domain, and its queries. Nothing outside this crate
//! names Diesel.

mod connection;
mod document;
mod error;
mod lag;
mod position;
mod probe;
mod record;
mod rehearsal;
mod replica;
mod schema;
mod slow;
mod turn;
mod types;

pub mod clients;
pub mod idempotency;
pub mod indicator;
pub mod judgement;
pub mod large_push;
pub mod measure;
pub mod organisation;
pub mod plan;
pub mod plan_item;
pub mod result;
pub mod revision;
pub mod store;
pub mod submission;
pub mod trail;
pub mod version;

pub use connection::Connection;
pub use error::StoreError;
pub use lag::Lag;
pub use position::{NoPosition, Position};
pub use record::Record;
pub use rehearsal::rehearse;
pub use replica::{Needs, Reads, ReplicaState, Standing};
pub use revision::{Change, Versioned};
pub use store::Store;
pub use types::new_id;
