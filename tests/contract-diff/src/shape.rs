//! What a schema allows, in a form that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::references::{MOST_REFERENCES, is_null, resolve};

/// A schema with its references and `allOf` resolved, as far as it is compared.
#[derive(Debug, Default)]
pub(crate) struct Shape<'a> {
    pub(crate) types: BTreeSet<String>,
    pub(crate) values: Option<BTreeSet<String>>,
    pub(crate) keywords: BTreeMap<&'a str, &'a Value>,
    pub(crate) properties: BTreeMap<&'a str, &'a Value>,
    pub(crate) required: BTreeSet<&'a str>,
    pub(crate) alternatives: Vec<&'a Value>,
}

impl<'a> Shape<'a> {
    pub(crate) fn of(document: &'a Value, schema: &'a Value) -> Self {
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

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
