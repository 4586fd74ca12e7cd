//! `.../plans/{plan}/gaps`, `/target-proposals` and `/target-decisions`: how a measure gets its target.

mod decisions;
mod gaps;
mod proposals;
mod ratings;

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller};

use crate::framework::PLAN;

/// The meeting of source 000, and a day on which something was proposed to it.
const MEETING: &str = "2009-11-27";
const BEFORE: &str = "2009-11-02";

/// A target for the runaways of the worked examples, of which there are 12 and no target.
pub(crate) fn runaways() -> Value {
    json!({
        "measure": "runaways", "target": {"condition": "at_most", "value": 12}, "scope": "local",
        "reason": "No more than when they were first counted.",
    })
}

/// Proposes targets on a day before the meeting.
fn propose(caller: &Caller, proposals: Value) -> Answer {
    caller.post(&format!("{PLAN}/target-proposals"), &json!({"proposed_on": BEFORE, "proposals": proposals}))
}

/// Proposes one target; gives its id.
fn proposed(caller: &Caller, proposal: Value) -> String {
    let made = propose(caller, json!([proposal])).expect(201);
    made.at("/items/0/id").as_str().unwrap().to_owned()
}

/// The decision of the meeting on a proposal at its first revision.
fn decision(proposal: &str, outcome: &str) -> Value {
    let mut decision = json!({"proposal": proposal, "revision": 1, "outcome": outcome});
    if outcome == "sent_back" {
        decision["comment"] = json!("Aim for fewer.");
    }
    decision
}

/// Decisions of the meeting of source 000.
fn meeting(decisions: Value) -> Value {
    json!({"body": "Children and Young People's Service Executive", "decided_on": MEETING, "minute": "5.1",
           "decisions": decisions})
}

/// Records decisions.
fn decide(caller: &Caller, decisions: &Value) -> Answer {
    caller.post(&format!("{PLAN}/target-decisions"), decisions)
}

/// The address of a proposal.
fn path(id: &str) -> String {
    format!("{PLAN}/target-proposals/{id}")
}

/// A caller of the organisation with these roles and a name of their own.
pub(crate) fn person(waymark: &waymark_tests::Waymark, name: &str, roles: &[&str]) -> Caller {
    let grants: Vec<(&str, &str)> = roles.iter().map(|role| (*role, waymark_tests::OWN)).collect();
    let token = waymark_tests::IdentityProvider::token(&grants);
    waymark.bearer(&token.with("sub", json!(name)).sign())
}
