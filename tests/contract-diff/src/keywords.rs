//! The keywords that limit a value: bounds, patterns, formats.

use serde_json::{Number, Value};

use crate::changes::Direction;
use crate::schemas::Comparison;
use crate::shape::Shape;

/// Keywords of which the smaller value excludes more.
const UPPER_BOUNDS: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
/// Keywords of which the larger value excludes more.
const LOWER_BOUNDS: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
/// Conditions that cannot be ordered: no one can tell which of two patterns is narrower, so another one is reported always.
const CONDITIONS: [&str; 14] = [
    "pattern",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "prefixItems",
    "patternProperties",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
    "unevaluatedProperties",
];

impl<'a> Comparison<'a> {
    pub(crate) fn keywords(&mut self, id: &str, old: &Shape<'a>, new: &Shape<'a>) {
        let (from, to) = self.oriented(old, new);
        let bounds = UPPER_BOUNDS.into_iter().chain(LOWER_BOUNDS);
        let bounds = bounds.filter(|keyword| excludes_more(keyword, from, to));
        let conditions = CONDITIONS.into_iter().filter(|keyword| {
            let condition = to.keywords.get(keyword);
            condition.is_some() && from.keywords.get(keyword) != condition
        });
        let mut broken: Vec<&str> = bounds.chain(conditions).collect();
        let is_unique = |shape: &Shape<'_>| shape.keywords.get("uniqueItems") == Some(&&Value::Bool(true));
        if is_unique(to) && !is_unique(from) {
            broken.push("uniqueItems");
        }
        if !is_multiple(from, to) {
            broken.push("multipleOf");
        }
        if !is_format_included(from, to) {
            broken.push("format");
        }
        // What a client leaves out must go on to mean the same.
        if self.direction == Direction::Request && old.keywords.get("default") != new.keywords.get("default")
        {
            broken.push("default");
        }
        for keyword in broken {
            self.add(id, change_of(keyword, old, new));
        }
    }
}

fn number<'a>(keyword: &str, shape: &Shape<'a>) -> Option<&'a Number> {
    shape.keywords.get(keyword)?.as_number()
}

/// Whether a bound excludes values in `to` that it does not exclude in `from`.
fn excludes_more(keyword: &str, from: &Shape<'_>, to: &Shape<'_>) -> bool {
    let Some(limit) = number(keyword, to) else { return false };
    match number(keyword, from) {
        // Lengths are never below zero, so a bound of zero excludes nothing.
        None => {
            !(matches!(keyword, "minLength" | "minItems" | "minProperties") && limit.as_f64() == Some(0.0))
        }
        Some(former) => is_tighter(keyword, limit, former),
    }
}

pub(crate) fn is_bound(keyword: &str) -> bool {
    UPPER_BOUNDS.contains(&keyword) || LOWER_BOUNDS.contains(&keyword)
}

/// Whether one limit excludes more than another.
pub(crate) fn is_tighter(keyword: &str, limit: &Number, other: &Number) -> bool {
    let (low, high) = if UPPER_BOUNDS.contains(&keyword) { (limit, other) } else { (other, limit) };
    // Whole numbers are compared exactly: a float distinguishes them up to 2^53 only.
    match (low.as_i128(), high.as_i128()) {
        (Some(low), Some(high)) => low < high,
        _ => low.as_f64() < high.as_f64(),
    }
}

/// Whether every multiple in `from` is a multiple in `to`.
fn is_multiple(from: &Shape<'_>, to: &Shape<'_>) -> bool {
    let multiple = |shape: &Shape<'_>| number("multipleOf", shape).and_then(Number::as_f64);
    let is_whole = from.types.len() == 1 && from.types.contains("integer");
    match (multiple(from).or(is_whole.then_some(1.0)), multiple(to)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(from), Some(to)) => {
            // 0.3 divided by 0.1 is not exactly 3.
            let ratio = from / to;
            (ratio - ratio.round()).abs() < 1e-9 * ratio
        }
    }
}

fn format<'a>(shape: &Shape<'a>) -> Option<&'a str> {
    shape.keywords.get("format")?.as_str()
}

/// Whether every value of the format in `from` has the format in `to`.
fn is_format_included(from: &Shape<'_>, to: &Shape<'_>) -> bool {
    match (format(from), format(to)) {
        (_, None) => true,
        (from, to) => from == to || (from == Some("int32") && to == Some("int64")),
    }
}

fn change_of(keyword: &str, old: &Shape<'_>, new: &Shape<'_>) -> String {
    let text =
        |shape: &Shape<'_>| shape.keywords.get(keyword).map_or("none".to_owned(), |value| value.to_string());
    format!("has the {keyword} {} instead of {}", text(new), text(old))
}
