//! From the declared schemas to shapes.

use std::collections::HashMap;

use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};

use super::{Form, Rule, Shape, Shapes, Text};
use crate::http::schema::{is_decimal, text_check};

impl Shapes {
    /// The shapes of a type.
    pub(super) fn of<T: utoipa::ToSchema>() -> Self {
        let mut schemas = Vec::new();
        T::schemas(&mut schemas);
        Self { root: named_or(&T::name(), || shape_of(&T::schema())), named: named(schemas) }
    }

    /// The shape behind a reference.
    pub(super) fn resolve<'a>(&'a self, shape: &'a Shape) -> &'a Shape {
        match &shape.rule {
            Rule::Named(name) => self.named.get(name).unwrap_or(shape),
            _ => shape,
        }
    }
}

fn named(schemas: Vec<(String, RefOr<Schema>)>) -> HashMap<String, Shape> {
    let shape = |(name, schema): (String, RefOr<Schema>)| {
        let shape = named_or(&name, || shape_of(&schema));
        (name, shape)
    };
    schemas.into_iter().map(shape).collect()
}

/// The shape of a name that the domain has a rule for, or another.
fn named_or(name: &str, other: impl FnOnce() -> Shape) -> Shape {
    let rule = match text_check(name) {
        Some(check) => Some(Rule::Checked(check)),
        None => is_decimal(name).then_some(Rule::Decimal),
    };
    rule.map_or_else(other, |rule| Shape { rule, nullable: false })
}

/// The shape of a schema.
pub(super) fn shape_of(schema: &RefOr<Schema>) -> Shape {
    compile(&serde_json::to_value(schema).unwrap_or_default())
}

fn compile(schema: &Value) -> Shape {
    let plain = |rule| Shape { rule, nullable: false };
    let Some(schema) = schema.as_object() else { return plain(Rule::Anything) };
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.strip_prefix("#/components/schemas/").unwrap_or(name);
        return named_or(name, || plain(Rule::Named(name.to_owned())));
    }
    if let Some(Value::Array(choices)) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
        return one_of(choices);
    }
    if let Some(Value::Array(parts)) = schema.get("allOf") {
        // A reference with a description or a default beside it.
        return parts.first().map_or(plain(Rule::Anything), compile);
    }
    let nullable = is(schema, "null");
    if let Some(words) = words(schema) {
        return Shape { rule: Rule::Word(words), nullable };
    }
    let rule = match () {
        () if is(schema, "object") => object(schema),
        () if is(schema, "array") => array(schema),
        () if is(schema, "string") => Rule::Text(text(schema)),
        () if is(schema, "integer") => {
            let bound = |name| schema.get(name).and_then(Value::as_f64).map(|bound| bound as i64);
            Rule::Integer { least: bound("minimum"), most: bound("maximum") }
        }
        () if is(schema, "number") => Rule::Number,
        () if is(schema, "boolean") => Rule::Boolean,
        () => Rule::Anything,
    };
    Shape { rule, nullable }
}

fn is(schema: &Map<String, Value>, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == name),
        Some(one) => one == name,
        None => false,
    }
}

/// The words that a schema allows, if it is a closed list of texts.
fn words(schema: &Map<String, Value>) -> Option<Vec<String>> {
    let listed = schema.get("enum")?.as_array()?;
    listed.iter().filter(|word| !word.is_null()).map(|word| word.as_str().map(ToOwned::to_owned)).collect()
}

/// Null beside one other shape, or words that are described one by one. Nothing else is checked.
fn one_of(choices: &[Value]) -> Shape {
    let is_null = |choice: &&Value| choice.get("type").is_some_and(|is| is == "null");
    let others: Vec<Shape> = choices.iter().filter(|choice| !is_null(choice)).map(compile).collect();
    let nullable = others.len() < choices.len() || others.iter().any(|shape| shape.nullable);
    if let [only] = others.as_slice() {
        return Shape { rule: only.rule.clone(), nullable };
    }
    let mut words = Vec::new();
    for shape in others {
        match shape.rule {
            Rule::Word(more) => words.extend(more),
            _ => return Shape { rule: Rule::Anything, nullable },
        }
    }
    Shape { rule: Rule::Word(words), nullable }
}

fn object(schema: &Map<String, Value>) -> Rule {
    let Some(Value::Object(properties)) = schema.get("properties") else {
        let of_values = schema.get("additionalProperties").filter(|values| values.is_object());
        return of_values.map_or(Rule::Anything, |values| Rule::Map(Box::new(compile(values))));
    };
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    Rule::Object {
        fields: properties.iter().map(|(name, schema)| (name.clone(), compile(schema))).collect(),
        required: required.filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect(),
    }
}

fn array(schema: &Map<String, Value>) -> Rule {
    Rule::Array {
        item: Box::new(schema.get("items").map_or_else(|| compile(&Value::Null), compile)),
        least: size(schema, "minItems").unwrap_or(0),
        most: size(schema, "maxItems").unwrap_or(usize::MAX),
    }
}

fn text(schema: &Map<String, Value>) -> Text {
    let form = match schema.get("format").and_then(Value::as_str) {
        Some("date") => Form::Date,
        Some("date-time") => Form::DateTime,
        Some("uuid") => Form::Uuid,
        _ => Form::Free,
    };
    Text {
        form,
        least: size(schema, "minLength").unwrap_or(0),
        most: size(schema, "maxLength").unwrap_or(usize::MAX),
        no_null: schema.contains_key("maxLength"),
    }
}

fn size(schema: &Map<String, Value>, name: &str) -> Option<usize> {
    schema.get(name).and_then(Value::as_f64).map(|size| size as usize)
}
