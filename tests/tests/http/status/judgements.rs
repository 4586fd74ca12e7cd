//! `.../measures/{measure}/judgements`: what officers say beside the computed rating.

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, on_both};

use super::{measure, of_measure};
use crate::framework::{self, PLAN};

fn judge(caller: &Caller, measure: &str, judgement: &Value) -> Answer {
    caller.post(&format!("{PLAN}/measures/{measure}/judgements"), judgement)
}

fn recovered() -> Value {
    json!({"kind": "override", "rating": "green", "from": "2010-03-01", "until": "2010-04-30",
           "reason": "The provider has caught up since the count."})
}

#[test]
fn an_override_is_shown_and_never_hides_the_computed_rating() {
    on_both(|waymark| {
        framework::examples(waymark);
        let director = waymark.role("accountable_director");
        let given = judge(&director, "lunches", &recovered()).expect(201);
        assert_eq!(given.at("/judged_by"), "user:accountable_director of leicestershire");
        let row = measure(&waymark.reader(), "lunches");
        assert_eq!((&row["rating"], &row["computed_rating"]), (&json!("green"), &json!("amber")));
        assert_eq!(row["override_judgement"]["reason"], recovered()["reason"]);
        assert_eq!(row["override_judgement"]["judged_by"], given.at("/judged_by"));
        assert!(row["explanation"].as_str().unwrap().starts_with("Amber: 29%"));
    });
}

#[test]
fn an_override_stands_from_its_first_to_its_last_day() {
    on_both(|waymark| {
        framework::examples(waymark);
        let _ = judge(&waymark.officer(), "lunches", &recovered()).expect(201);
        let rating =
            |date: &str| of_measure(&waymark.reader(), &format!("as_at={date}"), "lunches")["rating"].clone();
        assert_eq!(rating("2010-03-31"), "green");
        assert_eq!(rating("2010-04-30"), "green");
        assert_eq!(rating("2010-05-01"), "amber");
    });
}

#[test]
fn a_later_override_takes_the_place_of_an_earlier_one() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let _ = judge(&officer, "lunches", &recovered()).expect(201);
        let mut second = recovered();
        second["rating"] = json!("red");
        let _ = judge(&officer, "lunches", &second).expect(201);
        assert_eq!(measure(&officer, "lunches")["rating"], "red");
        let listed = officer.get(&format!("{PLAN}/measures/lunches/judgements")).expect(200).at("/items");
        let ratings: Vec<&Value> = listed.as_array().unwrap().iter().map(|item| &item["rating"]).collect();
        assert_eq!(ratings, ["green", "red"]);
    });
}

#[test]
fn a_prediction_is_returned_and_changes_no_rating() {
    on_both(|waymark| {
        framework::examples(waymark);
        let prediction = json!({"kind": "prediction", "rating": "red", "from": "2010-01-01",
                                "reason": "Two kitchens close in summer."});
        let _ = judge(&waymark.role("accountable_officer"), "lunches", &prediction).expect(201);
        let row = measure(&waymark.reader(), "lunches");
        assert_eq!((&row["rating"], &row["prediction"]["rating"]), (&json!("amber"), &json!("red")));
        assert_eq!(row["override_judgement"], Value::Null);
    });
}

#[test]
fn a_judgement_has_a_reason_and_days_in_order() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let with = |field: &str, value: Value| {
            let mut judgement = recovered();
            judgement[field] = value;
            judge(&officer, "lunches", &judgement).problem(422, "invalid-body")
        };
        with("reason", json!("")).has_faults(&[("/reason", "empty")]);
        with("until", json!("2010-02-28")).has_faults(&[("/until", "before_start")]);
        with("rating", json!("no_target")).has_faults(&[("/rating", "unknown_value")]);
        with("kind", json!("guess")).has_faults(&[("/kind", "unknown_value")]);
        with("from", json!("2010-02-30")).has_faults(&[("/from", "invalid_value")]);
        with("author", json!("another caller")).has_faults(&[("/author", "unknown_field")]);
        let listed = officer.get(&format!("{PLAN}/measures/lunches/judgements")).expect(200);
        assert_eq!(listed.at("/items"), json!([]));
        let _ = judge(&officer, "nowhere", &recovered()).problem(404, "not-found");
    });
}
