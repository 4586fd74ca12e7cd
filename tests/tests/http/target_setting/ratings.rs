//! Every rating says by which target, of which date, it was judged; and no caller can forge where a target comes from.

use serde_json::{Value, json};
use waymark_tests::{Caller, OWN, Waymark, on_both};

use super::{decide, decision, meeting, proposed, runaways};
use crate::framework::{self, MARCH, PLAN, content_of, indicator};
use crate::results::push;

/// Something counted once in the plan: 12 of 2007/08, then 14. Fewer are better, and no target is set.
fn prepared(waymark: &Waymark) {
    framework::plan(waymark, OWN);
    indicator(waymark, "runaways", json!({"unit": "count", "precision": 0, "polarity": "lower_is_better"}));
    let line = json!({"baseline": {"value": 12, "period": "FY2007-08"},
                      "target": {"state": "to_be_set", "reason": "To be set now baseline available"}});
    framework::measure(waymark, "runaways", json!([line]));
    let row = json!([{"indicator": "runaways", "period": MARCH, "value": 14}]);
    let _ = push(&waymark.role("submitter"), "", &row).expect(200);
}

fn agree(waymark: &Waymark, value: u32) -> String {
    let mut proposal = runaways();
    proposal["target"] = json!({"condition": "at_most", "value": value, "period": "FY2010-11"});
    let id = proposed(&waymark.officer(), proposal);
    let _ = decide(&waymark.role("board_clerk"), &meeting(json!([decision(&id, "agreed")]))).expect(200);
    id
}

fn row(caller: &Caller, query: &str) -> Value {
    caller.get(&format!("{PLAN}/status?as_at={MARCH}{query}")).expect(200).at("/measures/0")
}

/// 14 misses a limit of 12 and is more than the 12 of the baseline; it keeps a limit of 20.
#[test]
fn a_rating_changes_with_its_target_and_says_which_one() {
    on_both(|waymark| {
        prepared(waymark);
        let reader = waymark.reader();
        let blue = row(&reader, "");
        assert_eq!((&blue["rating"], &blue["target_state"]), (&json!("no_target"), &json!("to_be_set")));
        assert_eq!((&blue["target_agreed_on"], &blue["target_scope"]), (&Value::Null, &Value::Null));

        let id = agree(waymark, 12);
        // When it was proposed and not yet agreed.
        let then = reader.get(&format!("{}/history", super::path(&id))).at("/items/1/recorded_at");
        let red = row(&reader, "");
        assert_eq!((&red["rating"], &red["rule"]), (&json!("red"), &json!("worse_than_baseline")));
        assert_eq!((&red["target_state"], &red["target_period"]), (&json!("agreed"), &json!("FY2010-11")));
        assert_eq!((&red["target_agreed_on"], &red["target_scope"]), (&json!("2009-11-27"), &json!("local")));
        let sentence = "The local target of at most 12 was agreed on 27 November 2009.";
        assert!(red["explanation"].as_str().unwrap().ends_with(sentence), "{}", red["explanation"]);

        let _ = agree(waymark, 20);
        let green = row(&reader, "");
        assert_eq!((&green["rating"], &green["target"]), (&json!("green"), &json!("at most 20")));
        let published = row(&reader, &format!("&as_known_at={}", then.as_str().unwrap()));
        assert_eq!(published["rating"], "no_target");
        let history = reader.get(&format!("{PLAN}/measures/runaways/history")).expect(200).at("/items");
        let values: Vec<&Value> =
            history.as_array().unwrap().iter().map(|one| &one["lines"][0]["target"]["value"]).collect();
        assert_eq!(values, [&json!(20), &json!(12), &Value::Null]);
    });
}

/// A target that was not agreed here is reported as far as it is known.
#[test]
fn a_target_of_a_table_has_no_date() {
    on_both(|waymark| {
        framework::examples(waymark);
        let status = waymark.reader().get(&format!("{PLAN}/status?as_at={MARCH}")).expect(200).json();
        let lunches = status["measures"].as_array().unwrap().iter().find(|row| row["measure"] == "lunches");
        let lunches = lunches.unwrap();
        assert_eq!(lunches["target_state"], "agreed");
        assert_eq!((&lunches["target_agreed_on"], &lunches["target_period"]), (&Value::Null, &Value::Null));
        assert!(!lunches["explanation"].as_str().unwrap().contains("agreed"));
    });
}

#[test]
fn where_a_target_comes_from_is_neither_lost_nor_forged() {
    on_both(|waymark| {
        prepared(waymark);
        let _ = agree(waymark, 12);
        let (officer, measure) = (waymark.officer(), format!("{PLAN}/measures/runaways"));
        let content = || content_of(&officer.get(&measure), &["indicator", "polarity"]);
        let origin = officer.get(&measure).at("/lines/0/target/origin");

        // Sent back whole, or without it, it stays; the day of the review is the officer's to set.
        let _ = officer.replace(&measure, &content()).expect(200);
        let mut bare = content();
        bare["lines"][0]["target"].as_object_mut().unwrap().remove("origin");
        bare["lines"][0]["target"]["review_on"] = json!("2010-09-30");
        let kept = officer.replace(&measure, &bare).expect(200);
        assert_eq!(kept.at("/lines/0/target/origin"), origin);
        assert_eq!(kept.at("/lines/0/target/review_on"), "2010-09-30");

        let mut forged = content();
        forged["lines"][0]["target"]["origin"]["agreed_on"] = json!("2009-12-01");
        let refused = officer.replace(&measure, &forged).problem(422, "invalid-body");
        refused.has_faults(&[("/lines/0/target/origin", "read_only")]);

        let mut changed = content();
        changed["lines"][0]["target"]["value"] = json!(11);
        let now = officer.replace(&measure, &changed).expect(200);
        assert_eq!(now.at("/lines/0/target").get("origin"), None);
        assert_eq!(row(&officer, "")["target_agreed_on"], Value::Null);
        changed["lines"][0]["target"]["origin"] = origin;
        let refused = officer.replace(&measure, &changed).problem(422, "invalid-body");
        refused.has_faults(&[("/lines/0/target/origin", "read_only")]);
    });
}

/// A table that says the same target does not make it forget who agreed it.
#[test]
fn an_import_keeps_where_an_unchanged_target_comes_from() {
    on_both(|waymark| {
        framework::examples(waymark);
        let mut lunches = runaways();
        lunches["measure"] = json!("lunches");
        lunches["target"] = json!({"condition": "reach", "value": 33});
        lunches["review_on"] = json!("2010-09-30");
        let id = proposed(&waymark.officer(), lunches);
        let _ = decide(&waymark.role("board_clerk"), &meeting(json!([decision(&id, "agreed")]))).expect(200);
        let target = || waymark.reader().get(&format!("{PLAN}/measures/lunches")).at("/lines/0/target");
        let before = target();
        assert_eq!(before["origin"]["proposal"], json!(id));
        let _ = framework::import(&waymark.officer(), "", framework::EXAMPLES).expect(200);
        assert_eq!(target(), before);
    });
}
