//! What happens to every request, whatever its path: an id, a span in the log, a count in the metrics, and a response even
//! if a handler panics.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use futures_util::FutureExt;
use tracing::Instrument;

use crate::http::problem::{self, Kind, Problem};
use crate::http::request_id::{self, RequestId};
use crate::ops::metrics::Metrics;

/// The outermost middleware of the application.
pub(crate) async fn accompany(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = RequestId::new(request.headers().get(&request_id::HEADER));
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
        Ok(Ok(response)) => Ok(problem::complete(response.map_into_boxed_body(), id.as_str())),
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
            let mut response = problem.last_resort(id.as_str(), &path);
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
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(request_id::HEADER, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, request_id::NO_SNIFFING);
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
        let request = |path: &str| {
            TestRequest::get().uri(path).insert_header((request_id::HEADER, "job-7")).to_request()
        };
        let error = try_call_service(&app, request("/broken")).await.unwrap_err();
        let response = error.error_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers().get(request_id::HEADER).unwrap(), "job-7");
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
