//! The bounds of schemas: objects are closed, numbers and texts have limits, and what was flattened in Rust is
//! one object on the wire.

use serde_json::{Map, Value};

use super::directions;

/// The longest body that is text, in characters: the default of `--push-limit`.
const LONGEST_TEXT: u32 = 32 * 1024 * 1024;
/// The largest integer that every JSON reader holds exactly.
const LARGEST_INTEGER: i64 = 9_007_199_254_740_991;

/// Completes every schema of the contract.
pub(super) fn complete(document: &mut Value) {
    annotate(document);
    merge_flattened(document);
    drop_unused(document);
    split_by_direction(document);
    require_what_is_always_sent(document);
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        bound(schemas);
    }
    if let Some(paths) = document.pointer_mut("/paths") {
        bound_texts(paths);
        bound(paths);
    }
}

/// Schemas whose optional members are left out of responses instead of being null: problems (RFC 9457), the rows of a push
/// (there may be 50,000), a change in the trail, where null is a value, and what has members that exclude each other.
const SPARSE: [&str; 14] = [
    "Amber",
    "Baseline",
    "Composite",
    "DefinitionVersion",
    "FieldError",
    "IndicatorReference",
    "MeasureLine",
    "MeasureTarget",
    "Problem",
    "RowAnswer",
    "TargetTerms",
    "TrailChange",
    "Trajectory",
    "TrajectoryPoint",
];

/// A schema that is received and returned, and has members that a request may omit but a response always has, becomes
/// two: requests refer to `New` and its name.
fn split_by_direction(document: &mut Value) {
    let directions = directions::of(document);
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let is_split = |name: &str, schema: &Value| {
        let count = |key: &str| match schema.get(key) {
            Some(Value::Object(members)) => members.len(),
            Some(Value::Array(members)) => members.len(),
            _ => 0,
        };
        directions.is_both(name) && !SPARSE.contains(&name) && count("required") < count("properties")
    };
    let split: Map<String, Value> = schemas
        .iter()
        .filter(|(name, schema)| is_split(name, schema))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    schemas.extend(split.iter().map(|(name, schema)| (format!("New{name}"), schema.clone())));
    for (name, schema) in schemas.iter_mut() {
        // A copy refers to copies as well.
        let is_copy = name.strip_prefix("New").is_some_and(|name| split.contains_key(name));
        if is_copy || (directions.is_received(name) && !split.contains_key(name)) {
            refer_to_new(schema, &split);
        }
    }
}

