//! The parts of the contract that every operation shares: headers, problem responses, security schemes.

use serde_json::{Map, Value, json};

use crate::http::problem::{Kind, MEDIA_TYPE};

/// The problem responses, by status: their name in the contract, and what they mean.
pub(super) const PROBLEMS: [(u16, &str, &str); 14] = [
    (400, "BadRequest", "The query, a header or the form of the body is not valid"),
    (401, "Unauthorized", "The access token or the client's credentials are missing, expired or not valid"),
    (403, "Forbidden", "None of the caller's roles allows this; the detail names those that do"),
    (
        404,
        "NotFound",
        "The resource does not exist, did not exist at `as_known_at`, or belongs to an organisation in which the caller has no role",
    ),
    (406, "NotAcceptable", "`Accept` excludes every media type that the operation returns"),
    (
        409,
        "Conflict",
        "The code is in use, the resource's state does not allow this, another resource references it, or a request with the same `Idempotency-Key` is being processed",
    ),
    (412, "PreconditionFailed", "The resource has changed since it was read"),
    (413, "ContentTooLarge", "The body exceeds the limit"),
    (415, "UnsupportedMediaType", "The operation does not accept the body's media type or content coding"),
    (
        422,
        "UnprocessableContent",
        "The body is well-formed, but its content is not valid; or a filter names something that does not exist",
    ),
    (428, "PreconditionRequired", "The request needs `If-Match`"),
    (429, "TooManyRequests", "The client is over its request rate"),
    (500, "InternalServerError", "The service failed"),
    (503, "ServiceUnavailable", "The service or its database cannot process the request now"),
];

/// A position, as text.
const POSITION: &str = "^[0-9a-f]{16}$";

/// The headers of every response.
pub(super) const EVERYWHERE: [&str; 5] = [
    "X-Request-Id",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Access-Control-Allow-Origin",
];

/// A reference to a header of the contract.
pub(super) fn header_refs<'a>(names: impl IntoIterator<Item = &'a str>) -> Value {
    let refs = names
        .into_iter()
        .map(|name| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")})));
    Value::Object(refs.collect())
}

/// Every response header, by name.
pub(super) fn headers() -> Value {
    let text = |description: &str, pattern: &str, example: &str| {
        json!({"description": description, "required": true,
               "schema": {"type": "string", "pattern": pattern, "maxLength": 500}, "example": example})
    };
    let number = |description: &str, example: u32| {
        json!({"description": description, "required": true, "example": example,
               "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": i32::MAX}})
    };
    let optional = |mut header: Value| {
        if let Some(header) = header.as_object_mut() {
            header.remove("required");
        }
        header
    };
    json!({
        "X-Request-Id": text("The id of the request, as in the log", "^[A-Za-z0-9._-]{1,128}$", "job-7"),
        "RateLimit-Limit": number("The number of requests that a client may send at once after a pause", 300),
        "RateLimit-Remaining": number("The number of requests left now", 299),
        "RateLimit-Reset": number("Seconds until the full limit is available again", 1),
        "Access-Control-Allow-Origin": optional(text(
            "The web origin of the request, if it is allowed", "^https?://", "https://app.example.org")),
        "Accept-Encoding": optional(text(
            "The content codings that request bodies may have", "^[a-z, ]+$", "gzip, identity")),
        "Retry-After": optional(number("Seconds to wait before the next attempt", 1)),
        "ETag": text("The entity tag, for If-None-Match and If-Match; that of a gzip response ends with `-gzip`", "^\"[0-9a-f-]{1,64}(?:-gzip)?\"$", "\"1-0a1b2c3d4e5f\""),
        "Location": text("The address of the new resource", "^/v1/", "/v1/organisations/leicestershire"),
        "Preference-Applied": optional(text("The preference that was applied", "^respond-async$", "respond-async")),
        "Idempotency-Replayed": optional(text("The response repeats that of an earlier request with the same `Idempotency-Key`", "^true$", "true")),
        "Waymark-Position": optional(text(
            "With read replicas: send it with later requests to read a state that includes this change", POSITION, "00000000016b3748")),
        "WWW-Authenticate": text("The accepted authentication scheme", "^(?:Bearer|Basic) ", "Bearer realm=\"waymark\""),
    })
}

/// Every problem response, by name.
pub(super) fn responses() -> Value {
    let made = PROBLEMS.iter().map(|(status, name, description)| {
        let extra: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            415 => &["Accept-Encoding"],
            409 => &["Retry-After", "Waymark-Position"],
            412 => &["Waymark-Position"],
            429 | 503 => &["Retry-After"],
            _ => &[],
        };
        // A failure may happen before the rate is counted.
        let always: &[&str] =
            if *status == 500 { &["X-Request-Id", "Access-Control-Allow-Origin"] } else { &EVERYWHERE };
        let response = json!({
            "description": description,
            "headers": header_refs(always.iter().chain(extra).copied()),
            "content": {(MEDIA_TYPE): {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example(*status),
            }},
        });
        ((*name).to_owned(), response)
    });
    Value::Object(made.collect())
}

fn example(status: u16) -> Value {
    let kind = Kind::ALL.into_iter().find(|kind| kind.status().as_u16() == status).unwrap_or(Kind::Internal);
    json!({"type": kind.uri(), "title": kind.title(), "status": status, "request_id": "job-7"})
}

/// The authentication schemes.
pub(super) fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "A token of the council's identity provider, or one from `POST /v1/token`, verified as \
                            RFC8725 recommends. Its claim `grants` lists roles and organisations.",
        },
        "client_credentials": {
            "type": "oauth2",
            "description": "Registered clients request a token (a JWT, following RFC8725) that is valid for 15 minutes.",
            "flows": {"clientCredentials": {"tokenUrl": "/v1/token", "refreshUrl": "/v1/token", "scopes": {}}},
        },
    })
}

/// The request headers that operations accept, by name.
pub(super) fn parameters() -> Value {
    let header = |name: &str, description: &str, required: bool, pattern: &str, longest: u32| {
        json!({"name": name, "in": "header", "description": description, "required": required,
               "schema": {"type": "string", "pattern": pattern, "minLength": 1, "maxLength": longest}})
    };
    let tag = r#"^(?:\*|(?:W/)?"[!#-~]{0,64}"(?:, ?(?:W/)?"[!#-~]{0,64}"){0,9})$"#;
    let mut named = Map::new();
    named.insert(
        "IfNoneMatch".into(),
        header(
            "If-None-Match",
            "Entity tags that the caller has: 304 if one of them is current",
            false,
            tag,
            698,
        ),
    );
    named.insert(
        "IfMatch".into(),
        header(
            "If-Match",
            "The entity tag of the resource as it was read: 412 if it has changed since",
            true,
            tag,
            698,
        ),
    );
    named.insert(
        "IdempotencyKey".into(),
        header("Idempotency-Key", "A key that makes it safe to repeat the request: the first response is returned again, for 24 hours", false, "^[!-~]{1,255}$", 255),
    );
    named.insert(
        "Position".into(),
        header(
            "Waymark-Position",
            "The `Waymark-Position` of an earlier response: the state read includes that change, on any replica",
            false,
            POSITION,
            16,
        ),
    );
    Value::Object(named)
}
