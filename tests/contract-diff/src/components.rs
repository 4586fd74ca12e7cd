//! The named schemas: each is compared once for each direction in which it is used.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::changes::{Breaks, Change, Direction, Found};
use crate::operations::operations;
use crate::references::{PREFIX, resolve};
use crate::schemas::Comparison;

/// What breaks a client in the named schemas.
pub(crate) fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Found::default();
    let schemas = before.pointer("/components/schemas").and_then(Value::as_object);
    let mut used = uses(before);
    used.extend(uses(after));
    for (name, old) in schemas.into_iter().flatten() {
        let Some(new) = after.pointer("/components/schemas").and_then(|schemas| schemas.get(name)) else {
            found.add(name, Breaks::Names, "was removed or renamed");
            continue;
        };
        for direction in [Direction::Request, Direction::Response] {
            if used.contains(&(name.clone(), direction)) {
                Comparison::new(before, after, direction, &mut found).schema(name, old, new);
            }
        }
    }
    found.0
}

/// The named schemas of a document, with the directions in which they are used.
fn uses(document: &Value) -> BTreeSet<(String, Direction)> {
    let mut used = BTreeSet::new();
    for (_, _, operation) in operations(document) {
        for part in ["parameters", "requestBody"] {
            if let Some(value) = operation.get(part) {
                reach(document, value, Direction::Request, &mut used);
            }
        }
        if let Some(responses) = operation.get("responses") {
            reach(document, responses, Direction::Response, &mut used);
        }
    }
    used
}

fn reach(document: &Value, value: &Value, direction: Direction, used: &mut BTreeSet<(String, Direction)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, direction, used)),
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                let is_new = match target.strip_prefix(PREFIX) {
                    Some(name) => used.insert((name.to_owned(), direction)),
                    None => true,
                };
                let resolved = resolve(document, value);
                if is_new && resolved != value {
                    reach(document, resolved, direction, used);
                }
            } else {
                members.values().for_each(|member| reach(document, member, direction, used));
            }
        }
        _ => {}
    }
}
