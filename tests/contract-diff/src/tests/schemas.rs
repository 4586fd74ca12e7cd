//! Types, enums, properties and references.

use serde_json::{Value, json};

use crate::changes::Breaks;
use crate::compare;

use super::{both, breaks_requests, breaks_responses, document, ids};

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
fn a_schema_deep_in_requests_and_responses_may_change_neither_way() {
    let with = |most: u32| {
        let named = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let holder = |name: &str| json!({"type": "object", "properties": {"inner": named(name)}});
        let schemas = json!({
            "New": holder("Row"),
            "Page": {"type": "array", "items": named("Row")},
            "Row": holder("Note"),
            "Note": {"type": "string", "maxLength": most},
        });
        document(named("New"), named("Page"), schemas)
    };
    let breaks = |before: u32, after: u32| {
        let changes = compare(&with(before), &with(after));
        changes.into_iter().map(|change| (change.id, change.breaks)).collect::<Vec<_>>()
    };
    assert_eq!(breaks(9, 5), [("Note".to_owned(), Breaks::Requests)]);
    assert_eq!(breaks(5, 9), [("Note".to_owned(), Breaks::Responses)]);
}

#[test]
fn a_schema_that_is_newly_returned_may_have_new_values() {
    let state = json!({"$ref": "#/components/schemas/State"});
    let before = document(state.clone(), json!({"type": "object"}), json!({"State": {"enum": ["a"]}}));
    let mut after = before.clone();
    after["components"]["schemas"]["State"]["enum"] = json!(["a", "b"]);
    after["paths"]["/states"]["get"] = json!({
        "operationId": "get_state",
        "responses": {"200": {"content": {"application/json": {"schema": state}}}},
    });
    assert!(ids(&before, &after).is_empty(), "no client of before calls the new operation");
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
