//! What is no account, each with its place.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{QUARTER, content, create, new, officer, path, plan};
use crate::framework::PLAN;

#[test]
fn every_fault_of_an_account_has_its_place() {
    on_both(|waymark| {
        plan(waymark);
        let officer = officer(waymark);
        let with = |field: &str, value: Value| {
            let mut body = new("HW-1d", QUARTER, content());
            body[field] = value;
            create(&officer, &body).problem(422, "invalid-body")
        };
        with("priority", json!("HW-9")).has_faults(&[("/priority", "unknown_priority")]);
        with("quarter", json!("FY2007-08-Q4")).has_faults(&[("/quarter", "before_plan")]);
        with("quarter", json!("FY2011-12-Q1")).has_faults(&[("/quarter", "after_plan")]);
        with("quarter", json!("FY2009-10")).has_faults(&[("/quarter", "not_a_quarter")]);
        with("quarter", json!("FY2009-11-Q1")).has_faults(&[("/quarter", "years_do_not_follow")]);
        with("aligned_measures", json!(["lunches", "dinners"]))
            .has_faults(&[("/aligned_measures/1", "unknown_measure")]);
        with("aligned_measures", json!(["lunches", "lunches"]))
            .has_faults(&[("/aligned_measures/1", "duplicate")]);
        with("narrative", json!("")).has_faults(&[("/narrative", "empty")]);
        with("narrative", json!("e".repeat(20_001))).has_faults(&[("/narrative", "too_long")]);
        with("status", json!("blue")).has_faults(&[("/status", "unknown_value")]);
        let risk = json!([{"text": "R", "likelihood": 0, "impact": 6}]);
        with("risks", risk)
            .has_faults(&[("/risks/0/likelihood", "out_of_range"), ("/risks/0/impact", "out_of_range")]);
        let action = json!([{"title": "", "owner": "O", "due_on": "2010-01-01", "status": "done"}]);
        with("key_actions", action).has_faults(&[("/key_actions/0/title", "empty")]);
        with("overdue", json!(true)).has_faults(&[("/overdue", "unknown_field")]);
        let listed = officer.get(&format!("{PLAN}/trackers")).expect(200);
        assert_eq!(listed.at("/items"), json!([]), "nothing is half-done");
    });
}

#[test]
fn a_quarter_to_come_is_not_accounted_for() {
    on_both(|waymark| {
        plan(waymark);
        let mut long = crate::framework::content_of(&waymark.officer().get(PLAN), &[]);
        long["end"] = json!("2199-03-31");
        let _ = waymark.officer().replace(PLAN, &long).expect(200);
        let refused = create(&officer(waymark), &new("HW-1d", "FY2150-51-Q1", content()));
        refused.problem(422, "invalid-body").has_faults(&[("/quarter", "in_future")]);
    });
}

#[test]
fn a_narrative_of_five_megabytes_is_too_large() {
    on_both(|waymark| {
        plan(waymark);
        let mut body = new("HW-1d", QUARTER, content());
        body["narrative"] = json!("e".repeat(5_000_000));
        let _ = create(&officer(waymark), &body).problem(413, "body-too-large");
        body["narrative"] = json!("e".repeat(20_000));
        let _ = create(&officer(waymark), &body).expect(201);
    });
}

#[test]
fn a_narrative_is_kept_as_written_and_shown_without_what_acts() {
    on_both(|waymark| {
        plan(waymark);
        let narrative = "# Rates\n\n<script>alert(1)</script>\n\n<b onclick=\"alert(2)\">bold</b> \
                         [x](javascript:alert(3)) ![y](data:image/png;base64,AAAA) [z](https://example.org)";
        let mut body = new("HW-1d", QUARTER, content());
        body["narrative"] = json!(narrative);
        let made = create(&officer(waymark), &body).expect(201);
        assert_eq!(made.at("/narrative"), narrative);
        let html = made.at("/narrative_html");
        let html = html.as_str().unwrap();
        assert!(html.contains("<h1>Rates</h1>") && html.contains("<b>bold</b>"), "{html}");
        assert!(html.contains("<a href=\"https://example.org\""), "{html}");
        for act in ["script", "alert", "onclick", "data:", "<img"] {
            assert!(!html.contains(act), "{html}");
        }
        let listed = waymark.reader().get(&format!("{PLAN}/trackers")).expect(200);
        assert_eq!(listed.at("/items/0/narrative_html"), html);
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    on_both(|waymark| {
        plan(waymark);
        let reader = waymark.reader();
        for missing in
            [path("HW-1d", QUARTER), path("HW-9", QUARTER), path("HW-1d", "FY2009-10"), path("HW-1d", "x")]
        {
            let _ = reader.get(&missing).problem(404, "not-found");
        }
        let _ = reader.get(&PLAN.replace("cypp", "none/trackers")).problem(404, "not-found");
        let refused = reader.get(&format!("{PLAN}/trackers?state=lost")).problem(400, "invalid-query");
        refused.has_faults(&[("state", "unknown_value")]);
    });
}
