//! What every handler is given: the store, who may come in, and the limits.

use std::sync::Arc;

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::rt::time::sleep;
use actix_web::web;
use chrono::{DateTime, Utc};
use tracing::Span;
use waymark_persistence::{Connection, Needs, Store, versions};

use crate::auth::client_cache::Registered;
use crate::auth::jwt::Tokens;
use crate::auth::rate_limit::RateLimit;
use crate::cache::responses::Ready;
use crate::cache::version_watch::Freshness;
use crate::http::body::Limits;
use crate::http::problem::{Kind, Problem};
use crate::results::{Exports, Large, Remembered};
use crate::store::consistency;

/// What is shared by all requests. Clones are cheap: handlers take `web::Data<AppState>`.
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) rate_limit: RateLimit,
    pub(crate) freshness: Freshness,
    pub(crate) ready: Ready,
    pub(crate) remembered: Arc<Remembered>,
    pub(crate) large: Arc<Large>,
    pub(crate) registered: Registered,
    pub(crate) exports: Exports,
    pub(crate) limits: Limits,
}

impl AppState {
    /// One blocking hop, in which `work` reads one snapshot of the store: a replica's, as long as that has what the
    /// request knows to be written. What fails at a replica is done again at the primary.
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

    /// The same, where the work itself says what it needs.
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

    /// One blocking hop, in which `work` is one transaction: kept where it succeeds, undone where it fails.
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

    /// One blocking hop, in which `work` changes what is kept, or finds that it may not. Either way the answer carries
    /// the position after it, so that the caller's next read sees what this one saw.
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

    /// Waits until nobody leans on versions from before what was just read. Of a push that is done in the background this
    /// read may be what tells its sender that it is done.
    pub(crate) async fn settle(&self) {
        sleep(versions::VERSION_MAX_AGE).await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// 503 where it does not.
    pub(crate) async fn ping(&self) -> Result<(), Problem> {
        let store = self.store.clone();
        blocking(move || Ok(store.ping()?)).await
    }
}

/// A problem that may be gone after so many seconds.
pub(crate) fn later(kind: Kind, seconds: u64) -> Problem {
    Problem::new(kind).header(RETRY_AFTER, HeaderValue::from(seconds))
}

/// The present, as every change and every check of a token uses it.
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Runs work that waits (on the database, on a hash) on a thread that may, inside the request's span.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Problem> + Send + 'static,
{
    let span = Span::current();
    web::block(move || span.in_scope(work)).await?
}
