//! The thread that processes large pushes from the queue, one after the other, and the one that stores its progress.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;
use waymark_persistence::StoreError;
use waymark_persistence::jobs::{self, Ending, LargePush, State};
use waymark_persistence::submission::Counts;

use super::spool::{Found, Spooled};
use super::{PushQueue, Refused, Running, Stopped, locked, work};
use crate::http::problem::{Kind, Problem, stored_problem};
use crate::http::runtime::now;

/// The interval at which pushes of other services that stopped are looked for.
const REST: Duration = Duration::from_secs(5);
/// The interval at which the progress is stored.
const PULSE: Duration = Duration::from_secs(1);
/// A service that has not reported a push for so long is considered gone, and its file lost.
const GONE: TimeDelta = TimeDelta::seconds(60);
/// A push during which the service stopped so often is not started again.
const MOST_ATTEMPTS: u32 = 3;

/// The running threads.
pub(crate) struct Worker {
    large: Arc<PushQueue>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts them.
    pub(crate) fn start(large: &Arc<PushQueue>) -> Self {
        if !large.works {
            return Self { large: Arc::clone(large), thread: None };
        }
        let pulse = Arc::downgrade(large);
        thread::spawn(move || while beat(&pulse) {});
        let worked = Arc::clone(large);
        let thread = thread::spawn(move || {
            while !worked.is_leaving() {
                if !worked.turn() {
                    worked.rest(REST);
                }
            }
        });
        Self { large: Arc::clone(large), thread: Some(thread) }
    }

    /// Returns the current push to the queue, and ends.
    pub(crate) fn stop(mut self) {
        self.signal();
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the thread of large pushes broke");
        }
        // Another service can take them.
        locked(&self.large.held).clear();
    }

    fn signal(&self) {
        self.large.leaving.store(true, Ordering::Relaxed);
        if let Some(running) = locked(&self.large.running).as_ref() {
            running.leave();
        }
        self.large.wake();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.signal();
    }
}

/// Stores the progress; returns false if the service is gone or stopping.
fn beat(large: &Weak<PushQueue>) -> bool {
    thread::sleep(PULSE);
    let Some(large) = large.upgrade() else { return false };
    let waiting: Vec<Uuid> = locked(&large.held).keys().copied().collect();
    let running = locked(&large.running).clone();
    let stored = large.store.write(|connection| {
        if !waiting.is_empty() {
            jobs::seen(connection, &waiting, now())?;
        }
        match &running {
            Some(running) => jobs::report_progress(connection, &running.push, running.progress(), now()),
            None => Ok(false),
        }
    });
    match (stored, running) {
        (Ok(true), Some(running)) => running.cancel(running.push.id),
        (Ok(_), _) => {}
        // SQLite has one writer at a time, so this fails while a push is written; no other service needs the progress.
        (Err(error), _) => tracing::debug!(%error, "the progress of a large push could not be stored"),
    }
    !large.is_leaving()
}

