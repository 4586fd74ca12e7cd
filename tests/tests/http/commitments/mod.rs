//! `.../plans/{plan}/commitments`: what a plan promises beside its indicators (source 002).

mod closing;
mod promises;
mod reports;
mod summary;

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, OWN, Waymark};

use crate::framework::{self, PLAN};

/// The commitments of the plan of the tests.
pub(crate) const COMMITMENTS: &str = "/v1/organisations/leicestershire/plans/cypp/commitments";

/// The promise of 24 centres, under the theme `safe`.
fn centres() -> Value {
    json!({
        "code": "centres", "theme": "safe", "text": "Open 24 children's centres by 2008.",
        "responsible": "Head of early years", "deputies": ["Head of extended services"], "measures": [],
        "milestone": {"count": 24, "what": "children's centres", "due": "CY2008"},
    })
}

/// A promise without anything to count, under the theme `healthy`.
fn promise(code: &str) -> Value {
    json!({"code": code, "theme": "healthy", "text": "Exclude fewer pupils for good.",
           "responsible": "Assistant director, education"})
}

/// Makes the commitment in the plan.
fn made(waymark: &Waymark, commitment: &Value) -> Answer {
    waymark.officer().post(COMMITMENTS, commitment).expect(201)
}

/// The plan, with the measures of the worked examples and the promise of 24 centres.
fn set_out(waymark: &Waymark) -> Answer {
    framework::examples(waymark);
    made(waymark, &centres())
}

fn path(code: &str) -> String {
    format!("{COMMITMENTS}/{code}")
}

/// Sends `body` to what can be done with a commitment, from what it is now.
fn act(caller: &Caller, code: &str, action: &str, body: &Value) -> Answer {
    let etag = caller.get(&path(code)).expect(200).etag();
    act_from(caller, code, action, &etag, body)
}

fn act_from(caller: &Caller, code: &str, action: &str, etag: &str, body: &Value) -> Answer {
    caller.request("POST", &format!("{}/{action}", path(code))).header("if-match", etag).json(body).send()
}

fn report(period: &str, status: &str) -> Value {
    json!({"period": period, "status": status, "commentary": format!("How it went in {period}.")})
}

/// The plan's own address, for what is about its headings.
fn without_theme(waymark: &Waymark, code: &str) -> Answer {
    let mut content = framework::plan_content();
    content["themes"].as_array_mut().unwrap().retain(|theme| theme["code"] != code);
    content["priorities"] = json!([]);
    assert!(PLAN.contains(OWN));
    waymark.officer().replace(PLAN, &content)
}
