//! What a service remembers of an organisation from one push to the next: whatever else changes, and wherever, no push
//! reports a wrong change of a rating.

use std::collections::BTreeMap;
use std::thread;

use serde_json::{Value, json};
use waymark_tests::{OWN, Waymark, on_both};

use super::push;
use crate::framework::{self, PLAN, content_of};

/// Three of them end on one day.
const PERIODS: [&str; 5] = ["FY2008-09", "2009-12", "2010-03", "FY2009-10", "2010-03-31"];
const INDICATORS: [&str; 4] = ["DOSES", "GENDER", "PLAIN", "NI52"];

/// Measures of one part, of components, of a category, of an indicator of the catalogue.
fn measured(waymark: &Waymark) {
    framework::plan(waymark, OWN);
    framework::indicator(waymark, "PLAIN", json!({}));
    framework::indicator(waymark, "DOSES", json!({"components": ["Dose 1", "Dose 2"]}));
    let gender = json!([{"code": "gender", "title": "Gender", "categories": ["boys", "girls"]}]);
    framework::indicator(waymark, "GENDER", json!({"dimensions": gender}));
    for indicator in INDICATORS {
        framework::measure(waymark, indicator, json!([line(60)]));
    }
    let mut girls = framework::new_measure("GENDER", line(50));
    girls["code"] = json!("GIRLS");
    girls["breakdown"] = json!("gender=girls");
    let _ = waymark.officer().post(&format!("{PLAN}/measures"), &girls).expect(201);
}

fn line(target: u32) -> Value {
    json!({"baseline": {"value": 40}, "target": {"state": "agreed", "condition": "at_least", "value": target}})
}

/// The ratings of today, by measure, as the status returns them.
fn ratings(waymark: &Waymark) -> BTreeMap<String, Value> {
    let status = waymark.reader().get(&format!("{PLAN}/status")).expect(200);
    let rows = status.at("/measures");
    let rated = |row: &Value| (row["measure"].as_str().unwrap().to_owned(), row["rating"].clone());
    rows.as_array().unwrap().iter().map(rated).collect()
}

/// What differs, as a push reports it.
fn differences(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Value {
    let changed = after.iter().filter(|(measure, rating)| before[*measure] != **rating);
    changed
        .map(|(measure, rating)| {
            json!({"plan": "cypp", "measure": measure, "before": before[measure], "after": rating})
        })
        .collect()
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one_of<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }

    /// Up to three rows of different keys.
    fn rows(&mut self) -> Value {
        let mut rows = BTreeMap::new();
        for _ in 0..=self.below(3) {
            let (indicator, period) = (self.one_of(&INDICATORS), self.one_of(&PERIODS));
            let mut row = json!({"indicator": indicator, "period": period, "value": 30 + self.below(9) * 6});
            match indicator {
                "DOSES" => row["component"] = self.one_of(&[None, Some("Dose 1"), Some("Dose 2")]).into(),
                "GENDER" => {
                    row["breakdown"] = self.one_of(&[None, Some("gender=girls"), Some("gender=boys")]).into()
                }
                _ => {}
            }
            let key = format!("{indicator} {period} {} {}", row["component"], row["breakdown"]);
            rows.insert(key, row);
        }
        rows.into_values().collect()
    }
}

#[test]
fn no_push_reports_a_wrong_change_of_a_rating() {
    on_both(|waymark| {
        measured(waymark);
        let other = waymark.replica();
        let services = [waymark, &other];
        let mut dice = Dice(4);
        let mut reported = 0;
        for step in 0..120 {
            let service = services[dice.below(2)];
            if dice.below(6) == 0 {
                let what = change_something(service, &mut dice);
                assert!(what < 400, "step {step}: {what}");
                continue;
            }
            let rows = dice.rows();
            let before = ratings(waymark);
            let submitter = service.role("submitter");
            match dice.below(6) {
                0 => {
                    let _ = push(&submitter, "?validate_only=true", &rows).expect(200);
                    assert_eq!(ratings(waymark), before, "step {step}: {rows}");
                }
                1 => {
                    let bad = json!([rows[0], {"indicator": "PLAIN", "period": "never", "value": 1}]);
                    let _ = push(&submitter, "", &bad).problem(422, "rows-rejected");
                    assert_eq!(ratings(waymark), before, "step {step}: {rows}");
                }
                _ => {
                    let changes = push(&submitter, "", &rows).expect(200).at("/rating_changes");
                    assert_eq!(changes, differences(&before, &ratings(waymark)), "step {step}: {rows}");
                    reported += changes.as_array().unwrap().len();
                }
            }
        }
        assert!(reported >= 10, "only {reported} changes of ratings were reported");
    });
}

