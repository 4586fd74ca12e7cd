//! What a caller would like of an answer (RFC 7240).

use actix_web::http::header::{HeaderMap, HeaderName};

use crate::http::problem::{Fault, Kind, Problem};

/// The wishes.
pub(crate) const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Those that were applied.
pub(crate) const APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// Not to wait until all is done.
pub(crate) const RESPOND_ASYNC: &str = "respond-async";

/// The longest value, in characters.
const MAX_LEN: usize = 200;

/// Whether the caller prefers not to wait until all is done. Unknown preferences are ignored.
///
/// # Errors
/// 400 where a value is no text, or too long.
pub(crate) fn responds_async(headers: &HeaderMap) -> Result<bool, Problem> {
    let mut asked = false;
    for value in headers.get_all(PREFER) {
        let bytes = value.as_bytes();
        let is_text = bytes.len() <= MAX_LEN && bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
        let Some(text) = value.to_str().ok().filter(|_| is_text) else {
            let detail = format_args!("at most {MAX_LEN} printable ASCII characters");
            let fault = Fault::in_parameter(PREFER.as_str(), "invalid_value", detail);
            return Err(Problem::new(Kind::InvalidHeader).faults([fault]));
        };
        asked |= text.split(',').any(|wish| {
            let name = wish.split(';').next().unwrap_or_default().trim();
            name.eq_ignore_ascii_case(RESPOND_ASYNC)
        });
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_preference_is_found_among_others() {
        let asks = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(PREFER, HeaderValue::from_static(value));
            }
            responds_async(&headers).unwrap()
        };
        assert!(asks(&["respond-async"]) && asks(&["return=minimal, Respond-Async; x=1"]));
        assert!(asks(&["wait=10", "respond-async"]));
        assert!(!asks(&[""]) && !asks(&[]) && !asks(&["wait=10"]) && !asks(&["respond-asynchronously"]));
    }

    #[test]
    fn a_value_that_is_not_text_is_rejected() {
        for value in [&b"\xc2\x84"[..], b"respond-async\t", &[b'a'; MAX_LEN + 1]] {
            let mut headers = HeaderMap::new();
            headers.append(PREFER, HeaderValue::from_bytes(value).unwrap());
            assert_eq!(responds_async(&headers).unwrap_err().kind(), Kind::InvalidHeader, "{value:?}");
        }
    }
}
