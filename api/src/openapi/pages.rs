//! Pages for people beside the contract: where `/` leads, and an explanation of each problem type.

use actix_web::http::header::{ACCEPT, ContentType, HeaderMap, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde_json::json;

use crate::http::problem::{Kind, Problem};

/// Pages have no script and load nothing.
const POLICY: (&str, &str) = (
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
);

/// Redirects a browser to the documentation; returns links to a program.
#[get("/")]
pub(crate) async fn root(request: HttpRequest) -> HttpResponse {
    if prefers_html(request.headers()) {
        let docs = HeaderValue::from_static("/docs/");
        return HttpResponse::SeeOther().insert_header((LOCATION, docs)).finish();
    }
    HttpResponse::Ok().json(json!({
        "name": "Waymark",
        "version": env!("CARGO_PKG_VERSION"),
        "links": {
            "api": "/v1",
            "contract": "/openapi.json",
            "documentation": "/docs/",
            "problems": "/problems",
            "token": "/v1/token",
            "ready": "/health/ready",
        },
    }))
}

/// Lists the problem types.
#[get("/problems")]
pub(crate) async fn problems() -> HttpResponse {
    let rows: String = Kind::ALL
        .into_iter()
        .map(|kind| {
            let (uri, status, title) = (kind.uri(), kind.status().as_u16(), kind.title());
            format!(
                "<tr><td>{status}</td><td><a href=\"{uri}\"><code>{uri}</code></a></td><td>{title}</td></tr>"
            )
        })
        .collect();
    page(
        "Problem types",
        &format!(
            "<p>Every failure is returned as <code>application/problem+json</code> (RFC 9457). Its <code>type</code> \
             is one of these and does not change.</p>\
             <table><caption>Problem types by status</caption><thead><tr><th scope=\"col\">Status</th>\
             <th scope=\"col\">Type</th><th scope=\"col\">Title</th></tr></thead><tbody>{rows}</tbody></table>"
        ),
    )
}

/// Explains one problem type.
#[get("/problems/{name}")]
pub(crate) async fn problem(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let uri = format!("/problems/{name}");
    let kind = Kind::ALL.into_iter().find(|kind| kind.uri() == uri);
    let kind = kind.ok_or_else(|| Problem::new(Kind::UnknownPath))?;
    let (meaning, remedy) = (meaning(kind), remedy(kind));
    let body = format!(
        "<dl><dt>Type</dt><dd><code>{uri}</code></dd><dt>Status</dt><dd>{}</dd>\
         <dt>What it means</dt><dd>{meaning}</dd><dt>What to do</dt><dd>{remedy}</dd></dl>\
         <p><a href=\"/problems\">All problem types</a></p>",
        kind.status()
    );
    Ok(page(kind.title(), &body))
}

fn prefers_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|range| range.trim().starts_with("text/html"))
}

fn page(title: &str, body: &str) -> HttpResponse {
    let html = format!(
        "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} - Waymark</title>\
         <style>body{{font:1.1rem/1.5 Arial,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}}\
         dt{{font-weight:bold;margin-top:1rem}}dd{{margin:0}}td,th{{padding:.3rem .8rem .3rem 0;text-align:left}}\
         caption{{text-align:left;font-weight:bold}}a{{color:#1d70b8}}</style></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>"
    );
    HttpResponse::Ok().content_type(ContentType::html()).insert_header(POLICY).body(html)
}

