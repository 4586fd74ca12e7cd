//! References: schemas that are renamed, exchanged, nested or contain themselves.

use serde_json::{Value, json};

use super::{document, ids};

fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A document whose response is `response`, with these named schemas.
fn returns(response: Value, schemas: Value) -> Value {
    document(json!({"type": "object"}), response, schemas)
}

#[test]
fn a_renamed_schema_is_reported_once_and_compared_by_its_former_name() {
    let with = |name: &str, values: Value| {
        let row = json!({"type": "object", "properties": {"first": named(name), "second": named(name)}});
        returns(row, json!({(name): {"enum": values}}))
    };
    assert_eq!(
        ids(&with("State", json!(["a"])), &with("Stage", json!(["a", "b"]))),
        ["State: may now be \"b\"", "State: was removed or renamed"]
    );
}

#[test]
fn a_renamed_schema_that_contains_itself_is_compared_to_an_end() {
    let tree = |name: &str, values: Value| {
        let node = json!({"type": "object", "properties": {
            "kind": {"enum": values},
            "parent": {"oneOf": [{"type": "null"}, named(name)]},
            "children": {"type": "array", "items": named(name)},
        }});
        returns(named(name), json!({(name): node}))
    };
    assert_eq!(
        ids(&tree("Node", json!(["a"])), &tree("Tree", json!(["a", "b"]))),
        ["Node: was removed or renamed", "Node.kind: may now be \"b\""]
    );
}

#[test]
fn a_reference_to_another_schema_is_reported_where_it_is() {
    let with = |name: &str| {
        let row = json!({"type": "object", "properties": {"state": named(name)}});
        returns(row, json!({"State": {"enum": ["a"]}, "Stage": {"enum": ["a", "b"]}}))
    };
    assert_eq!(
        ids(&with("State"), &with("Stage")),
        [
            "save_thing.response.200.state: is now of the schema `Stage` instead of `State`",
            "save_thing.response.200.state: may now be \"b\"",
        ]
    );
}

#[test]
fn cycles_whose_references_never_coincide_are_compared_to_an_end() {
    let nested = |schema: Value| json!({"type": "object", "properties": {"x": schema}});
    let with = |schema: Value, values: Value| {
        let mut inner = nested(nested(named("A")));
        inner["properties"]["kind"] = json!({"enum": values});
        returns(schema, json!({"A": inner}))
    };
    let (even, odd) = (with(named("A"), json!(["a"])), with(nested(named("A")), json!(["a"])));
    assert_eq!(
        ids(&even, &odd),
        ["save_thing.response.200.kind: was removed", "save_thing.response.200.x.x.kind: was removed"]
    );
}

#[test]
fn no_depth_is_too_deep() {
    let deep = |values: Value| {
        let mut schema = json!({"enum": values});
        for _ in 0..60 {
            schema = json!({"type": "array", "items": schema});
        }
        returns(schema, json!({}))
    };
    let id = format!("save_thing.response.200{}", ".[]".repeat(60));
    assert_eq!(ids(&deep(json!(["a"])), &deep(json!(["a", "b"]))), [format!("{id}: may now be \"b\"")]);
    let chain = |values: Value| {
        let mut schemas: serde_json::Map<String, Value> =
            (0..60).map(|number| (format!("S{number}"), named(&format!("S{}", number + 1)))).collect();
        schemas.insert("S60".to_owned(), json!({"enum": values}));
        returns(json!({"allOf": [{"title": "first"}, named("S0")]}), Value::Object(schemas))
    };
    let changes = ids(&chain(json!(["a"])), &chain(json!(["a", "b"])));
    assert_eq!(changes, ["S60: may now be \"b\"", "save_thing.response.200: may now be \"b\""]);
}

#[test]
fn keywords_beside_a_reference_count() {
    let with = |length: u32| {
        let mut note = named("Text");
        note["maxLength"] = json!(length);
        returns(json!({"type": "object", "properties": {"note": note}}), json!({"Text": {"type": "string"}}))
    };
    assert_eq!(
        ids(&with(10), &with(20)),
        ["save_thing.response.200.note: has the maxLength 20 instead of 10"]
    );
    assert!(ids(&with(20), &with(10)).is_empty());
}
