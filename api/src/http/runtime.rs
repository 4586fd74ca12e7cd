//! The clock, and the hop to a thread that may block.

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web;
use chrono::{DateTime, Utc};
use tracing::Span;

use crate::http::problem::{Kind, Problem};

/// A problem that may be resolved after so many seconds.
pub(crate) fn later(kind: Kind, seconds: u64) -> Problem {
    Problem::new(kind).header(RETRY_AFTER, HeaderValue::from(seconds))
}

/// The current time, for all changes and all checks of tokens.
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Runs work that waits (for the database, for a hash) on a blocking thread, inside the request's span.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Problem> + Send + 'static,
{
    let span = Span::current();
    web::block(move || span.in_scope(work)).await?
}
