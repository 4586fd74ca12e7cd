//! Every fault of a query string, found by the declared parameters.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::Parameter;

use super::compile::shape_of;
use super::{Rule, Shape, leaf};
use crate::http::json_error::{reason, unknown_value};
use crate::http::problem::Fault;
use crate::http::sentence::{nearest, one_of, quoted};
use crate::http::validation::Faults;

/// Reads `a=1&b=2` as a type whose fields are the declared parameters.
///
/// # Errors
/// Every fault, each with the name of its parameter.
pub(crate) fn read_query<T: DeserializeOwned + IntoParams>(text: &str) -> Result<T, Vec<Fault>> {
    let faults = query_faults(T::into_params(|| None), text);
    if faults.is_empty() { convert(text).map_err(|fault| vec![fault]) } else { Err(faults) }
}

/// Converts a query string; serde's own fault is for what the declared parameters do not say.
pub(crate) fn convert<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let place = crate::http::body::pointer(error.path());
        let theirs = error.inner().to_string();
        let (code, detail) = reason(&theirs);
        let name = match place.strip_prefix('/') {
            Some(name) => name.to_owned(),
            None => theirs.split('`').nth(1).unwrap_or_default().to_owned(),
        };
        Fault::in_parameter(&name, code, detail)
    })
}

/// Every fault of a query string by the declared parameters.
pub(crate) fn query_faults(declared: Vec<Parameter>, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen: HashSet<Cow<'_, str>> = HashSet::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if !seen.insert(name.clone()) {
            let detail = format_args!("the parameter {} is there twice: send it once", quoted(&name));
            faults.push(Fault::in_parameter(&name, "duplicate_field", detail));
            continue;
        }
        match declared.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => {
                let shape = parameter.schema.as_ref().map(shape_of);
                faults.extend(shape.into_iter().flat_map(|shape| of_value(&name, &shape, &value)));
            }
            None => faults.push(unknown(&declared, &name)),
        }
    }
    let missing = declared.iter().filter(|parameter| parameter.required == Required::True);
    for parameter in missing.filter(|parameter| !seen.contains(parameter.name.as_str())) {
        let detail = format_args!("the required parameter {} is missing", quoted(&parameter.name));
        faults.push(Fault::in_parameter(&parameter.name, "missing_field", detail));
    }
    faults
}

fn unknown(declared: &[Parameter], name: &str) -> Fault {
    let names: Vec<&str> = declared.iter().map(|parameter| parameter.name.as_str()).collect();
    let advice = match nearest(name, &names) {
        Some(near) => format!(": did you mean {}?", quoted(near)),
        None if names.is_empty() => ": the operation has no parameters".to_owned(),
        None => format!(": remove it, or use {}", one_of(name, &names)),
    };
    Fault::in_parameter(name, "unknown_field", format_args!("there is no parameter {}{advice}", quoted(name)))
}

fn of_value(name: &str, shape: &Shape, value: &str) -> Vec<Fault> {
    let mut faults = Faults::default();
    match &shape.rule {
        Rule::Word(words) if !words.iter().any(|word| word == value) => {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            faults.note("", "unknown_value", unknown_value(value, &words));
        }
        Rule::Text(rule) => leaf::text(&mut faults, rule, value),
        Rule::Checked(check) => check(&mut faults, value),
        Rule::Integer { least, most } => {
            // Not `1e2` and not `5.0`: in a query a number is its digits.
            let digits = value.strip_prefix('-').unwrap_or(value);
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !plain {
                let detail =
                    format_args!("found {}, expected {}", quoted(value), whole_number(*least, *most));
                return vec![Fault::in_parameter(name, "invalid_value", detail)];
            }
            leaf::integer(&mut faults, value, *least, *most);
            let of_integer = faults.into_found().into_iter();
            return of_integer
                .map(|fault| Fault::in_parameter(name, "invalid_value", fault.detail))
                .collect();
        }
        Rule::Boolean if !matches!(value, "true" | "false") => {
            let detail = format_args!("found {}, expected `true` or `false`", quoted(value));
            faults.note("", "invalid_value", detail);
        }
        _ => {}
    }
    faults
        .into_found()
        .into_iter()
        .map(|fault| Fault::in_parameter(name, &fault.code, fault.detail))
        .collect()
}

fn whole_number(least: Option<i64>, most: Option<i64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
        _ => "a whole number".to_owned(),
    }
}
