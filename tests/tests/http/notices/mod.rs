//! `.../plans/{plan}/notices`: the improvement notice of source 004, from its issue to its end.

mod conditions;
mod decisions;
mod progress;
mod terms;

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, Waymark};

use crate::framework::{self, PLAN};

/// The notice that [`issued`] makes.
const NOTICE: &str = "/v1/organisations/leicestershire/plans/cypp/notices/improvement-2010";

/// The notices of the plan.
fn notices() -> String {
    format!("{PLAN}/notices")
}

/// At least so much for a period: a condition on initial assessments, named after the period.
fn at_least(code: &str, value: f64, period: &str) -> Value {
    json!({"code": code, "measure": "NI59", "condition": "at_least", "value": value, "period": period,
           "requirement": "IN 1.4", "note": "whilst maintaining high quality"})
}

/// What is laid down: 72% for June, 80% for October, and 80% for October to March.
fn terms() -> Value {
    json!({
        "title": "Improvement notice: safeguarding", "authority": "Secretary of State", "issued_on": "2010-03-01",
        "requirements": [
            {"code": "IN 1.1", "text": "Respond to every referral within the statutory times.",
             "measures": ["NI59"], "priorities": ["HW-1d"]},
            {"code": "IN 1.3 & 2.17", "text": "Keep every record up to date.", "measures": [], "priorities": []},
            {"code": "IN 1.4", "text": "Assure the quality of assessments.", "measures": ["NI59"], "priorities": []},
        ],
        "conditions": [
            at_least("june", 72.0, "2010-06"),
            at_least("october", 80.0, "2010-10"),
            at_least("winter", 80.0, "2010-10-01/2011-03-31"),
        ],
    })
}

/// Makes the plan with the measure of initial assessments, whose results are due 45 days after their period.
fn plan(waymark: &Waymark) {
    framework::plan(waymark, waymark_tests::OWN);
    framework::indicator(waymark, "NI59", json!({"lag_days": 45, "frequency": "monthly"}));
    framework::measure(waymark, "NI59", json!([{}]));
}

/// Makes the plan and the notice.
fn issued(waymark: &Waymark) -> Answer {
    plan(waymark);
    waymark.officer().post(&notices(), &framework::new("improvement-2010", terms())).expect(201)
}

/// Asks for an action from what is there now.
fn act(caller: &Caller, action: &str, body: &Value) -> Answer {
    let etag = caller.get(NOTICE).expect(200).etag();
    from(caller, &etag, action, body)
}

/// Asks for an action from what was read under a tag.
fn from(caller: &Caller, etag: &str, action: &str, body: &Value) -> Answer {
    caller.request("POST", &format!("{NOTICE}/{action}")).header("if-match", etag).json(body).send()
}

/// Sends shares of initial assessments, each a value for a period.
fn send(waymark: &Waymark, shares: &[(&str, f64)]) {
    let rows: Vec<Value> = shares
        .iter()
        .map(|(period, value)| json!({"indicator": "NI59", "period": period, "value": value}))
        .collect();
    let _ = crate::results::push(&waymark.role("submitter"), "", &json!(rows)).expect(200);
}

/// A condition as it is judged.
fn judged(caller: &Caller, query: &str, code: &str) -> Value {
    let conditions = caller.get(&format!("{NOTICE}/conditions?{query}")).expect(200);
    let items = conditions.at("/items").as_array().unwrap().clone();
    items.into_iter().find(|item| item["code"] == code).unwrap()
}
