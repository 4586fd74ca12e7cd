//! Unions, `null`, schemas without a type, and what applies inside objects and arrays.

use serde_json::{Value, json};

use super::{both, breaks_requests, breaks_responses, document, ids};

fn is_safe(before: Value, after: Value) {
    let (request, response) = both(before, after);
    assert!(request.is_empty() && response.is_empty(), "{request:?} {response:?}");
}

#[test]
fn a_union_may_become_nullable_in_requests_only() {
    let plain = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    let nullable = json!({"oneOf": [{"type": "string"}, {"type": "null"}, {"type": "integer"}]});
    breaks_responses(plain.clone(), nullable.clone(), ": may now be null");
    breaks_requests(nullable, plain, ": may no longer be null");
}

#[test]
fn null_in_an_enum_counts_as_null() {
    let plain = json!({"type": "string", "enum": ["a"]});
    let nullable = json!({"type": ["string", "null"], "enum": ["a", null]});
    breaks_responses(plain.clone(), nullable.clone(), ": may now be null");
    breaks_requests(nullable, plain.clone(), ": may no longer be null");
    is_safe(plain.clone(), json!({"type": "string", "enum": ["a", null]}));
    is_safe(json!({"type": "string", "enum": ["a", null]}), plain);
    breaks_responses(json!({"enum": [1]}), json!({"enum": [1, null]}), ": may now be null");
}

#[test]
fn null_alone_may_become_more_in_requests_only() {
    let (null, nullable) = (json!({"type": "null"}), json!({"type": ["string", "null"]}));
    breaks_responses(null.clone(), nullable.clone(), ": has the types null, string instead of null");
    breaks_requests(nullable, null, ": has the types null instead of null, string");
}

#[test]
fn a_schema_without_a_type_allows_everything() {
    let (any, text) = (json!({"description": "anything"}), json!({"type": "string"}));
    breaks_requests(any.clone(), text.clone(), ": has the types string instead of any");
    breaks_responses(text.clone(), any.clone(), ": has the types any instead of string");
    let union = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    let names = r#"{"type":"integer"}, {"type":"string"}"#;
    breaks_requests(any.clone(), union.clone(), &format!(": has the types {names} instead of any"));
    breaks_responses(union, any.clone(), &format!(": has the types any instead of {names}"));
    breaks_requests(
        any.clone(),
        json!({"type": ["string", "null"]}),
        ": has the types null, string instead of any",
    );
    // The type of an enum is that of its values; what has properties is an object.
    is_safe(json!({"enum": ["a"]}), json!({"type": "string", "enum": ["a"]}));
    is_safe(json!({"enum": [1.5]}), json!({"type": "number", "enum": [1.5]}));
    is_safe(json!({"properties": {"a": {}}}), json!({"type": "object", "properties": {"a": {}}}));
}

#[test]
fn one_schema_may_become_one_of_several_in_requests_only() {
    let text = json!({"type": "string"});
    let union = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    breaks_responses(text.clone(), union.clone(), r#": may now be the alternative {"type":"integer"}"#);
    breaks_requests(union.clone(), text, r#": no longer accepts the alternative {"type":"integer"}"#);
    is_safe(union, json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}));
}

