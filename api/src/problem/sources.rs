//! Where problems come from: failures of the store and of the framework.

use actix_web::error::{BlockingError, PayloadError};
use waymark_persistence::StoreError;

use super::{Kind, Problem};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(what) => {
                Self::new(Kind::Conflict).detail(format_args!("this {what} is taken"))
            }
            StoreError::Stale => Self::new(Kind::PreconditionFailed)
                .detail("it was changed by somebody else since it was read: read it again"),
            StoreError::Missing(what) => Self::not_found(what),
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "the database is not available");
                Self::unavailable()
            }
            StoreError::Address(_) | StoreError::Corrupt { .. } | StoreError::Query(_) => {
                Self::internal(error)
            }
        }
    }
}

/// A blocking task that was lost: the pool is going down, or the task panicked (which was logged).
impl From<BlockingError> for Problem {
    fn from(error: BlockingError) -> Self {
        Self::internal(error)
    }
}

impl From<PayloadError> for Problem {
    fn from(error: PayloadError) -> Self {
        match error {
            PayloadError::Overflow => Self::new(Kind::BodyTooLarge),
            PayloadError::UnknownLength | PayloadError::EncodingCorrupted | PayloadError::Incomplete(_) => {
                Self::new(Kind::MalformedBody).detail("the body ends before its time, or is encoded wrongly")
            }
            error => {
                tracing::info!(%error, "a body could not be received");
                Self::new(Kind::MalformedBody).detail("the body could not be received")
            }
        }
    }
}

impl Problem {
    /// The service cannot answer for now; the caller may try again in a second.
    pub(crate) fn unavailable() -> Self {
        use actix_web::http::header::{HeaderValue, RETRY_AFTER};
        Self::new(Kind::Unavailable).header(RETRY_AFTER, HeaderValue::from_static("1"))
    }
}
