//! Operations: paths, parameters, bodies, responses, headers and security.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::changes::{Breaks, Change, Direction, Found};
use crate::references::resolve;
use crate::schemas::Comparison;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// What breaks a client in the operations. Named schemas are compared once, by `components::compare`.
pub(crate) fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Found::default();
    for (path, method, old) in operations(before) {
        let id = operation_id(old, path, method);
        let Some(new) = after.get("paths").and_then(|paths| paths.get(path)?.get(method)) else {
            let deprecated = old.get("deprecated").and_then(Value::as_bool).unwrap_or_default();
            let what = if deprecated { "was removed" } else { "was removed without having been deprecated" };
            found.add(&id, Breaks::Requests, what);
            continue;
        };
        let renamed = operation_id(new, path, method);
        if renamed != id {
            found.add(&id, Breaks::Names, format!("is now `{renamed}`"));
        }
        Operation { id, before, after, found: &mut found }.compare(old, new);
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

/// An object member of a value, or nothing.
fn object<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

struct Operation<'a> {
    id: String,
    before: &'a Value,
    after: &'a Value,
    found: &'a mut Found,
}

impl Operation<'_> {
    fn compare(&mut self, old: &Value, new: &Value) {
        self.parameters(old, new);
        self.body(old, new);
        self.responses(old, new);
        self.security(old, new);
    }

    fn schema(&mut self, id: &str, direction: Direction, old: Option<&Value>, new: Option<&Value>) {
        if let (Some(old), Some(new)) = (old, new) {
            Comparison::new(self.before, self.after, direction, self.found).schema(id, old, new);
        }
    }

    fn parameters(&mut self, old: &Value, new: &Value) {
        let (old, new) = (parameters(self.before, old), parameters(self.after, new));
        for (name, parameter) in &old {
            let id = format!("{}.parameter.{}", self.id, name.1);
            let Some(now) = new.get(name) else {
                self.found.add(&id, Breaks::Requests, "was removed");
                continue;
            };
            if is_required(now) && !is_required(parameter) {
                self.found.add(&id, Breaks::Requests, "is now required");
            }
            self.schema(&id, Direction::Request, parameter.get("schema"), now.get("schema"));
        }
        for (name, parameter) in &new {
            if is_required(parameter) && !old.contains_key(name) {
                let id = format!("{}.parameter.{}", self.id, name.1);
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

    fn responses(&mut self, old: &Value, new: &Value) {
        let successful = |responses: &Value| -> Map<String, Value> {
            let all = object(responses, "responses").filter(|(status, _)| status.starts_with('2'));
            all.map(|(status, response)| (status.clone(), response.clone())).collect()
        };
        let (old, new) = (successful(old), successful(new));
        for (status, response) in &old {
            let id = format!("{}.response.{status}", self.id);
            let Some(now) = new.get(status) else {
                self.found.add(&id, Breaks::Responses, "was removed");
                continue;
            };
            let (response, now) = (resolve(self.before, response), resolve(self.after, now));
            self.content(&id, response, now);
            self.headers(&id, response, now);
        }
        for status in new.keys().filter(|status| !old.contains_key(*status)) {
            let id = format!("{}.response.{status}", self.id);
            self.found.add(&id, Breaks::Responses, "is a new successful status");
        }
    }

    fn content(&mut self, id: &str, old: &Value, new: &Value) {
        for (media_type, content) in object(old, "content") {
            let Some(now) = new.get("content").and_then(|content| content.get(media_type)) else {
                self.found.add(id, Breaks::Responses, format!("is no longer returned as {media_type}"));
                continue;
            };
            self.schema(id, Direction::Response, content.get("schema"), now.get("schema"));
        }
    }

    fn headers(&mut self, id: &str, old: &Value, new: &Value) {
        for (name, header) in object(old, "headers") {
            // A shared header is reported once, by its own name.
            let id = match header.get("$ref") {
                Some(_) => format!("header.{name}"),
                None => format!("{id}.header.{name}"),
            };
            let header = resolve(self.before, header);
            let now = new.get("headers").and_then(|headers| headers.get(name));
            let Some(now) = now.map(|now| resolve(self.after, now)) else {
                self.found.add(
                    &format!("{}.response.header.{name}", self.id),
                    Breaks::Responses,
                    "was removed",
                );
                continue;
            };
            if is_required(header) && !is_required(now) {
                self.found.add(&id, Breaks::Responses, "is no longer always sent");
            }
            self.schema(&id, Direction::Response, header.get("schema"), now.get("schema"));
        }
    }

    fn security(&mut self, old: &Value, new: &Value) {
        let ways = |document: &Value, operation: &Value| -> BTreeSet<String> {
            let security =
                operation.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
            security.into_iter().flatten().map(Value::to_string).collect()
        };
        let (old, new) = (ways(self.before, old), ways(self.after, new));
        let is_open = new.is_empty() || new.contains("{}");
        if !is_open && (old.is_empty() || old.difference(&new).next().is_some()) {
            let id = format!("{}.security", self.id);
            self.found.add(&id, Breaks::Requests, "no longer accepts an authentication that it accepted");
        }
    }
}

fn is_required(value: &Value) -> bool {
    value.get("required").and_then(Value::as_bool).unwrap_or_default()
}

/// The parameters of an operation by place and name.
fn parameters<'a>(document: &'a Value, operation: &'a Value) -> BTreeMap<(String, String), &'a Value> {
    let listed = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let named = listed.map(|parameter| resolve(document, parameter)).filter_map(|parameter| {
        let text = |name| parameter.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(((text("in")?, text("name")?), parameter))
    });
    named.collect()
}
