//! Large pushes: a push that is too large for its request is stored in a file, queued, then checked and written by a
//! thread that reports its progress.

mod chunks;
mod repeats;
mod running;
mod spool;
mod work;
mod worker;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;
use waymark_persistence::jobs::{self, LargePush, NewLargePush};
use waymark_persistence::submission::{Counts, RejectedRow};
use waymark_persistence::{Change, Connection, Store, StoreError};

use crate::http::problem::{Kind, Problem};
use crate::http::runtime::later;
use crate::results::ingest::raw_row::MOST_ROWS;
use crate::settings::PushSettings;
use running::Running;
use spool::{Spool, Spooled};
pub(crate) use worker::Worker;

/// Seconds after which a full queue may have room again.
const WAIT: u64 = 10;

/// The large pushes of this service.
pub(crate) struct PushQueue {
    store: Store,
    spool: Arc<Spool>,
    /// The most rows of a push that is processed within its request.
    pub(super) rows_at_once: usize,
    /// The most bytes of a large push.
    pub(super) most_bytes: u64,
    queue: u64,
    queue_each: u64,
    /// Permits for pushes that are processed within their requests.
    at_once: Arc<Semaphore>,
    /// Pushes that are being received.
    receiving: Arc<Semaphore>,
    /// The files of those in the queue.
    held: Mutex<HashMap<Uuid, Spooled>>,
    running: Mutex<Option<Arc<Running>>>,
    /// Whether this service processes them, or leaves that to others.
    works: bool,
    leaving: AtomicBool,
    woken: (Mutex<bool>, Condvar),
}

/// Why the work on a push stopped.
enum Stopped {
    /// A caller asked to cancel it.
    Cancelled,
    /// The service is stopping.
    Leaving,
    /// The validation is outdated.
    Outdated,
    /// It has ended or was cancelled, unknown to this service.
    Overtaken,
    /// The database does not respond.
    Unavailable,
    /// It was to be validated only, and these would be the counts.
    Tried(Counts),
    /// It is rejected.
    Refused(Box<Refused>),
}

/// Why a push is rejected.
struct Refused {
    problem: Problem,
    /// The invalid rows.
    rows: Vec<RejectedRow>,
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        match problem.kind() {
            Kind::Unavailable => Self::Unavailable,
            _ => Self::Refused(Box::new(Refused { problem, rows: Vec::new() })),
        }
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Overtaken,
            error => Problem::from(error).into(),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The contents are consistent at any time.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl PushQueue {
    pub(crate) fn new(store: Store, settings: &PushSettings, spool: PathBuf) -> Self {
        let PushSettings { push_rows_at_once, pushes_at_once, push_queue, push_queue_each, .. } = settings;
        Self {
            store,
            spool: Arc::new(Spool::open(spool, settings.spool_limit.bytes() as u64)),
            rows_at_once: MOST_ROWS.min(*push_rows_at_once as usize),
            most_bytes: settings.large_push_limit.bytes() as u64,
            queue: u64::from(*push_queue),
            queue_each: u64::from(*push_queue_each),
            at_once: Arc::new(Semaphore::new(usize::from(*pushes_at_once))),
            receiving: Arc::new(Semaphore::new(usize::from(*push_queue))),
            held: Mutex::default(),
            running: Mutex::default(),
            works: settings.push_worker,
            leaving: AtomicBool::new(false),
            woken: (Mutex::new(false), Condvar::new()),
        }
    }

    /// A permit to process a push within its request.
    ///
    /// # Errors
    /// 503 if too many are being processed.
    pub(super) fn at_once(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.at_once).try_acquire_owned().map_err(|_| {
            later(Kind::Unavailable, 1).detail("too many pushes at once: send it again in a second")
        })
    }

    /// Begins to receive a large push, under an id of its own.
    ///
    /// # Errors
    /// 503 if too many are being received.
    pub(super) fn receive(&self, id: Uuid) -> Result<Receiving, Problem> {
        let permit = Arc::clone(&self.receiving).try_acquire_owned();
        let _permit = permit.map_err(|_| full())?;
        Ok(Receiving { spooled: self.spool.begin(id)?, _permit })
    }

    /// Puts a push into the queue, in the transaction of the request.
    ///
    /// # Errors
    /// 429 if the organisation's share of the queue is full, 503 if all of it is.
    pub(super) fn accept(
        &self,
        connection: &mut Connection,
        new: NewLargePush,
        change: &Change,
    ) -> Result<LargePush, Problem> {
        let (all, own) = jobs::queued(connection, new.organisation)?;
        if own >= self.queue_each {
            let detail = format_args!("{own} large pushes of the organisation are waiting or being written");
            return Err(later(Kind::TooManyRequests, WAIT).detail(detail));
        }
        if all >= self.queue {
            return Err(full());
        }
        Ok(jobs::accept(connection, new, change)?)
    }

    /// The push was accepted: its file stays, and it is processed later.
    pub(super) fn enqueue(&self, received: Receiving) {
        let mut spooled = received.spooled;
        spooled.stay();
        if !self.works {
            return;
        }
        locked(&self.held).insert(spooled.id, spooled);
        self.wake();
    }

    /// A push as it was read from the store, with the progress that this service knows.
    pub(crate) fn with_progress(&self, push: LargePush) -> LargePush {
        match locked(&self.running).as_ref() {
            Some(running) => running.with_progress(push),
            None => push,
        }
    }

    /// Cancels a push if this service is working on it.
    pub(crate) fn cancel(&self, id: Uuid) {
        if let Some(running) = locked(&self.running).as_ref() {
            running.cancel(id);
        }
    }

    fn wake(&self) {
        *locked(&self.woken.0) = true;
        self.woken.1.notify_all();
    }

    /// Waits for work.
    fn rest(&self, longest: Duration) {
        let woken = locked(&self.woken.0);
        let rested = self.woken.1.wait_timeout_while(woken, longest, |woken| !*woken);
        let (mut woken, _) = rested.unwrap_or_else(PoisonError::into_inner);
        *woken = false;
    }

    fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }
}

fn full() -> Problem {
    later(Kind::Unavailable, WAIT).detail("too many large pushes are waiting: send it again later")
}

/// A push that is being received. Dropping it removes what was received.
pub(crate) struct Receiving {
    spooled: Spooled,
    _permit: OwnedSemaphorePermit,
}

impl Receiving {
    /// The id that the push will have.
    pub(super) fn id(&self) -> Uuid {
        self.spooled.id
    }

    /// The bytes that were received.
    pub(super) fn bytes(&self) -> u64 {
        self.spooled.bytes
    }

    /// Adds a part.
    pub(super) fn write(&mut self, part: &[u8]) -> Result<(), Problem> {
        self.spooled.write(part)
    }

    /// All of it was received.
    pub(super) fn finish(&mut self) -> Result<(), Problem> {
        self.spooled.sync()
    }
}
