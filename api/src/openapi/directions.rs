//! Which schemas are received, and which are returned.

use std::collections::HashSet;

use serde_json::Value;

const PREFIX: &str = "#/components/schemas/";

/// The names of the schemas that requests and responses reach, directly or inside another schema.
#[derive(Debug, Default)]
pub(super) struct Directions {
    received: HashSet<String>,
    returned: HashSet<String>,
}

impl Directions {
    /// Whether a schema is part of requests.
    pub(super) fn is_received(&self, name: &str) -> bool {
        self.received.contains(name)
    }

    /// Whether a schema is part of requests and of responses.
    pub(super) fn is_both(&self, name: &str) -> bool {
        self.returned.contains(name) && self.received.contains(name)
    }

    /// Whether a schema is part of responses and of no request.
    pub(super) fn is_returned_only(&self, name: &str) -> bool {
        self.returned.contains(name) && !self.received.contains(name)
    }
}

/// The directions of a document's schemas.
pub(super) fn of(document: &Value) -> Directions {
    let mut found = Directions::default();
    let items = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    for (_, operation) in operations {
        for part in ["parameters", "requestBody"].into_iter().filter_map(|name| operation.get(name)) {
            reach(document, part, &mut found.received);
        }
        if let Some(responses) = operation.get("responses") {
            reach(document, responses, &mut found.returned);
        }
    }
    found
}

fn reach(document: &Value, value: &Value, reached: &mut HashSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, reached)),
        Value::Object(members) => {
            let name =
                members.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(PREFIX));
            if let Some(name) = name
                && reached.insert(name.to_owned())
                && let Some(schema) = document.pointer("/components/schemas").and_then(|all| all.get(name))
            {
                reach(document, schema, reached);
            }
            members.values().for_each(|member| reach(document, member, reached));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