/// What a problem type means.
fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::MalformedBody => "The request body is not in the format that its Content-Type states.",
        Kind::InvalidQuery => {
            "A query parameter is unknown, repeated, or has a value that the operation does not accept."
        }
        Kind::InvalidHeader => "A request header has a value that the operation does not accept.",
        Kind::InvalidTokenRequest => {
            "The token request is not a client credentials request (RFC 6749, section 4.4)."
        }
        Kind::Unauthenticated => {
            "The request has no access token, or the token has expired, was revoked or failed verification."
        }
        Kind::InvalidClient => "The client id and secret do not match a registered client.",
        Kind::Forbidden => {
            "The token is valid, but none of its roles allows this operation in this organisation."
        }
        Kind::NotFound => {
            "The resource does not exist, did not exist at the moment asked for, or belongs to an organisation that \
             the caller has no role in."
        }
        Kind::UnknownPath => "No operation has this path.",
        Kind::MethodNotAllowed => "The path exists, but not with this method.",
        Kind::NotAcceptable => "The Accept header excludes every media type that the operation returns.",
        Kind::Conflict => "The code or key is already in use.",
        Kind::InUse => "Another resource references what the request would remove.",
        Kind::WrongState => "The resource is in a state that does not allow this action.",
        Kind::RequestInFlight => "A request with the same Idempotency-Key is still being processed.",
        Kind::PreconditionFailed => "The resource has changed since it was read.",
        Kind::BodyTooLarge => "The request body exceeds the limit that the detail states.",
        Kind::UnsupportedMediaType => {
            "The operation does not accept the Content-Type or Content-Encoding of the body."
        }
        Kind::InvalidBody => "The body is well-formed, but its content is not valid.",
        Kind::RowsRejected => "Rows of an atomic push are not valid, so none was stored.",
        Kind::UnknownFilterValue => {
            "A filter names something that does not exist, for example a theme that the plan does not have."
        }
        Kind::IdempotencyKeyReused => "The Idempotency-Key was used before with a different request.",
        Kind::PreconditionRequired => "The operation changes a resource and needs If-Match.",
        Kind::TooManyRequests => {
            "The client has used its request rate, or its organisation its share of the queue."
        }
        Kind::Internal => "The service failed. The cause is in its log under the request id.",
        Kind::Unavailable => "The service or its database cannot process the request at the moment.",
    }
}

/// What the person or program that receives a problem does next.
fn remedy(kind: Kind) -> &'static str {
    match kind {
        Kind::MalformedBody => {
            "Correct the syntax at the position that the detail names, and send the request again."
        }
        Kind::InvalidQuery => {
            "Correct each parameter listed in <code>errors</code>. A cursor is valid only with the filters it was issued for."
        }
        Kind::InvalidHeader => "Correct the header that <code>errors</code> or the detail names.",
        Kind::InvalidTokenRequest => {
            "Send the form fields grant_type, client_id and client_secret, or the client's id and secret with HTTP Basic."
        }
        Kind::Unauthenticated => "Request a new token and send it as <code>Authorization: Bearer</code>.",
        Kind::InvalidClient => "Check both, or ask the operator to register the client again.",
        Kind::Forbidden => "Ask the organisation's administrator for one of the roles that the detail names.",
        Kind::NotFound => "Check the codes in the path, and the roles of the token.",
        Kind::UnknownPath => "See the contract for the paths of this version.",
        Kind::MethodNotAllowed => "Use one of the methods in the Allow header.",
        Kind::NotAcceptable => "Accept one of the media types that the detail lists.",
        Kind::Conflict => "Choose another code, or read and change the existing resource.",
        Kind::InUse => "Remove the reference first.",
        Kind::WrongState => "Read it again: <code>allowed_actions</code> lists what is possible now.",
        Kind::RequestInFlight => "Wait for the seconds in Retry-After, then send the same request again.",
        Kind::PreconditionFailed => "Read it again, and repeat the change with the new ETag as If-Match.",
        Kind::BodyTooLarge => "Split it into several requests, or send NDJSON or CSV as a large push.",
        Kind::UnsupportedMediaType => "Send one of those that the detail lists.",
        Kind::InvalidBody => {
            "Correct every item of <code>errors</code>: <code>pointer</code> locates it in the body."
        }
        Kind::RowsRejected => {
            "Correct the rows listed in <code>push</code>, or use mode=partial to store the valid ones."
        }
        Kind::UnknownFilterValue => {
            "Use one of the values that <code>errors</code> lists, or leave the filter out."
        }
        Kind::IdempotencyKeyReused => "Use a new key for a new request.",
        Kind::PreconditionRequired => "Read the resource, and send its ETag as If-Match.",
        Kind::TooManyRequests => "Wait for the seconds in Retry-After.",
        Kind::Internal => "Try again later; if it happens again, report the request id to the operator.",
        Kind::Unavailable => "Try again after the seconds in Retry-After.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_prefers_html() {
        let mut headers = HeaderMap::new();
        assert!(!prefers_html(&headers));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        assert!(!prefers_html(&headers));
        headers.insert(ACCEPT, HeaderValue::from_static("application/xhtml+xml, text/html;q=0.9"));
        assert!(prefers_html(&headers));
    }

    #[test]
    fn explanations_are_sentences() {
        for kind in Kind::ALL {
            assert!(meaning(kind).ends_with('.') && remedy(kind).ends_with('.'), "{kind:?}");
        }
    }
}
