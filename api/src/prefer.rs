//! What a caller would like of an answer (RFC 7240).

use actix_web::http::header::{HeaderMap, HeaderName};

/// The wishes.
pub(crate) const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Those that were heeded.
pub(crate) const APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// Not to wait until all is done.
pub(crate) const RESPOND_ASYNC: &str = "respond-async";

/// Whether the caller would rather not wait until all is done.
pub(crate) fn responds_async(headers: &HeaderMap) -> bool {
    let values = headers.get_all(PREFER).filter_map(|value| value.to_str().ok());
    let mut wishes = values.flat_map(|value| value.split(','));
    wishes.any(|wish| {
        let name = wish.split(';').next().unwrap_or_default().trim();
        name.eq_ignore_ascii_case(RESPOND_ASYNC)
    })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_wish_is_found_among_others() {
        let asks = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(PREFER, HeaderValue::from_static(value));
            }
            responds_async(&headers)
        };
        assert!(asks(&["respond-async"]) && asks(&["return=minimal, Respond-Async; x=1"]));
        assert!(asks(&["wait=10", "respond-async"]));
        assert!(!asks(&[]) && !asks(&["wait=10"]) && !asks(&["respond-asynchronously"]));
    }
}
