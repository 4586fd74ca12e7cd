//! What Waymark is for: `.../plans/{plan}/status`, `/summary`, `/changes`, and the trajectory and judgements of a
//! measure.

mod changes;
mod hammered;
mod judgements;
mod kept;
mod lines;
mod random;
mod ratings;
mod suppression;
mod time_travel;
mod trajectory;

use serde_json::Value;
use waymark_tests::Caller;

use crate::framework::{MARCH, PLAN};

/// The row of one measure in the status at the date of the worked examples.
fn measure(caller: &Caller, code: &str) -> Value {
    of_measure(caller, &format!("as_at={MARCH}"), code)
}

/// The row of one measure in the status that the query asks for.
fn of_measure(caller: &Caller, query: &str, code: &str) -> Value {
    let all = measures(caller, query);
    let found = all.iter().find(|row| row["measure"] == code);
    found.unwrap_or_else(|| panic!("no measure {code}: {all:#?}")).clone()
}

/// All rows of the status that the query asks for.
fn measures(caller: &Caller, query: &str) -> Vec<Value> {
    let status = caller.get(&format!("{PLAN}/status?{query}")).expect(200);
    status.at("/measures").as_array().unwrap().clone()
}

/// The codes of rows, in their order.
fn codes(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["measure"].as_str().unwrap()).collect()
}
