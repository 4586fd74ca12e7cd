//! What happens to every request, whatever its path: an id, a span in the log, a count in the metrics,
//! and an answer even where a handler panics.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{HeaderMap, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS},
    middleware::Next,
    web,
};
use futures_util::FutureExt;
use std::future::{Ready, ready};
use tracing::Instrument;
use uuid::Uuid;

use crate::http::problem;
use crate::http::problem::{Kind, Problem};
use crate::ops::metrics::Metrics;

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

    /// The id that [`accompany`] gave.
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

/// The outermost middleware of the application.
pub(crate) async fn accompany(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = RequestId::new(request.headers().get(&HEADER));
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let path: String = begin_of(request.path()).to_owned();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let running = metrics.as_ref().map(|metrics| metrics.started());
    let span =
        tracing::info_span!("request", request_id = %id, %method, path, caller = tracing::field::Empty);

    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().instrument(span.clone()).await;
    let _inside = span.entered();
    let answered = match answered {
        Ok(Ok(response)) => Ok(problem::complete(response.map_into_boxed_body(), &id.0)),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a request failed before its handler");
            Err(Kind::of_status(error.as_response_error().status_code()))
        }
        // The panic itself was logged where it happened.
        Err(_) => Err(Kind::Internal),
    };
    drop(running);
    let (status, route) = match &answered {
        Ok(response) => (response.status(), response.request().match_pattern()),
        Err(kind) => (kind.status(), None),
    };
    if let Some(metrics) = &metrics {
        let route = route.as_deref().unwrap_or("unknown");
        metrics.answered(method.as_str(), route, status.as_str(), started.elapsed());
    }
    let milliseconds = started.elapsed().as_millis() as u64;
    // Reads that went well are counted in the metrics; a line for each would cost more than the answer.
    if method.is_safe() && !(status.is_client_error() || status.is_server_error()) {
        tracing::debug!(status = status.as_u16(), milliseconds, "answered");
    } else {
        tracing::info!(status = status.as_u16(), milliseconds, "answered");
    }
    match answered {
        Ok(mut response) => {
            add_headers(response.headers_mut(), &id);
            Ok(response)
        }
        Err(kind) => {
            let problem = Problem::new(kind);
            let mut response = problem.last_resort(&id.0, &path);
            add_headers(response.headers_mut(), &id);
            Err(InternalError::from_response(problem, response).into())
        }
    }
}

/// As much of a path as is logged.
fn begin_of(path: &str) -> &str {
    path.char_indices().nth(2000).and_then(|(end, _)| path.get(..end)).unwrap_or(path)
}

fn add_headers(headers: &mut HeaderMap, id: &RequestId) {
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(HEADER, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::middleware::from_fn;
    use actix_web::test::{
        TestRequest, call_service, init_service, read_body, read_body_json, try_call_service,
    };
    use actix_web::{App, HttpResponse};

    use super::*;
    use crate::http::runtime::blocking;

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

    async fn broken() -> HttpResponse {
        panic!("the key is under the mat")
    }

    #[actix_web::test]
    async fn a_panic_fails_one_request_and_reveals_nothing() {
        let metrics = web::Data::new(Metrics::new().unwrap());
        let app = App::new()
            .app_data(metrics)
            .route("/broken", web::get().to(broken))
            .route("/blocked", web::get().to(|| blocking(|| -> Result<String, _> { panic!("inside") })))
            .service(crate::ops::metrics::show)
            .wrap(from_fn(accompany));
        let app = init_service(app).await;
        let request = |path: &str| TestRequest::get().uri(path).insert_header((HEADER, "job-7")).to_request();
        let error = try_call_service(&app, request("/broken")).await.unwrap_err();
        let response = error.error_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers().get(HEADER).unwrap(), "job-7");
        let body = to_bytes(response.into_body()).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let expected = serde_json::json!({
            "type": "/problems/internal", "title": "The service failed", "status": 500,
            "instance": "/broken", "request_id": "job-7",
        });
        assert_eq!(body, expected);

        let response = call_service(&app, request("/blocked")).await;
        assert_eq!(response.status(), 500);
        let body: serde_json::Value = read_body_json(response).await;
        assert_eq!(body["type"], "/problems/internal");
        assert_eq!(body.get("detail"), None);

        let text = read_body(call_service(&app, request("/metrics")).await).await;
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(text.contains(r#"waymark_http_requests_total{method="GET",route="unknown",status="500"} 1"#));
        assert!(text.contains("waymark_http_requests_running 1"), "only the present one: {text}");
    }
}
