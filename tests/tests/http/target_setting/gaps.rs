//! What is missing in a plan before it can be judged whole.

use serde_json::{Value, json};
use waymark_tests::{Caller, OWN, on_both};

use super::{meeting, propose, proposed, runaways};
use crate::framework::{self, MARCH, PLAN, content_of, indicator};
use crate::results::push;

fn gaps(caller: &Caller, query: &str) -> Value {
    caller.get(&format!("{PLAN}/gaps?as_at={MARCH}{query}")).expect(200).json()
}

/// Measure, component, kind and since when.
fn listed(gaps: &Value) -> Vec<(String, Value, String, Value)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = gaps["items"].as_array().unwrap().iter();
    items
        .map(|gap| {
            (text(&gap["measure"]), gap["component"].clone(), text(&gap["kind"]), gap["since"].clone())
        })
        .collect()
}

fn count(gaps: &Value, kind: &str) -> Value {
    let counts = gaps["counts"].as_array().unwrap();
    counts.iter().find(|count| count["kind"] == kind).unwrap()["count"].clone()
}

/// Of the eight measures only the runaways have a result and no target; none has a lead.
#[test]
fn the_gaps_of_the_worked_examples() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let all = gaps(&reader, "");
        assert_eq!(count(&all, "no_target"), 1);
        assert_eq!(count(&all, "no_lead"), 8);
        assert_eq!(
            (count(&all, "reset_after_method_change"), count(&all, "review_overdue")),
            (json!(0), json!(0))
        );
        let blue = gaps(&reader, "&kind=no_target");
        let gap = ("runaways".to_owned(), Value::Null, "no_target".to_owned(), json!(MARCH));
        assert_eq!(listed(&blue), [gap]);
        assert_eq!(blue["counts"], all["counts"]);
        assert_eq!(
            blue["items"][0]["explanation"],
            "There are results and no target, of which is said: To be set."
        );
        assert_eq!(
            (&blue["items"][0]["theme"], &blue["items"][0]["proposal"]),
            (&json!("safe"), &Value::Null)
        );
        // Before there was a result there was no gap.
        let early = reader.get(&format!("{PLAN}/gaps?as_at=2010-03-30&kind=no_target")).expect(200);
        assert_eq!(early.at("/items"), json!([]));
    });
}

#[test]
fn a_gap_names_the_proposal_that_is_open_for_it_until_it_is_closed() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let id = proposed(&waymark.officer(), runaways());
        let made = waymark.officer().get(&super::path(&id)).at("/recorded_at");
        assert_eq!(gaps(&reader, "&kind=no_target")["items"][0]["proposal"], json!(id));
        let back = meeting(json!([super::decision(&id, "sent_back")]));
        let _ = super::decide(&waymark.role("board_clerk"), &back).expect(200);
        assert_eq!(gaps(&reader, "&kind=no_target")["items"][0]["proposal"], json!(id));
        let revised = waymark.officer().replace(&super::path(&id), &revision()).expect(200);
        let mut agreed = meeting(json!([super::decision(&id, "agreed")]));
        agreed["decisions"][0]["revision"] = revised.at("/revision");
        agreed["decided_on"] = json!("2009-12-18");
        let _ = super::decide(&waymark.role("board_clerk"), &agreed).expect(200);
        assert_eq!(gaps(&reader, "&kind=no_target")["items"], json!([]));
        let then = made.as_str().unwrap();
        let known = gaps(&reader, &format!("&kind=no_target&as_known_at={then}"));
        assert_eq!(known["items"][0]["proposal"], json!(id));
    });
}

fn revision() -> Value {
    let mut revision = runaways();
    revision.as_object_mut().unwrap().remove("measure");
    revision["proposed_on"] = json!("2009-12-01");
    revision
}

#[test]
fn every_gap_comes_once_in_pages() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let whole = listed(&gaps(&reader, ""));
        let mut walked = Vec::new();
        let mut next = Some(format!("{PLAN}/gaps?as_at={MARCH}&limit=2"));
        while let Some(path) = next {
            let page = reader.get(&path).expect(200).json();
            assert_eq!(count(&page, "no_lead"), 8);
            walked.extend(listed(&page));
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(walked, whole);
        assert_eq!(whole.len(), 9);
        for (query, parameter) in [("kind=nonsense", "kind"), ("cursor=x", "cursor")] {
            let answer = reader.get(&format!("{PLAN}/gaps?{query}")).problem(400, "invalid-query");
            assert_eq!(answer.faults()[0].0, parameter);
        }
    });
}

