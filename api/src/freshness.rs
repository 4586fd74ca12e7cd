//! Which versions of the organisations are current, asked for once for everybody who is waiting.
//!
//! A request that came before a check began may lean on what it found: no change that was answered by then is missed,
//! on whichever replica it was made. So one check in flight serves all requests that were waiting when it began.

use std::sync::{Arc, mpsc};
use std::thread;

use tokio::sync::oneshot;
use waymark_persistence::Store;
use waymark_persistence::version::{self, Versions};

use crate::problem::Problem;

type Told = Result<Arc<Versions>, Problem>;

/// Asks the database for the current versions, one check after the other.
pub(crate) struct Freshness {
    ask: mpsc::Sender<oneshot::Sender<Told>>,
}

impl Freshness {
    /// Starts the thread that checks; it ends with this.
    pub(crate) fn new(store: Store) -> Self {
        let (ask, asked) = mpsc::channel::<oneshot::Sender<Told>>();
        thread::spawn(move || {
            while let Ok(first) = asked.recv() {
                // Who comes from here on waits for the next check.
                let waiting: Vec<_> = std::iter::once(first).chain(asked.try_iter()).collect();
                let told: Told = store.peek(version::current).map(Arc::new).map_err(Problem::from);
                for tell in waiting {
                    // Whoever has gone away does not want to know.
                    let _ = tell.send(told.clone());
                }
            }
        });
        Self { ask }
    }

    /// The versions that are current at some moment between now and the answer.
    ///
    /// # Errors
    /// 503 where the database does not answer.
    pub(crate) async fn versions(&self) -> Told {
        let (tell, told) = oneshot::channel();
        let gone = |_| Problem::internal("nobody checks the versions any more");
        self.ask.send(tell).map_err(|_| Problem::internal("nobody checks the versions any more"))?;
        told.await.map_err(gone)?
    }
}
