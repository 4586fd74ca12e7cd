//! The named schemas: each is compared once for each direction in which it is used.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::changes::{Breaks, Change, Direction, Found};
use crate::operations::{object, operations};
use crate::references::{SCHEMAS, find, target};
use crate::responses::is_failure;
use crate::schemas::Comparison;

/// What breaks a client in the named schemas.
pub(crate) fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Found::default();
    let schemas = before.pointer("/components/schemas").and_then(Value::as_object);
    // Uses that are new concern no client of before.
    let used = uses(before);
    for (name, old) in schemas.into_iter().flatten() {
        let Some(new) = after.pointer("/components/schemas").and_then(|schemas| schemas.get(name)) else {
            found.add(name, Breaks::Names, "was removed or renamed");
            continue;
        };
        for direction in [Direction::Request, Direction::Response, Direction::Failure] {
            if used.contains(&(format!("{SCHEMAS}{name}"), direction)) {
                Comparison::new(before, after, direction, &mut found).schema(name, old, new);
            }
        }
    }
    found.0
}

/// The targets of the references in a document, with the directions in which they are used.
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

/// Adds the target of every reference in a value, directly or through others.
fn reach(document: &Value, value: &Value, direction: Direction, used: &mut BTreeSet<(String, Direction)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, direction, used)),
        Value::Object(members) => {
            if let Some(target) = target(value) {
                // What references itself is reached once.
                let is_new = used.insert((target.to_owned(), direction));
                if let Some(found) = find(document, target).filter(|_| is_new) {
                    reach(document, found, direction, used);
                }
            }
            members.values().for_each(|member| reach(document, member, direction, used));
        }
        _ => {}
    }
}
