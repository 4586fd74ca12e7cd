//! The comparison of two schemas in one direction.

use std::collections::BTreeSet;
use std::ptr;

use serde_json::Value;

use crate::changes::{Breaks, Change, Direction, Found};
use crate::references::{is_nullable, named, reference};
use crate::shape::{Shape, list};

/// One comparison of two schemas in one direction.
pub(crate) struct Comparison<'a> {
    pub(crate) before: &'a Value,
    pub(crate) after: &'a Value,
    pub(crate) direction: Direction,
    found: &'a mut Found,
    /// What has been compared or is being compared: schemas may contain themselves. Pairs of names would not suffice, because
    /// references of the two documents need not coincide: one may have a name where the other has the schema in place.
    seen: BTreeSet<(*const Value, *const Value)>,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(
        before: &'a Value,
        after: &'a Value,
        direction: Direction,
        found: &'a mut Found,
    ) -> Self {
        Self { before, after, direction, found, seen: BTreeSet::new() }
    }

    /// Compares two schemas. A named schema inside another is compared by its own name, so only the reference counts here,
    /// and what stands beside it.
    pub(crate) fn schema(&mut self, id: &str, old: &'a Value, new: &'a Value) {
        let (before, after) = (self.before, self.after);
        let Some((old_name, new_name)) = reference(old).zip(reference(new)) else {
            return self.inside(id, old, new);
        };
        self.nullability(id, is_nullable(old), is_nullable(new));
        self.limits(id, &Shape::beside_reference(before, old), &Shape::beside_reference(after, new));
        if old_name == new_name {
            return;
        }
        let (Some(old), Some(new)) = (named(before, old_name), named(after, new_name)) else { return };
        if self.is_gone(old_name) {
            // The schema was renamed, which is reported once: so is what changed in it.
            return self.inside(old_name, old, new);
        }
        self.found.add(
            id,
            Breaks::Names,
            format!("is now of the schema `{new_name}` instead of `{old_name}`"),
        );
        self.inside(id, old, new);
    }

    /// Whether a named schema of before exists no longer.
    pub(crate) fn is_gone(&self, name: &str) -> bool {
        named(self.after, name).is_none()
    }

    /// A comparison of what two schemas allow, to see whether one includes the other.
    pub(crate) fn trial(&self, old: &'a Value, new: &'a Value) -> Vec<Change> {
        let mut found = Found::default();
        let seen = self.seen.clone();
        Comparison {
            before: self.before,
            after: self.after,
            direction: self.direction,
            found: &mut found,
            seen,
        }
        .inside("", old, new);
        found.0
    }

    /// Compares what two schemas allow, unless that has been done.
    pub(crate) fn inside(&mut self, id: &str, old: &'a Value, new: &'a Value) {
        if self.seen.insert((ptr::from_ref(old), ptr::from_ref(new))) {
            let (before, after) = (self.before, self.after);
            self.shapes(id, &Shape::of(before, old), &Shape::of(after, new));
        }
    }

    pub(crate) fn add(&mut self, id: &str, what: impl Into<String>) {
        self.found.add(id, self.direction, what);
    }

    fn nullability(&mut self, id: &str, old: bool, new: bool) {
        match self.direction {
            Direction::Request if old && !new => self.add(id, "may no longer be null"),
            Direction::Response | Direction::Failure if new && !old => self.add(id, "may now be null"),
            _ => {}
        }
    }

    /// Compares two shapes: of what kind the values are, then what limits them.
    pub(crate) fn shapes(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        if old.is_any() != new.is_any() {
            let (_, to) = self.oriented(old, new);
            if !to.is_any() {
                self.add(id, format!("has the types {} instead of {}", new.kinds(), old.kinds()));
            }
            return;
        }
        self.nullability(id, old.is_nullable, new.is_nullable);
        if old.alternatives.is_empty() && new.alternatives.is_empty() {
            self.types(id, old, new);
            self.limits(id, old, new);
            return;
        }
        self.alternatives(id, old, new);
        // What stands beside the alternatives applies to all of them. One schema is an alternative as a whole.
        if !old.alternatives.is_empty() && !new.alternatives.is_empty() {
            if !old.types.is_empty() && !new.types.is_empty() {
                self.types(id, old, new);
            }
            self.limits(id, old, new);
            self.discriminator(id, old, new);
        }
    }

    fn limits(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        self.values(id, old, new);
        self.keywords(id, old, new);
        self.properties(id, old, new);
        self.contents(id, old, new);
    }

    fn types(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        let (from, to) = self.oriented(&old.types, &new.types);
        let is_covered = |kind: &String| to.contains(kind) || (kind == "integer" && to.contains("number"));
        if !from.iter().all(is_covered) {
            self.add(id, format!("has the types {} instead of {}", new.kinds(), old.kinds()));
        }
    }

    /// In a request the values of before have to be among those of now; in a response those of now among those of before.
    pub(crate) fn oriented<'s, T>(&self, old: &'s T, new: &'s T) -> (&'s T, &'s T) {
        match self.direction {
            Direction::Request => (old, new),
            Direction::Response | Direction::Failure => (new, old),
        }
    }

    fn values(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        if self.direction == Direction::Failure {
            return;
        }
        let (from, to) = self.oriented(&old.values, &new.values);
        let Some(to) = to else { return };
        let Some(from) = from else {
            let what = match self.direction {
                Direction::Request => format!("accepts only {}", list(to)),
                Direction::Response | Direction::Failure => format!("is no longer limited to {}", list(to)),
            };
            return self.add(id, what);
        };
        let lost: BTreeSet<String> = from.difference(to).cloned().collect();
        if !lost.is_empty() {
            let what = match self.direction {
                Direction::Request => format!("no longer accepts {}", list(&lost)),
                Direction::Response | Direction::Failure => format!("may now be {}", list(&lost)),
            };
            self.add(id, what);
        }
    }

    fn properties(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
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
            if self.direction != Direction::Request && new.properties.contains_key(name) {
                self.add(&format!("{id}.{name}"), "is no longer always sent");
            }
        }
    }
}
