//! `as_at` and `as_known_at`: a published report can always be reproduced.

use serde_json::{Value, json};
use waymark_tests::{Caller, on_both};

use super::{measures, of_measure};
use crate::framework::{self, MARCH, PLAN};
use crate::results::{RESULTS, push};

/// When the result of the school lunches was recorded.
fn recorded(caller: &Caller) -> String {
    let results = caller.get(&format!("{RESULTS}?indicator=lunches")).expect(200);
    results.at("/items/0/recorded_at").as_str().unwrap().to_owned()
}

#[test]
fn a_status_is_reproduced_after_a_correction() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let then = recorded(&reader);
        let published = measures(&reader, &format!("as_at={MARCH}"));

        let correction =
            json!([{"indicator": "lunches", "period": MARCH, "value": 31, "standing": "revised"}]);
        let _ = push(&waymark.role("submitter"), "", &correction).expect(200);
        let now = of_measure(&reader, &format!("as_at={MARCH}"), "lunches");
        assert_eq!((&now["rating"], &now["actual_value"]), (&json!("green"), &json!(31)));
        assert_eq!(now["standing"], "revised");
        let known = format!("as_at={MARCH}&as_known_at={then}");
        assert_eq!(measures(&reader, &known), published);

        let summary = reader.get(&format!("{PLAN}/summary?{known}")).expect(200);
        assert_eq!(summary.at("/ratings/1/rating"), "amber");
        assert_eq!(summary.at("/ratings/1/count"), 2);
        // Nothing changed in the world between the two, only what was known of it.
        let changes = reader
            .get(&format!("{PLAN}/changes?from={MARCH}&from_known_at={then}&to={MARCH}&to_known_at={then}"));
        assert_eq!(changes.expect(200).at("/still_red").as_array().unwrap().len(), 2);
    });
}

/// The plan's own change does not reach back either.
#[test]
fn a_status_is_rated_by_the_scheme_that_was_known() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let then = recorded(&officer);
        let mut content = officer.get(PLAN).expect(200).json();
        for fixed in ["code", "revision", "recorded_at", "scheme"] {
            content.as_object_mut().unwrap().remove(fixed);
        }
        content["scheme_code"] = json!("target_proximity");
        let _ = officer.replace(PLAN, &content).expect(200);
        let scheme = |query: &str| officer.get(&format!("{PLAN}/status?as_at={MARCH}{query}")).at("/scheme");
        assert_eq!(scheme(""), "target_proximity");
        assert_eq!(scheme(&format!("&as_known_at={then}")), "baseline_to_target");
    });
}

#[test]
fn before_anything_was_known_there_was_no_plan() {
    on_both(|waymark| {
        framework::examples(waymark);
        for read in ["status", "summary", "measures/lunches/trajectory"] {
            let answer = waymark.reader().get(&format!("{PLAN}/{read}?as_known_at=2009-01-01T00:00:00Z"));
            let _ = answer.problem(404, "not-found");
        }
    });
}

/// Results of later periods belong to later positions.
#[test]
fn a_position_holds_what_had_ended_by_its_date() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let at =
            |date: &str, code: &str| of_measure(&reader, &format!("as_at={date}"), code)["rating"].clone();
        assert_eq!(at("2009-12-30", "assessments"), "no_data");
        assert_eq!(at("2009-12-31", "assessments"), "red");
        assert_eq!(at("2010-03-30", "lunches"), "no_data");
        assert_eq!(at("2010-03-31", "lunches"), "amber");
    });
}

/// The results of these tests all came in today, after any report of the past.
#[test]
fn what_came_in_before_the_previous_report_is_no_news() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let lunches = |query: &str| of_measure(&reader, query, "lunches");
        assert_eq!(lunches(&format!("as_at={MARCH}&previous_report=2009-09-30"))["rating"], "amber");
        let later = lunches("as_at=2199-12-31&previous_report=2199-06-30");
        assert_eq!(later["rating"], "no_new_data");
        assert_eq!(later["actual_value"], json!(29));
        assert_eq!(of_measure(&reader, "as_at=2199-12-31", "lunches")["rating"], "amber");
        assert_ne!(later["explanation"], Value::Null);
    });
}

#[test]
fn a_status_keeps_its_tag_until_something_changes() {
    on_both(|waymark| {
        framework::examples(waymark);
        let path = format!("{PLAN}/status?as_at={MARCH}");
        let reader = waymark.reader();
        let tag = reader.get(&path).expect(200).etag();
        assert_eq!(waymark.officer().get(&path).expect(200).etag(), tag);
        let poll = || reader.request("GET", &path).header("if-none-match", &tag).send().status;
        assert_eq!(poll(), 304);
        let same = json!([{"indicator": "lunches", "period": MARCH, "value": 29}]);
        let _ = push(&waymark.role("submitter"), "", &same).expect(200);
        assert_eq!(poll(), 304);
        let other = json!([{"indicator": "lunches", "period": MARCH, "value": 28}]);
        let _ = push(&waymark.role("submitter"), "", &other).expect(200);
        assert_eq!(poll(), 200);
    });
}
