//! What of the database appears in HTTP: failures as problems, revisions as entity tags, and positions of replicas. `http`
//! itself knows no database.

pub(crate) mod consistency;
pub(crate) mod entities;
pub(crate) mod organisations;

use waymark_persistence::{StoreError, Versioned};

use crate::http::etag::ETag;
use crate::http::problem::{Kind, Problem};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(what) => {
                Self::new(Kind::Conflict).detail(format_args!("this {what} exists already: use another"))
            }
            StoreError::Stale => Self::new(Kind::PreconditionFailed)
                .detail("it was changed since you read it: read it again, and send your change with its new entity tag"),
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

impl ETag {
    /// The tag of one thing at one revision. It is the same for every caller.
    pub(crate) fn of<T>(versioned: &Versioned<T>) -> Self {
        Self::of_revision(versioned.id, versioned.revision)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::body::to_bytes;

    use super::*;

    async fn answer_to(error: StoreError) -> (u16, Option<String>, String) {
        let response = Problem::from(error).error_response();
        let retry = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body()).await.unwrap();
        (status, retry, String::from_utf8(body.to_vec()).unwrap())
    }

    #[actix_web::test]
    async fn an_unreachable_database_is_temporary() {
        let (status, retry, body) = answer_to(StoreError::Unavailable("db.invalid refused".to_owned())).await;
        assert_eq!((status, retry.as_deref()), (503, Some("1")));
        assert!(body.contains("/problems/unavailable") && !body.contains("db.invalid"), "{body}");
    }

    #[actix_web::test]
    async fn messages_of_the_database_are_not_passed_on() {
        let corrupt = StoreError::Corrupt { what: "plan", detail: "column secret".to_owned() };
        for error in [corrupt, StoreError::Query("table secret".into()), StoreError::Address("secret".into())]
        {
            let (status, _, body) = answer_to(error).await;
            assert_eq!(status, 500);
            assert!(body.contains("/problems/internal") && !body.contains("secret"), "{body}");
        }
    }

    #[actix_web::test]
    async fn each_error_of_the_store_has_its_own_problem() {
        let kind = |error: StoreError| Problem::from(error).kind();
        assert_eq!(kind(StoreError::Conflict("plan code")), Kind::Conflict);
        assert_eq!(kind(StoreError::Stale), Kind::PreconditionFailed);
        assert_eq!(kind(StoreError::Missing("plan")), Kind::NotFound);
    }
}
