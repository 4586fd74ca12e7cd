//! The eight worked examples of DOMAIN.md, and their summary.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{codes, measure, measures};
use crate::framework::{self, MARCH, PLAN};

/// One worked example: what is expected of its row, and what its explanation must name.
struct Example {
    measure: &'static str,
    row: Value,
    names: &'static [&'static str],
}

/// Expected values are worked by hand: two thirds of the way are 730 of 1,095 days; December 2009 ends after 640.
fn worked() -> Vec<Example> {
    vec![
        // -22.8 - 27.2 * 730 / 1095 = -40.93
        Example {
            measure: "conceptions",
            row: json!({"rating": "red", "rule": "worse_than_baseline", "actual_value": -12.9,
                        "expected_value": -40.93, "expected_on": "2010-03-31", "polarity": "lower_is_better"}),
            names: &["Red", "-12.9%", "-22.80%", "worse than the baseline", "lower is better"],
        },
        // The baseline already met the target, so the trajectory is the target, throughout.
        Example {
            measure: "assessments",
            row: json!({"rating": "red", "rule": "worse_than_baseline", "actual_value": 82.4,
                        "actual_period": "2009-12", "expected_value": 90, "baseline_value": 90.1,
                        "baseline_period": "2007-12", "target_at_least": 90}),
            names: &["Red", "82.4%", "90.1%", "90%", "December 2009", "December 2007"],
        },
        Example {
            measure: "second-plan",
            row: json!({"rating": "green", "rule": "end_target_met", "target_at_least": 10, "target_at_most": 15,
                        "target": "10% to 15%"}),
            names: &["Green", "13.4%", "10% to 15%"],
        },
        // 26 + 7 * 730 / 1095 = 30.67
        Example {
            measure: "lunches",
            row: json!({"rating": "amber", "rule": "not_worse_than_baseline", "actual_value": 29,
                        "expected_value": 30.67, "baseline_value": 26, "polarity_source": "stated"}),
            names: &["Amber", "29%", "30.67%", "26%"],
        },
        // 56.9 + 13.1 * 640 / 1095 = 64.56
        Example {
            measure: "placement",
            row: json!({"rating": "green", "rule": "end_target_met", "expected_value": 64.56}),
            names: &["Green", "73.1%", "70.0%"],
        },
        // 77 + 9 * 730 / 1095 = 83
        Example {
            measure: "participation",
            row: json!({"rating": "amber", "rule": "not_worse_than_baseline", "expected_value": 83}),
            names: &["Amber", "77%", "83%", "not worse than the baseline"],
        },
        Example {
            measure: "runaways",
            row: json!({"rating": "no_target", "rule": "no_target", "actual_value": 12, "target": null}),
            names: &["No target", "12"],
        },
        Example {
            measure: "poverty",
            row: json!({"rating": "no_data", "rule": "no_result", "actual_value": null, "actual_period": null}),
            names: &["No data"],
        },
    ]
}

#[test]
fn the_worked_examples_come_out_as_the_sources_say() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        for Example { measure: code, row: expected, names } in worked() {
            let row = measure(&reader, code);
            for (field, value) in expected.as_object().unwrap() {
                assert_eq!(&row[field], value, "{code}, {field}: {row:#}");
            }
            assert_eq!(row["computed_rating"], row["rating"]);
            let explanation = row["explanation"].as_str().unwrap();
            for name in names {
                assert!(explanation.contains(name), "{code} does not name {name}: {explanation}");
            }
            // For a councillor: sentences, and no words of programs.
            assert!(explanation.ends_with('.') && !explanation.contains('_'), "{explanation}");
        }
    });
}

#[test]
fn measures_stand_in_the_order_of_the_plan() {
    on_both(|waymark| {
        framework::examples(waymark);
        let rows = measures(&waymark.reader(), &format!("as_at={MARCH}"));
        assert_eq!(
            codes(&rows),
            [
                "conceptions",
                "lunches",
                "assessments",
                "placement",
                "runaways",
                "second-plan",
                "participation",
                "poverty"
            ]
        );
    });
}

