//! `/v1/organisations/{organisation}/plans/{plan}/trackers`, `/tracker-history` and `/tracker-exceptions`.

mod bad_input;
mod cycle;
mod overview;
mod ratings;

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, Waymark};

use crate::framework::{self, PLAN, plan_content};

const QUARTER: &str = "FY2009-10-Q3";

/// The plan with the worked examples, and two priorities more.
fn plan(waymark: &Waymark) {
    framework::examples(waymark);
    let mut content = framework::content_of(&waymark.officer().get(PLAN), &[]);
    content["priorities"] = json!([
        plan_content()["priorities"][0],
        {"code": "HW-3a", "theme": "safe", "title": "Safeguarding"},
        {"code": "LN-1d", "theme": "healthy", "title": "Work and learning"},
    ]);
    let _ = waymark.officer().replace(PLAN, &content).expect(200);
}

fn officer(waymark: &Waymark) -> Caller {
    waymark.role("accountable_officer")
}

fn director(waymark: &Waymark) -> Caller {
    waymark.role("accountable_director")
}

/// What an account says.
fn content() -> Value {
    json!({
        "narrative": "The rate *rose*.",
        "aligned_measures": ["lunches", "conceptions"],
        "key_actions": [
            {"title": "Open clinics", "owner": "Head of health", "due_on": "2010-01-31", "progress": "Two of five",
             "status": "in_progress"},
            {"title": "Train staff", "owner": "Head of schools", "due_on": "2009-12-31", "progress": null, "status": "done"},
        ],
        "risks": [{"text": "Funding ends", "likelihood": 3, "impact": 5, "mitigation": "Bid again"}],
        "resources": "Two posts",
        "status": "red",
        "direction": "deteriorating",
    })
}

/// The body that makes an account.
fn new(priority: &str, quarter: &str, mut content: Value) -> Value {
    content["priority"] = priority.into();
    content["quarter"] = quarter.into();
    content
}

fn path(priority: &str, quarter: &str) -> String {
    format!("{PLAN}/trackers/{priority}/{quarter}")
}

fn create(caller: &Caller, body: &Value) -> Answer {
    caller.post(&format!("{PLAN}/trackers"), body)
}

/// Takes a step from what is there now.
fn act(caller: &Caller, path: &str, step: &str) -> Answer {
    let etag = caller.get(path).expect(200).etag();
    act_on(caller, path, &etag, step)
}

/// Takes a step if what is there still has the entity tag.
fn act_on(caller: &Caller, path: &str, etag: &str, step: &str) -> Answer {
    let body =
        if step == "return" { json!({"comment": "What of the clinics?"}).to_string() } else { String::new() };
    let request = caller.request("POST", &format!("{path}/{step}")).header("if-match", etag);
    if body.is_empty() { request.send() } else { request.body("application/json", body).send() }
}

/// Makes an account with this status and direction, and submits it.
fn submitted(waymark: &Waymark, priority: &str, quarter: &str, status: &str, direction: &str) {
    let mut body = new(priority, quarter, content());
    body["status"] = status.into();
    body["direction"] = direction.into();
    let _ = create(&officer(waymark), &body).expect(201);
    let _ = act(&officer(waymark), &path(priority, quarter), "submission").expect(200);
}
