//! Alternatives, and the discriminator that names them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::changes::Direction;
use crate::references::{reference, schema_name};
use crate::schemas::Comparison;
use crate::shape::{Shape, list, name};

impl<'a> Comparison<'a> {
    /// Each alternative of a request has to be accepted still, each of a response has to have been possible before.
    pub(crate) fn alternatives(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        let all = |shape: &Shape<'a>| match shape.alternatives.as_slice() {
            [] => vec![shape.schema],
            several => several.to_vec(),
        };
        let (old, new) = (all(old), all(new));
        let (from, to) = self.oriented(&old, &new);
        let lost = from.iter().filter(|schema| !to.iter().any(|other| self.includes(other, schema)));
        let lost: BTreeSet<String> = lost.map(|schema| name(schema)).collect();
        if !lost.is_empty() {
            let what = match self.direction {
                Direction::Request => format!("no longer accepts the alternative {}", list(&lost)),
                Direction::Response | Direction::Failure => {
                    format!("may now be the alternative {}", list(&lost))
                }
            };
            self.add(id, what);
        }
    }

    /// Whether the alternative `to` allows everything that `from` allows.
    fn includes(&self, to: &'a Value, from: &'a Value) -> bool {
        let (old, new) = self.oriented(from, to);
        let is_candidate = match (reference(old), reference(new)) {
            // A named alternative is compared by its own name.
            (Some(old), Some(new)) if old == new => return true,
            // One that was renamed is the same; others are a choice of their own, even if their content is equal.
            (Some(old), Some(_)) => self.is_gone(old),
            _ => true,
        };
        is_candidate && self.trial(old, new).is_empty()
    }

    /// Clients select an alternative by the discriminator: its property, its values and what they stand for remain.
    pub(crate) fn discriminator(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        let Some(before) = property(old) else { return };
        let after = property(new);
        if after != Some(before) {
            let after = after.map_or("none".to_owned(), |after| format!("`{after}`"));
            return self.add(id, format!("has the discriminator {after} instead of `{before}`"));
        }
        let (old, new) = (mapping(old), mapping(new));
        let (from, to) = self.oriented(&old, &new);
        for value in from.keys().filter(|value| !to.contains_key(*value)) {
            let what = match self.direction {
                Direction::Request => format!("no longer accepts the discriminator value {value}"),
                Direction::Response | Direction::Failure => {
                    format!("may now have the discriminator value {value}")
                }
            };
            self.add(id, what);
        }
        for (value, schema) in &old {
            if let Some(now) = new.get(value).filter(|now| *now != schema && !self.is_gone(schema)) {
                self.add(
                    id,
                    format!("has the discriminator value {value} for `{now}` instead of `{schema}`"),
                );
            }
        }
    }
}

fn property<'a>(shape: &Shape<'a>) -> Option<&'a str> {
    shape.keywords.get("discriminator")?.get("propertyName")?.as_str()
}

/// The schema for each value of the discriminator. Without an entry, the name of a schema is its value.
fn mapping(shape: &Shape<'_>) -> BTreeMap<String, String> {
    let stated = shape.keywords.get("discriminator").and_then(|found| found.get("mapping")?.as_object());
    let mut mapping: BTreeMap<String, String> = stated
        .into_iter()
        .flatten()
        .filter_map(|(value, schema)| Some((value.clone(), schema.as_str()?)))
        .map(|(value, schema)| (value, schema_name(schema).unwrap_or(schema).to_owned()))
        .collect();
    let mapped: BTreeSet<String> = mapping.values().cloned().collect();
    let names = shape.alternatives.iter().filter_map(|schema| reference(schema));
    mapping
        .extend(names.filter(|name| !mapped.contains(*name)).map(|name| (name.to_owned(), name.to_owned())));
    mapping
}
