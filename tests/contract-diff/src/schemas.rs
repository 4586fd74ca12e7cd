//! Schemas: each named one is compared once for each direction in which it is used.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::changes::{Breaks, Change, Direction, Found};
use crate::operations::operations;

const PREFIX: &str = "#/components/schemas/";
/// References inside references that are followed at the most: an endless loop of them has no meaning.
const MOST_REFERENCES: usize = 32;

/// What a reference stands for; anything else stands for itself.
pub(crate) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..MOST_REFERENCES {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        match target.and_then(|pointer| document.pointer(pointer)) {
            Some(found) => value = found,
            None => return value,
        }
    }
    value
}

/// What breaks a client in the named schemas.
pub(crate) fn compare_components(before: &Value, after: &Value) -> Vec<Change> {
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

/// A schema with its references and `allOf` resolved, as far as it is compared.
#[derive(Debug, Default)]
struct Shape<'a> {
    types: BTreeSet<String>,
    values: Option<BTreeSet<String>>,
    keywords: BTreeMap<&'a str, &'a Value>,
    properties: BTreeMap<&'a str, &'a Value>,
    required: BTreeSet<&'a str>,
    alternatives: Vec<&'a Value>,
}

impl<'a> Shape<'a> {
    fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut shape = Self::default();
        shape.add(document, schema, 0);
        shape
    }

    fn add(&mut self, document: &'a Value, schema: &'a Value, depth: usize) {
        let schema = resolve(document, schema);
        let Some(members) = schema.as_object().filter(|_| depth < MOST_REFERENCES) else { return };
        for (name, value) in members {
            match name.as_str() {
                "type" => self.types.extend(texts(value)),
                "enum" => {
                    self.values = value.as_array().map(|all| all.iter().map(Value::to_string).collect())
                }
                "const" => self.values = Some(BTreeSet::from([value.to_string()])),
                "required" => {
                    let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                    self.required.extend(names);
                }
                "properties" => {
                    let all = value.as_object().into_iter().flatten();
                    self.properties.extend(all.map(|(name, schema)| (name.as_str(), schema)));
                }
                "allOf" => {
                    let all = value.as_array().into_iter().flatten();
                    all.for_each(|part| self.add(document, part, depth + 1));
                }
                "oneOf" | "anyOf" => self.add_alternatives(document, value, depth),
                other => {
                    let _ = self.keywords.insert(other, value);
                }
            }
        }
    }

    /// `null` beside one schema is that schema, nullable; several are alternatives.
    fn add_alternatives(&mut self, document: &'a Value, value: &'a Value, depth: usize) {
        let all: Vec<&Value> = value.as_array().into_iter().flatten().collect();
        let (nulls, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|schema| is_null(schema));
        match others.as_slice() {
            [only] => self.add(document, only, depth + 1),
            _ => self.alternatives = others,
        }
        if !nulls.is_empty() {
            self.types.insert("null".to_owned());
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// One comparison of two schemas in one direction.
pub(crate) struct Comparison<'a> {
    before: &'a Value,
    after: &'a Value,
    direction: Direction,
    found: &'a mut Found,
    depth: usize,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(
        before: &'a Value,
        after: &'a Value,
        direction: Direction,
        found: &'a mut Found,
    ) -> Self {
        Self { before, after, direction, found, depth: 0 }
    }

    /// Compares two schemas. A named schema inside another is compared by its own name, so only the reference counts here.
    pub(crate) fn schema(&mut self, id: &str, old: &Value, new: &Value) {
        let (old_name, new_name) = (reference(old), reference(new));
        if self.depth > MOST_REFERENCES {
            return;
        }
        if old_name.is_some() && old_name == new_name {
            return self.nullability(id, is_nullable(old), is_nullable(new));
        }
        if let (Some(old_name), Some(new_name)) = (old_name, new_name) {
            self.add(id, format!("is now of the schema `{new_name}` instead of `{old_name}`"));
        }
        self.depth += 1;
        let (before, after) = (self.before, self.after);
        self.shapes(id, &Shape::of(before, old), &Shape::of(after, new));
        self.depth -= 1;
    }

    fn add(&mut self, id: &str, what: impl Into<String>) {
        self.found.add(id, self.direction, what);
    }

    fn nullability(&mut self, id: &str, old: bool, new: bool) {
        match self.direction {
            Direction::Request if old && !new => self.add(id, "may no longer be null"),
            Direction::Response if new && !old => self.add(id, "may now be null"),
            Direction::Request | Direction::Response => {}
        }
    }

    fn shapes(&mut self, id: &str, old: &Shape<'_>, new: &Shape<'_>) {
        self.types(id, old, new);
        self.values(id, old, new);
        self.keywords(id, old, new);
        self.properties(id, old, new);
        self.alternatives(id, old, new);
        for (keyword, suffix) in [("items", "[]"), ("additionalProperties", "{}")] {
            let schema = |shape: &Shape<'_>| {
                shape.keywords.get(keyword).filter(|schema| schema.is_object()).copied().cloned()
            };
            if let (Some(old), Some(new)) = (schema(old), schema(new)) {
                self.schema(&format!("{id}.{suffix}"), &old, &new);
            }
        }
    }

    fn types(&mut self, id: &str, old: &Shape<'_>, new: &Shape<'_>) {
        let (from, to) = self.oriented(&old.types, &new.types);
        let is_covered = |kind: &String| to.contains(kind) || (kind == "integer" && to.contains("number"));
        let lost: Vec<&String> = from.iter().filter(|kind| !to.is_empty() && !is_covered(kind)).collect();
        let is_untyped = from.is_empty() && !to.is_empty();
        if lost.is_empty() && !is_untyped {
            return;
        }
        if !lost.is_empty() && lost.iter().all(|kind| *kind == "null") {
            let (old, new) = (old.types.contains("null"), new.types.contains("null"));
            return self.nullability(id, old, new);
        }
        self.add(id, format!("has the types {} instead of {}", list(&new.types), list(&old.types)));
    }

    /// In a request the values of before have to be among those of now; in a response those of now among those of before.
    fn oriented<'s, T>(&self, old: &'s T, new: &'s T) -> (&'s T, &'s T) {
        match self.direction {
            Direction::Request => (old, new),
            Direction::Response => (new, old),
        }
    }

    fn values(&mut self, id: &str, old: &Shape<'_>, new: &Shape<'_>) {
        let (from, to) = self.oriented(&old.values, &new.values);
        let Some(to) = to else { return };
        let Some(from) = from else {
            let what = match self.direction {
                Direction::Request => format!("accepts only {}", list(to)),
                Direction::Response => format!("is no longer limited to {}", list(to)),
            };
            return self.add(id, what);
        };
        let lost: BTreeSet<String> = from.difference(to).cloned().collect();
        if !lost.is_empty() {
            let what = match self.direction {
                Direction::Request => format!("no longer accepts {}", list(&lost)),
                Direction::Response => format!("may now be {}", list(&lost)),
            };
            self.add(id, what);
        }
    }

    fn keywords(&mut self, id: &str, old: &Shape<'_>, new: &Shape<'_>) {
        let (from, to) = self.oriented(&old.keywords, &new.keywords);
        for (keyword, is_upper) in [
            ("minimum", false),
            ("exclusiveMinimum", false),
            ("minLength", false),
            ("minItems", false),
            ("maximum", true),
            ("exclusiveMaximum", true),
            ("maxLength", true),
            ("maxItems", true),
        ] {
            let number =
                |keywords: &BTreeMap<&str, &Value>| keywords.get(keyword).and_then(|value| value.as_f64());
            let is_broken = match (number(from), number(to)) {
                (_, None) => false,
                // Lengths are never below zero, so a bound of zero excludes nothing.
                (None, Some(limit)) => limit > 0.0 || !matches!(keyword, "minLength" | "minItems"),
                (Some(from), Some(to)) => {
                    if is_upper {
                        from > to
                    } else {
                        from < to
                    }
                }
            };
            if is_broken {
                self.add(id, change_of(keyword, old, new));
            }
        }
        if let Some(pattern) = to.get("pattern")
            && from.get("pattern") != Some(pattern)
        {
            self.add(id, change_of("pattern", old, new));
        }
        if to.get("uniqueItems") == Some(&&Value::Bool(true))
            && from.get("uniqueItems") != to.get("uniqueItems")
        {
            self.add(id, change_of("uniqueItems", old, new));
        }
        let format = |keywords: &BTreeMap<&str, &Value>| {
            keywords.get("format").and_then(|value| value.as_str()).map(str::to_owned)
        };
        match (format(from), format(to)) {
            (from, to) if from == to => {}
            (_, None) => {}
            (Some(from), Some(to)) if from == "int32" && to == "int64" => {}
            _ => self.add(id, change_of("format", old, new)),
        }
        let is_closed = |keywords: &BTreeMap<&str, &Value>| {
            keywords.get("additionalProperties") == Some(&&Value::Bool(false))
        };
        // A response may always gain properties: clients have to ignore what they do not know.
        if self.direction == Direction::Request && is_closed(&new.keywords) && !is_closed(&old.keywords) {
            self.add(id, "no longer accepts further properties");
        }
    }

    fn properties(&mut self, id: &str, old: &Shape<'_>, new: &Shape<'_>) {
        for (name, schema) in &old.properties {
            let id = format!("{id}.{name}");
            let Some(now) = new.properties.get(name) else {
                self.add(&id, "was removed");
                continue;
            };
            self.schema(&id, schema, now);
        }
        for name in new.required.difference(&old.required) {
            if self.direction == Direction::Request {
                let is_new = !old.properties.contains_key(name);
                self.add(
                    &format!("{id}.{name}"),
                    if is_new { "is new and required" } else { "is now required" },
                );
            }
        }
        for name in old.required.difference(&new.required) {
            if self.direction == Direction::Response && new.properties.contains_key(name) {
                self.add(&format!("{id}.{name}"), "is no longer always sent");
            }
        }
    }

    /// Alternatives correspond by the name of their schema, else by their own content.
    fn alternatives(&mut self, id: &str, old: &Shape<'_>, new: &Shape<'_>) {
        if old.alternatives.is_empty() && new.alternatives.is_empty() {
            return;
        }
        let named = |shape: &Shape<'_>| -> BTreeSet<String> {
            let names = shape.alternatives.iter();
            names.map(|schema| reference(schema).map_or_else(|| schema.to_string(), str::to_owned)).collect()
        };
        let (old, new) = (named(old), named(new));
        let (from, to) = self.oriented(&old, &new);
        let lost: BTreeSet<String> = from.difference(to).cloned().collect();
        if !lost.is_empty() {
            let what = match self.direction {
                Direction::Request => format!("no longer accepts the alternative {}", list(&lost)),
                Direction::Response => format!("may now be the alternative {}", list(&lost)),
            };
            self.add(id, what);
        }
    }
}

/// The name of a schema that is a reference, alone or beside `null`.
fn reference(schema: &Value) -> Option<&str> {
    let direct = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(PREFIX));
    direct.or_else(|| {
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
fn is_nullable(schema: &Value) -> bool {
    let all = ["oneOf", "anyOf"].into_iter().find_map(|keyword| schema.get(keyword)?.as_array());
    all.is_some_and(|all| all.iter().any(is_null))
}

fn change_of(keyword: &str, old: &Shape<'_>, new: &Shape<'_>) -> String {
    let text =
        |shape: &Shape<'_>| shape.keywords.get(keyword).map_or("none".to_owned(), |value| value.to_string());
    format!("has the {keyword} {} instead of {}", text(new), text(old))
}

fn list(all: &BTreeSet<String>) -> String {
    all.iter().cloned().collect::<Vec<_>>().join(", ")
}