impl PushQueue {
    /// Processes the next push, if there is one. Returns whether to look for another one immediately.
    fn turn(&self) -> bool {
        match self.next() {
            Ok(Some((push, spooled))) => self.take(push, spooled),
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, "the queue of large pushes could not be read");
                false
            }
        }
    }

    fn next(&self) -> Result<Option<(LargePush, Spooled)>, StoreError> {
        let waiting: Vec<Uuid> = locked(&self.held).keys().copied().collect();
        let unfinished = self.store.read(jobs::unfinished)?;
        for id in waiting {
            // It was cancelled while it waited.
            if !unfinished.iter().any(|push| push.id == id)
                && let Some(spooled) = locked(&self.held).remove(&id)
            {
                spooled.go();
            }
        }
        for push in unfinished {
            let held = locked(&self.held).remove(&push.id);
            let found = match held {
                Some(spooled) => Found::Taken(spooled),
                None => match self.spool.find(push.id) {
                    Ok(found) => found,
                    Err(error) => {
                        tracing::warn!(%error, "the file of a large push cannot be searched");
                        Found::Elsewhere
                    }
                },
            };
            match found {
                Found::Taken(spooled) => return Ok(Some((push, spooled))),
                Found::Missing if now() - push.seen_at > GONE => self.give_up(&push),
                Found::Elsewhere | Found::Missing => {}
            }
        }
        Ok(None)
    }

    fn give_up(&self, push: &LargePush) {
        let detail =
            "the service that accepted it stopped, and its file is lost: nothing was written; send it again";
        let refused = Refused { problem: Problem::new(Kind::Unavailable).detail(detail), rows: Vec::new() };
        if let Err(error) = self.fail(push, &refused, jobs::Progress::default()) {
            tracing::warn!(%error, "a large push could not be given up");
        }
    }

    /// Processes one push, and stores the outcome. Returns whether to continue with the next one immediately.
    fn take(&self, push: LargePush, spooled: Spooled) -> bool {
        let span = tracing::info_span!("large_push", id = %push.id, request_id = %push.request_id);
        let _inside = span.enter();
        let running = Arc::new(Running::new(push));
        *locked(&self.running) = Some(Arc::clone(&running));
        if self.is_leaving() {
            running.leave();
        }
        let worked = catch_unwind(AssertUnwindSafe(|| self.work(&running, &spooled)));
        let stopped = match worked {
            Ok(Ok(())) => None,
            Ok(Err(stopped)) => Some(stopped),
            Err(_) => Some(Problem::internal("the work on a large push broke").into()),
        };
        let settled = self.settle(&running, stopped);
        *locked(&self.running) = None;
        match settled {
            Ok(true) => {
                spooled.go();
                true
            }
            Ok(false) => {
                locked(&self.held).insert(spooled.id, spooled);
                false
            }
            Err(error) => {
                tracing::warn!(%error, "the outcome of a large push could not be stored: it is started again");
                locked(&self.held).insert(spooled.id, spooled);
                false
            }
        }
    }

    fn work(&self, running: &Running, spooled: &Spooled) -> Result<(), Stopped> {
        if running.push.attempts >= MOST_ATTEMPTS {
            let detail = format_args!(
                "the service stopped {MOST_ATTEMPTS} times while it processed this push: nothing was written; send it in parts"
            );
            return Err(Problem::new(Kind::Internal).detail(detail).into());
        }
        work::perform(&self.store, running, spooled)
    }

    /// Stores the outcome of a push. Returns whether it has ended.
    fn settle(&self, running: &Running, stopped: Option<Stopped>) -> Result<bool, StoreError> {
        let (store, push, progress) = (&self.store, &running.push, running.progress());
        let ended = match stopped {
            None => {
                tracing::info!(rows = progress.rows_read, "a large push was completed");
                return Ok(true);
            }
            Some(Stopped::Refused(refused)) => {
                tracing::info!(problem = %refused.problem, "a large push failed");
                self.fail(push, &refused, progress)
            }
            Some(Stopped::Leaving | Stopped::Outdated | Stopped::Unavailable | Stopped::Tried(_)) => {
                store.write(|connection| jobs::put_back(connection, push, now()))?;
                return Ok(false);
            }
            Some(Stopped::Cancelled | Stopped::Overtaken) => {
                let counts = Counts::default();
                let ending = Ending { state: State::Cancelled, progress, counts, problem: None };
                store.write(|connection| jobs::end(connection, push, &ending, now()))
            }
        };
        match ended {
            // It has ended already.
            Ok(()) | Err(StoreError::Stale) => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn fail(&self, push: &LargePush, refused: &Refused, progress: jobs::Progress) -> Result<(), StoreError> {
        let problem = Some(stored_problem(&refused.problem));
        let ending = Ending { state: State::Failed, progress, counts: Counts::default(), problem };
        self.store.write(|connection| {
            jobs::refuse(connection, push, &refused.rows)?;
            jobs::end(connection, push, &ending, now())
        })
    }
}
