//! `/v1/organisations/{organisation}/trail`: every change leaves one entry, and it cannot be altered.

mod changes;
mod export;
mod reading;

use serde_json::Value;
use waymark_tests::{Caller, Waymark};

const ORGANISATION: &str = "/v1/organisations/leicestershire";
const TRAIL: &str = "/v1/organisations/leicestershire/trail";

/// All entries that a query finds, a page after the other.
fn entries(caller: &Caller, query: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut next = Some(format!("{TRAIL}{query}"));
    while let Some(path) = next {
        let page = caller.get(&path).expect(200).json();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    found
}

/// Does something under a request id, and returns what the trail says of it.
fn entries_of(
    waymark: &Waymark,
    caller: &Caller,
    id: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> Vec<Value> {
    let request = caller.request(method, path).header("x-request-id", id).header("if-match", "*").json(body);
    let answer = request.send();
    assert!(matches!(answer.status, 200 | 201), "{method} {path}: {}", answer.text);
    entries(&waymark.officer(), &format!("?request_id={id}"))
}

/// What an entry says of a place: before and after, null where it was not there.
fn at(entry: &Value, pointer: &str) -> (Value, Value) {
    let changes = entry["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["pointer"] == pointer);
    let change = change.unwrap_or_else(|| panic!("nothing at {pointer}: {entry}"));
    (change["before"].clone(), change["after"].clone())
}
