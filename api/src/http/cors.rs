//! Which web pages may call the service, and what a refused preflight says.

use actix_cors::Cors;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue, ORIGIN};
use actix_web::middleware::Next;

use crate::http::problem::{Kind, Problem};

/// The methods that a page may use.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/// The port of an origin that stands for every port.
pub(crate) const ANY_PORT: &str = ":*";

/// The middleware for these origins, request headers and response headers.
pub(crate) fn cors(origins: &[String], accepted: Vec<HeaderName>, exposed: Vec<HeaderName>) -> Cors {
    let cors = Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(accepted)
        .expose_headers(exposed)
        .max_age(3600);
    origins.iter().fold(cors, |cors, origin| match origin.strip_suffix(ANY_PORT) {
        None => cors.allowed_origin(origin),
        Some(host) => {
            let host = host.to_owned();
            cors.allowed_origin_fn(move |origin, _| is_port_of(origin, &host))
        }
    })
}

/// Whether an origin is this scheme and host with any port.
fn is_port_of(origin: &HeaderValue, host: &str) -> bool {
    let rest = origin.to_str().ok().and_then(|origin| origin.strip_prefix(host));
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix(':').is_some_and(|port| {
                !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())
            })
    })
}

/// Completes a refused preflight with the setting that would allow it: the library only says that it is refused.
pub(crate) async fn explain_preflight(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let origin = match *request.method() {
        Method::OPTIONS => {
            request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok()).map(str::to_owned)
        }
        _ => None,
    };
    let mut response = next.call(request).await?;
    if let Some(origin) = origin.filter(|_| response.status().is_client_error()) {
        let problem = Problem::new(Kind::InvalidHeader).detail(format_args!(
            "pages of `{origin}` may not send this request. Origins are allowed by --cors-origins \
             (WAYMARK_CORS_ORIGINS); allowed methods are {}",
            METHODS.join(", ")
        ));
        response.response_mut().extensions_mut().insert(problem);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_port_is_a_port_of_the_same_host_and_scheme() {
        let is_local =
            |origin: &'static str| is_port_of(&HeaderValue::from_static(origin), "http://localhost");
        assert!(is_local("http://localhost:5173"));
        assert!(is_local("http://localhost"));
        for origin in [
            "https://localhost:5173",
            "http://localhost.example.org",
            "http://localhost:80.example.org",
            "http://localhost:",
            "http://localhost:123456",
            "null",
        ] {
            assert!(!is_local(origin), "{origin}");
        }
    }
}
