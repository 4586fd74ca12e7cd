//! Problems that come from failures of the framework.

use actix_web::error::{BlockingError, PayloadError};

use super::{Kind, Problem};

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
                Self::new(Kind::MalformedBody)
                    .detail("the body was cut off, or its encoding is not valid: send it again")
            }
            error => {
                tracing::info!(%error, "a body could not be received");
                Self::new(Kind::MalformedBody).detail("the body could not be received")
            }
        }
    }
}

impl Problem {
    /// The service cannot answer at present; the caller may try again in a second.
    pub(crate) fn unavailable() -> Self {
        use actix_web::http::header::{HeaderValue, RETRY_AFTER};
        Self::new(Kind::Unavailable).header(RETRY_AFTER, HeaderValue::from_static("1"))
    }
}
