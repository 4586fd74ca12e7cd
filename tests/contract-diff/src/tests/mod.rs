//! One case for each kind of change, in both directions. Before and after are written by hand.

use serde_json::{Value, json};

use crate::compare;

mod announcements;
mod keywords;
mod operations;
mod references;
mod responses;
mod schemas;
mod security;
mod unions;

/// A document with one operation, `save_thing`, whose body is `request` and whose response is `response`.
pub(crate) fn document(request: Value, response: Value, schemas: Value) -> Value {
    json!({
        "paths": {"/things": {"post": {
            "operationId": "save_thing",
            "requestBody": {"required": true, "content": {"application/json": {"schema": request}}},
            "responses": {"200": {"content": {"application/json": {"schema": response}}}},
        }}},
        "components": {"schemas": schemas},
    })
}

pub(crate) fn ids(before: &Value, after: &Value) -> Vec<String> {
    compare(before, after).into_iter().map(|change| format!("{}: {}", change.id, change.what)).collect()
}

/// What breaks where a schema changes in a request, and where it changes in a response.
pub(crate) fn both(before: Value, after: Value) -> (Vec<String>, Vec<String>) {
    let other = json!({"type": "object"});
    let sent = |schema: &Value| document(schema.clone(), other.clone(), json!({}));
    let returned = |schema: &Value| document(other.clone(), schema.clone(), json!({}));
    (ids(&sent(&before), &sent(&after)), ids(&returned(&before), &returned(&after)))
}

pub(crate) fn breaks_requests(before: Value, after: Value, what: &str) {
    let (request, response) = both(before, after);
    assert_eq!(request, [format!("save_thing.request{what}")]);
    assert!(response.is_empty(), "{response:?}");
}

pub(crate) fn breaks_responses(before: Value, after: Value, what: &str) {
    let (request, response) = both(before, after);
    assert!(request.is_empty(), "{request:?}");
    assert_eq!(response, [format!("save_thing.response.200{what}")]);
}

/// A document with one operation made of these parts.
pub(crate) fn operation(parts: Value) -> Value {
    json!({"paths": {"/things": {"get": parts}}})
}