#[test]
fn a_lead_finds_the_gaps_of_their_own_measures() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let path = format!("{PLAN}/measures/runaways");
        let mut content = content_of(&officer.get(&path), &["indicator", "polarity"]);
        content["lead"] = json!("Head of safeguarding");
        let _ = officer.replace(&path, &content).expect(200);
        let own = gaps(&officer, "&lead=Head%20of%20safeguarding");
        assert_eq!(listed(&own).len(), 1);
        assert_eq!((count(&own, "no_target"), count(&own, "no_lead")), (json!(1), json!(0)));
        assert_eq!(own["items"][0]["lead"], "Head of safeguarding");
        assert_eq!(count(&gaps(&officer, ""), "no_lead"), 7);
    });
}

/// The definition changed in January 2009 (source 001: two hours of sport): a target of the baseline of 2008 is for the
/// old one, and one agreed in November 2009 is for the new one.
#[test]
fn a_target_is_to_be_reset_after_a_change_of_method() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let versions =
            json!({"versions": [{"number": 1}, {"number": 2, "from": "2009-01-01"}], "precision": 0});
        indicator(waymark, "sport", versions);
        let line = json!({"baseline": {"value": 70, "definition_version": 1},
                          "target": {"state": "agreed", "condition": "at_least", "value": 80}});
        framework::measure(waymark, "sport", json!([line]));
        let officer = waymark.officer();
        let found = gaps(&officer, "&kind=reset_after_method_change");
        let kind = "reset_after_method_change".to_owned();
        assert_eq!(listed(&found), [("sport".to_owned(), Value::Null, kind, json!("2009-01-01"))]);
        let early = officer.get(&format!("{PLAN}/gaps?as_at=2008-12-31&kind=reset_after_method_change"));
        assert_eq!(early.expect(200).at("/items"), json!([]));
        let proposal = json!({"measure": "sport", "target": {"condition": "at_least", "value": 78},
                              "scope": "national", "reason": "The national figure by the new definition."});
        let id = proposed(&officer, proposal);
        let _ =
            super::decide(&waymark.role("board_clerk"), &meeting(json!([super::decision(&id, "agreed")])))
                .expect(200);
        assert_eq!(gaps(&officer, "&kind=reset_after_method_change")["items"], json!([]));
    });
}

#[test]
fn a_review_that_was_not_held_is_overdue_from_the_day_after() {
    on_both(|waymark| {
        framework::examples(waymark);
        let mut proposal = runaways();
        proposal["review_on"] = json!("2010-03-31");
        let id = proposed(&waymark.officer(), proposal);
        let agreed = meeting(json!([super::decision(&id, "agreed")]));
        let _ = super::decide(&waymark.role("board_clerk"), &agreed).expect(200);
        let reader = waymark.reader();
        assert_eq!(count(&gaps(&reader, ""), "review_overdue"), 0);
        let later = reader.get(&format!("{PLAN}/gaps?as_at=2010-04-01&kind=review_overdue")).expect(200);
        assert_eq!(
            (later.at("/items/0/measure"), later.at("/items/0/since")),
            (json!("runaways"), json!(MARCH))
        );
        let why = "The target was to be looked at again by 31 March 2010.";
        assert_eq!(later.at("/items/0/explanation"), why);
    });
}

#[test]
fn each_component_has_its_own_gap_and_its_own_proposal() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        indicator(waymark, "doses", json!({"components": ["Dose 1", "Dose 2"]}));
        let line = |component: &str| json!({"component": component, "baseline": {"value": 80}});
        framework::measure(waymark, "doses", json!([line("Dose 1"), line("Dose 2")]));
        let dose = |component: &str| json!({"indicator": "doses", "period": MARCH, "component": component, "value": 92.1});
        let _ = push(&waymark.role("submitter"), "", &json!([dose("Dose 1"), dose("Dose 2")])).expect(200);
        let proposal = json!({"measure": "doses", "component": "Dose 2", "scope": "national",
                              "target": {"condition": "at_least", "value": 95}, "reason": "National target."});
        let made = propose(&waymark.officer(), json!([proposal])).expect(201);
        let found = gaps(&waymark.reader(), "&kind=no_target");
        let parts: Vec<(&Value, &Value)> = found["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|gap| (&gap["component"], &gap["proposal"]))
            .collect();
        let (one, two, id) = (json!("Dose 1"), json!("Dose 2"), made.at("/items/0/id"));
        assert_eq!(parts, [(&one, &Value::Null), (&two, &id)]);
    });
}
