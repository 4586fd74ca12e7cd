//! A strict validator of JSON against the schemas of the contract.
//!
//! It knows the keywords that the contract uses and reports every other one, so that none is passed over in silence.
//! It is stricter than JSON Schema in one respect: an object may only have the properties that its schema names, unless
//! the schema names none at all or says with `additionalProperties` which others there may be.

use chrono::{DateTime, NaiveDate};
use regex::Regex;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Keywords that say nothing about which values are valid.
const ANNOTATIONS: [&str; 6] = ["description", "title", "example", "examples", "default", "deprecated"];

/// The contract, whose schemas refer to each other.
#[derive(Debug)]
pub struct Contract(pub Value);

impl Contract {
    /// What is wrong with the value, each with its JSON pointer. Empty if the value is valid.
    #[must_use]
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(schema, value, "", &mut faults);
        faults
    }

    /// The value, or what it references in the contract.
    #[must_use]
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').unwrap();
                self.0.pointer(pointer).unwrap_or_else(|| panic!("the contract has no {reference}"))
            }
            None => value,
        }
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let schema = match schema {
            Value::Object(schema) => schema,
            Value::Bool(true) => return,
            _ => return faults.push(format!("{at}: no value is valid here")),
        };
        for (keyword, limit) in schema {
            match keyword.as_str() {
                "$ref" => {
                    let referenced = schema["$ref"].as_str().unwrap();
                    let target = self.0.pointer(&referenced[1..]);
                    let target = target.unwrap_or_else(|| panic!("the contract has no {referenced}"));
                    self.check(target, value, at, faults);
                }
                "oneOf" | "anyOf" => self.check_choice(keyword, limit, value, at, faults),
                "allOf" => {
                    limit.as_array().unwrap().iter().for_each(|part| self.check(part, value, at, faults));
                }
                "items" | "additionalProperties" | "properties" | "required" => {}
                known if ANNOTATIONS.contains(&known) => {}
                _ => {
                    let wrong = wrong(keyword, limit, value);
                    faults.extend(wrong.map(|wrong| format!("{at}: {value} {wrong}")));
                }
            }
        }
        match value {
            Value::Array(items) => {
                let Some(each) = schema.get("items") else { return };
                let numbered = items.iter().enumerate();
                numbered.for_each(|(number, item)| self.check(each, item, &format!("{at}/{number}"), faults));
            }
            Value::Object(object) => self.check_object(schema, object, at, faults),
            _ => {}
        }
    }

    fn check_choice(
        &self,
        keyword: &str,
        choices: &Value,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        let tried: Vec<Vec<String>> =
            choices.as_array().unwrap().iter().map(|choice| self.faults(choice, value)).collect();
        let valid = tried.iter().filter(|faults| faults.is_empty()).count();
        match valid {
            1 => {}
            0 => {
                let why: Vec<String> = tried.into_iter().flatten().collect();
                faults.push(format!("{at}: fits none of {keyword}: {}", why.join("; ")));
            }
            _ if keyword == "anyOf" => {}
            _ => faults.push(format!("{at}: fits {valid} of {keyword}")),
        }
    }

    fn check_object(
        &self,
        schema: &Map<String, Value>,
        object: &Map<String, Value>,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !object.contains_key(name.as_str().unwrap()) {
                faults.push(format!("{at}: {name} is missing"));
            }
        }
        let known = schema.get("properties").and_then(Value::as_object);
        for (name, value) in object {
            let at = format!("{at}/{name}");
            match (known.and_then(|known| known.get(name)), schema.get("additionalProperties")) {
                (Some(property), _) => self.check(property, value, &at, faults),
                (None, Some(others)) => self.check(others, value, &at, faults),
                // An object without any properties of its own is free; `shape` lists those few.
                (None, None) if known.is_none() => {}
                (None, None) => faults.push(format!("{at}: the schema has no such property")),
            }
        }
    }
}

/// The names of a `type`, which may be a list.
fn named(types: &Value) -> impl Iterator<Item = &str> {
    let one = types.as_str();
    one.into_iter().chain(types.as_array().into_iter().flatten().filter_map(Value::as_str))
}

