//! The examples of the contract: one exchange for each operation, made by the test of every operation
//! (`tests/tests/http/every_route/examples`) and kept in `openapi/examples`.

use serde_json::{Map, Value};

/// The operations and their exchanges, as JSON.
const EXCHANGES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// Adds to each operation the examples of its parameters, its request body and its answer.
pub(super) fn add(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            if let Some(exchange) = exchange_of(operation) {
                add_to(path, operation, &exchange);
            }
        }
    }
}

fn exchange_of(operation: &Value) -> Option<Value> {
    let id = operation.get("operationId")?.as_str()?;
    let (_, text) = EXCHANGES.iter().find(|(name, _)| *name == id)?;
    serde_json::from_str(text).ok()
}

fn add_to(template: &str, operation: &mut Value, exchange: &Value) {
    let text = |pointer: &str| exchange.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let value = |pointer: &str| exchange.pointer(pointer).cloned().unwrap_or_default();
    let put = |contents: Option<&mut Value>, message: &str| {
        let media_type = contents.and_then(|all| all.get_mut(text(&format!("{message}/media_type"))));
        if let Some(Value::Object(media_type)) = media_type {
            media_type.insert("example".into(), value(&format!("{message}/body")));
        }
    };
    put(operation.pointer_mut("/requestBody/content"), "/request");
    let status = value("/answer/status").to_string();
    put(operation.pointer_mut(&format!("/responses/{status}/content")), "/answer");
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
        add_to_parameter(template, parameter, text("/request/path"));
    }
}

/// The value that the parameter has in the example's path or query, if any.
fn add_to_parameter(template: &str, parameter: &mut Map<String, Value>, path: &str) {
    let Some(name) = parameter.get("name").and_then(Value::as_str) else { return };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let used = match parameter.get("in").and_then(Value::as_str) {
        Some("path") => {
            let part = format!("{{{name}}}");
            template.split('/').zip(path.split('/')).find(|(of, _)| *of == part).map(|(_, value)| value)
        }
        Some("query") => {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.into_iter().find(|(of, _)| *of == name).map(|(_, value)| value)
        }
        _ => None,
    };
    let Some(used) = used else { return };
    let is_number =
        parameter.get("schema").and_then(|schema| schema.get("type")).is_some_and(|is| is == "integer");
    let number = used.parse::<u32>().ok().filter(|_| is_number);
    parameter.insert("example".into(), number.map_or_else(|| used.into(), Value::from));
}
