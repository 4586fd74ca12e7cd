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

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::body::to_bytes;

    use super::*;

    async fn told(error: StoreError) -> (u16, Option<String>, String) {
        let response = Problem::from(error).error_response();
        let retry = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body()).await.unwrap();
        (status, retry, String::from_utf8(body.to_vec()).unwrap())
    }

    #[actix_web::test]
    async fn a_database_that_is_away_is_a_matter_of_time() {
        let (status, retry, body) = told(StoreError::Unavailable("db.invalid refused".to_owned())).await;
        assert_eq!((status, retry.as_deref()), (503, Some("1")));
        assert!(body.contains("/problems/unavailable") && !body.contains("db.invalid"), "{body}");
    }

    #[actix_web::test]
    async fn what_the_database_says_is_not_passed_on() {
        let corrupt = StoreError::Corrupt { what: "plan", detail: "column secret".to_owned() };
        for error in [corrupt, StoreError::Query("table secret".into()), StoreError::Address("secret".into())]
        {
            let (status, _, body) = told(error).await;
            assert_eq!(status, 500);
            assert!(body.contains("/problems/internal") && !body.contains("secret"), "{body}");
        }
    }

    #[actix_web::test]
    async fn each_refusal_of_the_store_has_its_own_problem() {
        let kind = |error: StoreError| Problem::from(error).kind();
        assert_eq!(kind(StoreError::Conflict("plan code")), Kind::Conflict);
        assert_eq!(kind(StoreError::Stale), Kind::PreconditionFailed);
        assert_eq!(kind(StoreError::Missing("plan")), Kind::NotFound);
    }
}
