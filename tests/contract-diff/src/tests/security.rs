//! Authentication, and which changes an announcement suffices for.

use serde_json::{Value, json};

use super::{ids, operation};
use crate::{compare, is_announced};

fn secured(security: Value) -> Value {
    operation(json!({"operationId": "x", "security": security, "responses": {}}))
}

const BROKEN: &str = "x.security: no longer accepts an authentication that it accepted";

#[test]
fn authentication_may_be_relaxed_only() {
    let one = secured(json!([{"bearer": []}]));
    let two = secured(json!([{"bearer": []}, {"basic": []}]));
    assert!(ids(&one, &two).is_empty());
    assert_eq!(ids(&two, &one), [BROKEN]);
    for open in [json!([]), json!([{}]), json!([{}, {"bearer": []}])] {
        assert!(ids(&one, &secured(open.clone())).is_empty(), "{open}");
        assert_eq!(ids(&secured(open.clone()), &one), [BROKEN], "{open}");
    }
    let scoped = |scopes: Value| secured(json!([{"bearer": scopes}]));
    assert_eq!(ids(&scoped(json!(["a"])), &scoped(json!(["a", "b"]))), [BROKEN]);
    assert!(ids(&scoped(json!(["a", "b"])), &scoped(json!(["b"]))).is_empty());
    let also = secured(json!([{"bearer": [], "key": []}]));
    assert_eq!(ids(&one, &also), [BROKEN]);
    assert!(ids(&also, &one).is_empty());
}

#[test]
fn the_security_of_the_document_applies_to_operations_without_their_own() {
    let with = |security: Value| {
        let mut document = operation(json!({"operationId": "x", "responses": {}}));
        document["security"] = security;
        document
    };
    assert_eq!(ids(&with(json!([])), &with(json!([{"bearer": []}]))), [BROKEN]);
    assert!(ids(&with(json!([{"bearer": []}])), &secured(json!([]))).is_empty());
}

#[test]
fn a_security_scheme_remains_what_it_is() {
    let with = |scheme: Value| json!({"components": {"securitySchemes": {"token": scheme}}});
    let flow = |url: &str, scopes: Value| {
        with(json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": url, "scopes": scopes}}}))
    };
    let bearer = with(json!({"type": "http", "scheme": "bearer", "description": "A token."}));
    let before = flow("/token", json!({"a": "A"}));
    assert!(
        ids(&bearer, &with(json!({"type": "http", "scheme": "bearer", "description": "It."}))).is_empty()
    );
    assert_eq!(
        ids(&bearer, &with(json!({"type": "http", "scheme": "basic"}))),
        ["securityScheme.token: has the scheme \"basic\" instead of \"bearer\""]
    );
    assert_eq!(
        ids(&before, &flow("/v2/token", json!({"a": "A"}))),
        ["securityScheme.token: has the tokenUrl \"/v2/token\" instead of \"/token\" in clientCredentials"]
    );
    assert!(ids(&before, &flow("/token", json!({"a": "A again", "b": "B"}))).is_empty());
    assert_eq!(
        ids(&before, &flow("/token", json!({"b": "B"}))),
        ["securityScheme.token: no longer has the scope a in clientCredentials"]
    );
    let other = with(json!({"type": "oauth2", "flows": {"password": {"tokenUrl": "/token", "scopes": {}}}}));
    assert_eq!(ids(&before, &other), ["securityScheme.token: no longer has the flow clientCredentials"]);
    assert_eq!(ids(&before, &json!({})), ["securityScheme.token: was removed"]);
}

#[test]
fn an_announcement_of_a_removal_suffices_before_1_0_only() {
    let with =
        |deprecated: bool| operation(json!({"operationId": "x", "deprecated": deprecated, "responses": {}}));
    let none = json!({"paths": {}});
    let names = ["x".to_owned()];
    for (before, version, suffices) in
        [(with(false), [0, 9, 0], true), (with(false), [1, 0, 0], false), (with(true), [1, 0, 0], true)]
    {
        let changes = compare(&before, &none);
        assert_eq!(changes.len(), 1);
        assert_eq!(is_announced(version, &names, &changes[0]), suffices, "{version:?} {changes:?}");
        assert!(!is_announced(version, &["y".to_owned()], &changes[0]));
    }
}
