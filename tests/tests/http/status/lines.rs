//! Measures made one by one: components, milestones, steps, profiles, forecasts, definition versions.

use serde_json::{Value, json};
use waymark_tests::{OWN, Waymark, on_both};

use super::{measure, of_measure};
use crate::framework::{self, MARCH, PLAN, indicator};
use crate::results::push;

fn prepared(waymark: &Waymark, code: &str, fields: Value, lines: Value) {
    framework::plan(waymark, OWN);
    indicator(waymark, code, fields);
    framework::measure(waymark, code, lines);
}

fn came(waymark: &Waymark, rows: Value) {
    let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
}

/// Source 001: 40% by March 2009, 50% by March 2010, 60% by March 2011.
#[test]
fn milestones_are_reached_one_by_one() {
    on_both(|waymark| {
        let points = json!([{"period": "2009-03", "value": 40}, {"period": "2010-03", "value": 50},
                            {"period": "2011-03", "value": 60}]);
        let line = json!({"baseline": {"value": 31}, "trajectory": {"kind": "milestones", "points": points},
                          "target": {"state": "agreed", "condition": "end_of_trajectory"}});
        prepared(waymark, "schools", json!({}), json!([line]));
        came(
            waymark,
            json!([{"indicator": "schools", "period": "2009-03-31", "value": 39.9},
                             {"indicator": "schools", "period": MARCH, "value": 50}]),
        );
        let reader = waymark.reader();
        let early = of_measure(&reader, "as_at=2009-03-31", "schools");
        assert_eq!((&early["rating"], &early["expected_value"]), (&json!("amber"), &json!(40)));
        let late = measure(&reader, "schools");
        assert_eq!((&late["rating"], &late["rule"]), (&json!("green"), &json!("as_expected")));
        let way = reader.get(&format!("{PLAN}/measures/schools/trajectory?as_at={MARCH}")).expect(200);
        assert_eq!(way.at("/lines/0/start/value"), 31);
        let last = way.at("/lines/0/expected").as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["date"], &last["value"]), (&json!("2011-03-31"), &json!(60)));
    });
}

/// Source 001: 823 in 2008/09, one per cent less each year: 814.77, then 806.6223.
#[test]
fn a_yearly_step_of_per_cent_is_compound() {
    on_both(|waymark| {
        let line = json!({
            "baseline": {"value": 823, "period": "FY2008-09"},
            "trajectory": {"kind": "yearly_step", "step": -1, "step_unit": "percent", "until": "FY2010-11"},
            "target": {"state": "agreed", "condition": "end_of_trajectory"},
        });
        let fields = json!({"unit": "number", "polarity": "lower_is_better", "precision": 2});
        prepared(waymark, "entrants", fields, json!([line]));
        came(waymark, json!([{"indicator": "entrants", "period": "FY2009-10", "value": 814.77}]));
        let reader = waymark.reader();
        let row = measure(&reader, "entrants");
        assert_eq!((&row["rating"], &row["expected_value"]), (&json!("green"), &json!(814.77)));
        came(waymark, json!([{"indicator": "entrants", "period": "FY2009-10", "value": 814.78}]));
        assert_eq!(measure(&reader, "entrants")["rating"], "amber");
    });
}

/// Each dose is rated by itself, and the worst counts.
#[test]
fn a_measure_of_several_parts_takes_its_worst() {
    on_both(|waymark| {
        let line = |component: &str, target: u8| {
            json!({"component": component, "baseline": {"value": 88},
                   "target": {"state": "agreed", "condition": "at_least", "value": target}})
        };
        let fields = json!({"components": ["Dose 1", "Dose 2", "Dose 3"]});
        prepared(
            waymark,
            "doses",
            fields,
            json!([line("Dose 1", 90), line("Dose 2", 95), line("Dose 3", 90)]),
        );
        let dose = |component: &str, value: Value| json!({"indicator": "doses", "period": MARCH, "component": component, "value": value});
        came(
            waymark,
            json!([dose("Dose 1", json!(92.1)), dose("Dose 2", json!(91.5)), dose("Dose 3", json!(87))]),
        );
        let row = measure(&waymark.reader(), "doses");
        assert_eq!(row["rating"], "red");
        assert!(row["explanation"].as_str().unwrap().contains("87%"));
        let parts: Vec<_> = row["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| (&part["component"], &part["rating"]))
            .collect();
        // 88 + 7 * 730 / 1095 = 92.67 are expected of dose 2.
        let (one, two, three) = (json!("Dose 1"), json!("Dose 2"), json!("Dose 3"));
        assert_eq!(parts, [(&one, &json!("green")), (&two, &json!("amber")), (&three, &json!("red"))]);
        let way =
            waymark.reader().get(&format!("{PLAN}/measures/doses/trajectory?as_at={MARCH}")).expect(200);
        assert_eq!(way.at("/lines").as_array().unwrap().len(), 3);
    });
}

/// From 20 in June to 22 in September are 92 days; 182 days later the line stands at 22 + 2 * 182 / 92 = 25.96.
#[test]
fn the_year_end_is_forecast_from_the_trend() {
    on_both(|waymark| {
        let line = json!({"baseline": {"value": 18}, "target": {"state": "agreed", "condition": "at_least", "value": 30}});
        prepared(waymark, "trend", json!({"precision": 2}), json!([line]));
        came(
            waymark,
            json!([{"indicator": "trend", "period": "2009-06-30", "value": 20},
                             {"indicator": "trend", "period": "2009-09-30", "value": 22}]),
        );
        let row = of_measure(&waymark.reader(), "as_at=2009-12-31", "trend");
        assert_eq!((&row["forecast_value"], &row["forecast_on"]), (&json!(25.96), &json!("2010-03-31")));
        // 18 + 12 * 730 / 1095 = 26 are expected by then.
        assert_eq!(row["forecast_rating"], "amber");
    });
}

#[test]
fn results_of_different_methods_are_not_compared() {
    on_both(|waymark| {
        let line = json!({"baseline": {"value": 18, "definition_version": 1},
                          "target": {"state": "agreed", "condition": "at_least", "value": 30}});
        let versions = json!({"versions": [{"number": 1}, {"number": 2, "from": "2009-04-01"}]});
        prepared(waymark, "method", versions, json!([line]));
        came(
            waymark,
            json!([{"indicator": "method", "period": "2009-03-31", "value": 20},
                             {"indicator": "method", "period": MARCH, "value": 22}]),
        );
        let reader = waymark.reader();
        assert_eq!(of_measure(&reader, "as_at=2009-03-31", "method")["rating"], "amber");
        let row = measure(&reader, "method");
        assert_eq!((&row["rating"], &row["rule"]), (&json!("not_rateable"), &json!("method_changed")));
        assert_eq!(row["direction"], Value::Null);
    });
}

/// Source 001: below ten per cent, from 6.1: 8 keeps the limit although it is worse than the baseline.
#[test]
fn a_limit_that_is_kept_is_green() {
    on_both(|waymark| {
        let line = json!({"baseline": {"value": 6.1}, "target": {"state": "agreed", "condition": "below", "value": 10}});
        prepared(waymark, "limit", json!({"polarity": "lower_is_better"}), json!([line]));
        came(waymark, json!([{"indicator": "limit", "period": MARCH, "value": 8}]));
        let reader = waymark.reader();
        assert_eq!(measure(&reader, "limit")["rating"], "green");
        came(waymark, json!([{"indicator": "limit", "period": MARCH, "value": 10}]));
        assert_eq!(measure(&reader, "limit")["rating"], "red");
    });
}
