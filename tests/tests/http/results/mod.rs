//! `/v1/organisations/{organisation}/results`: pushed and read.

mod bad_input;
pub(crate) mod export;
mod large;
mod large_faults;
mod large_queue;
mod push;
mod read;
mod remembered;
mod suppression;

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, Waymark};

/// The results of the organisation that the tests' callers belong to.
pub(crate) const RESULTS: &str = "/v1/organisations/leicestershire/results";

/// Pushes rows as JSON; `query` begins with a question mark, or is empty.
pub(crate) fn push(caller: &Caller, query: &str, rows: &Value) -> Answer {
    caller.post(&format!("{RESULTS}{query}"), &json!({"results": rows}))
}

/// Makes an indicator of the organisation's own: by dose, by gender, with a new method from 2009 on.
pub(crate) fn immunisation(waymark: &Waymark) {
    let indicator = json!({
        "code": "IM1", "title": "Immunisation", "unit": "percent", "precision": 1,
        "components": ["Dose 1", "Dose 2"],
        "dimensions": [{"code": "gender", "title": "Gender", "categories": ["boys", "girls"]},
                       {"code": "district", "title": "District", "categories": ["Blaby", "Harborough", "Melton"]}],
        "versions": [{"number": 1}, {"number": 2, "from": "2009-01-01"}],
    });
    let made = waymark.officer().post("/v1/organisations/leicestershire/indicators", &indicator);
    let _ = made.expect(201);
}

/// One field of every item of a list.
pub(crate) fn each(list: &Value, field: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|item| item[field].clone()).collect()
}
