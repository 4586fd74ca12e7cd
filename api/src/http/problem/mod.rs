//! Problems: how every failure is reported, as `application/problem+json` (RFC 9457).
//!
//! A handler returns `Err(Problem)`. The request id and the path are filled in on the way out,
//! in `complete`, which also turns the framework's own failures into problems.

mod kind;
mod sources;

pub(crate) use kind::Kind;

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderName, HeaderValue},
    },
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::RefBuilder;

/// The media type of every problem.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// The most faults that one answer lists.
pub(crate) const MAX_FAULTS: usize = 100;

/// A value in the request that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FieldError)]
pub(crate) struct Fault {
    /// The place in the body, as a JSON pointer (RFC 6901). The empty pointer is the whole body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, nullable = false)]
    pub pointer: Option<String>,
    /// The name of the query parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, nullable = false)]
    pub parameter: Option<String>,
    /// The number of the row, from 1, in a push of results.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, nullable = false)]
    pub row: Option<u32>,
    /// The stable name of the fault, for programs.
    #[schema(pattern = "^[a-z0-9_]{1,64}$", max_length = 64, example = "too_long")]
    pub code: String,
    /// What was found, what is expected and what to do, for people.
    #[schema(max_length = 1000)]
    pub detail: String,
}

impl Fault {
    /// A fault at a JSON pointer of the body.
    pub(crate) fn at(pointer: impl Into<String>, code: &str, detail: impl fmt::Display) -> Self {
        Self {
            pointer: Some(bounded(pointer.into())),
            parameter: None,
            row: None,
            code: code.to_owned(),
            detail: bounded(detail.to_string()),
        }
    }

    /// A fault in a query parameter or header.
    pub(crate) fn in_parameter(name: &str, code: &str, detail: impl fmt::Display) -> Self {
        Self {
            pointer: None,
            parameter: Some(bounded(name.chars().take(100).collect())),
            row: None,
            code: code.to_owned(),
            detail: bounded(detail.to_string()),
        }
    }

    /// The same, in a row of a push.
    pub(crate) fn in_row(self, row: u32) -> Self {
        Self { row: Some(row), ..self }
    }
}

/// At most 1,000 characters. A null byte that a caller sent is shown, not sent back.
fn bounded(text: String) -> String {
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    if text.chars().count() <= 1000 { text } else { text.chars().take(999).chain(['…']).collect() }
}

/// A failure, as the caller sees it.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: Kind,
    detail: Option<String>,
    errors: Vec<Fault>,
    push: Option<Box<RawValue>>,
    oauth_error: Option<&'static str>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A problem on the wire.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// The stable type of the problem.
    #[serde(rename = "type")]
    #[schema(pattern = "^/problems/[a-z-]{1,64}$", max_length = 80, example = "/problems/not-found")]
    kind: String,
    /// The title of this type of problem.
    #[schema(max_length = 100, value_type = String)]
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000, nullable = false, value_type = Option<String>)]
    detail: Option<&'a str>,
    /// The path of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 8000, nullable = false, value_type = Option<String>)]
    instance: Option<&'a str>,
    /// The id of the request, as in the service's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 128, nullable = false, value_type = Option<String>)]
    request_id: Option<&'a str>,
    /// Everything in the request that is not valid, at most 100 faults.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(max_items = 100, nullable = false, value_type = Option<Vec<Fault>>)]
    errors: &'a [Fault],
    /// Every invalid row; only if a push was rejected as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = push_schema, required = false)]
    push: Option<&'a RawValue>,
    /// The OAuth 2.0 error code; only for token requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, nullable = false, value_type = Option<String>)]
    error: Option<&'static str>,
}

/// The name of the report on a push in the contract, which `results` declares.
fn push_schema() -> Ref {
    let description = "Every invalid row; only if a push was rejected as a whole.";
    RefBuilder::new().ref_location_from_schema_name("RefusedPush").description(Some(description)).build()
}

