//! Responses: statuses, media types, headers and failures.

use serde_json::{Value, json};

use super::{ids, operation};

/// An operation with these responses.
fn responses(responses: Value) -> Value {
    operation(json!({"operationId": "x", "responses": responses}))
}

#[test]
fn a_successful_status_may_not_be_removed_or_added() {
    let with = |statuses: &[&str]| {
        responses(statuses.iter().map(|status| ((*status).to_owned(), json!({}))).collect())
    };
    assert!(ids(&with(&["200"]), &with(&["200"])).is_empty());
    assert_eq!(
        ids(&with(&["200"]), &with(&["201"])),
        ["x.response.200: was removed", "x.response.201: is a new status of success"]
    );
    assert_eq!(ids(&with(&["200"]), &with(&["200", "303"])), ["x.response.303: is a new status of success"]);
    assert_eq!(ids(&with(&["200", "304"]), &with(&["200"])), ["x.response.304: was removed"]);
    // Only a conditional request is answered with it, so a client expects it.
    assert!(ids(&with(&["200"]), &with(&["200", "304"])).is_empty());
}

#[test]
fn failures_may_have_other_statuses_and_further_values() {
    let with = |status: &str, values: Value| {
        responses(json!({(status): {"content": {"application/problem+json": {"schema": {
            "type": "object", "required": ["code"], "properties": {"code": {"enum": values}},
        }}}}}))
    };
    let before = with("404", json!(["a"]));
    assert!(ids(&before, &with("404", json!(["a", "b"]))).is_empty());
    for status in ["406", "500", "4XX", "default"] {
        assert!(ids(&before, &with(status, json!(["a"]))).is_empty(), "{status}");
    }
    let other = responses(json!({"404": {"content": {"application/problem+json": {"schema": {
        "type": "object", "properties": {"reason": {"enum": ["a"]}},
    }}}}}));
    assert_eq!(ids(&before, &other), ["x.response.404.code: was removed"]);
    let text = responses(json!({"404": {"content": {"text/plain": {}}}}));
    assert_eq!(
        ids(&before, &text),
        [
            "x.response.404: is no longer returned as application/problem+json",
            "x.response.404: may now be returned as text/plain",
        ]
    );
}

#[test]
fn a_schema_of_failures_and_successes_is_judged_as_both() {
    let with = |values: Value, is_shared: bool| {
        let content =
            json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Code"}}}});
        let success = if is_shared { content.clone() } else { json!({}) };
        let mut document = responses(json!({"200": success, "404": content}));
        document["components"] = json!({"schemas": {"Code": {"enum": values}}});
        document
    };
    let (small, large) = (json!(["a"]), json!(["a", "b"]));
    assert!(ids(&with(small.clone(), false), &with(large.clone(), false)).is_empty());
    assert_eq!(ids(&with(small, true), &with(large, true)), ["Code: may now be \"b\""]);
}

#[test]
fn a_shared_failure_is_reported_once() {
    let with = |media_type: &str| {
        let shared = json!({"404": {"$ref": "#/components/responses/NotFound"}});
        let operation = |id: &str| json!({"operationId": id, "responses": shared});
        json!({
            "paths": {"/a": {"get": operation("a")}, "/b": {"get": operation("b")}},
            "components": {"responses": {"NotFound": {"content": {(media_type): {}}}}},
        })
    };
    assert_eq!(
        ids(&with("application/json"), &with("text/plain")),
        [
            "response.NotFound: is no longer returned as application/json",
            "response.NotFound: may now be returned as text/plain",
        ]
    );
    let mut other = with("application/json");
    other["components"]["responses"]["Gone"] = json!({"content": {"application/json": {}, "text/csv": {}}});
    other["paths"]["/a"]["get"]["responses"]["404"] = json!({"$ref": "#/components/responses/Gone"});
    assert_eq!(
        ids(&with("application/json"), &other),
        ["a.response.404: may now be returned as text/csv"],
        "no longer the shared one"
    );
}

#[test]
fn media_types_of_a_response_may_not_be_removed_or_added() {
    let with = |types: &[&str]| {
        let content: Value = types.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
        responses(json!({"200": {"content": content}}))
    };
    let (one, two) = (with(&["application/json"]), with(&["application/json", "text/csv"]));
    assert_eq!(ids(&one, &two), ["x.response.200: may now be returned as text/csv"]);
    assert_eq!(ids(&two, &one), ["x.response.200: is no longer returned as text/csv"]);
    assert_eq!(
        ids(&responses(json!({"200": {}})), &one),
        ["x.response.200: may now be returned as application/json"]
    );
}

#[test]
fn a_header_that_is_always_sent_remains() {
    let with = |name: &str, required: bool| {
        responses(json!({"200": {"headers": {(name): {"required": required, "schema": {"type": "string"}}}}}))
    };
    let before = with("ETag", true);
    assert!(ids(&before, &before).is_empty());
    assert!(ids(&before, &with("etag", true)).is_empty(), "names of headers have no case");
    assert_eq!(ids(&before, &with("Tag", true)), ["x.response.200.header.ETag: was removed"]);
    assert_eq!(ids(&before, &with("ETag", false)), ["x.response.200.header.ETag: is no longer always sent"]);
    assert!(ids(&with("ETag", false), &before).is_empty());
    assert!(ids(&with("ETag", false), &with("ETag", false)).is_empty());
    assert!(ids(&with("ETag", false), &with("Tag", false)).is_empty(), "it could be absent before");
    let failure = |name: &str| responses(json!({"429": {"headers": {(name): {"required": true}}}}));
    assert_eq!(
        ids(&failure("Retry-After"), &failure("X")),
        ["x.response.429.header.Retry-After: was removed"]
    );
}

#[test]
fn a_shared_header_is_reported_once() {
    let with = |pattern: &str, required: bool| {
        let response = json!({"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}});
        let operation = |id: &str| json!({"operationId": id, "responses": {"200": response}});
        let tag = json!({"required": required, "schema": {"type": "string", "pattern": pattern}});
        json!({
            "paths": {"/a": {"get": operation("a")}, "/b": {"get": operation("b")}},
            "components": {"headers": {"ETag": tag}},
        })
    };
    assert_eq!(
        ids(&with("a", true), &with("b", false)),
        ["header.ETag: has the pattern \"b\" instead of \"a\"", "header.ETag: is no longer always sent",]
    );
}
