//! The types of problems, each with its stable name, its status and its title.

use actix_web::http::StatusCode;

/// What went wrong, as callers can rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// The body is not in the format of its media type.
    MalformedBody,
    /// The query string is not valid for the operation.
    InvalidQuery,
    /// A header is not valid for the operation.
    InvalidHeader,
    /// The token request is not valid.
    InvalidTokenRequest,
    /// No token, or one that cannot be verified.
    Unauthenticated,
    /// The client id and secret of a token request are not valid.
    InvalidClient,
    /// The caller lacks the role.
    Forbidden,
    /// There is no such thing, as far as the caller may know.
    NotFound,
    /// No operation has this path.
    UnknownPath,
    /// The path is known, with another method.
    MethodNotAllowed,
    /// `Accept` allows nothing that the operation returns.
    NotAcceptable,
    /// The name is taken.
    Conflict,
    /// Something depends on what would be removed.
    InUse,
    /// The state of the thing does not allow it.
    WrongState,
    /// The same request is being processed.
    RequestInFlight,
    /// It was changed since it was read.
    PreconditionFailed,
    /// The body is over the limit.
    BodyTooLarge,
    /// The body's media type is not supported.
    UnsupportedMediaType,
    /// The body is well-formed, but its content is not valid.
    InvalidBody,
    /// A filter of the query names something that does not exist.
    UnknownFilterValue,
    /// Rows of an atomic push are not valid.
    RowsRejected,
    /// The idempotency key was used with another body.
    IdempotencyKeyReused,
    /// `If-Match` is missing.
    PreconditionRequired,
    /// Over the request rate.
    TooManyRequests,
    /// A failure of the service.
    Internal,
    /// The service cannot answer at present.
    Unavailable,
}

impl Kind {
    /// Every kind, by status.
    pub(crate) const ALL: [Self; 26] = [
        Self::MalformedBody,
        Self::InvalidQuery,
        Self::InvalidHeader,
        Self::InvalidTokenRequest,
        Self::Unauthenticated,
        Self::InvalidClient,
        Self::Forbidden,
        Self::NotFound,
        Self::UnknownPath,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::Conflict,
        Self::InUse,
        Self::WrongState,
        Self::RequestInFlight,
        Self::PreconditionFailed,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidBody,
        Self::UnknownFilterValue,
        Self::RowsRejected,
        Self::IdempotencyKeyReused,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The stable name and the short text that is the same for every problem of the kind: the whole table.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::MalformedBody => ("malformed-body", "The body cannot be read"),
            Self::InvalidQuery => ("invalid-query", "The query string is not valid"),
            Self::InvalidHeader => ("invalid-header", "A header is not valid"),
            Self::InvalidTokenRequest => ("invalid-token-request", "The token request is not valid"),
            Self::Unauthenticated => ("unauthenticated", "A valid access token is required"),
            Self::InvalidClient => ("invalid-client", "The client credentials are not valid"),
            Self::Forbidden => ("forbidden", "The token lacks the role for this operation"),
            Self::NotFound => ("not-found", "Not found"),
            Self::UnknownPath => ("unknown-path", "No operation has this path"),
            Self::MethodNotAllowed => ("method-not-allowed", "The path does not support this method"),
            Self::NotAcceptable => ("not-acceptable", "The accepted media types are not available"),
            Self::Conflict => ("conflict", "It exists already"),
            Self::InUse => ("in-use", "Something depends on what would be removed"),
            Self::WrongState => ("wrong-state", "The current state does not allow this"),
            Self::RequestInFlight => ("request-in-flight", "The same request is still being processed"),
            Self::PreconditionFailed => ("precondition-failed", "It was changed since it was read"),
            Self::BodyTooLarge => ("body-too-large", "The body is too large"),
            Self::UnsupportedMediaType => ("unsupported-media-type", "The media type is not supported"),
            Self::InvalidBody => ("invalid-body", "The content of the body is not valid"),
            Self::UnknownFilterValue => {
                ("unknown-filter-value", "A filter names something that does not exist")
            }
            Self::RowsRejected => ("rows-rejected", "Some rows of the push are not valid"),
            Self::IdempotencyKeyReused => {
                ("idempotency-key-reused", "The idempotency key was used for another request")
            }
            Self::PreconditionRequired => ("precondition-required", "If-Match is required"),
            Self::TooManyRequests => ("too-many-requests", "Too many requests"),
            Self::Internal => ("internal", "The service failed"),
            Self::Unavailable => ("unavailable", "The service is temporarily unavailable"),
        }
    }

    /// The stable type, a path under the service's own address.
    pub(crate) fn uri(self) -> String {
        format!("/problems/{}", self.row().0)
    }

    /// The HTTP status.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::MalformedBody | Self::InvalidQuery | Self::InvalidHeader | Self::InvalidTokenRequest => {
                StatusCode::BAD_REQUEST
            }
            Self::Unauthenticated | Self::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound | Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Conflict | Self::InUse | Self::WrongState | Self::RequestInFlight => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::InvalidBody
            | Self::UnknownFilterValue
            | Self::RowsRejected
            | Self::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The short text.
    pub(crate) fn title(self) -> &'static str {
        self.row().1
    }

    /// The kind for a status that the framework returned without a problem.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::UnknownPath,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::NOT_ACCEPTABLE => Self::NotAcceptable,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            status if status.is_client_error() => Self::MalformedBody,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_problem_has_its_own_name() {
        let names: HashSet<_> = Kind::ALL.iter().map(|kind| kind.uri()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
        assert!(names.contains("/problems/invalid-body"));
    }
}