/// Changes one of all that a rating is made of beside results, and returns the status of the answer.
fn change_something(service: &Waymark, dice: &mut Dice) -> u16 {
    let officer = service.officer();
    let replace = |caller: &waymark_tests::Caller, path: &str, fixed: &[&str], field: &str, value: Value| {
        let mut content = content_of(&caller.get(path), fixed);
        content[field] = value;
        caller.replace(path, &content).status
    };
    let polarity = dice.one_of(&["higher_is_better", "lower_is_better"]);
    match dice.below(5) {
        0 => {
            let path = format!("{PLAN}/measures/{}", dice.one_of(&["DOSES", "GIRLS", "PLAIN", "NI52"]));
            let lines = json!([line(40 + 10 * dice.below(4) as u32)]);
            replace(&officer, &path, &["indicator", "polarity", "departures"], "lines", lines)
        }
        1 => {
            let path =
                format!("/v1/organisations/{OWN}/indicators/{}", dice.one_of(&["DOSES", "GENDER", "PLAIN"]));
            replace(&officer, &path, &[], "polarity", polarity.into())
        }
        2 => {
            let scheme = dice.one_of(&["baseline_to_target", "tolerance"]);
            let fixed: &[&str] = &["scheme"];
            replace(&officer, PLAN, fixed, "scheme_code", scheme.into())
        }
        3 => {
            let path = format!("{PLAN}/measures/{}/judgements", dice.one_of(&["GENDER", "GIRLS"]));
            let until = dice.one_of(&["2010-12-31", "2999-12-31"]);
            let judgement = json!({"kind": "override", "rating": dice.one_of(&["red", "green"]), "reason": "R",
                                   "from": "2010-03-01", "until": until});
            officer.post(&path, &judgement).status
        }
        _ => {
            let national = service.with(&[("performance_officer", "national")]);
            replace(&national, "/v1/organisations/national/indicators/NI52", &[], "polarity", polarity.into())
        }
    }
}

/// Each push begins where the one before it ended, whichever service took it, so the changes that are reported of a
/// measure make a chain that leads to its rating.
#[test]
fn the_changes_reported_by_pushes_at_once_make_one_chain() {
    on_both(|waymark| {
        measured(waymark);
        let other = waymark.replica();
        let before = ratings(waymark);
        let reported: Vec<(String, Value)> = thread::scope(|scope| {
            let hands: Vec<_> = (0..4_u64)
                .map(|hand| {
                    let service = if hand % 2 == 0 { waymark } else { &other };
                    scope.spawn(move || {
                        let submitter = service.role("submitter");
                        let mut dice = Dice(hand);
                        let push = |_| {
                            let answer = push(&submitter, "", &dice.rows()).expect(200);
                            (
                                answer.at("/submission").as_str().unwrap().to_owned(),
                                answer.at("/rating_changes"),
                            )
                        };
                        (0..15).map(push).collect::<Vec<_>>()
                    })
                })
                .collect();
            hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
        });
        let reported: BTreeMap<String, Value> = reported.into_iter().collect();
        let list =
            waymark.officer().get("/v1/organisations/leicestershire/submissions?limit=200").expect(200);
        let mut received: Vec<(String, String)> = list
            .at("/items")
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                (item["received_at"].as_str().unwrap().to_owned(), item["id"].as_str().unwrap().to_owned())
            })
            .collect();
        received.sort();
        assert_eq!(received.len(), reported.len());
        let mut rated = before;
        for (_, submission) in &received {
            for change in reported[submission].as_array().unwrap() {
                let measure = change["measure"].as_str().unwrap();
                assert_eq!(rated[measure], change["before"], "{submission}: {change}");
                rated.insert(measure.to_owned(), change["after"].clone());
            }
        }
        assert_eq!(rated, ratings(waymark));
    });
}
