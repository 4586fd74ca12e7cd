//! Every fault of a JSON body, found by its shape.

use std::collections::HashSet;

use super::node::Node;
use super::{Rule, Shape, Shapes, leaf};
use crate::http::json_error::{duplicate_field, missing_field, unknown_field, unknown_value};
use crate::http::problem::Fault;
use crate::http::schema::read_decimal;
use crate::http::validation::Faults;

/// Every fault of a JSON text by the shape of a type, in the order of the text. None if the text is not JSON.
pub(crate) fn body_faults<T: utoipa::ToSchema>(text: &str) -> Option<Vec<Fault>> {
    let node: Node = serde_json::from_str(text).ok()?;
    let shapes = Shapes::of::<T>();
    let mut search = Search { shapes: &shapes, faults: Faults::default() };
    search.value(&shapes.root, &node);
    Some(search.faults.into_found())
}

struct Search<'a> {
    shapes: &'a Shapes,
    faults: Faults,
}

impl Search<'_> {
    fn value(&mut self, shape: &Shape, node: &Node) {
        let resolved = self.shapes.resolve(shape);
        if *node == Node::Null && (shape.nullable || resolved.nullable) {
            return;
        }
        match (&resolved.rule, node) {
            (Rule::Anything | Rule::Named(_), _) => {}
            (Rule::Object { fields, required }, Node::Object(found)) => self.object(fields, required, found),
            (Rule::Map(values), Node::Object(found)) => {
                for (name, node) in found {
                    self.within(name, |search| search.value(values, node));
                }
            }
            (Rule::Array { item, least, most }, Node::Array(nodes)) => self.array(item, *least, *most, nodes),
            (Rule::Word(words), Node::Text(text)) => {
                if !words.contains(text) {
                    let words: Vec<&str> = words.iter().map(String::as_str).collect();
                    self.faults.note("", "unknown_value", unknown_value(text, &words));
                }
            }
            (Rule::Text(rule), Node::Text(text)) => leaf::text(&mut self.faults, rule, text),
            (Rule::Checked(check), Node::Text(text)) => check(&mut self.faults, text),
            (Rule::Integer { least, most }, Node::Number(digits)) => {
                leaf::integer(&mut self.faults, digits, *least, *most);
            }
            (Rule::Decimal, Node::Number(digits)) => read_decimal(&mut self.faults, digits),
            (Rule::Number, Node::Number(_)) | (Rule::Boolean, Node::Boolean(_)) => {}
            (rule, node) => self.wrong_type(rule, node),
        }
    }

    fn within(&mut self, name: &str, read: impl FnOnce(&mut Self)) {
        let place = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let outside = self.faults.enter(&place);
        read(self);
        self.faults.leave(outside);
    }

    fn object(&mut self, fields: &[(String, Shape)], required: &[String], found: &[(String, Node)]) {
        let mut seen = HashSet::new();
        for (name, node) in found {
            if !seen.insert(name.as_str()) {
                self.faults.note("", "duplicate_field", duplicate_field(name));
                continue;
            }
            match fields.iter().find(|(field, _)| field == name) {
                Some((_, shape)) => self.within(name, |search| search.value(shape, node)),
                None => self.within(name, |search| {
                    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                    search.faults.note("", "unknown_field", unknown_field(name, &names));
                }),
            }
        }
        for name in required.iter().filter(|name| !seen.contains(name.as_str())) {
            self.faults.note("", "missing_field", missing_field(name));
        }
    }

    fn array(&mut self, item: &Shape, least: usize, most: usize, nodes: &[Node]) {
        let count = nodes.len();
        if count > most {
            return self.faults.note(
                "",
                "too_many",
                format_args!("found {count} items, at most {most} are allowed"),
            );
        }
        if count < least {
            self.faults.note("", "too_few", format_args!("found {count} items, at least {least} are needed"));
        }
        for (index, node) in nodes.iter().enumerate() {
            self.within(&index.to_string(), |search| search.value(item, node));
        }
    }

    fn wrong_type(&mut self, rule: &Rule, node: &Node) {
        let expected = match rule {
            Rule::Object { .. } | Rule::Map(_) => "an object",
            Rule::Array { .. } => "an array",
            Rule::Integer { .. } => "a whole number",
            Rule::Decimal | Rule::Number => "a number",
            Rule::Boolean => "`true` or `false`",
            Rule::Word(_) | Rule::Text(_) | Rule::Checked(_) => "a text",
            Rule::Anything | Rule::Named(_) => "another value",
        };
        let found = node.in_words();
        self.faults.note(
            "",
            "wrong_type",
            format_args!("found {found}, expected {expected}{}", advice(rule, node)),
        );
    }
}

/// What to do, where it is clear.
fn advice(rule: &Rule, node: &Node) -> String {
    match (rule, node) {
        (Rule::Integer { .. } | Rule::Decimal | Rule::Number, Node::Text(text))
            if text.parse::<f64>().is_ok() =>
        {
            ": write the number without quotation marks".to_owned()
        }
        (Rule::Boolean, Node::Text(text)) if matches!(text.as_str(), "true" | "false") => {
            ": write it without quotation marks".to_owned()
        }
        (Rule::Word(_) | Rule::Text(_) | Rule::Checked(_), Node::Number(_) | Node::Boolean(_)) => {
            ": write it in quotation marks".to_owned()
        }
        (Rule::Object { fields, .. }, Node::Array(_)) => {
            let list = fields.iter().find(|(_, shape)| matches!(shape.rule, Rule::Array { .. }));
            let name = list.or(fields.first()).map(|(name, _)| name.as_str()).unwrap_or_default();
            match list {
                Some(_) if fields.len() == 1 => format!(": write {{\"{name}\": [...]}}"),
                _ => format!(" such as {{\"{name}\": ...}}"),
            }
        }
        (Rule::Array { .. }, _) => ": write [...], also for one item".to_owned(),
        _ => String::new(),
    }
}
