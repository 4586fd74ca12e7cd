//! Content negotiation by the contract: what an operation cannot return is 406, what no operation can decode is 415.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::Error;
use actix_web::ResponseError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use serde_json::Value;

use super::contract_value;
use crate::http::problem::{self, Kind, Problem};

/// The media types of successful responses, by method and path of the contract.
static PRODUCED: LazyLock<HashMap<(String, String), Vec<String>>> = LazyLock::new(|| {
    let paths = contract_value().get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(move |(method, operation)| {
            ((method.to_ascii_uppercase(), path.clone()), media_types(operation))
        })
    });
    operations.filter(|(_, types)| !types.is_empty()).collect()
});

fn media_types(operation: &Value) -> Vec<String> {
    let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    let successful = responses.filter(|(status, _)| status.starts_with('2'));
    let contents = successful.filter_map(|(_, response)| response.get("content")?.as_object());
    contents.flat_map(|content| content.keys().cloned()).collect()
}

/// Rejects requests whose `Accept` names nothing that the operation returns, and bodies in an unknown coding.
pub(crate) async fn negotiate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match check(&request) {
        Ok(()) => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
        Err(problem) => Ok(request.into_response(problem.error_response())),
    }
}

fn check(request: &ServiceRequest) -> Result<(), Problem> {
    let headers = request.headers();
    if let Some(coding) = headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?").trim())
        && !(coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("identity"))
    {
        return Err(Problem::new(Kind::UnsupportedMediaType)
            .detail(format_args!(
                "the body has the content coding `{coding}`: send it with `Content-Encoding: gzip`, or without a coding"
            ))
            .header(ACCEPT_ENCODING, HeaderValue::from_static("gzip, identity")));
    }
    if !headers.contains_key(ACCEPT) {
        return Ok(());
    }
    let Some(pattern) = request.match_pattern() else { return Ok(()) };
    match PRODUCED.get(&(request.method().to_string(), pattern)) {
        Some(produced) if !accepts_any(headers, produced) => {
            Err(Problem::new(Kind::NotAcceptable).detail(format_args!(
                "`Accept` allows none of the media types of this operation: {}",
                produced.join(", ")
            )))
        }
        _ => Ok(()),
    }
}

/// Whether `Accept` allows one of the media types (RFC 9110, section 12.5.1), or problems, which every operation
/// returns as well. A header that cannot be read allows all.
pub(crate) fn accepts_any(headers: &HeaderMap, produced: &[impl AsRef<str>]) -> bool {
    let ranges =
        headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    let mut is_empty = true;
    for range in ranges.map(str::trim).filter(|range| !range.is_empty()) {
        is_empty = false;
        let mut parts = range.split(';').map(str::trim);
        let media_range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let excluded = parts.any(|parameter| {
            let quality = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
            quality.is_some_and(|quality| quality.parse::<f32>().is_ok_and(|quality| quality <= 0.0))
        });
        let matches = |produced: &str| match media_range.split_once('/') {
            Some(("*", "*")) => true,
            Some((kind, "*")) => produced.split('/').next() == Some(kind),
            _ => produced == media_range,
        };
        if !excluded
            && (produced.iter().any(|produced| matches(produced.as_ref())) || matches(problem::MEDIA_TYPE))
        {
            return true;
        }
    }
    is_empty
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(accept: &'static str, produced: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        accepts_any(&headers, produced)
    }

    #[test]
    fn media_ranges_are_matched_as_http_says() {
        let json = ["application/json"];
        for accept in [
            "application/json",
            "APPLICATION/JSON",
            "application/*",
            "*/*",
            "text/html, */*;q=0.1",
            "application/json; charset=utf-8",
            "text/csv;q=1, application/json;q=0.5",
            "application/problem+json",
            "",
        ] {
            assert!(accepts(accept, &json), "{accept}");
        }
        for accept in ["text/csv", "text/*", "application/xml, text/html", "application/json;q=0", "json"] {
            assert!(!accepts(accept, &json), "{accept}");
        }
        assert!(accepts("application/x-ndjson", &["text/csv", "application/x-ndjson"]));
        assert!(!accepts("application/vnd.apache.parquet", &["text/csv", "application/x-ndjson"]));
    }

    #[test]
    fn every_operation_with_a_body_has_its_media_types() {
        let status = ("GET".to_owned(), "/v1/organisations/{organisation}/plans/{plan}/status".to_owned());
        assert_eq!(PRODUCED.get(&status).unwrap(), &["application/json"]);
        let export = ("GET".to_owned(), "/v1/organisations/{organisation}/results/export".to_owned());
        assert_eq!(PRODUCED.get(&export).unwrap().len(), 2);
    }
}
