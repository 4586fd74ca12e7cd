//! Improvement notices.

use serde_json::json;

use super::{CLERK, OFFICER, READER, Session};

const CODE: &str = "safeguarding-2010";

pub(super) fn notices(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_notices").query("limit=1").make();
    let conditions = session.call(READER, "list_notice_conditions").at("notice", "improvement-2010");
    let _ = conditions.query("as_at=2010-04-30").make();
    let content = json!({
        "title": "Improvement notice: safeguarding", "authority": "Secretary of State", "issued_on": "2010-03-01",
        "requirements": [
            {"code": "1.1", "text": "Assure the quality of assessments.", "measures": ["NI59"], "priorities": ["HW-3a"]},
        ],
        "conditions": [
            {"code": "june", "measure": "NI59", "condition": "at_least", "value": 72, "period": "2010-06",
             "requirement": "1.1", "note": "while maintaining quality"},
        ],
    });
    let new = crate::framework::new(CODE, content.clone());
    let _ = session.call(OFFICER, "create_notice").json(new).make();
    let read = session.call(READER, "get_notice").at("notice", CODE).make();
    let mut content = content;
    content["conditions"][0]["value"] = json!(75);
    let replace = session.call(OFFICER, "replace_notice").at("notice", CODE);
    let replaced = replace.if_match(&read).json(content).make();
    let progress =
        json!({"requirement": "1.1", "period": "2010-06", "text": "78% of assessments were in time."});
    let record = session.call(OFFICER, "record_notice_progress").at("notice", CODE);
    let recorded = record.if_match(&replaced).json(progress).make();
    let closure = json!({"outcome": "withdrawn", "decided_on": "2010-12-10", "minute": "52/10"});
    let close = session.call(CLERK, "close_notice").at("notice", CODE);
    let closed = close.if_match(&recorded).json(closure).make();
    let reinstatement = json!({"decided_on": "2011-01-14", "minute": "3/11", "note": "The withdrawal concerned another notice."});
    let reinstate = session.call(CLERK, "reinstate_notice").at("notice", CODE);
    let _ = reinstate.if_match(&closed).json(reinstatement).make();
    let _ = session.call(READER, "list_notice_revisions").at("notice", CODE).query("limit=2").make();
}
