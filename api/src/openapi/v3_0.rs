//! The contract in OpenAPI 3.0.3, for generators that cannot read 3.1. It is converted from the 3.1 document, so the two
//! cannot disagree.

use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";

/// Converts a 3.1 document as this service publishes it.
pub(super) fn convert(document: &Value) -> Value {
    let mut converted = document.clone();
    if let Some(members) = converted.as_object_mut() {
        members.insert("openapi".into(), json!("3.0.3"));
        members.remove("jsonSchemaDialect");
        members.remove("webhooks");
    }
    // 3.0 knows a licence by its name and address only; of two to choose from it is the address of one.
    if let Some(license) = converted.pointer_mut("/info/license").and_then(Value::as_object_mut) {
        license.remove("identifier");
        license.insert("url".into(), json!("https://spdx.org/licenses/MIT.html"));
    }
    let none = Map::new();
    let named = document.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&none);
    for part in ["/paths", "/components"] {
        if let Some(part) = converted.pointer_mut(part) {
            outside_schemas(part, named);
        }
    }
    converted
}

/// Looks for schemas in everything that is not one: operations, parameters, headers, bodies and responses.
fn outside_schemas(value: &mut Value, named: &Map<String, Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| outside_schemas(item, named)),
        Value::Object(members) => {
            for (name, member) in members {
                match name.as_str() {
                    "schema" => schema(member, named),
                    "schemas" => each(member, named),
                    "example" | "examples" => {}
                    _ => outside_schemas(member, named),
                }
            }
        }
        _ => {}
    }
}

fn each(schemas: &mut Value, named: &Map<String, Value>) {
    schemas.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(|inner| schema(inner, named));
}

/// Converts one schema and those inside it. `named` are the schemas of the 3.1 document.
fn schema(value: &mut Value, named: &Map<String, Value>) {
    let Some(members) = value.as_object_mut() else { return };
    for name in ["properties", "patternProperties"] {
        if let Some(properties) = members.get_mut(name) {
            each(properties, named);
        }
    }
    for name in ["items", "additionalProperties", "not"] {
        if let Some(inner) = members.get_mut(name) {
            schema(inner, named);
        }
    }
    for name in ["oneOf", "anyOf", "allOf"] {
        let alternatives = members.get_mut(name).and_then(Value::as_array_mut);
        alternatives.into_iter().flatten().for_each(|inner| schema(inner, named));
    }
    let is_nullable = take_null_type(members) | take_null_alternative(members);
    if is_nullable {
        members.insert("nullable".into(), true.into());
        if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut) {
            values.push(Value::Null);
        }
    }
    wrap_reference(members);
    if is_nullable {
        type_of_reference(members, named);
    }
    if let Some(value) = members.remove("const") {
        members.insert("enum".into(), json!([value]));
    }
    if let Some(first) = members.remove("examples").and_then(|all| all.as_array()?.first().cloned()) {
        members.insert("example".into(), first);
    }
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(limit) = members.get(exclusive).filter(|limit| limit.is_number()).cloned() {
            members.insert(bound.into(), limit);
            members.insert(exclusive.into(), true.into());
        }
    }
}

/// Turns `type: [string, null]` into `type: string`; returns whether there was a null.
fn take_null_type(members: &mut Map<String, Value>) -> bool {
    let Some(types) = members.get("type").and_then(Value::as_array) else { return false };
    let others: Vec<Value> = types.iter().filter(|kind| *kind != "null").cloned().collect();
    let had_null = others.len() < types.len();
    let own = match others.as_slice() {
        [only] => Some(only.clone()),
        // 3.0 has no list of types: without one, all are allowed.
        _ => None,
    };
    match own {
        Some(kind) => members.insert("type".into(), kind),
        None => members.remove("type"),
    };
    had_null
}

/// 3.0 gives `nullable` a meaning only beside a `type`, which is that of the reference.
fn type_of_reference(members: &mut Map<String, Value>, named: &Map<String, Value>) {
    if members.contains_key("type") {
        return;
    }
    let all = members.get("allOf").and_then(Value::as_array);
    let mut targets =
        all.into_iter().flatten().filter_map(|part| part.get("$ref")?.as_str()?.strip_prefix(SCHEMAS));
    if let Some(kind) = targets.find_map(|target| named.get(target)?.get("type")?.as_str()) {
        members.insert("type".into(), kind.into());
    }
}

