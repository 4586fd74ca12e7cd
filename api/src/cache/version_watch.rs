//! The current versions of organisations, read once for all requests that need them.
//!
//! The versions of a check are valid for [`versions::VERSION_MAX_AGE`] from its beginning, because every change is acknowledged
//! later than that. A request within this time need not wait; one that comes later waits for the next check, together
//! with all others.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use waymark_domain::organisation::Organisation;
use waymark_persistence::Store;
use waymark_persistence::versions::{self, Versions, Watch};

use crate::http::problem::Problem;

type CheckResult = Result<Arc<Versions>, Problem>;

/// Versions of this age are checked again before they expire, as long as requests need them.
const REFRESH_AGE: Duration = versions::VERSION_MAX_AGE.saturating_sub(Duration::from_micros(500));
/// An organisation is part of every check for so long after a request waited for its version.
const WANTED_FOR: Duration = Duration::from_secs(1);

/// Reads the current versions from the database, one check after the other.
pub(crate) struct VersionWatch {
    ask: mpsc::Sender<Ask>,
    latest: Arc<Latest>,
}

enum Ask {
    /// The versions are about to expire.
    Again,
    /// A request waits.
    For(Waiting),
}

/// A request that waits for the version of an organisation, and the catalogue's.
struct Waiting {
    organisation: Option<String>,
    sender: oneshot::Sender<CheckResult>,
}

/// The latest check.
#[derive(Default)]
struct Latest {
    check: RwLock<Option<Check>>,
    /// Whether another check was requested already, before these versions expire.
    is_due: AtomicBool,
}

struct Check {
    began: Instant,
    versions: Arc<Versions>,
}

impl VersionWatch {
    /// Starts the thread that checks; it ends with this.
    pub(crate) fn new(store: &Store) -> Self {
        let mut checks = Checks { watch: store.watch(), wanted: HashMap::new() };
        let latest = Arc::new(Latest::default());
        let (ask, asked) = mpsc::channel::<Ask>();
        let found = Arc::clone(&latest);
        thread::spawn(move || {
            while let Ok(first) = asked.recv() {
                // Later requests wait for the next check.
                let all = std::iter::once(first).chain(asked.try_iter());
                let waiting: Vec<Waiting> = all.filter_map(Ask::waiting).collect();
                let began = Instant::now();
                let checked = checks.check(&waiting, began);
                found.store(began, checked.as_ref().ok());
                for Waiting { sender, .. } in waiting {
                    // The request may have been cancelled.
                    let _ = sender.send(checked.clone());
                }
            }
        });
        Self { ask, latest }
    }

    /// The versions of the organisation of that code and of the catalogue, including all changes acknowledged before now.
    ///
    /// # Errors
    /// 503 if the database does not respond.
    pub(crate) async fn versions(&self, organisation: Option<&str>) -> CheckResult {
        if let Some(versions) = self.held(organisation) {
            return Ok(versions);
        }
        let (sender, receiver) = oneshot::channel();
        let waiting = Waiting { organisation: organisation.map(str::to_owned), sender };
        self.ask.send(Ask::For(waiting)).map_err(|_| gone())?;
        receiver.await.map_err(|_| gone())?
    }

    /// The versions of the latest check, unless they are expired.
    fn held(&self, organisation: Option<&str>) -> Option<Arc<Versions>> {
        let (versions, is_due) = self.latest.held(organisation, Instant::now())?;
        if is_due {
            self.ask.send(Ask::Again).ok()?;
        }
        Some(versions)
    }
}

fn gone() -> Problem {
    Problem::internal("the version watch has ended")
}

impl Ask {
    fn waiting(self) -> Option<Waiting> {
        match self {
            Self::Again => None,
            Self::For(waiting) => Some(waiting),
        }
    }
}

impl Latest {
    /// The versions, unless they are expired or lack the organisation, and whether it is time for another check.
    fn held(&self, organisation: Option<&str>, now: Instant) -> Option<(Arc<Versions>, bool)> {
        let found = self.check.read().unwrap_or_else(PoisonError::into_inner);
        let Check { began, versions } = found.as_ref()?;
        let age = now.saturating_duration_since(*began);
        if age >= versions::VERSION_MAX_AGE || !organisation.is_none_or(|code| versions.contains_key(code)) {
            return None;
        }
        let is_due = age >= REFRESH_AGE && !self.is_due.swap(true, Ordering::Relaxed);
        Some((Arc::clone(versions), is_due))
    }

    fn store(&self, began: Instant, versions: Option<&Arc<Versions>>) {
        let found = versions.map(|versions| Check { began, versions: Arc::clone(versions) });
        *self.check.write().unwrap_or_else(PoisonError::into_inner) = found;
        self.is_due.store(false, Ordering::Relaxed);
    }
}

struct Checks {
    watch: Watch,
    /// Organisations, each with the moment at which a request last waited for its version.
    wanted: HashMap<String, Instant>,
}

impl Checks {
    fn check(&mut self, waiting: &[Waiting], now: Instant) -> CheckResult {
        self.wanted.retain(|_, since| now.duration_since(*since) < WANTED_FOR);
        self.wanted.extend(waiting.iter().filter_map(|waiting| Some((waiting.organisation.clone()?, now))));
        let catalogue = Organisation::CATALOGUE.to_owned();
        let codes: Vec<String> = self.wanted.keys().cloned().chain([catalogue]).collect();
        self.watch.current(&codes).map(Arc::new).map_err(Problem::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MICROSECOND: Duration = Duration::from_micros(1);

    fn found(began: Instant) -> Latest {
        let latest = Latest::default();
        latest.store(began, Some(&Arc::new(Versions::from([("leicestershire".to_owned(), 7)]))));
        latest
    }

    #[test]
    fn versions_are_valid_for_two_milliseconds_from_the_beginning_of_the_check() {
        let began = Instant::now();
        let latest = found(began);
        let version = |after| {
            let (versions, _) = latest.held(Some("leicestershire"), began + after)?;
            versions.get("leicestershire").copied()
        };
        assert_eq!(version(Duration::ZERO), Some(7));
        assert_eq!(version(Duration::from_millis(2) - MICROSECOND), Some(7));
        assert_eq!(version(Duration::from_millis(2)), None);
    }

    #[test]
    fn versions_of_other_organisations_are_unknown() {
        let began = Instant::now();
        let latest = found(began);
        assert!(latest.held(Some("rutland"), began).is_none());
        assert!(latest.held(None, began).is_some());
    }

    #[test]
    fn a_failed_check_removes_the_versions_of_the_check_before() {
        let began = Instant::now();
        let latest = found(began);
        latest.store(began + MICROSECOND, None);
        assert!(latest.held(None, began + MICROSECOND).is_none());
    }

    #[test]
    fn another_check_is_requested_once_before_the_versions_expire() {
        let began = Instant::now();
        let latest = found(began);
        let is_due = |after| latest.held(None, began + after).map(|(_, is_due)| is_due);
        assert_eq!(is_due(REFRESH_AGE - MICROSECOND), Some(false));
        assert_eq!(is_due(REFRESH_AGE), Some(true));
        assert_eq!(is_due(REFRESH_AGE + MICROSECOND), Some(false));
        latest.store(began + REFRESH_AGE, Some(&Arc::default()));
        assert_eq!(is_due(REFRESH_AGE + REFRESH_AGE), Some(true));
    }
}
