//! The service as its callers see it, on both engines. One module for each branch of the URL map, and one for
//! what holds on all of them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod bulk;
mod calendar;
mod commitments;
mod deletions;
mod every_route;
mod framework;
mod imports;
mod indicators;
mod links;
mod measures;
mod notices;
mod operations;
mod organisations;
mod plan_items;
mod plans;
mod quality;
mod replicas;
mod results;
mod status;
mod submissions;
mod target_setting;
mod token;
mod trackers;
mod trail;
