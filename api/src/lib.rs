//! The HTTP service of Waymark. Start with `routes.rs`, then read one resource: `resources/organisations`.
//!
//! A handler extracts, authorises, makes one blocking hop with one transaction, and responds. The rules are
//! in `waymark_domain`, the queries in `waymark_persistence`; only this crate knows HTTP and the contract.

mod application;
mod auth;
mod cache;
mod catalogue;
pub mod cli;
mod guard;
mod http;
mod import;
mod openapi;
mod ops;
mod position;
mod reporting;
mod resources;
mod results;
mod routes;
mod settings;
mod state;
mod store;
mod workflow;

pub use application::Application;
pub use settings::Settings;
