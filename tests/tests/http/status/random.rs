//! Answers that are kept, after random sequences of changes through two services: they are what a service makes that
//! was started just now and has kept nothing.

use std::ops::Range;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use waymark_tests::{Caller, OWN, Waymark, on_both};

use super::{MARCH, PLAN};
use crate::framework::{self, content_of};
use crate::results::push;

/// Measures of the worked examples with one line, a baseline and a target; the last one is of a national indicator.
const MEASURES: [&str; 6] = ["conceptions", "assessments", "lunches", "placement", "participation", "NI53"];

const SCHEMES: [&str; 3] = ["baseline_to_target", "tolerance", "target_proximity"];

/// What can happen to a status.
#[derive(Debug, Clone)]
enum Change {
    /// Results of measures, by month; sound ones, or none of them is written.
    Push {
        rows: Vec<(usize, u32, u32)>,
        is_sound: bool,
    },
    /// The same as before, without any effect.
    Rehearse {
        measure: usize,
        tenths: u32,
    },
    Judge {
        measure: usize,
        rating: &'static str,
    },
    Baseline {
        measure: usize,
        tenths: u32,
    },
    Precision {
        measure: usize,
        places: u32,
    },
    Catalogue {
        title: u32,
    },
    Scheme(usize),
    Threshold(u32),
}

/// Months of the year that ends with the position.
const MONTHS: Range<u32> = 0..12;

fn change() -> impl Strategy<Value = Change> {
    let (measure, tenths) = (0..MEASURES.len(), 0_u32..1000);
    let row = (measure.clone(), MONTHS, tenths.clone());
    prop_oneof![
        4 => (prop::collection::vec(row, 1..8), prop::bool::weighted(0.8))
            .prop_map(|(rows, is_sound)| Change::Push { rows, is_sound }),
        1 => (measure.clone(), tenths.clone()).prop_map(|(measure, tenths)| Change::Rehearse { measure, tenths }),
        1 => (measure.clone(), prop::sample::select(vec!["red", "amber", "green"]))
            .prop_map(|(measure, rating)| Change::Judge { measure, rating }),
        1 => (measure.clone(), tenths).prop_map(|(measure, tenths)| Change::Baseline { measure, tenths }),
        1 => (0..MEASURES.len() - 1, 0_u32..3).prop_map(|(measure, places)| Change::Precision { measure, places }),
        1 => (0_u32..100).prop_map(|title| Change::Catalogue { title }),
        1 => (0..SCHEMES.len()).prop_map(Change::Scheme),
        1 => (0_u32..50).prop_map(Change::Threshold),
    ]
}

impl Change {
    /// Makes the change through one of the services.
    fn make(&self, waymark: &Waymark) {
        let officer = waymark.officer();
        match self {
            Self::Push { rows, is_sound } => {
                let mut rows: Vec<Value> = distinct(rows).iter().map(row).collect();
                if !is_sound {
                    rows.push(json!({"indicator": "unknown", "period": "2009-04", "value": 1}));
                }
                let status = if *is_sound { 200 } else { 422 };
                let _ = push(&waymark.role("submitter"), "", &json!(rows)).expect(status);
            }
            Self::Rehearse { measure, tenths } => {
                let rows = json!([row(&(*measure, 0, *tenths))]);
                let _ = push(&waymark.role("submitter"), "?validate_only=true", &rows).expect(200);
            }
            Self::Judge { measure, rating } => {
                let said =
                    json!({"kind": "override", "rating": rating, "reason": "We know.", "from": "2010-03-01"});
                let measure = MEASURES[*measure];
                let _ = officer.post(&format!("{PLAN}/measures/{measure}/judgements"), &said).expect(201);
            }
            Self::Baseline { measure, tenths } => {
                let path = format!("{PLAN}/measures/{}", MEASURES[*measure]);
                let mut content = content_of(&officer.get(&path), &["indicator", "polarity", "departures"]);
                content["lines"][0]["baseline"] = json!({"value": f64::from(*tenths) / 10.0});
                let _ = officer.replace(&path, &content).expect(200);
            }
            Self::Precision { measure, places } => {
                let path = format!("/v1/organisations/{OWN}/indicators/{}", MEASURES[*measure]);
                let mut content = content_of(&officer.get(&path), &[]);
                content["precision"] = json!(places);
                let _ = officer.replace(&path, &content).expect(200);
            }
            Self::Catalogue { title } => {
                let keeper = waymark.with(&[("performance_officer", "national")]);
                let path = "/v1/organisations/national/indicators/NI53";
                let mut content = content_of(&keeper.get(path), &[]);
                content["title"] = json!(format!("Breastfeeding, wording {title}"));
                let _ = keeper.replace(path, &content).expect(200);
            }
            Self::Scheme(scheme) => {
                let mut content = content_of(&officer.get(PLAN), &["scheme", "exception_rules"]);
                content["scheme_code"] = json!(SCHEMES[*scheme]);
                let _ = officer.replace(PLAN, &content).expect(200);
            }
            Self::Threshold(threshold) => {
                let content = json!({"title": "Leicestershire", "small_count_threshold": threshold});
                let path = format!("/v1/organisations/{OWN}");
                let _ = waymark.everywhere("admin").replace(&path, &content).expect(200);
            }
        }
    }
}

