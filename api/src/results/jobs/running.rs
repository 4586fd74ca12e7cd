//! The progress of the push that this service is working on.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use uuid::Uuid;
use waymark_persistence::jobs::{LargePush, Progress, State};

use super::Stopped;
use crate::http::runtime::now;

/// The push that is being worked on.
pub(super) struct Running {
    pub(super) push: LargePush,
    step: AtomicU8,
    /// In microseconds since 1970.
    step_began_at: AtomicU64,
    bytes_read: AtomicU64,
    rows_read: AtomicU64,
    rows_accepted: AtomicU64,
    rows_rejected: AtomicU64,
    rows_written: AtomicU64,
    /// A caller asked to cancel it.
    cancelled: AtomicBool,
    /// The service is stopping.
    leaving: AtomicBool,
}

/// The steps of the work, in the order in which they are taken.
const STEPS: [State; 2] = [State::Checking, State::Writing];

impl Running {
    pub(super) fn new(push: LargePush) -> Self {
        let running = Self {
            push,
            step: AtomicU8::new(0),
            step_began_at: AtomicU64::new(0),
            bytes_read: AtomicU64::new(0),
            rows_read: AtomicU64::new(0),
            rows_accepted: AtomicU64::new(0),
            rows_rejected: AtomicU64::new(0),
            rows_written: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
        };
        running.enter(0);
        running
    }

    fn enter(&self, step: u8) {
        let at = u64::try_from(now().timestamp_micros()).unwrap_or(0);
        self.step_began_at.store(at, Ordering::Relaxed);
        self.bytes_read.store(0, Ordering::Relaxed);
        self.step.store(step, Ordering::Relaxed);
    }

    /// All rows are valid, or invalid ones are left out: they are written from now on.
    pub(super) fn writes(&self) {
        self.enter(1);
    }

    /// Some more rows were read.
    pub(super) fn checked(&self, place: u64, accepted: usize, rejected: usize) {
        self.bytes_read.store(place, Ordering::Relaxed);
        self.rows_read.fetch_add((accepted + rejected) as u64, Ordering::Relaxed);
        self.rows_accepted.fetch_add(accepted as u64, Ordering::Relaxed);
        self.rows_rejected.fetch_add(rejected as u64, Ordering::Relaxed);
    }

    /// So many of the rows turned out to be invalid.
    pub(super) fn found(&self, rejected: u64) {
        self.rows_rejected.store(rejected, Ordering::Relaxed);
        let read = self.rows_read.load(Ordering::Relaxed);
        self.rows_accepted.store(read.saturating_sub(rejected), Ordering::Relaxed);
    }

    /// Some more results were written.
    pub(super) fn wrote(&self, place: u64, rows: usize) {
        self.bytes_read.store(place, Ordering::Relaxed);
        self.rows_written.fetch_add(rows as u64, Ordering::Relaxed);
    }

    /// The progress.
    pub(super) fn progress(&self) -> Progress {
        Progress {
            bytes_read: self.bytes_read.load(Ordering::Relaxed),
            rows_read: self.rows_read.load(Ordering::Relaxed),
            rows_accepted: self.rows_accepted.load(Ordering::Relaxed),
            rows_rejected: self.rows_rejected.load(Ordering::Relaxed),
            rows_written: self.rows_written.load(Ordering::Relaxed),
        }
    }

    /// A push as it was read from the store, with the progress since.
    pub(super) fn with_progress(&self, mut push: LargePush) -> LargePush {
        if push.id == self.push.id && push.ended_at.is_none() {
            let step = usize::from(self.step.load(Ordering::Relaxed));
            push.state = STEPS.get(step).copied().unwrap_or(push.state);
            push.progress = self.progress();
            push.seen_at = now();
            push.step_began_at = self.step_began_at();
        }
        push
    }

    fn step_began_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(i64::try_from(self.step_began_at.load(Ordering::Relaxed)).ok()?)
    }

    /// A caller asked to cancel a push.
    pub(super) fn cancel(&self, id: Uuid) {
        if self.push.id == id {
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// The service is stopping.
    pub(super) fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether to go on.
    pub(super) fn goes_on(&self) -> Result<(), Stopped> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Stopped::Cancelled);
        }
        if self.leaving.load(Ordering::Relaxed) {
            return Err(Stopped::Leaving);
        }
        Ok(())
    }
}
