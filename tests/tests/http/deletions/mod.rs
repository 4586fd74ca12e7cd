//! `.../plans/{plan}/deletions` and `.../deletion-decisions`: measures that leave a plan, by whose word and from when.

mod bad_input;
mod decisions;
mod effect;
mod proposals;
mod pushes;
mod races;

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, OWN, Waymark};

use crate::framework::{self, PLAN};
use crate::results::push;

/// The day of the position that source 000 reports on.
const SEPTEMBER: &str = "2009-09-30";
/// The day on which its board met.
const MEETING: &str = "2009-11-27";

/// The nine indicators that source 000 deletes, in its order, each with the category that its reason falls into and the
/// reason; the last but one of them points six times to the third.
const NINE: [(&str, Option<&str>, &str); 9] = [
    ("teeth", Some("collected_too_rarely"), "Figures come every fourth year."),
    ("camhs", Some("method_changed_nationally"), "Waiting is measured in other bands of time now."),
    ("ks3-english-maths", Some("no_longer_collected"), "The tests at Key Stage 3 have ended."),
    ("ks3-science", None, "as above"),
    ("ks2-3-english", None, "As above"),
    ("ks2-3-maths", None, "as above."),
    ("ks3-4-english", None, "as above"),
    ("ks3-4-maths", None, "as above"),
    (
        "homeless",
        Some("no_longer_relevant"),
        "Support works differently, so the number no longer steers anything.",
    ),
];

/// The plan with the nine measures in it, each from 70% to 80%, two of them red as at March 2009 (60% is worse than the
/// baseline), and one green (90% meets the target already).
fn nine(waymark: &Waymark) {
    framework::plan(waymark, OWN);
    for (code, ..) in NINE {
        measured(waymark, code);
    }
    let row = |code: &str, value: u32| json!({"indicator": code, "period": "2009-03-31", "value": value});
    let rows = json!([row("ks3-english-maths", 60), row("ks3-science", 60), row("homeless", 90)]);
    let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
}

/// An indicator, and a measure of it.
fn measured(waymark: &Waymark, code: &str) {
    framework::indicator(waymark, code, json!({}));
    framework::measure(waymark, code, json!([line()]));
}

fn line() -> Value {
    json!({"baseline": {"value": 70}, "target": {"state": "agreed", "condition": "at_least", "value": 80}})
}

/// A proposal for one measure.
fn proposal(measure: &str) -> Value {
    json!({"measure": measure, "category": "no_longer_collected", "reason": "It is no longer counted."})
}

/// The proposals of source 000.
fn proposals() -> Value {
    NINE.into_iter()
        .map(|(measure, category, reason)| {
            let mut proposal = json!({"measure": measure, "reason": reason});
            if let Some(category) = category {
                proposal["category"] = json!(category);
            }
            proposal
        })
        .collect()
}

/// Proposes a week before the meeting.
fn propose(caller: &Caller, proposals: &Value) -> Answer {
    let body = json!({"proposed_on": "2009-11-20", "proposals": proposals});
    caller.post(&format!("{PLAN}/deletions"), &body)
}

/// An officer proposes the deletion of one measure; gives the deletion.
fn proposed(waymark: &Waymark, measure: &str) -> Value {
    propose(&waymark.officer(), &json!([proposal(measure)])).expect(201).at("/items/0")
}

/// What is decided on a deletion as it was read.
fn decision(deletion: &Value, outcome: &str) -> Value {
    json!({"deletion": deletion["id"], "revision": deletion["revision"], "outcome": outcome})
}

/// The same, with an effect from a day on.
fn decision_from(deletion: &Value, outcome: &str, from: &str) -> Value {
    let mut decision = decision(deletion, outcome);
    decision["effective_from"] = json!(from);
    decision
}

/// Records what the Executive decided at its meeting.
fn decide(caller: &Caller, meeting: &str, decisions: &[Value]) -> Answer {
    let body = json!({"body": "Executive", "decided_on": meeting, "minute": "5.2", "decisions": decisions});
    caller.post(&format!("{PLAN}/deletion-decisions"), &body)
}

/// The measure is deleted as source 000's were; gives the deletion.
fn deleted(waymark: &Waymark, measure: &str) -> Value {
    let deletion = proposed(waymark, measure);
    let agreed = [decision_from(&deletion, "agreed", SEPTEMBER)];
    decide(&waymark.role("board_clerk"), MEETING, &agreed).expect(200).at("/items/0")
}

/// What is there now of a deletion.
fn read(caller: &Caller, deletion: &Value) -> Answer {
    caller.get(&format!("{PLAN}/deletions/{}", deletion["id"].as_str().unwrap())).expect(200)
}

/// One field of each of the rows, in their order.
fn field(rows: &Value, name: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
}
