//! References to named schemas and to shared parameters, responses and headers.

use serde_json::Value;

/// Where the named schemas are.
pub(crate) const PREFIX: &str = "#/components/schemas/";
/// References inside references that are followed at the most: an endless loop of them has no meaning.
pub(crate) const MOST_REFERENCES: usize = 32;

/// What a reference stands for; anything else stands for itself.
pub(crate) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..MOST_REFERENCES {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        match target.and_then(|pointer| document.pointer(pointer)) {
            Some(found) => value = found,
            None => return value,
        }
    }
    value
}

/// The name of a schema that is a reference, alone or beside `null`.
pub(crate) fn reference(schema: &Value) -> Option<&str> {
    let direct = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(PREFIX));
    direct.or_else(|| {
        let all =
            ["oneOf", "anyOf", "allOf"].into_iter().find_map(|keyword| schema.get(keyword)?.as_array())?;
        let mut others = all.iter().filter(|schema| !is_null(schema));
        match (others.next(), others.next()) {
            (Some(only), None) => reference(only),
            _ => None,
        }
    })
}

/// Whether a reference stands beside `null`.
pub(crate) fn is_nullable(schema: &Value) -> bool {
    let all = ["oneOf", "anyOf"].into_iter().find_map(|keyword| schema.get(keyword)?.as_array());
    all.is_some_and(|all| all.iter().any(is_null))
}

/// Whether a schema is `null` and nothing else.
pub(crate) fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}