#[test]
fn a_status_is_filtered_by_theme_and_rating() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let asked = |filter: &str| {
            let rows = measures(&reader, &format!("as_at={MARCH}&{filter}"));
            codes(&rows).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(asked("theme=healthy"), ["conceptions", "lunches"]);
        assert_eq!(asked("rating=red"), ["conceptions", "assessments"]);
        assert_eq!(asked("rating=red&theme=safe"), ["assessments"]);
        assert_eq!(asked("rating=no_data"), ["poverty"]);
        // A misspelt filter must not look like a plan without such measures.
        for (query, parameter) in
            [("theme=nowhere", "theme"), ("priority=HW-9", "priority"), ("lead=Unknown", "lead")]
        {
            let unknown = reader.get(&format!("{PLAN}/status?{query}")).problem(422, "unknown-filter-value");
            unknown.has_faults(&[(parameter, "unknown_value")]);
        }
        let wrong = reader.get(&format!("{PLAN}/status?rating=purple")).problem(400, "invalid-query");
        wrong.has_faults(&[("rating", "unknown_value")]);
    });
}

/// Whole percentages, half rounded up: one of eight is 12.5, reported as 13. They need not add up to 100.
#[test]
fn the_summary_counts_all_measures() {
    on_both(|waymark| {
        framework::examples(waymark);
        let summary = waymark.reader().get(&format!("{PLAN}/summary?as_at={MARCH}")).expect(200);
        assert_eq!(summary.at("/total"), 8);
        let of = |shares: &Value, rating: &str| {
            let share = shares.as_array().unwrap().iter().find(|share| share["rating"] == rating).unwrap();
            (share["count"].as_i64().unwrap(), share["percent"].as_i64().unwrap())
        };
        let ratings = summary.at("/ratings");
        assert_eq!(ratings.as_array().unwrap().len(), 9);
        for (rating, share) in [
            ("green", (2, 25)),
            ("amber", (2, 25)),
            ("red", (2, 25)),
            ("no_target", (1, 13)),
            ("no_data", (1, 13)),
            ("not_rateable", (0, 0)),
        ] {
            assert_eq!(of(&ratings, rating), share, "{rating}");
        }
        assert_eq!(summary.at("/themes/0/theme"), "healthy");
        assert_eq!(of(&summary.at("/themes/0/ratings"), "red"), (1, 50));
        assert_eq!(summary.at("/themes/1/title"), "Stay safe");
        assert_eq!(summary.at("/themes/1/total"), 4);
        assert_eq!(of(&summary.at("/themes/1/ratings"), "green"), (2, 50));
    });
}

#[test]
fn a_plan_without_measures_has_a_status_of_nothing() {
    on_both(|waymark| {
        framework::plan(waymark, waymark_tests::OWN);
        let reader = waymark.reader();
        assert_eq!(measures(&reader, &format!("as_at={MARCH}")), [] as [Value; 0]);
        let summary = reader.get(&format!("{PLAN}/summary")).expect(200);
        assert_eq!(summary.at("/total"), 0);
        assert_eq!(summary.at("/ratings/0/percent"), 0);
    });
}

/// The plan decides how its measures are rated: within two points is amber, whatever the baseline was.
#[test]
fn a_scheme_of_the_plans_own_rates_its_measures() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let mut content = officer.get(PLAN).expect(200).json();
        for fixed in ["code", "revision", "recorded_at"] {
            content.as_object_mut().unwrap().remove(fixed);
        }
        content["scheme"] = json!({
            "code": "two-points", "title": "Within two points", "basis": "trajectory",
            "green_within": {"kind": "absolute", "value": 0}, "end_target_is_green": false,
            "amber": {"rule": "within", "tolerance": {"kind": "absolute", "value": 2}},
        });
        let _ = officer.replace(PLAN, &content).expect(200);
        // 30.67 - 29 is 1.67; 83 - 77 is 6; 73.1 is above 64.56.
        for (code, rating) in [("lunches", "amber"), ("participation", "red"), ("placement", "green")] {
            assert_eq!(measure(&officer, code)["rating"], rating, "{code}");
        }
        let status = officer.get(&format!("{PLAN}/status?as_at={MARCH}")).expect(200);
        assert_eq!(status.at("/scheme"), "two-points");
    });
}

#[test]
fn no_date_lies_in_nowhere() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        for (query, place) in [
            ("as_at=2010-02-30", "as_at"),
            ("as_at=yesterday", "as_at"),
            ("as_known_at=2010-03-31", "as_known_at"),
            ("as_known_at=2999-01-01T00:00:00Z", "as_known_at"),
            ("colour=red", "colour"),
        ] {
            let refused = reader.get(&format!("{PLAN}/status?{query}")).problem(400, "invalid-query");
            assert_eq!(refused.faults()[0].0, place, "{query}");
        }
        for extreme in ["0001-01-01", "1900-01-01", "2199-12-31", "9999-12-31"] {
            let answer = reader.get(&format!("{PLAN}/status?as_at={extreme}"));
            assert!(matches!(answer.status, 200 | 400), "{extreme}: {}", answer.text);
        }
    });
}
