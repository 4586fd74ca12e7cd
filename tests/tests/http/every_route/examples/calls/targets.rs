//! Targets that are proposed, revised, withdrawn and decided on.

use serde_json::{Value, json};

use super::{CLERK, HEAD, READER, Session};

fn proposal(measure: &str, value: f64) -> Value {
    json!({
        "measure": measure, "target": {"condition": "at_least", "value": value}, "scope": "local",
        "reason": "As high as the best quarter of comparable counties.",
    })
}

pub(super) fn proposals(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_target_proposals").query("state=agreed").make();
    let new =
        json!({"proposed_on": "2010-02-01", "proposals": [proposal("NI52", 35.0), proposal("NI53", 45.0)]});
    let made = session.call(HEAD, "create_target_proposals").json(new).make();
    let id = |pointer: &str| made.at(pointer).as_str().unwrap().to_owned();
    let (first, second) = (id("/items/0/id"), id("/items/1/id"));

    let read = session.call(READER, "get_target_proposal").at("proposal", &first).make();
    let mut content = proposal("NI52", 34.0);
    content.as_object_mut().unwrap().remove("measure");
    content["proposed_on"] = json!("2010-02-08");
    let revise = session.call(HEAD, "revise_target_proposal").at("proposal", &first);
    let revised = revise.if_match(&read).json(content).make();
    let _ = session.call(READER, "list_target_proposal_revisions").at("proposal", &first).make();

    let read = session.call(READER, "get_target_proposal").at("proposal", &second).prepare();
    let withdraw = session.call(HEAD, "withdraw_target_proposal").at("proposal", &second);
    let _ = withdraw.if_match(&read).make();

    let decisions = json!({
        "body": "Children's trust board", "decided_on": "2010-03-26", "minute": "17/10",
        "decisions": [{"proposal": first, "revision": revised.at("/revision"), "outcome": "agreed"}],
    });
    let _ = session.call(CLERK, "decide_target_proposals").json(decisions).make();
}
