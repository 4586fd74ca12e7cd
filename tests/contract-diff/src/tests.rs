//! One case for each kind of change, in both directions. Before and after are written by hand.

use serde_json::{Value, json};

use crate::announcements;
use crate::compare;

/// A document with one operation, `save_thing`, whose body is `request` and whose response is `response`.
fn document(request: Value, response: Value, schemas: Value) -> Value {
    json!({
        "paths": {"/things": {"post": {
            "operationId": "save_thing",
            "requestBody": {"required": true, "content": {"application/json": {"schema": request}}},
            "responses": {"200": {"content": {"application/json": {"schema": response}}}},
        }}},
        "components": {"schemas": schemas},
    })
}

fn ids(before: &Value, after: &Value) -> Vec<String> {
    compare(before, after).into_iter().map(|change| format!("{}: {}", change.id, change.what)).collect()
}

/// What breaks where a schema changes in a request, and where it changes in a response.
fn both(before: Value, after: Value) -> (Vec<String>, Vec<String>) {
    let other = json!({"type": "object"});
    let sent = |schema: &Value| document(schema.clone(), other.clone(), json!({}));
    let returned = |schema: &Value| document(other.clone(), schema.clone(), json!({}));
    (ids(&sent(&before), &sent(&after)), ids(&returned(&before), &returned(&after)))
}

fn breaks_requests(before: Value, after: Value, what: &str) {
    let (request, response) = both(before, after);
    assert_eq!(request, [format!("save_thing.request{what}")]);
    assert!(response.is_empty(), "{response:?}");
}

fn breaks_responses(before: Value, after: Value, what: &str) {
    let (request, response) = both(before, after);
    assert!(request.is_empty(), "{request:?}");
    assert_eq!(response, [format!("save_thing.response.200{what}")]);
}

#[test]
fn an_enum_may_grow_in_requests_and_shrink_in_responses() {
    let (small, large) = (json!({"enum": ["a", "b"]}), json!({"enum": ["a", "b", "c"]}));
    breaks_responses(small.clone(), large.clone(), ": may now be \"c\"");
    breaks_requests(large.clone(), small.clone(), ": no longer accepts \"c\"");
    breaks_requests(
        json!({"type": "string"}),
        json!({"type": "string", "enum": ["a"]}),
        ": accepts only \"a\"",
    );
    breaks_responses(
        json!({"type": "string", "const": "a"}),
        json!({"type": "string"}),
        ": is no longer limited to \"a\"",
    );
}

#[test]
fn an_enum_behind_a_nullable_reference_is_reported_once_by_its_own_name() {
    let with = |values: Value| {
        let row = json!({"type": "object", "properties": {
            "state": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/State"}]},
        }});
        let schemas = json!({"Row": row, "State": {"type": "string", "enum": values}});
        document(json!({"type": "object"}), json!({"$ref": "#/components/schemas/Row"}), schemas)
    };
    let (small, large) = (with(json!(["open"])), with(json!(["open", "closed"])));
    assert_eq!(ids(&small, &large), ["State: may now be \"closed\""]);
    assert!(ids(&large, &small).is_empty());
}

#[test]
fn what_is_required_may_be_dropped_from_requests_and_added_to_responses() {
    let with =
        |required: Value| json!({"type": "object", "properties": {"a": {}, "b": {}}, "required": required});
    breaks_requests(with(json!(["a"])), with(json!(["a", "b"])), ".b: is now required");
    breaks_responses(with(json!(["a", "b"])), with(json!(["a"])), ".b: is no longer always sent");
}

#[test]
fn properties_may_be_added_and_not_removed() {
    let with = |names: &[&str], required: Value| {
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
        json!({"type": "object", "properties": properties, "required": required})
    };
    let (request, response) = both(with(&["a"], json!([])), with(&["a", "b"], json!([])));
    assert!(request.is_empty() && response.is_empty());
    let (request, response) = both(with(&["a", "b"], json!([])), with(&["a"], json!([])));
    assert_eq!(request, ["save_thing.request.b: was removed"]);
    assert_eq!(response, ["save_thing.response.200.b: was removed"]);
    breaks_requests(with(&["a"], json!([])), with(&["a", "b"], json!(["b"])), ".b: is new and required");
}