/// Why the value is against a keyword, if it is.
fn wrong(keyword: &str, limit: &Value, value: &Value) -> Option<String> {
    let number = value.as_f64();
    let length = value.as_str().map(|text| text.chars().count() as f64);
    let count = value.as_array().map(|items| items.len() as f64);
    let bound = limit.as_f64();
    let over = |what: Option<f64>| what.zip(bound).is_some_and(|(what, bound)| what > bound);
    let under = |what: Option<f64>| what.zip(bound).is_some_and(|(what, bound)| what < bound);
    let broken = match keyword {
        "type" => !named(limit).any(|name| is_of_type(name, value)),
        "enum" => !limit.as_array().unwrap().contains(value),
        "const" => limit != value,
        "maximum" => over(number),
        "minimum" => under(number),
        "maxLength" => over(length),
        "minLength" => under(length),
        "maxItems" => over(count),
        "minItems" => under(count),
        "pattern" => {
            let pattern = Regex::new(limit.as_str().unwrap()).unwrap();
            value.as_str().is_some_and(|text| !pattern.is_match(text))
        }
        "format" => !has_format(limit.as_str().unwrap(), value),
        _ => return Some(format!("cannot be checked: the validator does not know `{keyword}`")),
    };
    broken.then(|| format!("is against {keyword}: {limit}"))
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => panic!("no type is called {name}"),
    }
}

fn has_format(name: &str, value: &Value) -> bool {
    let text = value.as_str();
    match name {
        "date" => text.is_none_or(|text| text.len() == 10 && text.parse::<NaiveDate>().is_ok()),
        "date-time" => text.is_none_or(|text| DateTime::parse_from_rfc3339(text).is_ok()),
        "uuid" => text.is_none_or(|text| text.len() == 36 && Uuid::parse_str(text).is_ok()),
        "int32" => value.as_i64().is_none_or(|number| i32::try_from(number).is_ok()),
        // Annotations of numbers and texts, without a rule of their own.
        "int64" | "double" | "decimal" | "password" => true,
        _ => panic!("the validator does not know the format {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(schema: Value, value: Value) -> usize {
        let code = json!({"type": "string", "pattern": "^[a-z]+$", "maxLength": 3});
        let contract = Contract(json!({"components": {"schemas": {"Code": code}}}));
        contract.faults(&schema, &value).len()
    }

    #[test]
    fn each_keyword_is_checked() {
        let rows = [
            (json!({"type": "integer"}), json!(1), json!(1.5)),
            (json!({"type": ["string", "null"]}), json!(null), json!(1)),
            (json!({"type": "number"}), json!(1.5), json!("1.5")),
            (json!({"enum": ["a", "b"]}), json!("a"), json!("c")),
            (json!({"const": "a"}), json!("a"), json!("b")),
            (json!({"minimum": 0, "maximum": 9}), json!(9), json!(10)),
            (json!({"minimum": 0, "maximum": 9}), json!(0), json!(-1)),
            (json!({"minLength": 2, "maxLength": 2}), json!("éé"), json!("é")),
            (json!({"items": {"type": "string"}, "maxItems": 1}), json!(["a"]), json!(["a", "b"])),
            (json!({"items": {"type": "string"}}), json!(["a"]), json!([1])),
            (json!({"type": "array", "minItems": 1}), json!([1]), json!([])),
            (json!({"format": "date"}), json!("2010-03-31"), json!("2010-02-30")),
            (json!({"format": "date-time"}), json!("2010-03-31T09:30:00Z"), json!("2010-03-31")),
            (
                json!({"format": "uuid"}),
                json!("01977000-0000-7000-8000-000000000001"),
                json!("01977000000070008000000000000001"),
            ),
            (json!({"format": "int32"}), json!(2_147_483_647), json!(2_147_483_648_i64)),
            (json!({"$ref": "#/components/schemas/Code"}), json!("abc"), json!("ABC")),
            (json!({"oneOf": [{"type": "string"}, {"type": "null"}]}), json!(null), json!(1)),
            (json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}), json!(1.5), json!(1)),
            (json!({"anyOf": [{"type": "integer"}, {"type": "number"}]}), json!(1), json!("1")),
            (json!({"allOf": [{"minimum": 1}, {"maximum": 2}]}), json!(2), json!(3)),
        ];
        for (schema, good, bad) in rows {
            assert_eq!(faults(schema.clone(), good), 0, "{schema}");
            assert_eq!(faults(schema.clone(), bad), 1, "{schema}");
        }
    }

    #[test]
    fn an_object_has_the_properties_of_its_schema_and_no_others() {
        let schema = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
        assert_eq!(faults(schema.clone(), json!({"a": 1})), 0);
        assert_eq!(faults(schema.clone(), json!({})), 1);
        assert_eq!(faults(schema.clone(), json!({"a": "1"})), 1);
        assert_eq!(faults(schema, json!({"a": 1, "b": 2})), 1);
        assert_eq!(faults(json!({"type": "object"}), json!({"b": 2})), 0);
        let open = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        assert_eq!(faults(open.clone(), json!({"b": 2})), 0);
        assert_eq!(faults(open, json!({"b": "2"})), 1);
    }

    #[test]
    fn a_keyword_that_is_not_known_is_reported() {
        assert_eq!(faults(json!({"multipleOf": 2}), json!(2)), 1);
    }
}