fn refer_to_new(value: &mut Value, split: &Map<String, Value>) {
    let renamed = reference(value).filter(|name| split.contains_key(*name)).map(|name| format!("New{name}"));
    match value {
        Value::Object(members) => {
            if let Some(name) = renamed {
                members.insert("$ref".to_owned(), format!("#/components/schemas/{name}").into());
            }
            members.values_mut().for_each(|inner| refer_to_new(inner, split));
        }
        Value::Array(values) => values.iter_mut().for_each(|inner| refer_to_new(inner, split)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A schema that is only ever returned has all of its members, null without a value. Serde always writes them; utoipa
/// declares every `Option` as optional, because in a request it is.
fn require_what_is_always_sent(document: &mut Value) {
    let directions = directions::of(document);
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if directions.is_returned_only(name) && !SPARSE.contains(&name.as_str()) {
            require_all(schema);
        }
    }
}

fn require_all(schema: &mut Value) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let all: Vec<Value> = properties.keys().map(|name| name.as_str().into()).collect();
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let optional: Vec<&Value> = all.iter().filter(|name| !required.contains(name)).collect();
    let optional: Vec<String> = optional.into_iter().filter_map(Value::as_str).map(str::to_owned).collect();
    for name in optional {
        if let Some(property) = schema.pointer_mut("/properties").and_then(|all| all.get_mut(&name)) {
            make_nullable(property);
        }
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("required".into(), all.into());
    }
}

/// Lists of what is not there are empty, and not null.
fn make_nullable(property: &mut Value) {
    let Some(property) = property.as_object_mut() else { return };
    match property.get("type").cloned() {
        // A default stands for what was left out of a request: the response has a value.
        Some(_) if property.contains_key("default") => {}
        Some(Value::String(kind)) if kind != "array" => {
            property.insert("type".into(), vec![Value::from(kind), "null".into()].into());
        }
        Some(_) => {}
        None if property.contains_key("$ref") => {
            let mut reference = Map::new();
            reference.extend(property.remove_entry("$ref"));
            let null = Value::Object(Map::from_iter([("type".to_owned(), "null".into())]));
            property.insert("oneOf".into(), vec![null, Value::Object(reference)].into());
        }
        None => {}
    }
}

/// Bounds bodies that are text and no JSON.
fn bound_texts(value: &mut Value) {
    let Value::Object(object) = value else { return };
    for (key, inner) in object.iter_mut() {
        let schema = inner.get_mut("schema").and_then(Value::as_object_mut);
        match (key.as_str(), schema) {
            ("text/csv" | "application/x-ndjson", Some(schema)) => {
                schema.entry("maxLength").or_insert(LONGEST_TEXT.into());
            }
            _ => bound_texts(inner),
        }
    }
}

/// A word with a description or a default of its own comes as `allOf` of the word and an object that holds them,
/// which nothing can be at once: they are written beside what the word says of itself.
fn annotate(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(annotate),
        Value::Object(schema) => {
            schema.values_mut().for_each(annotate);
            let Some(Value::Array(parts)) = schema.get("allOf") else { return };
            let [Value::Object(word), Value::Object(own)] = parts.as_slice() else { return };
            let only_annotates =
                own.keys().all(|key| matches!(key.as_str(), "type" | "description" | "default"));
            if !only_annotates || own.get("type").is_none_or(|is| is != "object") {
                return;
            }
            let mut whole = word.clone();
            whole.extend(own.clone().into_iter().filter(|(key, _)| key != "type"));
            schema.remove("allOf");
            schema.extend(whole);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A flattened field comes as `allOf`, whose parts cannot be closed one by one: they are merged into one object.
fn merge_flattened(document: &mut Value) {
    let Some(before) = document.pointer("/components/schemas").cloned() else { return };
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
        if let Some(Value::Array(parts)) = schema.remove("allOf") {
            schema.insert("type".into(), "object".into());
            parts.iter().for_each(|part| merge(part, &before, schema));
        }
    }
}

fn merge(part: &Value, schemas: &Value, into: &mut Map<String, Value>) {
    if let Some(referred) = reference(part).and_then(|name| schemas.get(name)) {
        return merge(referred, schemas, into);
    }
    for inner in part.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        merge(inner, schemas, into);
    }
    if let Some(Value::Object(own)) = part.get("properties") {
        let properties = into.entry("properties").or_insert_with(|| Value::Object(Map::new()));
        properties.as_object_mut().into_iter().for_each(|all| all.extend(own.clone()));
    }
    if let Some(Value::Array(own)) = part.get("required") {
        let required = into.entry("required").or_insert_with(|| Value::Array(Vec::new()));
        required.as_array_mut().into_iter().for_each(|all| all.extend(own.iter().cloned()));
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// What only a merged schema referred to is left over. `Problem` is named by the responses, which come later.
fn drop_unused(document: &mut Value) {
    loop {
        let text = document.to_string();
        let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
            return;
        };
        let before = schemas.len();
        schemas.retain(|name, _| {
            name == "Problem" || text.contains(&format!("\"#/components/schemas/{name}\""))
        });
        if schemas.len() == before {
            return;
        }
    }
}

/// Bounds a schema and all that is inside it.
fn bound(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(bound),
        Value::Object(schema) => {
            if schema.get("type").is_some_and(|is| is.is_string() || is.is_array()) {
                bound_one(schema);
            }
            for (key, inner) in schema.iter_mut() {
                // These hold values of callers, not schemas.
                if !matches!(key.as_str(), "example" | "examples" | "default" | "enum" | "const") {
                    bound(inner);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn bound_one(schema: &mut Map<String, Value>) {
    let is = |schema: &Map<String, Value>, name: &str| match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == name),
        Some(one) => one == name,
        None => false,
    };
    if is(schema, "object") && schema.contains_key("properties") {
        schema.entry("additionalProperties").or_insert(Value::Bool(false));
    }
    if is(schema, "integer") {
        let declared = schema.get("maximum").and_then(Value::as_i64);
        let is_small = match declared {
            Some(most) => most <= i64::from(i32::MAX),
            None => schema.get("format").is_some_and(|format| format == "int32"),
        };
        let (least, most) = match is_small {
            true => (i64::from(i32::MIN), i64::from(i32::MAX)),
            false => (-LARGEST_INTEGER, LARGEST_INTEGER),
        };
        // Of 64 bits only where the value can pass 2^31: some languages read those as another type.
        schema.insert("format".into(), if is_small { "int32" } else { "int64" }.into());
        schema.entry("minimum").or_insert(least.into());
        schema.entry("maximum").or_insert(most.into());
    }
    if is(schema, "string") && !schema.contains_key("enum") && !schema.contains_key("const") {
        let longest = match schema.get("format").and_then(Value::as_str) {
            Some("date") => Some(10),
            Some("date-time") => Some(35),
            Some("uuid") => Some(36),
            _ => None,
        };
        if let Some(longest) = longest {
            schema.entry("maxLength").or_insert(longest.into());
        } else if schema.contains_key("maxLength") && !schema.contains_key("format") {
            // Any text, but never a null byte.
            schema.entry("pattern").or_insert(r"^[^\x00]*$".into());
        }
    }
}
