//! Prometheus metrics of reads: where they are served, and the state of the replicas. They are collected from the store
//! on each scrape.

use std::sync::{Mutex, PoisonError};

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{GaugeVec, IntCounterVec, IntGaugeVec, Opts};
use waymark_persistence::{Reads, Standing, Store};

/// The metrics.
pub(crate) struct ReadMetrics {
    store: Store,
    /// Serialises scrapes.
    turn: Mutex<()>,
    reads: IntCounterVec,
    up: IntGaugeVec,
    seconds: GaugeVec,
    bytes: IntGaugeVec,
}

impl ReadMetrics {
    /// Those of this store.
    ///
    /// # Errors
    /// If a name is not valid.
    pub(crate) fn new(store: Store) -> Result<Self, prometheus::Error> {
        let reads = Opts::new("waymark_reads_total", "Reads of the database, by the server that answered");
        let up = Opts::new("waymark_replica_up", "Whether a replica is read from");
        let seconds = Opts::new(
            "waymark_replica_lag_seconds",
            "What was committed longer ago than this has been replayed by the replica",
        );
        let bytes =
            Opts::new("waymark_replica_lag_bytes", "Bytes of the log that the replica has not replayed yet");
        Ok(Self {
            store,
            turn: Mutex::default(),
            reads: IntCounterVec::new(reads, &["source"])?,
            up: IntGaugeVec::new(up, &["replica"])?,
            seconds: GaugeVec::new(seconds, &["replica"])?,
            bytes: IntGaugeVec::new(bytes, &["replica"])?,
        })
    }

    fn vectors(&self) -> [&dyn Collector; 4] {
        [&self.reads, &self.up, &self.seconds, &self.bytes]
    }

    fn read_off(&self) {
        let Reads { primary, replica } = self.store.reads();
        for (source, total) in [("primary", primary), ("replica", replica)] {
            let counter = self.reads.with_label_values(&[source]);
            counter.inc_by(total.saturating_sub(counter.get()));
        }
        for (number, state) in (1..).zip(self.store.replicas()) {
            let number: i64 = number;
            let number = number.to_string();
            let label = [number.as_str()];
            self.up.with_label_values(&label).set(i64::from(state.standing == Standing::Serving));
            match state.lag {
                Some(lag) => {
                    // An unknown lag is reported as NaN.
                    let seconds = lag.time.map_or(f64::NAN, |time| time.as_secs_f64());
                    self.seconds.with_label_values(&label).set(seconds);
                    self.bytes.with_label_values(&label).set(i64::try_from(lag.bytes).unwrap_or(i64::MAX));
                }
                None => {
                    let _ = self.seconds.remove_label_values(&label);
                    let _ = self.bytes.remove_label_values(&label);
                }
            }
        }
    }
}

impl Collector for ReadMetrics {
    fn desc(&self) -> Vec<&Desc> {
        self.vectors().into_iter().flat_map(Collector::desc).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.read_off();
        self.vectors().into_iter().flat_map(Collector::collect).collect()
    }
}
