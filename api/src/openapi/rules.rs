//! What follows from what an operation is, and is therefore written here once and not above each handler:
//! its problem responses, its headers, its security, and the bounds of its schemas.

use serde_json::{Map, Value, json};

use super::parts;
use crate::access::token;

/// The largest integer that every JSON reader holds exactly.
const LARGEST_INTEGER: i64 = 9_007_199_254_740_991;

/// Completes the contract.
pub(super) fn complete(document: &mut Value) {
    for (path, item) in entries(document, "/paths") {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete_operation(path, method, operation);
            }
        }
    }
    for (_, schema) in entries(document, "/components/schemas") {
        bound(schema);
    }
    if let Some(components) = document.pointer_mut("/components").and_then(Value::as_object_mut) {
        components.insert("headers".into(), parts::headers());
        components.insert("responses".into(), parts::responses());
        components.insert("parameters".into(), parts::parameters());
        components.insert("securitySchemes".into(), parts::security_schemes());
    }
    if let Some(document) = document.as_object_mut() {
        document.insert("security".into(), json!([{"bearer": []}, {"client_credentials": []}]));
    }
}

fn entries<'a>(document: &'a mut Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    document.pointer_mut(pointer).and_then(Value::as_object_mut).into_iter().flatten()
}

fn complete_operation(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let is_token = path == token::PATH;
    let has_body = operation.contains_key("requestBody");
    let in_path = path.contains('{');
    let mut problems = vec![400, 401, 429, 500, 503];
    let mut parameters = Vec::new();
    if !is_token {
        problems.push(403);
    }
    if in_path {
        problems.push(404);
    }
    if has_body {
        problems.extend([413, 415]);
    }
    match method {
        "get" => parameters.push("IfNoneMatch"),
        "post" if !is_token => {
            problems.extend([409, 422]);
            parameters.push("IdempotencyKey");
        }
        "put" | "patch" | "delete" => {
            problems.extend([412, 422, 428]);
            parameters.push("IfMatch");
        }
        _ => {}
    }
    for name in parameters {
        let reference = json!({"$ref": format!("#/components/parameters/{name}")});
        let list = operation.entry("parameters").or_insert_with(|| json!([]));
        list.as_array_mut().into_iter().for_each(|list| list.push(reference.clone()));
    }
    for (_, parameter) in operation.get_mut("parameters").into_iter().flat_map(members) {
        parameter.get_mut("schema").into_iter().for_each(bound);
    }
    let conditional = method == "get";
    let tagged = conditional || (matches!(method, "post" | "put" | "patch") && !is_token);
    let replayable = method == "post" && !is_token;
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        for (status, response) in responses.iter_mut() {
            complete_success(status, response, tagged, replayable);
        }
        if conditional {
            let headers = parts::header_refs(parts::EVERYWHERE.into_iter().chain(["ETag"]));
            let known = json!({"description": "The caller has it already", "headers": headers});
            responses.entry("304").or_insert(known);
        }
        for (status, name, _) in parts::PROBLEMS {
            if problems.contains(&status) {
                let reference = json!({"$ref": format!("#/components/responses/{name}")});
                responses.entry(status.to_string()).or_insert(reference);
            }
        }
    }
}

fn members(list: &mut Value) -> impl Iterator<Item = (usize, &mut Value)> {
    list.as_array_mut().into_iter().flatten().enumerate()
}

/// A response that the handler itself declares: an answer, or a problem of its own (without content here).
fn complete_success(status: &str, response: &mut Value, tagged: bool, replayable: bool) {
    let Some(response) = response.as_object_mut() else { return };
    if !status.starts_with('2') {
        return;
    }
    let location = (status == "201").then_some("Location");
    let etag = tagged.then_some("ETag");
    let replayed = replayable.then_some("Idempotency-Replayed");
    let all = parts::EVERYWHERE.into_iter().chain(etag).chain(location).chain(replayed);
    response.insert("headers".into(), parts::header_refs(all));
}

/// Closes objects, and bounds integers that have no bound.
fn bound(schema: &mut Value) {
    match schema {
        Value::Array(schemas) => schemas.iter_mut().for_each(bound),
        Value::Object(schema) => {
            let composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key));
            if schema.contains_key("properties") && !composed && !schema.contains_key("additionalProperties")
            {
                schema.insert("additionalProperties".into(), Value::Bool(false));
            }
            let is = |name: &str| match schema.get("type") {
                Some(Value::Array(types)) => types.iter().any(|one| one == name),
                Some(one) => one == name,
                None => false,
            };
            if is("integer") {
                let (least, most) = match schema.get("format").and_then(Value::as_str) {
                    Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
                    _ => (-LARGEST_INTEGER, LARGEST_INTEGER),
                };
                schema.entry("minimum").or_insert(least.into());
                schema.entry("maximum").or_insert(most.into());
                schema.entry("format").or_insert("int64".into());
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
