//! The named schemas: each is compared once for each direction in which it is used.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::changes::{Breaks, Change, Direction, Found};
use crate::operations::{object, operations};
use crate::references::{find, schema_name, target};
use crate::responses::is_failure;
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
        for direction in [Direction::Request, Direction::Response, Direction::Failure] {
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
    let paths = document.get("paths").and_then(Value::as_object);
    let of_paths = paths.into_iter().flatten().map(|(_, path)| path);
    for owner in of_paths.chain(operations(document).map(|(_, _, operation)| operation)) {
        for part in ["parameters", "requestBody"] {
            if let Some(value) = owner.get(part) {
                reach(document, value, Direction::Request, &mut used);
            }
        }
        for (status, response) in object(owner, "responses") {
            let direction = if is_failure(status) { Direction::Failure } else { Direction::Response };
            reach(document, response, direction, &mut used);
        }
    }
    used
}

/// Adds every named schema that a value references, directly or through others.
fn reach(document: &Value, value: &Value, direction: Direction, used: &mut BTreeSet<(String, Direction)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, direction, used)),
        Value::Object(members) => {
            if let Some(target) = target(value) {
                // Only schemas can contain themselves.
                let is_new = schema_name(target).is_none_or(|name| used.insert((name.to_owned(), direction)));
                if let Some(found) = find(document, target).filter(|_| is_new) {
                    reach(document, found, direction, used);
                }
            }
            members.values().for_each(|member| reach(document, member, direction, used));
        }
        _ => {}
    }
}
