//! `.../plans/{plan}/changes`: which measures turned red between two dates, and which no longer are.

use serde_json::{Value, json};
use waymark_tests::{Waymark, on_both};

use super::{codes, measure};
use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

/// A year before the worked examples: -25 is better than the baseline of -22.8 and short of the -31.87 expected, so
/// amber; 85 is worse than 90.1, so red; 25 is worse than 26, so red.
fn a_year_before(waymark: &Waymark) {
    framework::examples(waymark);
    let rows = json!([
        {"indicator": "conceptions", "period": "2009-03-31", "value": -25},
        {"indicator": "assessments", "period": "2009-03-31", "value": 85},
        {"indicator": "lunches", "period": "2009-03-31", "value": 25},
    ]);
    let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
}

#[test]
fn reds_are_listed_in_four_lists() {
    on_both(|waymark| {
        a_year_before(waymark);
        let changes = waymark.reader().get(&format!("{PLAN}/changes?from=2009-03-31&to={MARCH}")).expect(200);
        let list = |name: &str| changes.at(&format!("/{name}")).as_array().unwrap().clone();
        let (newly, still, no_longer) = (list("newly_red"), list("still_red"), list("no_longer_red"));
        assert_eq!(codes(&newly), ["conceptions"]);
        assert_eq!((&newly[0]["before"], &newly[0]["now"]), (&json!("amber"), &json!("red")));
        assert_eq!(codes(&still), ["assessments"]);
        assert_eq!((&still[0]["before"], &still[0]["now"]), (&json!("red"), &json!("red")));
        assert_eq!(codes(&no_longer), ["lunches"]);
        assert_eq!((&no_longer[0]["before"], &no_longer[0]["now"]), (&json!("red"), &json!("amber")));
        assert_eq!(list("left_deleted"), [] as [Value; 0]);
        assert!(no_longer[0]["explanation"].as_str().unwrap().starts_with("Amber: 29%"));
    });
}

#[test]
fn between_a_date_and_itself_nothing_changes() {
    on_both(|waymark| {
        a_year_before(waymark);
        let changes = waymark.reader().get(&format!("{PLAN}/changes?from={MARCH}&to={MARCH}")).expect(200);
        assert_eq!(changes.at("/newly_red"), json!([]));
        assert_eq!(changes.at("/no_longer_red"), json!([]));
        assert_eq!(codes(changes.at("/still_red").as_array().unwrap()), ["conceptions", "assessments"]);
    });
}

#[test]
fn the_earlier_date_comes_first() {
    on_both(|waymark| {
        framework::plan(waymark, waymark_tests::OWN);
        let reader = waymark.reader();
        let turned = reader.get(&format!("{PLAN}/changes?from={MARCH}&to=2009-03-31"));
        turned.problem(400, "invalid-query").has_faults(&[("from", "after_end")]);
        let undated = reader.get(&format!("{PLAN}/changes"));
        undated.problem(400, "invalid-query").has_faults(&[("from", "missing_field")]);
    });
}

/// Lower is better for conceptions, so -25 to -12.9 is a step back; 25 to 29 lunches are a step forward.
#[test]
fn the_direction_of_travel_follows_the_polarity() {
    on_both(|waymark| {
        a_year_before(waymark);
        let rows = json!([{"indicator": "participation", "period": "2009-03-31", "value": 77.00}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let reader = waymark.reader();
        for (code, direction, previous) in [
            ("conceptions", "deteriorating", json!(-25)),
            ("lunches", "improving", json!(25)),
            ("participation", "static", json!(77.00)),
        ] {
            let row = measure(&reader, code);
            assert_eq!(row["direction"], direction, "{code}");
            assert_eq!(row["previous_period"], "2009-03-31", "{code}");
            let value = |value: &Value| value.as_f64().unwrap();
            assert_eq!(value(&row["previous_value"]), value(&previous), "{code}");
        }
        // A month is not compared with a day.
        assert_eq!(measure(&reader, "assessments")["direction"], Value::Null);
    });
}

/// A push says itself which measures it turns.
#[test]
fn a_push_reports_which_ratings_it_changes() {
    on_both(|waymark| {
        framework::examples(waymark);
        let rows = json!([
            {"indicator": "lunches", "period": MARCH, "value": 31},
            {"indicator": "participation", "period": MARCH, "value": 78},
        ]);
        let submitter = waymark.role("submitter");
        let tried = push(&submitter, "?validate_only=true", &rows).expect(200).at("/rating_changes");
        let expected = json!([{"plan": "cypp", "measure": "lunches", "before": "amber", "after": "green"}]);
        assert_eq!(tried, expected);
        assert_eq!(measure(&waymark.reader(), "lunches")["rating"], "amber");
        assert_eq!(push(&submitter, "", &rows).expect(200).at("/rating_changes"), expected);
        assert_eq!(measure(&waymark.reader(), "lunches")["rating"], "green");
    });
}
