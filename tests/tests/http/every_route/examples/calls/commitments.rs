//! Commitments, and reports on them.

use serde_json::json;

use super::{HEAD, OFFICER, READER, Session};

const CODE: &str = "youth-council";

pub(super) fn commitments(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_commitments").query("limit=2&status=amber").make();
    let summary = session.call(READER, "get_commitment_summary");
    let _ = summary.query("period=FY2008-09-H1").make();
    let content = json!({
        "theme": "make-a-positive-contribution", "text": "Set up a youth council in each of the seven districts.",
        "responsible": "Head of youth service", "deputies": ["Youth participation officer"], "measures": [],
        "milestone": {"count": 7, "what": "youth councils", "due": "FY2010-11"},
    });
    let new = crate::framework::new(CODE, content.clone());
    let _ = session.call(OFFICER, "create_commitment").json(new).make();
    let read = session.call(READER, "get_commitment").at("commitment", CODE).make();
    let mut content = content;
    content["responsible"] = json!("Assistant director, youth");
    let replace = session.call(OFFICER, "replace_commitment").at("commitment", CODE);
    let replaced = replace.if_match(&read).json(content).make();
    let report = json!({
        "period": "FY2009-10-H2", "status": "amber", "qualifier": "two districts have no meeting place",
        "commentary": "Five of the seven councils meet.", "parts": {"green": 5, "amber": 0, "red": 2},
    });
    let call = session.call(HEAD, "report_progress").at("commitment", CODE);
    let reported = call.if_match(&replaced).json(report).make();
    let closure = json!({"outcome": "kept", "closed_on": "2010-09-30", "reason": "All seven councils meet."});
    let close = session.call(OFFICER, "close_commitment").at("commitment", CODE);
    let closed = close.if_match(&reported).json(closure).make();
    let reopening = json!({"reason": "One council has stopped meeting."});
    let reopen = session.call(OFFICER, "reopen_commitment").at("commitment", CODE);
    let _ = reopen.if_match(&closed).json(reopening).make();
    let _ = session.call(READER, "list_commitment_revisions").at("commitment", CODE).query("limit=2").make();
}
