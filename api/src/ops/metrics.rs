//! Prometheus metrics: requests by route, method and status, their duration, and how many are running. Those of reads
//! and replicas are in `replica_metrics`.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

use waymark_persistence::Store;

use crate::http::problem::Problem;
use crate::ops::replica_metrics::ReadMetrics;

/// The metrics of one service.
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    running: IntGauge,
}

/// A request that is running, until this is dropped.
pub(crate) struct Running(IntGauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Registers the metrics.
    ///
    /// # Errors
    /// If two metrics have the same name.
    pub(crate) fn new() -> Result<Self, prometheus::Error> {
        let requests = IntCounterVec::new(
            Opts::new("waymark_http_requests_total", "Requests served"),
            &["method", "route", "status"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new("waymark_http_request_seconds", "Time to the response head"),
            &["method", "route"],
        )?;
        let running = IntGauge::new("waymark_http_requests_running", "Requests in progress")?;
        let registry = Registry::new();
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(running.clone()))?;
        Ok(Self { registry, requests, seconds, running })
    }

    /// With those of the store's reads, and of its replicas.
    ///
    /// # Errors
    /// If two metrics have the same name.
    pub(crate) fn with_reads(self, store: Store) -> Result<Self, prometheus::Error> {
        self.registry.register(Box::new(ReadMetrics::new(store)?))?;
        Ok(self)
    }

    pub(crate) fn started(&self) -> Running {
        self.running.inc();
        Running(self.running.clone())
    }

    /// `route` is the pattern of the path, so that there is one series for a route and not one for a URL.
    pub(crate) fn answered(&self, method: &str, route: &str, status: &str, took: Duration) {
        let method = known_method(method);
        self.requests.with_label_values(&[method, route, status]).inc();
        self.seconds.with_label_values(&[method, route]).observe(took.as_secs_f64());
    }
}

/// Unknown methods share one series: callers can invent any number of them.
fn known_method(method: &str) -> &str {
    match method {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => method,
        _ => "other",
    }
}

/// The metrics in Prometheus' text form.
#[get("/metrics")]
pub(crate) async fn show(metrics: web::Data<Metrics>) -> Result<HttpResponse, Problem> {
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    encoder.encode(&metrics.registry.gather(), &mut text).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type(encoder.format_type()).body(text))
}
