//! Which versions of the organisations are current, asked for once for everybody who wants to know.
//!
//! What a check found holds for [`versions::VERSION_MAX_AGE`] from the moment at which it began, because whoever changes something
//! is answered later than that. A request that comes within this time need not wait; one that comes later waits for
//! the next check, together with all who do.

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

type Told = Result<Arc<Versions>, Problem>;

/// What is this old is checked again before it holds no longer, as long as somebody leans on it.
const IS_OLD: Duration = versions::VERSION_MAX_AGE.saturating_sub(Duration::from_micros(500));
/// For so long after somebody waited for its version an organisation is asked for with every check.
const IS_WANTED: Duration = Duration::from_secs(1);

/// Asks the database for the current versions, one check after the other.
pub(crate) struct Freshness {
    ask: mpsc::Sender<Ask>,
    latest: Arc<Latest>,
}

enum Ask {
    /// What was found grows old.
    Again,
    /// Somebody waits.
    For(Waiting),
}

/// Somebody who wants to know the version of an organisation, and the catalogue's.
struct Waiting {
    organisation: Option<String>,
    tell: oneshot::Sender<Told>,
}

/// What the latest check found.
#[derive(Default)]
struct Latest {
    found: RwLock<Option<Found>>,
    /// Whether another check was asked for already, because it grows old.
    is_due: AtomicBool,
}

struct Found {
    began: Instant,
    versions: Arc<Versions>,
}

impl Freshness {
    /// Starts the thread that checks; it ends with this.
    pub(crate) fn new(store: &Store) -> Self {
        let mut checks = Checks { watch: store.watch(), wanted: HashMap::new() };
        let latest = Arc::new(Latest::default());
        let (ask, asked) = mpsc::channel::<Ask>();
        let found = Arc::clone(&latest);
        thread::spawn(move || {
            while let Ok(first) = asked.recv() {
                // Who comes from here on waits for the next check.
                let all = std::iter::once(first).chain(asked.try_iter());
                let waiting: Vec<Waiting> = all.filter_map(Ask::waiting).collect();
                let began = Instant::now();
                let told = checks.check(&waiting, began);
                found.keep(began, told.as_ref().ok());
                for Waiting { tell, .. } in waiting {
                    // Whoever has gone away does not want to know.
                    let _ = tell.send(told.clone());
                }
            }
        });
        Self { ask, latest }
    }

    /// The versions of the organisation of that code and of the catalogue, with all that was answered before now.
    ///
    /// # Errors
    /// 503 where the database does not answer.
    pub(crate) async fn versions(&self, organisation: Option<&str>) -> Told {
        if let Some(versions) = self.held(organisation) {
            return Ok(versions);
        }
        let (tell, told) = oneshot::channel();
        let waiting = Waiting { organisation: organisation.map(str::to_owned), tell };
        self.ask.send(Ask::For(waiting)).map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }

    /// What the latest check found, as long as that holds.
    fn held(&self, organisation: Option<&str>) -> Option<Arc<Versions>> {
        let (versions, is_due) = self.latest.held(organisation, Instant::now())?;
        if is_due {
            self.ask.send(Ask::Again).ok()?;
        }
        Some(versions)
    }
}

fn gone() -> Problem {
    Problem::internal("nobody checks the versions any more")
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
    /// What was found, as long as it holds and has the organisation in it, and whether it is time for another check.
    fn held(&self, organisation: Option<&str>, now: Instant) -> Option<(Arc<Versions>, bool)> {
        let found = self.found.read().unwrap_or_else(PoisonError::into_inner);
        let Found { began, versions } = found.as_ref()?;
        let age = now.saturating_duration_since(*began);
        if age >= versions::VERSION_MAX_AGE || !organisation.is_none_or(|code| versions.contains_key(code)) {
            return None;
        }
        let is_due = age >= IS_OLD && !self.is_due.swap(true, Ordering::Relaxed);
        Some((Arc::clone(versions), is_due))
    }

    fn keep(&self, began: Instant, versions: Option<&Arc<Versions>>) {
        let found = versions.map(|versions| Found { began, versions: Arc::clone(versions) });
        *self.found.write().unwrap_or_else(PoisonError::into_inner) = found;
        self.is_due.store(false, Ordering::Relaxed);
    }
}

struct Checks {
    watch: Watch,
    /// Organisations, each with the moment at which somebody last waited for its version.
    wanted: HashMap<String, Instant>,
}

impl Checks {
    fn check(&mut self, waiting: &[Waiting], now: Instant) -> Told {
        self.wanted.retain(|_, since| now.duration_since(*since) < IS_WANTED);
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
        latest.keep(began, Some(&Arc::new(Versions::from([("leicestershire".to_owned(), 7)]))));
        latest
    }

    #[test]
    fn what_was_found_holds_for_two_milliseconds_from_when_the_check_began() {
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
    fn nothing_is_held_of_an_organisation_that_was_not_asked_for() {
        let began = Instant::now();
        let latest = found(began);
        assert!(latest.held(Some("rutland"), began).is_none());
        assert!(latest.held(None, began).is_some());
    }

    #[test]
    fn a_check_that_failed_takes_away_what_was_found_before() {
        let began = Instant::now();
        let latest = found(began);
        latest.keep(began + MICROSECOND, None);
        assert!(latest.held(None, began + MICROSECOND).is_none());
    }

    #[test]
    fn another_check_is_asked_for_once_before_it_holds_no_longer() {
        let began = Instant::now();
        let latest = found(began);
        let is_due = |after| latest.held(None, began + after).map(|(_, is_due)| is_due);
        assert_eq!(is_due(IS_OLD - MICROSECOND), Some(false));
        assert_eq!(is_due(IS_OLD), Some(true));
        assert_eq!(is_due(IS_OLD + MICROSECOND), Some(false));
        latest.keep(began + IS_OLD, Some(&Arc::default()));
        assert_eq!(is_due(IS_OLD + IS_OLD), Some(true));
    }
}
