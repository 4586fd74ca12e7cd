//! What a schema allows, in a form that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::references::{find, is_null, target};

/// Which references are part of a shape.
enum Follow<'a> {
    /// All of them; these have been added.
    All(BTreeSet<&'a str>),
    None,
}

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
    /// A schema with everything that it references.
    pub(crate) fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut shape = Self::default();
        shape.add(document, schema, &mut Follow::All(BTreeSet::new()));
        shape
    }

    /// What stands beside a reference to a named schema: it limits this one use.
    pub(crate) fn beside_reference(document: &'a Value, schema: &'a Value) -> Self {
        let mut shape = Self::default();
        shape.add(document, schema, &mut Follow::None);
        // `null` beside a reference is compared separately: without its schema, the type would be `null` alone.
        shape.types.clear();
        shape
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
                "$ref" => {}
                "allOf" => {
                    let all = value.as_array().into_iter().flatten();
                    all.for_each(|part| self.add(document, part, follow));
                }
                "oneOf" | "anyOf" => self.add_alternatives(document, value, follow),
                other => {
                    let _ = self.keywords.insert(other, value);
                }
            }
        }
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
