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
    assert_eq!(ids(&without, &with("q", true)), ["list_things.parameter.query.q: is new and required"]);
    assert_eq!(ids(&with("q", false), &with("q", true)), ["list_things.parameter.query.q: is now required"]);
    assert!(ids(&with("q", true), &with("q", false)).is_empty());
    assert_eq!(ids(&with("q", false), &with("query", false)), ["list_things.parameter.query.q: was removed"]);
}

#[test]
fn bodies_may_be_relaxed_only() {
    let with = |media_type: &str, required: bool| {
        let body = json!({"required": required, "content": {(media_type): {"schema": {"type": "object"}}}});
        operation(json!({"operationId": "x", "requestBody": body, "responses": {}}))
    };
    assert_eq!(
        ids(&with("text/csv", false), &with("application/json", false)),
        ["x.request: no longer accepts text/csv"]
    );
    assert_eq!(ids(&with("text/csv", false), &with("text/csv", true)), ["x.request: now requires a body"]);
}

#[test]
fn a_parameter_is_identified_by_its_place_and_name() {
    let with = |places: &[&str], required: bool| {
        let parameter = |place| json!({"in": place, "name": "id", "required": required});
        let parameters: Vec<Value> = places.iter().map(parameter).collect();
        operation(json!({"operationId": "x", "parameters": parameters, "responses": {}}))
    };
    assert_eq!(
        ids(&with(&["query"], false), &with(&["header"], false)),
        ["x.parameter.query.id: was removed"]
    );
    assert_eq!(
        ids(&with(&["query", "header"], false), &with(&["header", "query"], true)),
        ["x.parameter.header.id: is now required", "x.parameter.query.id: is now required"]
    );
}

#[test]
fn parameters_of_a_path_apply_to_its_operations() {
    let with = |path: Value, own: Value| {
        let operation = json!({"operationId": "x", "parameters": own, "responses": {}});
        json!({"paths": {"/things": {"parameters": path, "get": operation}}})
    };
    let limit = |most: u32| json!([{"in": "query", "name": "limit", "schema": {"maximum": most}}]);
    let none = json!([]);
    assert_eq!(
        ids(&with(limit(9), none.clone()), &with(none.clone(), none.clone())),
        ["x.parameter.query.limit: was removed"]
    );
    assert!(ids(&with(limit(9), none.clone()), &with(none, limit(9))).is_empty());
    // The operation's own parameter replaces the one of the path.
    assert_eq!(
        ids(&with(limit(5), limit(9)), &with(limit(5), limit(7))),
        ["x.parameter.query.limit: has the maximum 7 instead of 9"]
    );
}

#[test]
fn a_shared_parameter_is_reported_once() {
    let with = |most: u32| {
        let shared = json!([{"$ref": "#/components/parameters/Limit"}]);
        let operation = |id: &str| json!({"operationId": id, "parameters": shared, "responses": {}});
        let limit = json!({"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": most}});
        json!({
            "paths": {"/a": {"get": operation("a")}, "/b": {"get": operation("b")}},
            "components": {"parameters": {"Limit": limit}},
        })
    };
    assert_eq!(ids(&with(9), &with(7)), ["parameter.query.limit: has the maximum 7 instead of 9"]);
    let mut inline = with(7);
    inline["paths"]["/a"]["get"]["parameters"] =
        json!([{"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 5}}]);
    assert_eq!(
        ids(&with(7), &inline),
        ["a.parameter.query.limit: has the maximum 5 instead of 7"],
        "no longer the shared one"
    );
    let mut chained = with(7);
    chained["components"]["parameters"]["Most"] = chained["components"]["parameters"]["Limit"].take();
    chained["components"]["parameters"]["Limit"] = json!({"$ref": "#/components/parameters/Most"});
    assert_eq!(ids(&with(9), &chained), ["parameter.query.limit: has the maximum 7 instead of 9"]);
}

#[test]
fn a_parameter_that_references_itself_is_none() {
    let loops = json!({"$ref": "#/components/parameters/Limit"});
    let mut before = operation(json!({"operationId": "a", "parameters": [loops], "responses": {}}));
    let mut after = before.clone();
    before["components"]["parameters"]["Limit"] = loops;
    after["components"]["parameters"]["Limit"] = json!({"in": "query", "name": "limit", "required": true});
    assert_eq!(ids(&before, &after), ["a.parameter.query.limit: is new and required"]);
}

#[test]
fn a_schema_of_a_parameter_of_a_path_is_used_in_requests() {
    let with = |values: Value| {
        let parameter = json!({"in": "query", "name": "q", "schema": {"$ref": "#/components/schemas/State"}});
        json!({
            "paths": {"/a": {"parameters": [parameter], "get": {"operationId": "a", "responses": {}}}},
            "components": {"schemas": {"State": {"enum": values}}},
        })
    };
    assert_eq!(ids(&with(json!(["a", "b"])), &with(json!(["a"]))), ["State: no longer accepts \"b\""]);
}
