//! JSON as it was sent: with the fields of objects in their order and those that are there twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::http::sentence::quoted;

/// The name under which serde_json hands over a number that is kept as its text.
const NUMBER: &str = "$serde_json::private::Number";

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Boolean(bool),
    /// The digits as they were sent.
    Number(String),
    Text(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// What it is, in words.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Null => "`null`".to_owned(),
            Self::Boolean(value) => format!("`{value}`"),
            Self::Number(digits) => format!("the number {}", quoted(digits)),
            Self::Text(text) => format!("the text {}", quoted(text)),
            Self::Array(_) => "an array".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

struct Reader;

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

macro_rules! numbers {
    ($($method:ident($type:ty);)*) => {$(
        fn $method<E>(self, number: $type) -> Result<Node, E> {
            Ok(Node::Number(number.to_string()))
        }
    )*};
}

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    numbers! { visit_i64(i64); visit_u64(u64); visit_f64(f64); }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Boolean(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(name) = fields.next_key::<String>()? {
            match (name.as_str(), fields.next_value()?) {
                (NUMBER, Node::Text(digits)) => return Ok(Node::Number(digits)),
                (_, node) => nodes.push((name, node)),
            }
        }
        Ok(Node::Object(nodes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost() {
        let node: Node = serde_json::from_str(r#"{"b":1.50,"a":[null,true,"x"],"b":-2}"#).unwrap();
        let number = |digits: &str| Node::Number(digits.to_owned());
        let list = Node::Array(vec![Node::Null, Node::Boolean(true), Node::Text("x".to_owned())]);
        let fields = [("b", number("1.50")), ("a", list), ("b", number("-2"))];
        assert_eq!(node, Node::Object(fields.map(|(name, node)| (name.to_owned(), node)).into()));
    }
}