#[test]
fn what_limits_one_schema_is_part_of_the_alternative() {
    let one = json!({"type": "object", "properties": {"a": {}}, "required": ["a"]});
    let several = json!({"oneOf": [one.clone(), {"type": "string"}]});
    breaks_responses(one, several.clone(), r#": may now be the alternative {"type":"string"}"#);
    let mut typed = several.clone();
    typed["type"] = json!(["object", "string"]);
    is_safe(several, typed);
}

#[test]
fn an_alternative_written_in_place_may_be_widened_in_requests_only() {
    let with = |length: u32| json!({"oneOf": [{"type": "string", "maxLength": length}, {"type": "integer"}]});
    breaks_responses(with(5), with(9), r#": may now be the alternative {"maxLength":9,"type":"string"}"#);
    breaks_requests(
        with(9),
        with(5),
        r#": no longer accepts the alternative {"maxLength":9,"type":"string"}"#,
    );
}

#[test]
fn a_renamed_alternative_is_the_same_alternative() {
    let with = |name: &str| {
        let all = json!([{"$ref": format!("#/components/schemas/{name}")}, {"type": "string"}]);
        let node = json!({"type": "object", "properties": {"next": {"oneOf": all.clone()}}});
        document(json!({"type": "object"}), json!({"oneOf": all}), json!({(name): node}))
    };
    assert_eq!(ids(&with("Node"), &with("Link")), ["Node: was removed or renamed"]);
}

#[test]
fn a_discriminator_keeps_its_property_and_its_values() {
    let with = |discriminator: Value| {
        let union = json!({
            "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
            "discriminator": discriminator,
        });
        document(union.clone(), union, json!({"A": {"type": "object"}, "B": {"type": "object"}}))
    };
    let mapped = |mapping: Value| with(json!({"propertyName": "kind", "mapping": mapping}));
    assert_eq!(
        ids(&with(json!({"propertyName": "kind"})), &with(json!({"propertyName": "type"}))),
        [
            "save_thing.request: has the discriminator `type` instead of `kind`",
            "save_thing.response.200: has the discriminator `type` instead of `kind`",
        ]
    );
    let both = mapped(json!({"a": "#/components/schemas/A", "b": "B"}));
    let three = mapped(json!({"a": "A", "b": "B", "c": "B"}));
    assert_eq!(ids(&both, &three), ["save_thing.response.200: may now have the discriminator value c"]);
    assert_eq!(ids(&three, &both), ["save_thing.request: no longer accepts the discriminator value c"]);
    let swapped = mapped(json!({"a": "B", "b": "A"}));
    assert_eq!(
        ids(&both, &swapped),
        [
            "save_thing.request: has the discriminator value a for `B` instead of `A`",
            "save_thing.request: has the discriminator value b for `A` instead of `B`",
            "save_thing.response.200: has the discriminator value a for `B` instead of `A`",
            "save_thing.response.200: has the discriminator value b for `A` instead of `B`",
        ]
    );
    let named = with(json!({"propertyName": "kind"}));
    assert_eq!(
        ids(&named, &both),
        [
            "save_thing.request: no longer accepts the discriminator value A",
            "save_thing.request: no longer accepts the discriminator value B",
            "save_thing.response.200: may now have the discriminator value a",
            "save_thing.response.200: may now have the discriminator value b",
        ]
    );
    // Without a mapping the names of the schemas are the values.
    assert!(ids(&named, &mapped(json!({"A": "A", "B": "B"}))).is_empty());
}

#[test]
fn a_discriminator_may_map_to_a_renamed_schema() {
    let with = |name: &str| {
        let reference = format!("#/components/schemas/{name}");
        let union = json!({
            "oneOf": [{"$ref": reference}, {"type": "string"}],
            "discriminator": {"propertyName": "kind", "mapping": {"a": reference}},
        });
        document(json!({"type": "object"}), union, json!({(name): {"type": "object"}}))
    };
    assert_eq!(ids(&with("A"), &with("Z")), ["A: was removed or renamed"]);
}

#[test]
fn further_properties_may_be_limited_in_responses_only() {
    let with = |further: Value| json!({"type": "object", "additionalProperties": further});
    let open = json!({"type": "object"});
    let (numbers, texts) = (with(json!({"type": "number"})), with(json!({"type": "string"})));
    breaks_requests(open.clone(), numbers.clone(), ".{}: has the types number instead of any");
    breaks_requests(with(json!(true)), numbers.clone(), ".{}: has the types number instead of any");
    breaks_responses(numbers.clone(), open.clone(), ".{}: has the types any instead of number");
    breaks_requests(numbers.clone(), with(json!(false)), ": no longer accepts further properties");
    let (request, response) = both(numbers.clone(), texts);
    assert_eq!(request, ["save_thing.request.{}: has the types string instead of number"]);
    assert_eq!(response, ["save_thing.response.200.{}: has the types string instead of number"]);
    is_safe(with(json!(false)), numbers);
    is_safe(with(json!(false)), open.clone());
    is_safe(open, with(json!({})));
}

#[test]
fn items_may_be_limited_in_responses_only() {
    let (any, texts) = (json!({"type": "array"}), json!({"type": "array", "items": {"type": "string"}}));
    breaks_requests(any.clone(), texts.clone(), ".[]: has the types string instead of any");
    breaks_responses(texts, any, ".[]: has the types any instead of string");
}

#[test]
fn names_of_properties_may_be_limited_in_responses_only() {
    let with = |names: Value| json!({"type": "object", "propertyNames": names});
    let open = json!({"type": "object"});
    let (short, long) = (with(json!({"maxLength": 5})), with(json!({"type": "string", "maxLength": 9})));
    breaks_requests(open.clone(), short.clone(), ".{name}: has the maxLength 5 instead of none");
    breaks_responses(short.clone(), open.clone(), ".{name}: has the maxLength none instead of 5");
    breaks_responses(short.clone(), long.clone(), ".{name}: has the maxLength 9 instead of 5");
    breaks_requests(long, short, ".{name}: has the maxLength 5 instead of 9");
    is_safe(open, with(json!({"type": "string"})));
    let key = |length: u32| {
        let map = with(json!({"$ref": "#/components/schemas/Key"}));
        document(map, json!({"type": "object"}), json!({"Key": {"type": "string", "maxLength": length}}))
    };
    assert_eq!(ids(&key(9), &key(5)), ["Key: has the maxLength 5 instead of 9"]);
}
