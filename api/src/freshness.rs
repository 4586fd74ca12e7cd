//! Which versions of the organisations are current, asked for once for everybody who wants to know.
//!
//! What a check found holds for [`version::HOLDS`] from the moment at which it began, because whoever changes something
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
use waymark_persistence::version::{self, Versions, Watch};

use crate::problem::Problem;

type Told = Result<Arc<Versions>, Problem>;

/// What is this old is checked again before it holds no longer, as long as somebody leans on it.
const IS_OLD: Duration = version::HOLDS.saturating_sub(Duration::from_micros(500));
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
        let found = self.latest.found.read().unwrap_or_else(PoisonError::into_inner);
        let Found { began, versions } = found.as_ref()?;
        let age = began.elapsed();
        if age >= version::HOLDS || !organisation.is_none_or(|code| versions.contains_key(code)) {
            return None;
        }
        if age >= IS_OLD && !self.latest.is_due.swap(true, Ordering::Relaxed) {
            self.ask.send(Ask::Again).ok()?;
        }
        Some(Arc::clone(versions))
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
