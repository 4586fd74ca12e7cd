//! Generates the client. Progenitor reads one media type of a body, JSON or a form, and one schema of success. What that
//! costs is taken from the contract here, and checked.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value};

const CONTRACT: &str = "../../../openapi/openapi-3.0.json";

/// What the client does not have.
const LEFT_OUT: [&str; 4] = [
    "import_table",
    "push_results: application/x-ndjson",
    "push_results: text/csv",
    "push_results: 202", // only those two are answered with it
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CONTRACT}");
    println!("cargo::rerun-if-changed=build.rs");
    let mut contract: Value = serde_json::from_str(&fs::read_to_string(CONTRACT)?)?;
    let paths = contract["paths"].as_object_mut().ok_or("no paths")?;
    let mut left_out = Vec::new();
    for operations in paths.values_mut().filter_map(Value::as_object_mut) {
        operations.retain(|_, operation| reduce(operation, &mut left_out));
    }
    if left_out != LEFT_OUT {
        return Err(format!("left out: {left_out:#?}, and known is {LEFT_OUT:#?}").into());
    }
    let client = progenitor::Generator::default().generate_tokens(&serde_json::from_value(contract)?)?;
    let text = prettyplease::unparse(&syn::parse2(client)?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("client.rs"), text)?;
    Ok(())
}

/// Leaves of an operation what progenitor reads; returns whether anything is left.
fn reduce(operation: &mut Value, left_out: &mut Vec<String>) -> bool {
    let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let body = operation.pointer_mut("/requestBody/content");
    if let Some(content) = body.and_then(Value::as_object_mut) {
        if !content.keys().any(|media| is_readable(media)) {
            left_out.push(name);
            return false;
        }
        left_out.extend(remove(content, |media| !is_readable(media), &name));
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut)
        && responses.contains_key("200")
    {
        left_out.extend(remove(responses, |status| status == "202", &name));
    }
    true
}

fn is_readable(media: &str) -> bool {
    ["application/json", "application/x-www-form-urlencoded"].contains(&media)
}

fn remove(from: &mut Map<String, Value>, is_unwanted: impl Fn(&str) -> bool, name: &str) -> Vec<String> {
    let keys: Vec<String> = from.keys().filter(|key| is_unwanted(key)).cloned().collect();
    keys.iter().for_each(|key| drop(from.remove(key)));
    keys.into_iter().map(|key| format!("{name}: {key}")).collect()
}
