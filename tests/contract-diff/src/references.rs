//! References to named schemas and to shared parameters, responses and headers.

use std::collections::BTreeSet;

use serde_json::Value;

/// What references to named schemas begin with.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The target of a reference, if the value is one.
pub(crate) fn target(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// The name of the schema that a reference points to.
pub(crate) fn schema_name(target: &str) -> Option<&str> {
    target.strip_prefix(SCHEMAS)
}

/// The value that a reference points to.
pub(crate) fn find<'a>(document: &'a Value, target: &str) -> Option<&'a Value> {
    document.pointer(target.strip_prefix('#')?)
}

/// A named schema.
pub(crate) fn named<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document.get("components")?.get("schemas")?.get(name)
}

/// What a reference stands for, through any number of references; anything else stands for itself.
pub(crate) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    // References that lead back to themselves stand for nothing: the last one is returned.
    let mut seen = BTreeSet::new();
    while let Some(name) = target(value).filter(|name| seen.insert(*name)) {
        match find(document, name) {
            Some(found) => value = found,
            None => return value,
        }
    }
    value
}

/// The name of a schema that is a reference, alone or beside `null`.
pub(crate) fn reference(schema: &Value) -> Option<&str> {
    target(schema).and_then(schema_name).or_else(|| {
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
