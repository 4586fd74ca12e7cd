//! What a schema allows, in a form that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::keywords::{is_bound, is_tighter};
use crate::references::{find, is_null, reference, target};

/// Which references are part of a shape.
enum Follow<'a> {
    /// All of them; these have been added.
    All(BTreeSet<&'a str>),
    None,
}

/// A schema with its references and `allOf` resolved, as far as it is compared.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    /// The schema itself: it is its own only alternative where the other schema is a union.
    pub(crate) schema: &'a Value,
    /// The types without `null`.
    pub(crate) types: BTreeSet<String>,
    pub(crate) is_nullable: bool,
    /// The values that an enum or a constant allows, without `null`.
    pub(crate) values: Option<BTreeSet<String>>,
    pub(crate) keywords: BTreeMap<&'a str, &'a Value>,
    pub(crate) properties: BTreeMap<&'a str, &'a Value>,
    pub(crate) required: BTreeSet<&'a str>,
    pub(crate) alternatives: Vec<&'a Value>,
}

impl<'a> Shape<'a> {
    /// A schema with everything that it references.
    pub(crate) fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut shape = Self::empty(schema);
        shape.add(document, schema, &mut Follow::All(BTreeSet::new()));
        shape.settle();
        shape
    }

    /// What stands beside a reference to a named schema: it limits this one use.
    pub(crate) fn beside_reference(document: &'a Value, schema: &'a Value) -> Self {
        let mut shape = Self::empty(schema);
        shape.add(document, schema, &mut Follow::None);
        shape
    }

    fn empty(schema: &'a Value) -> Self {
        Self {
            schema,
            types: BTreeSet::new(),
            is_nullable: false,
            values: None,
            keywords: BTreeMap::new(),
            properties: BTreeMap::new(),
            required: BTreeSet::new(),
            alternatives: Vec::new(),
        }
    }

    /// Whether the schema allows values of every type.
    pub(crate) fn is_any(&self) -> bool {
        self.types.is_empty() && self.alternatives.is_empty() && self.values.is_none() && !self.is_nullable
    }

    /// The types or alternatives, for people.
    pub(crate) fn kinds(&self) -> String {
        let mut kinds = self.types.clone();
        kinds.extend(self.alternatives.iter().map(|schema| name(schema)));
        kinds.extend(self.is_nullable.then(|| "null".to_owned()));
        if kinds.is_empty() { "any".to_owned() } else { list(&kinds) }
    }

    /// Separates `null` from the types and values, and derives the type where only the rest of the schema states it.
    fn settle(&mut self) {
        let allows_null = self.values.as_mut().map(|values| values.remove("null"));
        self.is_nullable = match allows_null {
            Some(allows_null) => allows_null && (self.types.is_empty() || self.types.contains("null")),
            None => self.types.contains("null"),
        };
        self.types.remove("null");
        if self.types.is_empty() {
            let values = self.values.iter().flatten();
            self.types = values.map(|value| type_of(value).to_owned()).collect();
        }
        if self.types.is_empty() && !self.properties.is_empty() {
            self.types.insert("object".to_owned());
        }
    }

    fn add(&mut self, document: &'a Value, schema: &'a Value, follow: &mut Follow<'a>) {
        // The reference comes first: what stands beside it is more specific.
        if let Some(name) = target(schema)
            && let Follow::All(seen) = follow
            && seen.insert(name)
            && let Some(found) = find(document, name)
        {
            self.add(document, found, follow);
        }
        for (name, value) in schema.as_object().into_iter().flatten() {
            match name.as_str() {
                "type" => self.types.extend(texts(value)),
                "enum" => {
                    let values = value.as_array().into_iter().flatten();
                    self.add_values(values.map(Value::to_string).collect());
                }
                "const" => self.add_values(BTreeSet::from([value.to_string()])),
                "required" => {
                    let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                    self.required.extend(names);
                }
                "properties" => {
                    let all = value.as_object().into_iter().flatten();
                    self.properties.extend(all.map(|(name, schema)| (name.as_str(), schema)));
                }
                "$ref" => {}
                "allOf" => {
                    let all = value.as_array().into_iter().flatten();
                    all.for_each(|part| self.add(document, part, follow));
                }
                "oneOf" | "anyOf" => self.add_alternatives(document, value, follow),
                keyword => self.add_keyword(keyword, value),
            }
        }
    }

    /// A value has to be in every enum that applies to it.
    fn add_values(&mut self, values: BTreeSet<String>) {
        self.values = Some(match self.values.take() {
            Some(others) => others.intersection(&values).cloned().collect(),
            None => values,
        });
    }

    /// Of two bounds the tighter one applies; of other keywords the more specific one, which is the last.
    fn add_keyword(&mut self, keyword: &'a str, value: &'a Value) {
        let former = self.keywords.get(keyword).and_then(|former| former.as_number());
        if let Some((former, limit)) = former.zip(value.as_number())
            && is_bound(keyword)
            && is_tighter(keyword, former, limit)
        {
            return;
        }
        self.keywords.insert(keyword, value);
    }

    /// `null` beside one schema is that schema, nullable; several are alternatives.
    fn add_alternatives(&mut self, document: &'a Value, value: &'a Value, follow: &mut Follow<'a>) {
        let all: Vec<&Value> = value.as_array().into_iter().flatten().collect();
        let (nulls, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|schema| is_null(schema));
        match others.as_slice() {
            [only] => self.add(document, only, follow),
            _ => self.alternatives = others,
        }
        if !nulls.is_empty() {
            self.types.insert("null".to_owned());
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The type of a value that is written as JSON.
fn type_of(value: &str) -> &'static str {
    match value.chars().next() {
        Some('"') => "string",
        Some('{') => "object",
        Some('[') => "array",
        Some('t' | 'f') => "boolean",
        _ if value.contains(['.', 'e', 'E']) => "number",
        _ => "integer",
    }
}

/// A schema as a message names it: by its name, else by its content.
pub(crate) fn name(schema: &Value) -> String {
    reference(schema).map_or_else(|| schema.to_string(), str::to_owned)
}

pub(crate) fn list(all: &BTreeSet<String>) -> String {
    all.iter().cloned().collect::<Vec<_>>().join(", ")
}
