//! The keywords that limit a value: bounds, patterns, formats.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schemas::Comparison;
use crate::shape::Shape;

impl Comparison<'_> {
    pub(crate) fn keywords(&mut self, id: &str, old: &Shape<'_>, new: &Shape<'_>) {
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
    }
}

fn change_of(keyword: &str, old: &Shape<'_>, new: &Shape<'_>) -> String {
    let text =
        |shape: &Shape<'_>| shape.keywords.get(keyword).map_or("none".to_owned(), |value| value.to_string());
    format!("has the {keyword} {} instead of {}", text(new), text(old))
}