#[test]
fn types_may_widen_in_requests_and_narrow_in_responses() {
    let (one, two) = (json!({"type": "string"}), json!({"type": ["string", "integer"]}));
    breaks_responses(one.clone(), two.clone(), ": has the types integer, string instead of string");
    breaks_requests(two, one, ": has the types string instead of integer, string");
    let (integer, number) = (json!({"type": "integer"}), json!({"type": "number"}));
    breaks_responses(integer.clone(), number.clone(), ": has the types number instead of integer");
    breaks_requests(number, integer, ": has the types integer instead of number");
}

#[test]
fn null_may_be_accepted_and_not_returned() {
    let (plain, nullable) = (json!({"type": "string"}), json!({"type": ["string", "null"]}));
    breaks_responses(plain.clone(), nullable.clone(), ": may now be null");
    breaks_requests(nullable, plain, ": may no longer be null");
    let reference = json!({"$ref": "#/components/schemas/State"});
    let with = |schema: &Value| {
        let row = json!({"type": "object", "properties": {"state": schema}});
        document(row.clone(), row, json!({"State": {"type": "string"}}))
    };
    let nullable = json!({"oneOf": [{"type": "null"}, reference]});
    assert_eq!(ids(&with(&reference), &with(&nullable)), ["save_thing.response.200.state: may now be null"]);
    assert_eq!(ids(&with(&nullable), &with(&reference)), ["save_thing.request.state: may no longer be null"]);
}

#[test]
fn bounds_may_relax_in_requests_and_tighten_in_responses() {
    for (keyword, loose, tight) in [
        ("minimum", 0, 1),
        ("maximum", 10, 9),
        ("minLength", 1, 2),
        ("maxLength", 10, 9),
        ("minItems", 0, 1),
        ("maxItems", 500, 100),
        ("exclusiveMinimum", 0, 1),
    ] {
        let (loose, tight) = (json!({(keyword): loose}), json!({(keyword): tight}));
        let (request, response) = both(loose.clone(), tight.clone());
        assert_eq!((request.len(), response.len()), (1, 0), "{keyword}");
        let (request, response) = both(tight, loose);
        assert_eq!((request.len(), response.len()), (0, 1), "{keyword}");
    }
}

#[test]
fn a_new_bound_of_zero_excludes_numbers_and_no_lengths() {
    breaks_requests(json!({}), json!({"minimum": 0}), ": has the minimum 0 instead of none");
    breaks_requests(json!({}), json!({"minimum": -5}), ": has the minimum -5 instead of none");
    breaks_responses(
        json!({"exclusiveMinimum": 0}),
        json!({}),
        ": has the exclusiveMinimum none instead of 0",
    );
    let (request, response) = both(json!({}), json!({"minLength": 0, "minItems": 0}));
    assert!(request.is_empty() && response.is_empty());
}

#[test]
fn released_contracts_are_ordered_by_version() {
    assert_eq!(crate::version_of("0.10.2.json"), Some([0, 10, 2]));
    assert!(crate::version_of("0.10.0.json") > crate::version_of("0.9.9.json"));
    for name in ["v0.2.0.json", "0.2.json", "0.3.0-rc.1.json", "0.2.0.yaml"] {
        assert_eq!(crate::version_of(name), None, "{name}");
    }
}

#[test]
fn a_pattern_may_be_dropped_from_requests_and_added_to_responses() {
    let (none, some) = (json!({"type": "string"}), json!({"type": "string", "pattern": "^[a-z]+$"}));
    breaks_requests(none.clone(), some.clone(), ": has the pattern \"^[a-z]+$\" instead of none");
    breaks_responses(some.clone(), none, ": has the pattern none instead of \"^[a-z]+$\"");
    let (request, response) = both(some, json!({"type": "string", "pattern": "^[a-z]{1,9}$"}));
    assert_eq!((request.len(), response.len()), (1, 1), "no one can tell which pattern is narrower");
}

