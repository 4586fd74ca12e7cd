//! Checks of the quality of data.

use serde_json::{Value, json};

use super::{OFFICER, READER, Session};

/// The answers to the questions of the first checklist, all met but one.
fn answers(but: &str) -> Value {
    let questions =
        ["definition", "complete", "timely", "counts", "repeatable", "second-check", "owner", "changes"];
    let answer = |question: &str| if question == but { "partly" } else { "met" };
    questions.map(|question| json!({"question": question, "answer": answer(question)})).into_iter().collect()
}

pub(super) fn checks(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_quality_checklists").make();
    let new =
        json!({"period": "2010-03", "answers": answers("timely"), "note": "Two districts reported late."});
    let _ = session.call(OFFICER, "create_quality_check").at("measure", "NI60").json(new).make();
    let get = session.call(READER, "get_quality_check").at("measure", "NI60").at("period", "2010-03");
    let read = get.make();
    let content = json!({"answers": answers("second-check"), "note": "All districts have reported."});
    let replace =
        session.call(OFFICER, "replace_quality_check").at("measure", "NI60").at("period", "2010-03");
    let _ = replace.if_match(&read).json(content).make();
    let _ = session.call(READER, "list_quality_checks").at("measure", "NI60").make();
}
