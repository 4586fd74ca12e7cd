//! What is laid down: issued, read, replaced, listed.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{NOTICE, act, at_least, issued, notices, plan, terms};
use crate::framework::{self, PLAN, new};

#[test]
fn a_notice_comes_back_as_it_was_laid_down() {
    on_both(|waymark| {
        let created = issued(waymark);
        assert_eq!(created.header("location"), Some(NOTICE));
        assert_eq!(
            (created.at("/state"), created.at("/allowed_actions")),
            (json!("in_force"), json!(["replace", "record_progress"]))
        );
        let read = waymark.officer().get(NOTICE).expect(200);
        assert_eq!((read.json(), read.etag()), (created.json(), created.etag()));
        let mut notice = read.json();
        for requirement in notice["requirements"].as_array_mut().unwrap() {
            assert_eq!(requirement.as_object_mut().unwrap().remove("progress"), Some(json!([])));
        }
        let mut sent = terms();
        for condition in sent["conditions"].as_array_mut().unwrap() {
            condition["component"] = Value::Null; // none was sent
        }
        for field in ["requirements", "conditions", "title", "authority", "issued_on"] {
            assert_eq!(notice[field], sent[field], "{field}");
        }
        let mut by_reader = waymark.reader().get(NOTICE).expect(200).json();
        assert_eq!(by_reader["allowed_actions"], json!([]));
        by_reader["allowed_actions"] = created.at("/allowed_actions");
        assert_eq!(waymark.reader().get(&notices()).expect(200).at("/items/0/code"), "improvement-2010");
        assert_eq!(by_reader, created.json());
        assert_eq!(waymark.role("board_clerk").get(NOTICE).at("/allowed_actions"), json!(["close"]));
    });
}

#[test]
fn a_replaced_notice_remembers() {
    on_both(|waymark| {
        let first = issued(waymark);
        let officer = waymark.officer();
        let mut more = terms();
        more["conditions"] = json!([at_least("june", 75.0, "2010-06")]);
        let now = officer.replace(NOTICE, &more).expect(200);
        assert_eq!((now.at("/revision"), now.at("/conditions/0/value")), (json!(2), json!(75.0)));
        let history = officer.get(&format!("{NOTICE}/history?limit=1")).expect(200);
        assert_eq!(history.at("/items/0/revision"), 2);
        let next = history.at("/next");
        assert_eq!(officer.get(next.as_str().unwrap()).expect(200).at("/items/0/revision"), 1);
        let then = first.at("/recorded_at");
        let then = then.as_str().unwrap();
        let earlier = officer.get(&format!("{NOTICE}?as_known_at={then}")).expect(200);
        assert_eq!(earlier.at("/conditions"), first.at("/conditions"));
        assert_eq!(earlier.at("/allowed_actions"), json!([]));
        let stale = officer.put(NOTICE, &first.etag(), &terms());
        let _ = stale.problem(412, "precondition-failed");
    });
}

#[test]
fn notices_are_listed_in_pages() {
    on_both(|waymark| {
        plan(waymark);
        let officer = waymark.officer();
        for code in ["c", "a", "b"] {
            let _ = officer.post(&notices(), &new(code, terms())).expect(201);
        }
        let _ = officer.post(&notices(), &new("a", terms())).problem(409, "conflict");
        let first = officer.get(&format!("{}?limit=2", notices())).expect(200);
        assert_eq!((first.at("/items/0/code"), first.at("/items/1/code")), (json!("a"), json!("b")));
        let rest = officer.get(first.at("/next").as_str().unwrap()).expect(200).json();
        assert_eq!((&rest["items"][0]["code"], &rest["next"]), (&json!("c"), &Value::Null));
    });
}

#[test]
fn every_fault_of_a_notice_has_its_place() {
    on_both(|waymark| {
        plan(waymark);
        let officer = waymark.officer();
        let fault = |pointer: &str, value: Value, place: &str, code: &str| {
            let mut body = new("improvement-2010", terms());
            *body.pointer_mut(pointer).unwrap() = value;
            officer.post(&notices(), &body).problem(422, "invalid-body").has_faults(&[(place, code)]);
        };
        let same = |pointer: &str, value: Value, code: &str| fault(pointer, value, pointer, code);
        same("/conditions/0/measure", json!("NI60"), "unknown_measure");
        same("/conditions/1/code", json!("june"), "duplicate");
        same("/conditions/0/requirement", json!("IN 9"), "unknown_requirement");
        same("/conditions/0/period", json!("2010-02"), "before_issue");
        same("/conditions/0/value", json!(72.25), "too_precise");
        same("/conditions/0/condition", json!("above"), "unknown_value");
        same("/requirements/1/code", json!("IN 1.1"), "duplicate");
        same("/requirements/0/code", json!(""), "empty");
        same("/requirements/0/text", json!("<b>\u{0}</b>"), "bad_character");
        same("/requirements/0/measures/0", json!("NI60"), "unknown_measure");
        same("/requirements/0/priorities/0", json!("HW-2"), "unknown_priority");
        same("/issued_on", json!("2008-03-31"), "before_plan");
        same("/issued_on", json!("2199-01-01"), "in_future");
        // All at once, and nothing is kept.
        let mut body = new("improvement-2010", terms());
        body["conditions"][0]["component"] = json!("Dose 1");
        body["conditions"][2]["measure"] = json!("NI60");
        officer.post(&notices(), &body).problem(422, "invalid-body").has_faults(&[
            ("/conditions/0/component", "unknown_component"),
            ("/conditions/2/measure", "unknown_measure"),
        ]);
        let _ = officer.get(NOTICE).problem(404, "not-found");
        let elsewhere = format!("{PLAN}-2/notices");
        let _ = officer.post(&elsewhere, &new("improvement-2010", terms())).problem(404, "not-found");
    });
}

#[test]
fn a_requirement_that_was_reported_on_stays() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let officer = waymark.officer();
        let update =
            json!({"requirement": "IN 1.1", "period": "2010-03", "text": "The procedures were reviewed."});
        let _ = act(&officer, "progress", &update).expect(200);
        let mut less = terms();
        less["requirements"].as_array_mut().unwrap().remove(0);
        officer
            .replace(NOTICE, &less)
            .problem(409, "wrong-state")
            .has_faults(&[("/requirements", "requirement_reported")]);
        let kept = officer.replace(NOTICE, &terms()).expect(200);
        assert_eq!(kept.at("/requirements/0/progress/0/text"), update["text"]);
    });
}

#[test]
fn a_priority_that_a_requirement_names_is_not_dropped() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let mut plan = framework::content_of(&waymark.officer().get(PLAN), &[]);
        plan["priorities"] = json!([]);
        let refused = waymark.officer().replace(PLAN, &plan).problem(409, "in-use");
        refused.has_faults(&[("/priorities", "in_use")]);
        let detail = refused.at("/errors/0/detail");
        assert!(detail.as_str().unwrap().contains("IN 1.1"), "{detail}");
    });
}