impl Problem {
    /// A problem of this kind, without further words.
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(Parts {
            kind,
            detail: None,
            errors: Vec::new(),
            push: None,
            oauth_error: None,
            headers: Vec::new(),
        }))
    }

    /// Says what is wrong in this case.
    pub(crate) fn detail(mut self, detail: impl fmt::Display) -> Self {
        self.0.detail = Some(bounded(detail.to_string()));
        self
    }

    /// Lists faults, at most [`MAX_FAULTS`] of them.
    pub(crate) fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.0.errors.extend(faults);
        self.0.errors.truncate(MAX_FAULTS);
        self
    }

    /// Adds the report on every row of a push that was rejected as a whole.
    pub(crate) fn push(mut self, report: impl Serialize) -> Self {
        self.0.push = to_raw_value(&report)
            .inspect_err(|error| tracing::error!(%error, "a report was not written"))
            .ok();
        self
    }

    /// Adds a header to the response.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Adds the OAuth 2.0 error code (RFC 6749, section 5.2).
    pub(crate) fn oauth(mut self, error: &'static str) -> Self {
        self.0.oauth_error = Some(error);
        self
    }

    /// There is no such thing: `what` names it, for example `plan`.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound).detail(format_args!("there is no such {what}"))
    }

    /// 404 for an `as_known_at` before the thing was made: `what` names it, for example `plan`.
    pub(crate) fn not_yet_known(what: &str, made_at: DateTime<Utc>) -> Self {
        let made_at = made_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        Self::new(Kind::NotFound).detail(format_args!(
            "this {what} was created at {made_at}, after the requested moment: request a later one"
        ))
    }

    /// A failure of the service: logged here, silent to the caller.
    pub(crate) fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(Kind::Internal)
    }

    /// What kind of problem it is.
    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The faults that it lists.
    pub(crate) fn errors(&self) -> &[Fault] {
        &self.0.errors
    }

    /// The bytes of the response.
    fn render(&self, request_id: Option<&str>, instance: Option<&str>) -> Vec<u8> {
        let Parts { kind, detail, errors, push, oauth_error, headers: _ } = self.0.as_ref();
        let body = ProblemBody {
            kind: kind.uri(),
            title: kind.title(),
            status: kind.status().as_u16(),
            detail: detail.as_deref(),
            instance,
            request_id,
            errors,
            push: push.as_deref(),
            error: *oauth_error,
        };
        serde_json::to_vec(&body).unwrap_or_else(|error| {
            tracing::error!(%error, "a problem could not be written");
            Vec::new()
        })
    }

    fn response(&self, request_id: Option<&str>, instance: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::build(self.kind().status());
        response.insert_header((CONTENT_TYPE, MEDIA_TYPE));
        for (name, value) in &self.0.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        response.body(self.render(request_id, instance))
    }

    /// The whole answer, for a failure that no handler and no middleware is left to complete.
    pub(crate) fn last_resort(&self, request_id: &str, instance: &str) -> HttpResponse {
        self.response(Some(request_id), Some(instance))
    }
}

/// A problem that is stored and reported later: its type, title, detail and faults.
pub(crate) fn stored_problem(problem: &Problem) -> serde_json::Value {
    let kind = problem.kind();
    let detail = problem.0.detail.as_deref();
    serde_json::json!({"type": kind.uri(), "title": kind.title(), "detail": detail, "errors": problem.errors()})
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.detail.as_deref().unwrap_or(self.kind().title()))
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind().status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.response(None, None);
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// Writes the request id and the path into a problem, and makes a problem of any other failure.
pub(crate) fn complete(response: ServiceResponse, request_id: &str) -> ServiceResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let known = response.response().extensions().get::<Problem>().cloned();
    let is_problem = response.headers().get(CONTENT_TYPE).is_some_and(|value| value == MEDIA_TYPE);
    let problem = match known {
        Some(problem) => problem,
        // A stored answer that is given again.
        None if is_problem => return response,
        None => Problem::new(Kind::of_status(status)),
    };
    let instance: String = response.request().path().chars().take(8000).collect();
    let body = problem.render(Some(request_id), Some(&instance));
    let mut response = response.map_body(|_, _| actix_web::body::BoxBody::new(body));
    *response.response_mut().status_mut() = problem.kind().status();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_where_and_in_which_request() {
        let problem = Problem::new(Kind::InvalidBody).detail("one field is wrong").faults([Fault::at(
            "/code",
            "too_long",
            "at most 64 characters",
        )]);
        let body: serde_json::Value =
            serde_json::from_slice(&problem.render(Some("r-1"), Some("/v1/organisations"))).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "type": "/problems/invalid-body",
                "title": "The content of the body is not valid",
                "status": 422,
                "detail": "one field is wrong",
                "instance": "/v1/organisations",
                "request_id": "r-1",
                "errors": [{"pointer": "/code", "code": "too_long", "detail": "at most 64 characters"}]
            })
        );
    }

    #[test]
    fn what_callers_send_cannot_blow_up_the_answer() {
        let fault = Fault::at("/x".repeat(5000), "unknown_field", "y".repeat(5000));
        assert_eq!(fault.pointer.unwrap().chars().count(), 1000);
        assert_eq!(fault.detail.chars().count(), 1000);
        assert_eq!(Fault::at("/a\0", "unknown_field", "a\0").detail, "a\u{fffd}");
        let many = (0..1000).map(|row| Fault::at(format!("/{row}"), "bad", "bad"));
        assert_eq!(Problem::new(Kind::InvalidBody).faults(many).errors().len(), MAX_FAULTS);
    }
}
