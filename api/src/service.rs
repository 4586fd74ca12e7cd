//! What every handler is given: the store, who may come in, and the limits.

use std::sync::Arc;

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web;
use chrono::{DateTime, Utc};
use tracing::Span;
use waymark_persistence::{Connection, Store};

use crate::access::{rate::RateLimit, registered::Registered, tokens::Tokens};
use crate::freshness::Freshness;
use crate::problem::{Kind, Problem};
use crate::ready::Ready;
use crate::results::{Large, Remembered};

/// What is shared by all requests. Clones are cheap: handlers take `web::Data<Service>`.
pub struct Service {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) rate_limit: RateLimit,
    pub(crate) freshness: Freshness,
    pub(crate) ready: Ready,
    pub(crate) remembered: Arc<Remembered>,
    pub(crate) large: Arc<Large>,
    pub(crate) registered: Registered,
    pub(crate) limits: Limits,
}

/// The largest bodies, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) body: usize,
    pub(crate) push: usize,
}

impl Service {
    /// One blocking hop, in which `work` reads one snapshot of the store.
    ///
    /// # Errors
    /// Those of `work`, and [`Problem`]s of the store.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static,
    {
        let store = self.store.clone();
        blocking(move || store.read(work)).await
    }

    /// One blocking hop, in which `work` is one transaction: kept where it succeeds, undone where it fails.
    ///
    /// # Errors
    /// Those of `work`, and [`Problem`]s of the store.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static,
    {
        let store = self.store.clone();
        blocking(move || store.write(work)).await
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
