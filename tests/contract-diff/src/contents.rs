//! What applies inside an array or an object: items, further properties and the names of properties.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::changes::Direction;
use crate::references::reference;
use crate::schemas::Comparison;
use crate::shape::Shape;

/// The schema that applies where none is stated.
static ANY: Value = Value::Bool(true);

impl<'a> Comparison<'a> {
    pub(crate) fn contents(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        if let Some((old, new)) = stated("items", old, new) {
            self.schema(&format!("{id}.[]"), old, new);
        }
        if let Some((old, new)) = stated("propertyNames", old, new) {
            self.property_names(&format!("{id}.{{name}}"), old, new);
        }
        if let Some((old, new)) = stated("additionalProperties", old, new) {
            self.further_properties(id, old, new);
        }
    }

    /// Names are text, whether their schema says so or not.
    fn property_names(&mut self, id: &str, old: &'a Value, new: &'a Value) {
        // A named schema is compared by its own name.
        if reference(old).is_some() && reference(old) == reference(new) {
            return;
        }
        let (mut old, mut new) = (Shape::of(self.before, old), Shape::of(self.after, new));
        for shape in [&mut old, &mut new] {
            shape.types = BTreeSet::from(["string".to_owned()]);
        }
        self.shapes(id, &old, &new);
    }

    fn further_properties(&mut self, id: &str, old: &'a Value, new: &'a Value) {
        let closed = Value::Bool(false);
        match self.direction {
            Direction::Request if *old == closed => {}
            Direction::Request if *new == closed => self.add(id, "no longer accepts further properties"),
            // A response may always gain properties: clients have to ignore what they do not know.
            Direction::Response | Direction::Failure if *old == closed || *new == closed => {}
            _ => self.schema(&format!("{id}.{{}}"), old, new),
        }
    }
}

/// The schemas of a keyword, if at least one of the two shapes has it.
fn stated<'a>(keyword: &str, old: &Shape<'a>, new: &Shape<'a>) -> Option<(&'a Value, &'a Value)> {
    let (old, new) = (old.keywords.get(keyword).copied(), new.keywords.get(keyword).copied());
    old.or(new)?;
    Some((old.unwrap_or(&ANY), new.unwrap_or(&ANY)))
}
