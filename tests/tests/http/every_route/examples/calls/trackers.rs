//! The account of a priority for a quarter, from its draft to the next quarter's draft.

use serde_json::{Value, json};
use waymark_tests::Answer;

use super::super::session::Call;
use super::{DIRECTOR, HEAD, OFFICER, READER, Session};

const PRIORITY: &str = "HW-1d";
/// Before the quarters of the demonstration.
const QUARTER: &str = "FY2009-10-Q1";

fn content() -> Value {
    json!({
        "narrative": "Fewer clinics than planned are *open*.", "aligned_measures": ["NI112"],
        "key_actions": [{"title": "Open five clinics", "owner": "Head of health", "due_on": "2010-01-31",
                         "progress": "Two of five", "status": "in_progress"}],
        "risks": [{"text": "Funding ends in March", "likelihood": 3, "impact": 5, "mitigation": "Bid again"}],
        "resources": "Two posts", "status": "amber", "direction": "static",
    })
}

fn call<'s, 'a>(session: &'s mut Session<'a>, role: &'static str, id: &'static str) -> Call<'s, 'a> {
    session.call(role, id).at("priority", PRIORITY).at("quarter", QUARTER)
}

pub(super) fn accounts(session: &mut Session<'_>) {
    let mut new = content();
    new["priority"] = PRIORITY.into();
    new["quarter"] = QUARTER.into();
    new["key_actions"] = json!([]);
    let _ = session.call(HEAD, "create_tracker").json(new).make();
    let read = call(session, READER, "get_tracker").make();
    let replaced = call(session, HEAD, "replace_tracker").if_match(&read).json(content()).make();
    let submitted = call(session, HEAD, "submit_tracker").if_match(&replaced).make();
    let comment = json!({"comment": "When do the other three clinics open?"});
    let returned: Answer =
        call(session, DIRECTOR, "return_tracker").if_match(&submitted).json(comment).make();
    let again = call(session, HEAD, "submit_tracker").if_match(&returned).prepare();
    let agreed = call(session, DIRECTOR, "agree_tracker").if_match(&again).make();
    let published = call(session, OFFICER, "publish_tracker").if_match(&agreed).make();
    let _ = call(session, HEAD, "carry_tracker_forward").if_match(&published).make();
    let _ = call(session, READER, "list_tracker_revisions").query("limit=2").make();
}

pub(super) fn overviews(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_trackers").query("quarter=FY2009-10-Q4&limit=2").make();
    let history = session.call(READER, "get_tracker_history");
    let _ = history.query("from=FY2009-10-Q3&to=FY2009-10-Q4").make();
    let _ = session.call(READER, "get_tracker_exceptions").query("quarter=FY2009-10-Q4").make();
}
