//! The id of a request: in its response, in every line of the log, and in the trail.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use uuid::Uuid;

/// The header that carries the request id, both ways.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A body is what its type says.
pub(crate) const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");

/// The longest request id that is taken from a caller.
const MAX_LEN: usize = 128;

/// The id of a request: the caller's own where it is well-formed, else a new one. It is in the response,
/// in every line of the log and in the history of what the request changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn new(sent: Option<&HeaderValue>) -> Self {
        let sent = sent.and_then(|value| value.to_str().ok()).filter(|text| is_well_formed(text));
        Self(sent.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned))
    }

    /// The id as the value of a header.
    pub(crate) fn value(self) -> Option<HeaderValue> {
        HeaderValue::try_from(self.0).ok()
    }

    /// The id that `ops::access_log` assigned.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self::new(None))
    }
}

fn is_well_formed(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(allowed)
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromRequest for RequestId {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl RequestId {
    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_formed_id_is_kept_and_any_other_replaced() {
        let keep = |text: &'static str| RequestId::new(Some(&HeaderValue::from_static(text))).to_string();
        assert_eq!(keep("job-7.retry_2"), "job-7.retry_2");
        assert_ne!(keep("a b"), "a b");
        assert_ne!(keep(""), "");
        let long = "x".repeat(129);
        assert_ne!(RequestId::new(Some(&HeaderValue::from_str(&long).unwrap())).to_string(), long);
        assert_eq!(Uuid::parse_str(&RequestId::new(None).0).unwrap().get_version_num(), 7);
    }
}
