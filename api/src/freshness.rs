//! Which versions of the organisations are current, asked for once for everybody who is waiting.
//!
//! A request that came before a check began may lean on what it found: no change that was answered by then is missed,
//! on whichever replica it was made. So one check in flight serves all requests that were waiting when it began.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use waymark_domain::organisation::Organisation;
use waymark_persistence::Store;
use waymark_persistence::version::{self, Versions};

use crate::problem::Problem;

type Told = Result<Arc<Versions>, Problem>;

/// Under load one check after the other would keep a core busy. So long after one that served several requests, the
/// next may gather more of them; a request that comes alone never waits.
const GATHER: Duration = Duration::from_micros(300);

/// Asks the database for the current versions, one check after the other.
pub(crate) struct Freshness {
    ask: mpsc::Sender<Waiting>,
}

/// Somebody who wants to know the version of an organisation, and the catalogue's.
struct Waiting {
    organisation: Option<String>,
    tell: oneshot::Sender<Told>,
}

impl Freshness {
    /// Starts the thread that checks; it ends with this.
    pub(crate) fn new(store: Store) -> Self {
        let (ask, asked) = mpsc::channel::<Waiting>();
        thread::spawn(move || {
            let mut served = 0;
            while let Ok(first) = asked.recv() {
                if served > 1 {
                    thread::sleep(GATHER);
                }
                // Who comes from here on waits for the next check.
                let waiting: Vec<Waiting> = std::iter::once(first).chain(asked.try_iter()).collect();
                served = waiting.len();
                let told = check(&store, &waiting);
                for Waiting { tell, .. } in waiting {
                    // Whoever has gone away does not want to know.
                    let _ = tell.send(told.clone());
                }
            }
        });
        Self { ask }
    }

    /// The versions of the organisation of that code and of the catalogue, that are current at some moment between now
    /// and the answer.
    ///
    /// # Errors
    /// 503 where the database does not answer.
    pub(crate) async fn versions(&self, organisation: Option<&str>) -> Told {
        let (tell, told) = oneshot::channel();
        let gone = || Problem::internal("nobody checks the versions any more");
        let waiting = Waiting { organisation: organisation.map(str::to_owned), tell };
        self.ask.send(waiting).map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}

fn check(store: &Store, waiting: &[Waiting]) -> Told {
    let mut codes: Vec<String> = vec![Organisation::CATALOGUE.to_owned()];
    for code in waiting.iter().filter_map(|waiting| waiting.organisation.as_ref()) {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    store.peek(|connection| version::current(connection, &codes)).map(Arc::new).map_err(Problem::from)
}
