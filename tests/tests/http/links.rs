//! `.../measures/{measure}/links`: all that bears on a measure, in one read.

use serde_json::{Value, json};
use waymark_tests::{Caller, Waymark, on_both};

use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

#[test]
fn one_read_explains_an_exception() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let judgement = json!({"kind": "override", "rating": "red", "from": "2010-03-01", "reason": "Two kitchens closed."});
        let _ = officer.post(&format!("{PLAN}/measures/lunches/judgements"), &judgement).expect(201);
        let promise = json!({"code": "kitchens", "theme": "healthy", "text": "A kitchen in every school.",
                             "responsible": "Head of catering", "measures": ["lunches"]});
        let made = officer.post(&format!("{PLAN}/commitments"), &promise).expect(201);
        let report =
            json!({"period": "FY2009-10", "status": "amber", "qualifier": "two closed", "commentary": "C"});
        let path = format!("{PLAN}/commitments/kitchens/reports");
        let _ =
            officer.request("POST", &path).header("if-match", &made.etag()).json(&report).send().expect(200);
        let links = |measure: &str, date: &str| {
            waymark.reader().get(&format!("{PLAN}/measures/{measure}/links?as_at={date}")).expect(200).json()
        };
        let lunches = links("lunches", MARCH);
        let rating = &lunches["rating"];
        assert_eq!((&rating["rating"], &rating["computed_rating"]), (&json!("red"), &json!("amber")));
        assert!(rating["explanation"].as_str().unwrap().starts_with("Amber: 29%"));
        assert_eq!(lunches["judgements"][0]["reason"], "Two kitchens closed.");
        let kitchens = &lunches["commitments"][0];
        assert_eq!((&kitchens["commitment"], &kitchens["status"]), (&json!("kitchens"), &json!("amber")));
        assert_eq!(
            (&kitchens["qualifier"], &kitchens["status_period"]),
            (&json!("two closed"), &json!("FY2009-10"))
        );
        for href in [&rating["href"], &kitchens["href"]] {
            let _ = waymark.reader().get(href.as_str().unwrap()).expect(200);
        }
        assert_eq!(links("lunches", "2009-03-31")["commitments"][0]["status"], "not_reported");
        let other = links("assessments", MARCH);
        assert_eq!(
            (&other["judgements"], &other["commitments"], &other["deleted"]),
            (&json!([]), &json!([]), &Value::Null)
        );
        let rows = json!([{"indicator": "runaways", "period": MARCH, "value": 3}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let runaways = links("runaways", MARCH);
        assert_eq!(runaways["rating"]["suppressed"], true);
        assert!(!runaways["rating"]["explanation"].as_str().unwrap().contains('3'), "{runaways}");
        let _ = waymark.reader().get(&format!("{PLAN}/measures/nothing/links")).problem(404, "not-found");
    });
}

/// Asks for an action on what is at an address, from what is there now.
fn act(caller: &Caller, address: &str, action: &str, body: &Value) {
    let etag = caller.get(address).expect(200).etag();
    let request = caller.request("POST", &format!("{address}/{action}")).header("if-match", &etag);
    let _ = request.json(body).send().expect(200);
}

/// An account of the priority, with an action that is due on the last day of January.
fn account(waymark: &Waymark) {
    let tracker = json!({
        "priority": "HW-1d", "quarter": "FY2009-10-Q3", "narrative": "Two kitchens closed.",
        "aligned_measures": ["lunches"], "status": "red", "direction": "deteriorating",
        "key_actions": [
            {"title": "Open kitchens", "owner": "Head of catering", "due_on": "2010-01-31", "status": "in_progress"},
            {"title": "Train cooks", "owner": "Head of schools", "due_on": "2009-12-31", "status": "done"},
        ],
    });
    let _ = waymark.role("accountable_officer").post(&format!("{PLAN}/trackers"), &tracker).expect(201);
}

/// A notice with a requirement and a condition on the lunches, and a condition on the runaways. It is withdrawn.
fn notice(waymark: &Waymark) {
    let terms = json!({
        "code": "notice", "title": "Improvement notice", "authority": "Secretary of State",
        "issued_on": "2010-03-01",
        "requirements": [{"code": "IN 1.1", "text": "Feed every child.", "measures": ["lunches"]},
                         {"code": "IN 1.2", "text": "Find every child."}],
        "conditions": [
            {"code": "take-up", "measure": "lunches", "condition": "at_least", "value": 33, "period": MARCH},
            {"code": "found", "measure": "runaways", "condition": "at_most", "value": 2, "period": MARCH},
        ],
    });
    let _ = waymark.officer().post(&format!("{PLAN}/notices"), &terms).expect(201);
    let closure = json!({"outcome": "withdrawn", "decided_on": "2010-06-01", "minute": "DCS 12"});
    act(&waymark.role("board_clerk"), &format!("{PLAN}/notices/notice"), "closure", &closure);
}

