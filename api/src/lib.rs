//! The HTTP service of Waymark. Start with `routes.rs`, then read one noun: [`organisation`].
//!
//! A handler extracts, authorises, makes one blocking hop with one transaction, and answers. The rules are
//! in `waymark_domain`, the queries in `waymark_persistence`; only this crate knows HTTP and the contract.

pub mod access;
pub mod answer;
pub mod application;
pub mod body;
mod calendar;
pub mod catalogue;
pub mod command;
pub mod commitment;
mod content;
mod deletions;
pub mod demo;
mod door;
pub mod etag;
pub mod faults;
mod framework;
mod freshness;
mod health;
pub mod idempotency;
pub mod import;
mod in_plan;
pub mod indicator;
pub mod judgement;
mod links;
pub mod measure;
pub mod metrics;
pub mod notice;
mod objects;
pub mod openapi;
pub mod organisation;
pub mod page;
pub mod params;
pub mod plan;
mod position;
mod prefer;
pub mod problem;
mod quality;
mod reads;
mod ready;
pub mod request;
pub mod results;
mod routes;
pub mod service;
pub mod settings;
pub mod status;
pub mod submissions;
pub mod target_setting;
pub mod telemetry;
mod tracker;
mod trail;
pub mod wire;
mod workflow;

pub use application::Application;
pub use service::Service;
pub use settings::Settings;