/// Takes `type: null` from alternatives; a single one left becomes the schema itself.
fn take_null_alternative(members: &mut Map<String, Value>) -> bool {
    for name in ["oneOf", "anyOf"] {
        let Some(all) = members.get_mut(name).and_then(Value::as_array_mut) else { continue };
        let before = all.len();
        all.retain(|alternative| alternative.get("type").is_none_or(|kind| kind != "null"));
        if all.len() == before {
            continue;
        }
        if let [Value::Object(only)] = all.as_slice() {
            let only = only.clone();
            members.remove(name);
            for (name, value) in only {
                members.entry(name).or_insert(value);
            }
        }
        return true;
    }
    false
}

/// 3.0 ignores everything beside a reference, so it goes inside an `allOf`.
fn wrap_reference(members: &mut Map<String, Value>) {
    let is_schema =
        members.get("$ref").and_then(Value::as_str).is_some_and(|target| target.starts_with(SCHEMAS));
    if is_schema
        && members.len() > 1
        && let Some(target) = members.remove("$ref")
    {
        members.insert("allOf".into(), json!([{"$ref": target}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(mut value: Value) -> Value {
        let named = json!({"Rating": {"type": "string", "enum": ["green", "red"]}});
        schema(&mut value, named.as_object().expect("an object"));
        value
    }

    #[test]
    fn null_is_a_mark_and_not_a_type() {
        assert_eq!(
            converted(json!({"type": ["string", "null"], "maxLength": 5})),
            json!({"type": "string", "maxLength": 5, "nullable": true})
        );
        assert_eq!(
            converted(json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Rating"}]})),
            json!({"allOf": [{"$ref": "#/components/schemas/Rating"}], "nullable": true, "type": "string"})
        );
        assert_eq!(
            converted(
                json!({"oneOf": [{"$ref": "#/components/schemas/Rating", "description": "Of today."}, {"type": "null"}]})
            ),
            json!({
                "allOf": [{"$ref": "#/components/schemas/Rating"}], "description": "Of today.",
                "nullable": true, "type": "string",
            })
        );
        assert_eq!(
            converted(json!({"type": ["string", "null"], "enum": ["a"]})),
            json!({"type": "string", "enum": ["a", null], "nullable": true})
        );
        let two = json!({"oneOf": [{"type": "null"}, {"type": "string"}, {"type": "integer"}]});
        assert_eq!(
            converted(two),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true})
        );
    }

    #[test]
    fn what_stands_beside_a_reference_is_kept() {
        assert_eq!(
            converted(json!({"$ref": "#/components/schemas/Rating", "description": "The rating."})),
            json!({"allOf": [{"$ref": "#/components/schemas/Rating"}], "description": "The rating."})
        );
        let alone = json!({"$ref": "#/components/schemas/Rating"});
        assert_eq!(converted(alone.clone()), alone);
    }

    #[test]
    fn keywords_of_3_1_have_their_older_form() {
        assert_eq!(converted(json!({"const": "Bearer"})), json!({"enum": ["Bearer"]}));
        assert_eq!(converted(json!({"examples": ["a", "b"]})), json!({"example": "a"}));
        assert_eq!(
            converted(json!({"exclusiveMinimum": 0, "maximum": 5})),
            json!({"minimum": 0, "exclusiveMinimum": true, "maximum": 5})
        );
    }

    #[test]
    fn a_property_may_have_the_name_of_a_keyword() {
        let object = json!({"type": "object", "properties": {
            "type": {"type": ["string", "null"]}, "const": {"type": "string"}, "examples": {"type": "array", "items": {"const": 1}},
        }});
        let expected = json!({"type": "object", "properties": {
            "type": {"type": "string", "nullable": true}, "const": {"type": "string"},
            "examples": {"type": "array", "items": {"enum": [1]}},
        }});
        assert_eq!(converted(object), expected);
    }

    #[test]
    fn schemas_are_found_in_every_place_and_examples_stay() {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"license": {"name": "MIT", "identifier": "MIT"}},
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                "schema": {"type": ["object", "null"]}, "example": {"type": ["x", "null"]},
            }}}}}}},
            "components": {"schemas": {"A": {"type": ["string", "null"]}}, "headers": {"H": {"schema": {"const": 1}}}},
        });
        let converted = convert(&document);
        assert_eq!(converted["openapi"], "3.0.3");
        let license = json!({"name": "MIT", "url": "https://spdx.org/licenses/MIT.html"});
        assert_eq!(converted["info"]["license"], license);
        let media = &converted["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"];
        assert_eq!(media["schema"], json!({"type": "object", "nullable": true}));
        assert_eq!(media["example"], json!({"type": ["x", "null"]}));
        assert_eq!(converted["components"]["schemas"]["A"], json!({"type": "string", "nullable": true}));
        assert_eq!(converted["components"]["headers"]["H"]["schema"], json!({"enum": [1]}));
    }
}
