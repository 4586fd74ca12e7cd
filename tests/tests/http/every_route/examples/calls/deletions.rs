//! Measures that leave the plan.

use serde_json::json;

use super::{CLERK, OFFICER, READER, Session};

pub(super) fn deletions(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_deletions").query("state=agreed&measure=decayed-teeth").make();
    let new = json!({"proposed_on": "2010-03-01", "proposals": [
        {"measure": "NI53", "category": "no_longer_collected", "reason": "The return has ended."},
        {"measure": "NI50", "category": "collected_too_rarely", "reason": "The survey is held every other year."},
    ]});
    let made = session.call(OFFICER, "propose_deletions").json(new).make();
    let id = |pointer: &str| made.at(pointer).as_str().unwrap().to_owned();
    let (first, second) = (id("/items/0/id"), id("/items/1/id"));

    let _ = session.call(READER, "get_deletion").at("deletion", &first).make();
    let decisions = json!({
        "body": "Children's trust board", "decided_on": "2010-03-26", "minute": "18/10",
        "decisions": [{"deletion": first, "revision": 1, "outcome": "agreed", "effective_from": "2010-03-31"}],
    });
    let _ = session.call(CLERK, "decide_deletions").json(decisions).make();
    let _ = session.call(READER, "list_deletion_revisions").at("deletion", &first).make();

    let read = session.call(READER, "get_deletion").at("deletion", &second).prepare();
    let _ = session.call(OFFICER, "withdraw_deletion").at("deletion", &second).if_match(&read).make();
}
