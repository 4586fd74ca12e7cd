//! What HTTP asks of every operation: `HEAD` beside every `GET`, and an entity tag that differs between a compressed
//! response and a plain one (RFC 9110, sections 9.3.2 and 8.8.3).

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody, None as Bodiless};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use actix_web::middleware::Next;
use actix_web::web::Bytes;

use crate::http::etag::COMPRESSED;

/// The outermost middleware: it sees responses as they are sent, compressed or not.
pub(crate) async fn protocol(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_head = *request.method() == Method::HEAD;
    if is_head {
        request.head_mut().method = Method::GET;
    }
    let knows_compressed = request.headers().get_all(IF_NONE_MATCH).any(names_compressed);
    let mut response = next.call(request).await?.map_into_boxed_body();
    tag_by_coding(response.headers_mut(), knows_compressed);
    Ok(if is_head { response.map_body(|_, body| without_content(&body)) } else { response })
}

/// Whether a header lists the tag of a compressed response.
fn names_compressed(value: &HeaderValue) -> bool {
    let suffix = format!("{COMPRESSED}\"");
    value.as_bytes().windows(suffix.len()).any(|bytes| bytes == suffix.as_bytes())
}

/// Marks the tag of a compressed response. A 304 has no coding: it repeats the form of the tag that was sent.
fn tag_by_coding(headers: &mut HeaderMap, knows_compressed: bool) {
    if !headers.contains_key(CONTENT_ENCODING) && !knows_compressed {
        return;
    }
    let tag = headers.get(ETAG).and_then(|value| value.to_str().ok()).and_then(|text| text.strip_suffix('"'));
    let marked = tag.filter(|tag| !tag.ends_with(COMPRESSED)).map(|tag| format!("{tag}{COMPRESSED}\""));
    if let Some(Ok(value)) = marked.map(HeaderValue::try_from) {
        headers.insert(ETAG, value);
    }
}

/// The response to `HEAD`: the length that `GET` would have, where it is known, and no content. A streamed body is
/// dropped, which ends what produces it.
fn without_content(body: &BoxBody) -> BoxBody {
    match body.size() {
        BodySize::Sized(length) => BoxBody::new(LengthOnly(length)),
        BodySize::None | BodySize::Stream => BoxBody::new(Bodiless::new()),
    }
}

/// A body that states its length and has no bytes.
struct LengthOnly(u64);

impl MessageBody for LengthOnly {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(etag: &'static str, coding: Option<&'static str>, knows_compressed: bool) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, HeaderValue::from_static(etag));
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        tag_by_coding(&mut headers, knows_compressed);
        headers.get(ETAG).unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn a_compressed_response_has_a_tag_of_its_own() {
        assert_eq!(tag("\"1-ab\"", None, false), "\"1-ab\"");
        assert_eq!(tag("\"1-ab\"", Some("gzip"), false), "\"1-ab-gzip\"");
        assert_eq!(tag("\"1-ab-gzip\"", Some("gzip"), false), "\"1-ab-gzip\"");
        assert_eq!(tag("\"1-ab\"", None, true), "\"1-ab-gzip\"", "a 304 to a caller with the compressed one");
    }
}