/// A target that a board sent back and that was put forward again, and a deletion that it deferred.
fn proposals(waymark: &Waymark) {
    let (officer, clerk) = (waymark.officer(), waymark.role("board_clerk"));
    let mut target = json!({"target": {"condition": "at_least", "value": 35}, "reason": "As the best.",
                            "scope": "local", "measure": "lunches"});
    let body = json!({"proposed_on": "2009-11-02", "proposals": [target]});
    let made = officer.post(&format!("{PLAN}/target-proposals"), &body).expect(201);
    let proposal = made.at("/items/0/id");
    let sent_back = json!({"body": "Executive", "decided_on": "2009-11-27", "minute": "5.1",
        "decisions": [{"proposal": proposal, "revision": 1, "outcome": "sent_back", "comment": "Aim higher."}]});
    let _ = clerk.post(&format!("{PLAN}/target-decisions"), &sent_back).expect(200);
    let _ = target.as_object_mut().unwrap().remove("measure");
    target["reason"] = json!("As the very best.");
    target["proposed_on"] = json!("2009-11-30");
    let path = format!("{PLAN}/target-proposals/{}", proposal.as_str().unwrap());
    let _ = officer.replace(&path, &target).expect(200);

    let deletion =
        json!({"measure": "lunches", "category": "collected_too_rarely", "reason": "Once a year."});
    let body = json!({"proposed_on": "2009-11-20", "proposals": [deletion]});
    let made = officer.post(&format!("{PLAN}/deletions"), &body).expect(201);
    let deferred = json!({"body": "Executive", "decided_on": "2009-12-11", "minute": "6",
        "decisions": [{"deletion": made.at("/items/0/id"), "revision": 1, "outcome": "deferred"}]});
    let _ = clerk.post(&format!("{PLAN}/deletion-decisions"), &deferred).expect(200);
}

/// The items of a list without some of their fields, and their addresses, which lead somewhere.
fn followed(waymark: &Waymark, links: &Value, list: &str) -> Vec<Value> {
    let mut items = links[list].as_array().unwrap().clone();
    for item in &mut items {
        let href = item.as_object_mut().unwrap().remove("href").unwrap();
        let _ = waymark.reader().get(href.as_str().unwrap()).expect(200);
        let _ = item.as_object_mut().unwrap().remove("id");
    }
    items
}

fn set_out(waymark: &Waymark) {
    framework::examples(waymark);
    account(waymark);
    notice(waymark);
    proposals(waymark);
    let check = crate::quality::check(MARCH, "mnmmmmmm");
    let _ = waymark.officer().post(&format!("{PLAN}/measures/lunches/quality-checks"), &check).expect(201);
}

fn links(waymark: &Waymark, measure: &str, date: &str) -> Value {
    waymark.reader().get(&format!("{PLAN}/measures/{measure}/links?as_at={date}")).expect(200).json()
}

#[test]
fn all_that_was_accounted_for_proposed_and_decided_stands_beside_the_rating() {
    on_both(|waymark| {
        set_out(waymark);
        let lunches = links(waymark, "lunches", MARCH);
        let followed = |list: &str| followed(waymark, &lunches, list);
        let tracker = json!({
            "priority": "HW-1d", "quarter": "FY2009-10-Q3", "state": "draft", "status": "red",
            "direction": "deteriorating",
            "key_actions": [
                {"title": "Open kitchens", "owner": "Head of catering", "due_on": "2010-01-31",
                 "status": "in_progress", "overdue": true},
                {"title": "Train cooks", "owner": "Head of schools", "due_on": "2009-12-31", "status": "done",
                 "overdue": false},
            ],
        });
        assert_eq!(followed("trackers"), [tracker]);
        assert_eq!(
            links(waymark, "lunches", "2010-01-31")["trackers"][0]["key_actions"][0]["overdue"],
            false
        );
        assert_eq!(
            followed("target_proposals"),
            [json!({"component": null, "state": "proposed", "reason": "As the very best.",
                    "proposed_on": "2009-11-30"})]
        );
        assert_eq!(
            followed("deletions"),
            [json!({"state": "deferred", "category": "collected_too_rarely", "reason": "Once a year.",
                    "proposed_on": "2009-11-20"})]
        );
        let decided = |about: &str, outcome: &str, body: &str, date: &str, minute: &str| json!({"about": about, "outcome": outcome, "body": body, "decided_on": date, "minute": minute});
        assert_eq!(
            followed("decisions"),
            [
                decided("target", "sent_back", "Executive", "2009-11-27", "5.1"),
                decided("deletion", "deferred", "Executive", "2009-12-11", "6"),
                decided("notice", "withdrawn", "Secretary of State", "2010-06-01", "DCS 12"),
            ]
        );
        assert_eq!(followed("quality_checks"), [json!({"period": MARCH, "grade": "weak", "score": 88})]);
    });
}

#[test]
fn the_conditions_of_a_notice_stand_beside_the_rating() {
    on_both(|waymark| {
        set_out(waymark);
        let notice = &followed(waymark, &links(waymark, "lunches", MARCH), "notices")[0];
        assert_eq!((&notice["notice"], &notice["state"]), (&json!("notice"), &json!("closed")));
        assert_eq!(notice["requirements"], json!(["IN 1.1"]));
        assert_eq!(notice["conditions"].as_array().unwrap().len(), 1);
        // 29% came, 33% is required: 4 points more.
        let condition = &notice["conditions"][0];
        assert_eq!((&condition["code"], &condition["judgement"]), (&json!("take-up"), &json!("not_met")));
        assert_eq!((condition["value"].as_f64(), condition["gap"].as_f64()), (Some(33.0), Some(4.0)));
        assert!(condition["explanation"].as_str().unwrap().contains("29%"), "{condition}");
    });
}

#[test]
fn other_measures_have_no_links_and_small_counts_are_suppressed() {
    on_both(|waymark| {
        set_out(waymark);
        let other = links(waymark, "assessments", MARCH);
        let lists = ["trackers", "notices", "target_proposals", "deletions", "decisions", "quality_checks"];
        for list in lists {
            assert_eq!(other[list], json!([]), "{list}");
        }

        let rows = json!([{"indicator": "runaways", "period": MARCH, "value": 3}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let few = &links(waymark, "runaways", MARCH)["notices"][0]["conditions"][0];
        assert_eq!((&few["suppressed"], &few["gap"]), (&json!(true), &Value::Null));
        assert!(!few["explanation"].as_str().unwrap().contains('3'), "{few}");
    });
}
