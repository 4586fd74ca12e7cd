//! Every operation of the contract, once, with a valid request against the plan of `waymark demo`, on both engines.
//!
//! Each exchange is held against three things: the answer is valid against its schema; it is what it was when the
//! examples were last refreshed, field by field; and request and answer are the example that the contract publishes.
//! `openapi/README.md` says how the examples are refreshed.

mod calls;
mod exchange;
mod normal;
mod session;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use waymark_tests::on_demo;

use super::contract::operations;
use exchange::Exchange;
use session::Session;

/// Set to anything, it makes the test write the examples that it otherwise compares.
const REFRESH: &str = "WAYMARK_REFRESH_EXAMPLES";

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/examples"))
}

#[test]
fn every_operation_answers_as_its_example_says() {
    // Pushes wait, so that one can be cancelled.
    on_demo(env!("CARGO_BIN_EXE_served"), &["--push-worker=false"], |waymark| {
        let mut session = Session::new(waymark);
        calls::make_all(&mut session);
        let exchanges = session.exchanges;
        let made: BTreeSet<&str> = exchanges.iter().map(|exchange| exchange.operation.as_str()).collect();
        assert_eq!(made.len(), exchanges.len(), "an operation has two examples");
        let known = operations(waymark);
        let known: BTreeSet<&str> = known.iter().map(|operation| operation.id.as_str()).collect();
        let without: Vec<&&str> = known.difference(&made).collect();
        assert!(without.is_empty(), "no call is made of {without:?}: add them to examples/calls");

        if waymark.engine == "SQLite" && std::env::var_os(REFRESH).is_some() {
            refresh(&exchanges);
        }
        let differing: Vec<String> = exchanges.iter().filter_map(difference).collect();
        let read = differing.join("\n");
        assert!(differing.is_empty(), "on {}, not as in openapi/examples:\n{read}", waymark.engine);
        let stored = stored();
        let left_over: Vec<&String> = stored.iter().filter(|name| !made.contains(name.as_str())).collect();
        assert!(left_over.is_empty(), "the contract has no operations {left_over:?}: remove their examples");
    });
}

/// Writes each example, and removes those of operations that are gone.
fn refresh(exchanges: &[Exchange]) {
    let folder = folder();
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for exchange in exchanges {
        let path = folder.join(format!("{}.json", exchange.operation));
        std::fs::write(path, format!("{:#}\n", exchange.normal)).unwrap();
    }
}

/// The operations that have an example.
fn stored() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap();
    entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Where the exchange differs from the stored example, if it does.
fn difference(exchange: &Exchange) -> Option<String> {
    let operation = &exchange.operation;
    let path = folder().join(format!("{operation}.json"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Some(format!("{operation}: there is no example; set {REFRESH}"));
    };
    let stored: Value = serde_json::from_str(&text).unwrap();
    let mut places = Vec::new();
    compare(&stored, &exchange.normal, String::new(), &mut places);
    (!places.is_empty()).then(|| format!("{operation}:\n  {}", places.join("\n  ")))
}

fn compare(stored: &Value, now: &Value, at: String, places: &mut Vec<String>) {
    match (stored, now) {
        (Value::Object(stored), Value::Object(now)) => {
            for (name, value) in stored {
                match now.get(name) {
                    Some(now) => compare(value, now, format!("{at}/{name}"), places),
                    None => places.push(format!("{at}/{name} is gone, it was {value}")),
                }
            }
            let new = now.iter().filter(|(name, _)| !stored.contains_key(*name));
            places.extend(new.map(|(name, value)| format!("{at}/{name} is new: {value}")));
        }
        (Value::Array(stored), Value::Array(now)) if stored.len() == now.len() => {
            for (number, (stored, now)) in stored.iter().zip(now).enumerate() {
                compare(stored, now, format!("{at}/{number}"), places);
            }
        }
        _ if stored == now => {}
        _ => places.push(format!("{at} was {stored} and is {now}")),
    }
}
