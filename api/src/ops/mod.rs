//! What operators use: health, metrics and logs.

pub(crate) mod access_log;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod replica_metrics;
pub(crate) mod telemetry;
