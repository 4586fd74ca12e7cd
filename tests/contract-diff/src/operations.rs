//! Operations: paths, parameters and bodies.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::changes::{Breaks, Change, Direction, Found};
use crate::references::{resolve, target};
use crate::schemas::Comparison;

/// What is said of an operation that is removed at once. Releases of the same major version do not do that from 1.0.0 on.
pub(crate) const NOT_DEPRECATED: &str = "was removed without having been deprecated";

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// What breaks a client in the operations. Named schemas are compared once, by `components::compare`.
pub(crate) fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Found::default();
    for (path, method, old) in operations(before) {
        let id = operation_id(old, path, method);
        let Some(new) = after.get("paths").and_then(|paths| paths.get(path)?.get(method)) else {
            let is_deprecated = old.get("deprecated").and_then(Value::as_bool).unwrap_or_default();
            found.add(&id, Breaks::Requests, if is_deprecated { "was removed" } else { NOT_DEPRECATED });
            continue;
        };
        let renamed = operation_id(new, path, method);
        if renamed != id {
            found.add(&id, Breaks::Names, format!("is now `{renamed}`"));
        }
        let parameters = (parameters(before, path, old), parameters(after, path, new));
        let mut operation = Operation { id, before, after, found: &mut found };
        operation.parameters(parameters.0, parameters.1);
        operation.body(old, new);
        operation.responses(old, new);
        operation.security(old, new);
    }
    found.0
}

/// Every operation of a document, with its path and method.
pub(crate) fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| Some((path.as_str(), *method, item.get(method)?)))
    })
}

fn operation_id(operation: &Value, path: &str, method: &str) -> String {
    let id = operation.get("operationId").and_then(Value::as_str);
    id.map_or_else(|| format!("{method} {path}"), str::to_owned)
}

/// The members of an object in a value, or nothing.
pub(crate) fn object<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

/// An operation that exists before and after.
pub(crate) struct Operation<'a> {
    pub(crate) id: String,
    pub(crate) before: &'a Value,
    pub(crate) after: &'a Value,
    pub(crate) found: &'a mut Found,
}

impl Operation<'_> {
    pub(crate) fn schema(
        &mut self,
        id: &str,
        direction: Direction,
        old: Option<&Value>,
        new: Option<&Value>,
    ) {
        if let (Some(old), Some(new)) = (old, new) {
            Comparison::new(self.before, self.after, direction, self.found).schema(id, old, new);
        }
    }

    fn parameters(&mut self, old: Parameters<'_>, new: Parameters<'_>) {
        for (key, parameter) in &old {
            let own_id = format!("{}.{}", self.id, parameter.id);
            let Some(now) = new.get(key) else {
                self.found.add(&own_id, Breaks::Requests, "was removed");
                continue;
            };
            // A shared parameter is reported once, without the operation.
            let is_shared = parameter.shared.is_some() && parameter.shared == now.shared;
            let id = if is_shared { &parameter.id } else { &own_id };
            if is_required(now.value) && !is_required(parameter.value) {
                self.found.add(id, Breaks::Requests, "is now required");
            }
            self.schema(id, Direction::Request, parameter.value.get("schema"), now.value.get("schema"));
        }
        for (key, parameter) in &new {
            if is_required(parameter.value) && !old.contains_key(key) {
                let id = format!("{}.{}", self.id, parameter.id);
                self.found.add(&id, Breaks::Requests, "is new and required");
            }
        }
    }

    fn body(&mut self, old: &Value, new: &Value) {
        let id = format!("{}.request", self.id);
        let (old, new) = (old.get("requestBody"), new.get("requestBody"));
        let (Some(old), Some(new)) = (old, new) else {
            match (old.is_some(), new.is_some_and(is_required)) {
                (true, _) => self.found.add(&id, Breaks::Requests, "no longer accepts a body"),
                (false, true) => self.found.add(&id, Breaks::Requests, "now requires a body"),
                (false, false) => {}
            }
            return;
        };
        let (old, new) = (resolve(self.before, old), resolve(self.after, new));
        if is_required(new) && !is_required(old) {
            self.found.add(&id, Breaks::Requests, "now requires a body");
        }
        for (media_type, content) in object(old, "content") {
            let Some(now) = new.get("content").and_then(|content| content.get(media_type)) else {
                self.found.add(&id, Breaks::Requests, format!("no longer accepts {media_type}"));
                continue;
            };
            self.schema(&id, Direction::Request, content.get("schema"), now.get("schema"));
        }
    }
}

pub(crate) fn is_required(value: &Value) -> bool {
    value.get("required").and_then(Value::as_bool).unwrap_or_default()
}

/// A parameter of an operation.
struct Parameter<'a> {
    /// `parameter.query.limit`: the same name may be used in two places.
    id: String,
    /// The reference, if it is a shared one.
    shared: Option<&'a str>,
    value: &'a Value,
}

/// The parameters of an operation by place and name.
type Parameters<'a> = BTreeMap<(&'a str, &'a str), Parameter<'a>>;

/// The parameters of an operation, and those of its path that it does not replace.
fn parameters<'a>(document: &'a Value, path: &str, operation: &'a Value) -> Parameters<'a> {
    let of_path = document.get("paths").and_then(|paths| paths.get(path));
    let lists =
        of_path.into_iter().chain([operation]).filter_map(|owner| owner.get("parameters")?.as_array());
    let named = lists.flatten().filter_map(|listed| {
        let value = resolve(document, listed);
        let text = |member| value.get(member).and_then(Value::as_str);
        let (place, name) = (text("in")?, text("name")?);
        let id = format!("parameter.{place}.{name}");
        Some(((place, name), Parameter { id, shared: target(listed), value }))
    });
    named.collect()
}
