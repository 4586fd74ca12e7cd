//! The state that all requests share: the store, the caches, the tokens and the limits.

mod cached;
mod clients;

pub(crate) use cached::CacheRequest;

use actix_web::rt::time::sleep;
use waymark_persistence::{Connection, Needs, Store, versions};

use crate::auth::client_cache::Registered;
use crate::auth::jwt::Tokens;
use crate::auth::rate_limit::RateLimit;
use crate::cache::responses::ResponseCache;
use crate::cache::version_watch::VersionWatch;
use crate::http::body::Limits;
use crate::http::problem::Problem;
use crate::http::runtime::blocking;
use crate::store::consistency;

/// The shared state. Clones are cheap: handlers take `web::Data<AppState>`.
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) rate_limit: RateLimit,
    pub(crate) version_watch: VersionWatch,
    pub(crate) responses: ResponseCache,
    pub(crate) registered: Registered,
    pub(crate) limits: Limits,
}

impl AppState {
    /// Runs `work` on one snapshot of the store, on a blocking thread. The snapshot is a replica's if that has reached the
    /// position of the request. Work that fails at a replica is repeated at the primary.
    ///
    /// # Errors
    /// Those of `work`, and [`Problem`]s of the store.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Clone + Send + 'static,
    {
        self.read_where(consistency::needs(), work).await
    }

    /// The same, with an explicit requirement on the snapshot.
    ///
    /// # Errors
    /// Those of `work`, and [`Problem`]s of the store.
    pub(crate) async fn read_where<T, F>(&self, needs: Needs, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Clone + Send + 'static,
    {
        let store = self.store.clone();
        blocking(move || store.read_where(&needs, work)).await
    }

    /// Runs `work` in one transaction, on a blocking thread: committed if it succeeds, rolled back if it fails.
    ///
    /// # Errors
    /// Those of `work`, and [`Problem`]s of the store.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static,
    {
        self.change(move |store| store.write(work)).await
    }

    /// Runs `work`, which changes the store or finds that it may not, on a blocking thread. Either way the response has the
    /// position after it, so that the caller's next read sees the same.
    ///
    /// # Errors
    /// Those of `work`.
    pub(crate) async fn change<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    {
        let store = self.store.clone();
        let (done, position) = blocking(move || Ok((work(&store), store.position()))).await?;
        consistency::note(position);
        done
    }

    /// Waits until no response depends on versions from before what was just read. For a push in the background, this read
    /// may be the first that reports its end to the sender.
    pub(crate) async fn settle(&self) {
        sleep(versions::VERSION_MAX_AGE).await;
    }

    /// Checks that the database responds.
    ///
    /// # Errors
    /// 503 if it does not.
    pub(crate) async fn ping(&self) -> Result<(), Problem> {
        let store = self.store.clone();
        blocking(move || Ok(store.ping()?)).await
    }
}
