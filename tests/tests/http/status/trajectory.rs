//! `.../measures/{measure}/trajectory`: the measure's trajectory, ready to plot.

use serde_json::{Value, json};
use waymark_tests::on_both;

use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

fn on(points: &Value, day: &str) -> Value {
    let found = points.as_array().unwrap().iter().find(|point| point["date"] == day);
    found.unwrap_or_else(|| panic!("no point on {day}: {points:#}")).clone()
}

/// A third of 7 on the way from 26 to 33 is 28.33, two thirds are 30.67.
#[test]
fn school_lunches_rise_by_a_third_each_year() {
    on_both(|waymark| {
        framework::examples(waymark);
        let rows = json!([{"indicator": "lunches", "period": "2009-03-31", "value": 28.5}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let way =
            waymark.reader().get(&format!("{PLAN}/measures/lunches/trajectory?as_at={MARCH}")).expect(200);
        assert_eq!(way.at("/unit"), "percent");
        assert_eq!(way.at("/lines").as_array().unwrap().len(), 1);
        assert_eq!(way.at("/lines/0/start/value"), 26);
        let expected = way.at("/lines/0/expected");
        for (day, value) in
            [("2009-03-31", json!(28.33)), ("2010-03-31", json!(30.67)), ("2011-03-31", json!(33))]
        {
            let point = on(&expected, day);
            assert_eq!((&point["value"], &point["at_least"]), (&value, &value), "{day}");
            assert_eq!(point["at_most"], Value::Null);
        }
        let days: Vec<&str> =
            expected.as_array().unwrap().iter().map(|p| p["date"].as_str().unwrap()).collect();
        let mut sorted = days.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(days, sorted);
        let results = way.at("/lines/0/results");
        let listed: Vec<_> =
            results.as_array().unwrap().iter().map(|r| (&r["date"], &r["value"], &r["rating"])).collect();
        assert_eq!(
            listed,
            [
                (&json!("2009-03-31"), &json!(28.5), &json!("green")),
                (&json!("2010-03-31"), &json!(29), &json!("amber"))
            ]
        );
    });
}

#[test]
fn a_way_that_is_maintained_stays_at_its_target() {
    on_both(|waymark| {
        framework::examples(waymark);
        let way = waymark
            .reader()
            .get(&format!("{PLAN}/measures/assessments/trajectory?as_at={MARCH}"))
            .expect(200);
        let expected = way.at("/lines/0/expected");
        assert!(!expected.as_array().unwrap().is_empty());
        assert!(expected.as_array().unwrap().iter().all(|point| point["value"] == 90), "{expected:#}");
    });
}

#[test]
fn a_range_is_returned_with_both_bounds() {
    on_both(|waymark| {
        framework::examples(waymark);
        let way = waymark
            .reader()
            .get(&format!("{PLAN}/measures/second-plan/trajectory?as_at={MARCH}"))
            .expect(200);
        let end = on(&way.at("/lines/0/expected"), "2011-03-31");
        assert_eq!((&end["at_least"], &end["at_most"]), (&json!(10), &json!(15)));
    });
}

#[test]
fn where_nothing_is_expected_the_reason_is_returned() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let way = reader.get(&format!("{PLAN}/measures/runaways/trajectory?as_at={MARCH}")).expect(200);
        assert_eq!(way.at("/lines/0/expected"), json!([]));
        assert_eq!(way.at("/lines/0/nothing_expected_because"), "no_target");
        assert_eq!(way.at("/lines/0/results/0/value"), 12);
        let _ = reader.get(&format!("{PLAN}/measures/nowhere/trajectory")).problem(404, "not-found");
    });
}