#[test]
fn a_whole_number_may_grow_in_requests_only() {
    let (short, long) =
        (json!({"type": "integer", "format": "int32"}), json!({"type": "integer", "format": "int64"}));
    breaks_responses(short.clone(), long.clone(), ": has the format \"int64\" instead of \"int32\"");
    breaks_requests(long, short, ": has the format \"int32\" instead of \"int64\"");
}

#[test]
fn further_properties_may_not_be_excluded_from_requests() {
    let (open, closed) =
        (json!({"type": "object"}), json!({"type": "object", "additionalProperties": false}));
    breaks_requests(open, closed, ": no longer accepts further properties");
}

#[test]
fn items_alternatives_and_all_of_are_compared_inside() {
    let list = |values: Value| json!({"type": "array", "items": {"enum": values}});
    breaks_responses(list(json!(["a"])), list(json!(["a", "b"])), ".[]: may now be \"b\"");
    let with = |names: &[&str]| {
        let all: Vec<Value> =
            names.iter().map(|name| json!({"$ref": format!("#/components/schemas/{name}")})).collect();
        let one = json!({"oneOf": all});
        document(
            one.clone(),
            one,
            json!({"A": {"type": "object"}, "B": {"type": "object"}, "C": {"type": "object"}}),
        )
    };
    assert_eq!(
        ids(&with(&["A", "B"]), &with(&["A", "B", "C"])),
        ["save_thing.response.200: may now be the alternative C"]
    );
    assert_eq!(
        ids(&with(&["A", "B", "C"]), &with(&["B", "A"])),
        ["save_thing.request: no longer accepts the alternative C"]
    );
    let all = |required: Value| json!({"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}, "required": required}]});
    breaks_requests(all(json!([])), all(json!(["b"])), ".b: is now required");
}

#[test]
fn a_schema_of_both_directions_is_compared_in_both() {
    let with = |values: Value| {
        let reference = json!({"$ref": "#/components/schemas/State"});
        document(reference.clone(), reference, json!({"State": {"enum": values}}))
    };
    let changes = ids(&with(json!(["a", "b"])), &with(json!(["b", "c"])));
    assert_eq!(changes, ["State: may now be \"c\"", "State: no longer accepts \"a\""]);
}

#[test]
fn a_renamed_schema_breaks_generated_clients() {
    let with = |name: &str| {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        document(json!({"type": "object"}), reference, json!({(name): {"type": "object"}}))
    };
    let changes = ids(&with("Number"), &with("Decimal"));
    assert!(changes.contains(&"Number: was removed or renamed".to_owned()), "{changes:?}");
}

#[test]
fn schemas_that_contain_themselves_are_compared_to_an_end() {
    let tree = |values: Value| {
        let node = json!({"type": "object", "properties": {
            "kind": {"enum": values},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        }});
        document(
            json!({"type": "object"}),
            json!({"$ref": "#/components/schemas/Node"}),
            json!({"Node": node}),
        )
    };
    assert_eq!(ids(&tree(json!(["a"])), &tree(json!(["a", "b"]))), ["Node.kind: may now be \"b\""]);
    let looped = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let document = document(looped("A"), looped("A"), json!({"A": looped("B"), "B": looped("A")}));
    assert!(ids(&document, &document).is_empty());
}

/// A document with one operation made of these parts.
fn operation(parts: Value) -> Value {
    json!({"paths": {"/things": {"get": parts}}})
}

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

#[test]
fn a_change_is_announced_by_its_name_or_by_what_encloses_it() {
    let names = announcements::read(
        "# Changes\n\n## Not yet released\n\n- **Breaking**: `Number` is `Decimal`,\n  and `list_results.parameter.q`.\n\
         - New: `Rating`.\n\n## 0.2.0\n\n- **Breaking**: `State`.\n",
    );
    assert_eq!(names, ["Number", "Decimal", "list_results.parameter.q"]);
    for (id, is_announced) in
        [("Number", true), ("Number.value", true), ("Numbers", false), ("Rating", false), ("State", false)]
    {
        assert_eq!(announcements::covers(&names, id), is_announced, "{id}");
    }
}
