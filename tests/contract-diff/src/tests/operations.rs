//! Operations, parameters, bodies, responses and security.

use serde_json::{Value, json};

use super::{ids, operation};

#[test]
fn operations_may_be_added_and_not_removed_or_renamed() {
    let one = operation(json!({"operationId": "list_things", "responses": {}}));
    let none = json!({"paths": {}});
    assert!(ids(&none, &one).is_empty());
    assert_eq!(ids(&one, &none), ["list_things: was removed without having been deprecated"]);
    let deprecated = operation(json!({"operationId": "list_things", "deprecated": true, "responses": {}}));
    assert_eq!(ids(&deprecated, &none), ["list_things: was removed"]);
    let renamed = operation(json!({"operationId": "get_things", "responses": {}}));
    assert_eq!(ids(&one, &renamed), ["list_things: is now `get_things`"]);
}

#[test]
fn parameters_may_be_added_when_they_are_optional() {
    let with = |name: &str, required: bool| {
        let parameter =
            json!({"in": "query", "name": name, "required": required, "schema": {"type": "string"}});
        operation(json!({"operationId": "list_things", "parameters": [parameter], "responses": {}}))
    };
    let without = operation(json!({"operationId": "list_things", "responses": {}}));
    assert!(ids(&without, &with("q", false)).is_empty());
    assert_eq!(ids(&without, &with("q", true)), ["list_things.parameter.q: is new and required"]);
    assert_eq!(ids(&with("q", false), &with("q", true)), ["list_things.parameter.q: is now required"]);
    assert!(ids(&with("q", true), &with("q", false)).is_empty());
    assert_eq!(ids(&with("q", false), &with("query", false)), ["list_things.parameter.q: was removed"]);
}

#[test]
fn responses_keep_their_statuses_media_types_and_headers() {
    let with = |status: &str, media_type: &str, header: &str, required: bool| {
        let response = json!({
            "headers": {(header): {"required": required, "schema": {"type": "string"}}},
            "content": {(media_type): {"schema": {"type": "object"}}},
        });
        operation(json!({"operationId": "list_things", "responses": {(status): response, "404": {}}}))
    };
    let before = with("200", "application/json", "ETag", true);
    assert!(ids(&before, &before).is_empty());
    assert_eq!(
        ids(&before, &with("201", "application/json", "ETag", true)),
        ["list_things.response.200: was removed", "list_things.response.201: is a new successful status"]
    );
    assert_eq!(
        ids(&before, &with("200", "text/csv", "ETag", true)),
        ["list_things.response.200: is no longer returned as application/json"]
    );
    assert_eq!(
        ids(&before, &with("200", "application/json", "Tag", true)),
        ["list_things.response.header.ETag: was removed"]
    );
    assert_eq!(
        ids(&before, &with("200", "application/json", "ETag", false)),
        ["list_things.response.200.header.ETag: is no longer always sent"]
    );
    let other_problems = operation(json!({"operationId": "list_things", "responses": {"406": {}}}));
    let problems = operation(json!({"operationId": "list_things", "responses": {"404": {}}}));
    assert!(ids(&problems, &other_problems).is_empty(), "failures may differ");
}

#[test]
fn a_shared_header_is_reported_once() {
    let with = |pattern: &str| {
        let response = json!({"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}});
        let operation = |id: &str| json!({"operationId": id, "responses": {"200": response}});
        json!({
            "paths": {"/a": {"get": operation("a")}, "/b": {"get": operation("b")}},
            "components": {"headers": {"ETag": {"required": true, "schema": {"type": "string", "pattern": pattern}}}},
        })
    };
    assert_eq!(ids(&with("a"), &with("b")), ["header.ETag: has the pattern \"b\" instead of \"a\""]);
}

#[test]
fn bodies_and_authentication_may_be_relaxed_only() {
    let with = |media_type: &str, required: bool| {
        let body = json!({"required": required, "content": {(media_type): {"schema": {"type": "object"}}}});
        operation(json!({"operationId": "x", "requestBody": body, "responses": {}}))
    };
    assert_eq!(
        ids(&with("text/csv", false), &with("application/json", false)),
        ["x.request: no longer accepts text/csv"]
    );
    assert_eq!(ids(&with("text/csv", false), &with("text/csv", true)), ["x.request: now requires a body"]);
    let secured =
        |security: Value| operation(json!({"operationId": "x", "security": security, "responses": {}}));
    let (one, two) = (secured(json!([{"bearer": []}])), secured(json!([{"bearer": []}, {"basic": []}])));
    assert!(ids(&one, &two).is_empty());
    assert_eq!(ids(&two, &one), ["x.security: no longer accepts an authentication that it accepted"]);
    assert_eq!(
        ids(&secured(json!([])), &one),
        ["x.security: no longer accepts an authentication that it accepted"]
    );
}
