//! What is promised: made, read, listed, replaced.

use serde_json::{Value, json};
use waymark_tests::{Answer, on_both};

use super::{COMMITMENTS, act, centres, made, path, promise, report, set_out, without_theme};
use crate::framework;

fn codes(listed: &Answer) -> Vec<String> {
    let items = listed.at("/items");
    items.as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_commitment_comes_back_as_it_was_said() {
    on_both(|waymark| {
        let created = set_out(waymark);
        assert_eq!(created.header("location"), Some(&*path("centres")));
        let read = waymark.officer().get(&path("centres")).expect(200);
        assert_eq!((read.json(), read.etag()), (created.json(), created.etag()));
        for (field, said) in centres().as_object().unwrap() {
            assert_eq!(&read.json()[field], said, "{field}");
        }
        let body = read.json();
        assert_eq!(
            (&body["state"], &body["status"], &body["reports"]),
            (&json!("open"), &json!("not_reported"), &json!([]))
        );
        assert_eq!(body["allowed_actions"], json!(["replace", "report", "close"]));
        let allowed = |role: &str| waymark.role(role).get(&path("centres")).at("/allowed_actions");
        assert_eq!(allowed("accountable_officer"), json!(["report"]));
        assert_eq!(allowed("accountable_director"), json!([]));
        let _ = waymark.officer().post(COMMITMENTS, &centres()).problem(409, "conflict");
    });
}

#[test]
fn every_fault_of_a_commitment_has_its_place() {
    on_both(|waymark| {
        framework::examples(waymark);
        let fault = |field: &str, value: Value, faults: &[(&str, &str)]| {
            let mut body = centres();
            body[field] = value;
            waymark.officer().post(COMMITMENTS, &body).problem(422, "invalid-body").has_faults(faults);
        };
        fault("theme", json!("wealthy"), &[("/theme", "unknown_theme")]);
        fault("text", json!(""), &[("/text", "empty")]);
        fault("deputies", json!(["Head", "Head"]), &[("/deputies/1", "duplicate")]);
        fault("measures", json!(["lunches", "nothing"]), &[("/measures/1", "unknown_measure")]);
        fault("measures", json!(["lunches", "lunches"]), &[("/measures/1", "duplicate")]);
        let milestone = |count: u64, due: &str| json!({"count": count, "what": "centres", "due": due});
        fault("milestone", milestone(0, "CY2008"), &[("/milestone/count", "too_small")]);
        fault(
            "milestone",
            milestone(1_000_001, "2008"),
            &[("/milestone/due", "bad_period"), ("/milestone/count", "too_large")],
        );
        fault("milestone", milestone(24, "2008-03-31"), &[("/milestone/due", "before_plan")]);
        fault("owner", json!("x"), &[("/owner", "unknown_field")]);
        assert_eq!(codes(&waymark.reader().get(COMMITMENTS)), [""; 0]);
    });
}

#[test]
fn a_promise_is_replaced_and_remembered() {
    on_both(|waymark| {
        let first = set_out(waymark);
        let officer = waymark.officer();
        let reported = json!({"period": "FY2008-09-H1", "commentary": "C", "parts": {"green": 20, "amber": 0, "red": 4}});
        let second = act(&officer, "centres", "reports", &reported).expect(200);
        let mut content = centres();
        content.as_object_mut().unwrap().remove("code");
        content["measures"] = json!(["lunches"]);
        content["milestone"]["count"] = json!(23);
        let refused = officer.replace(&path("centres"), &content).problem(422, "invalid-body");
        refused.has_faults(&[("/milestone", "too_many_parts")]);
        content["milestone"]["count"] = json!(30);
        let third = officer.replace(&path("centres"), &content).expect(200);
        assert_eq!((third.at("/milestone/count"), third.at("/revision")), (json!(30), json!(3)));
        assert_eq!(third.at("/reports"), second.at("/reports"));
        let _ = officer.put(&path("centres"), &first.etag(), &content).problem(412, "precondition-failed");
        let history = officer.get(&format!("{}/history", path("centres"))).expect(200).at("/items");
        let revisions: Vec<&Value> =
            history.as_array().unwrap().iter().map(|item| &item["revision"]).collect();
        assert_eq!(revisions, [3, 2, 1]);
        assert_eq!((&history[0], &history[1]["allowed_actions"]), (&third.json(), &json!([])));
        let then = second.at("/recorded_at");
        let as_was =
            officer.get(&format!("{}?as_known_at={}", path("centres"), then.as_str().unwrap())).expect(200);
        assert_eq!((as_was.at("/milestone/count"), as_was.at("/allowed_actions")), (json!(24), json!([])));
    });
}

#[test]
fn commitments_are_found_by_what_is_asked_for() {
    on_both(|waymark| {
        let _ = set_out(waymark);
        let _ = made(waymark, &promise("attendance"));
        let _ = made(waymark, &promise("exclusions"));
        let officer = waymark.officer();
        let _ = act(&officer, "attendance", "reports", &report("FY2008-09-Q1", "green")).expect(200);
        let _ = act(&officer, "attendance", "reports", &report("FY2008-09-Q2", "amber")).expect(200);
        let ended = json!({"outcome": "dropped", "closed_on": "2009-01-31", "reason": "R"});
        let _ = act(&officer, "exclusions", "closure", &ended).expect(200);
        let found = |query: &str| codes(&waymark.reader().get(&format!("{COMMITMENTS}?{query}")).expect(200));
        assert_eq!(found(""), ["attendance", "centres", "exclusions"]);
        assert_eq!(found("theme=healthy"), ["attendance", "exclusions"]);
        assert_eq!(found("responsible=Head%20of%20early%20years"), ["centres"]);
        assert_eq!(found("status=amber"), ["attendance"]);
        assert_eq!(found("status=green"), [""; 0]);
        assert_eq!(found("status=green&period=FY2008-09-Q1"), ["attendance"]);
        assert_eq!(found("period=FY2008-09-Q2"), ["attendance"]);
        assert_eq!(found("period=FY2008-09-Q2&status=not_reported&state=open"), ["centres"]);
        assert_eq!(found("state=closed"), ["exclusions"]);
        let first = waymark.reader().get(&format!("{COMMITMENTS}?state=open&limit=1")).expect(200);
        let next = waymark.reader().get(first.at("/next").as_str().unwrap()).expect(200);
        assert_eq!(
            (codes(&first), codes(&next)),
            (vec!["attendance".to_owned()], vec!["centres".to_owned()])
        );
        let bad =
            waymark.reader().get(&format!("{COMMITMENTS}?period=2008%2F09")).problem(400, "invalid-query");
        bad.has_faults(&[("period", "bad_period")]);
    });
}

#[test]
fn a_theme_under_which_commitments_stand_is_not_dropped() {
    on_both(|waymark| {
        framework::plan(waymark, waymark_tests::OWN);
        let _ = made(waymark, &centres());
        without_theme(waymark, "safe").problem(409, "in-use").has_faults(&[("/themes", "in_use")]);
        let _ = without_theme(waymark, "healthy").expect(200);
    });
}