/// Of rows with one key the last one: two in one push are refused.
fn distinct(rows: &[(usize, u32, u32)]) -> Vec<(usize, u32, u32)> {
    let is_last = |(place, row): &(usize, &(usize, u32, u32))| {
        rows[place + 1..].iter().all(|later| (later.0, later.1) != (row.0, row.1))
    };
    rows.iter().enumerate().filter(is_last).map(|(_, row)| *row).collect()
}

fn row(&(measure, month, tenths): &(usize, u32, u32)) -> Value {
    let (year, month) = if month < 9 { (2009, month + 4) } else { (2010, month - 8) };
    let period = format!("{year}-{month:02}");
    json!({"indicator": MEASURES[measure], "period": period, "numerator": tenths, "denominator": 1000})
}

/// All that is kept of the plan, as two callers who see more and less read it.
fn everything_read(waymark: &Waymark) -> Vec<String> {
    let asked = [
        format!("{PLAN}/status"),
        format!("{PLAN}/status?as_at={MARCH}"),
        format!("{PLAN}/summary?as_at={MARCH}"),
        format!("{PLAN}/changes?from=2009-09-30&to={MARCH}"),
        format!("{PLAN}/measures/placement/trajectory?as_at={MARCH}"),
    ];
    let texts =
        |caller: &Caller| asked.iter().map(|path| caller.get(path).expect(200).text).collect::<Vec<_>>();
    [texts(&waymark.reader()), texts(&waymark.officer())].concat()
}

#[test]
fn what_is_cached_is_what_would_be_computed_again() {
    on_both(|waymark| {
        framework::examples(waymark);
        let body = json!({"code": "NI53", "theme": "healthy",
            "indicator": {"code": "NI53", "organisation": "national"},
            "lines": [{"baseline": {"value": 40},
                       "target": {"state": "agreed", "condition": "at_least", "value": 50}}]});
        let _ = waymark.officer().post(&format!("{PLAN}/measures"), &body).expect(201);
        let other = waymark.replica();
        let sequences = prop::collection::vec((change(), any::<bool>()), 8);
        // A sequence goes on where the last one ended, so a shorter one would not be the same.
        let config = Config { cases: 3, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
        let ran = TestRunner::new(config).run(&sequences, |sequence| {
            for (change, through_other) in sequence {
                change.make(if through_other { &other } else { waymark });
                let fresh = everything_read(&waymark.replica());
                prop_assert_eq!(&everything_read(waymark), &fresh, "{:?}", change);
                prop_assert_eq!(&everything_read(&other), &fresh, "elsewhere: {:?}", change);
            }
            Ok(())
        });
        ran.unwrap_or_else(|error| panic!("{error}"));
    });
}
