//! What holds for every kind of plan item alike: filters that name nothing, and moments before a thing was created.

use serde_json::json;
use waymark_tests::{Answer, OWN, on_both};

use crate::framework::{self, PLAN};
use crate::target_setting::runaways;

/// A list with a filter whose value names nothing, the parameter, and a value that exists.
const FILTERS: [(&str, &str, Option<&str>); 8] = [
    ("target-proposals?measure=nope", "measure", Some("runaways")),
    ("gaps?lead=Unknown", "lead", None),
    ("deletions?measure=nope", "measure", Some("poverty")),
    ("deletions?theme=nope", "theme", Some("healthy")),
    ("trackers?priority=nope", "priority", Some("HW-1d")),
    ("commitments?theme=nope", "theme", Some("healthy")),
    ("commitments?responsible=Unknown", "responsible", None),
    ("deletions?state=agreed&theme=nope", "theme", Some("safe")),
];

#[test]
fn a_filter_that_names_nothing_is_not_an_empty_list() {
    on_both(|waymark| {
        framework::examples(waymark);
        for (list, parameter, existing) in FILTERS {
            let answer = waymark.reader().get(&format!("{PLAN}/{list}")).expect(422);
            answer.has_faults(&[(parameter, "unknown_value")]);
            let detail = answer.at("/errors/0/detail");
            let names_it = existing.is_none_or(|existing| detail.as_str().unwrap().contains(existing));
            assert!(names_it, "{list}: {detail}");
        }
    });
}

fn says_when_it_was_created(answer: &Answer, what: &str) {
    let detail = answer.at("/detail");
    let detail = detail.as_str().unwrap();
    assert!(detail.contains(what) && detail.contains("created at"), "{detail}");
    assert!(detail.contains("request a later one"), "{detail}");
}

#[test]
fn a_moment_before_a_thing_was_created_is_named_as_such() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let known_at = |path: &str, moment: &str| {
            let moment = moment.replace('+', "%2B");
            reader.get(&format!("{path}?as_known_at={moment}")).problem(404, "not-found")
        };
        for list in ["target-proposals", "deletions", "trackers", "commitments", "notices"] {
            let answer = known_at(&format!("{PLAN}/{list}"), "2001-01-01T00:00:00Z");
            says_when_it_was_created(&answer, "plan");
        }
        let created = reader.get(PLAN).expect(200).at("/recorded_at");
        let body = json!({"proposals": [runaways()]});
        let made = waymark.officer().post(&format!("{PLAN}/target-proposals"), &body).expect(201);
        let path = format!("{PLAN}/target-proposals/{}", made.at("/items/0/id").as_str().unwrap());
        says_when_it_was_created(&known_at(&path, created.as_str().unwrap()), "target proposal");
        let missing = format!("/v1/organisations/{OWN}/plans/nope/notices");
        let answer = known_at(&missing, "2001-01-01T00:00:00Z");
        assert!(!answer.text.contains("created"), "{}", answer.text);
    });
}

#[test]
fn so_are_moments_before_the_framework_was_created() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let at = |path: &str, moment: &str| {
            let moment = moment.replace('+', "%2B");
            reader.get(&format!("{path}?as_known_at={moment}")).problem(404, "not-found")
        };
        let early = "2001-01-01T00:00:00Z";
        for below in
            ["", "/measures", "/measures/runaways", "/status", "/summary", "/calendar", "/quality", "/gaps"]
        {
            says_when_it_was_created(&at(&format!("{PLAN}{below}"), early), "plan");
        }
        let indicators = format!("/v1/organisations/{OWN}/indicators");
        let indicator = reader.get(&indicators).expect(200).at("/items/0/code");
        let indicator = format!("{indicators}/{}", indicator.as_str().unwrap());
        says_when_it_was_created(&at(&indicator, early), "indicator");
        let created = reader.get(PLAN).expect(200).at("/recorded_at");
        framework::indicator(waymark, "late", json!({}));
        framework::measure(waymark, "late", json!([{}]));
        for below in ["", "/trajectory", "/links", "/quality-checks"] {
            let path = format!("{PLAN}/measures/late{below}");
            says_when_it_was_created(&at(&path, created.as_str().unwrap()), "measure");
        }
    });
}
