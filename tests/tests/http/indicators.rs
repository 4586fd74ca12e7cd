//! `/v1/organisations/{organisation}/indicators`: definitions, and the catalogue.

use serde_json::{Value, json};
use waymark_tests::{Answer, OWN, Waymark, on_both};

use crate::framework::{content_of, new};

const INDICATORS: &str = "/v1/organisations/leicestershire/indicators";

fn create(waymark: &Waymark, body: &Value) -> Answer {
    waymark.officer().post(INDICATORS, body)
}

/// Everything that can be said of an indicator.
fn immunisation() -> Value {
    json!({
        "title": "Immunisation by the second birthday", "unit": "percent", "precision": 1,
        "polarity": "higher_is_better", "frequency": "quarterly", "lag_days": 45, "static_threshold": 0.5,
        "source": "Child health system", "references": ["Vital signs 12"],
        "versions": [{"number": 1, "note": "By registered address"}, {"number": 2, "from": "2009-04-01"}],
        "components": ["Dose 1", "Dose 2", "Dose 3"],
        "dimensions": [{"code": "gender", "title": "Gender", "categories": ["girls", "boys"]}],
    })
}

#[test]
fn an_indicator_comes_back_as_it_was_said() {
    on_both(|waymark| {
        let created = create(waymark, &new("IMM", immunisation())).expect(201);
        assert_eq!(created.header("location"), Some("/v1/organisations/leicestershire/indicators/IMM"));
        let read = waymark.reader().get(&format!("{INDICATORS}/IMM")).expect(200);
        assert_eq!(read.json(), created.json());
        assert_eq!(read.etag(), created.etag());
        assert_eq!(content_of(&read, &[]), immunisation());
        assert_eq!(read.at("/revision"), 1);
    });
}

#[test]
fn little_need_be_said_of_an_indicator() {
    on_both(|waymark| {
        let body = json!({"code": "A", "title": "A", "unit": "per_1000", "precision": 0});
        let created = create(waymark, &body).expect(201).json();
        assert_eq!(created["versions"], json!([{"number": 1}]));
        assert_eq!(created["lag_days"], 0);
        assert_eq!(created["components"], json!([]));
        assert_eq!(created["polarity"], Value::Null);
    });
}

#[test]
fn a_code_is_taken_once_in_an_organisation() {
    on_both(|waymark| {
        let _ = create(waymark, &new("IMM", immunisation())).expect(201);
        let _ = create(waymark, &new("IMM", immunisation())).problem(409, "conflict");
        // The national one of the same code is another indicator.
        let _ = create(waymark, &new("NI52", immunisation())).expect(201);
        // Another organisation has codes of its own.
        let other = waymark.with(&[("performance_officer", "rutland")]);
        let _ = other.post("/v1/organisations/rutland/indicators", &new("IMM", immunisation())).expect(201);
    });
}

#[test]
fn an_indicator_is_replaced_and_remembers() {
    on_both(|waymark| {
        let _ = create(waymark, &new("IMM", immunisation())).expect(201);
        let officer = waymark.officer();
        let path = format!("{INDICATORS}/IMM");
        let first = officer.get(&path).expect(200);
        let then = first.at("/recorded_at").as_str().unwrap().to_owned();
        let mut changed = immunisation();
        changed["title"] = json!("Immunisation by the fifth birthday");
        changed["components"] = json!(["Dose 1", "Dose 2", "Dose 3", "Booster"]);
        let now = officer.replace(&path, &changed).expect(200);
        assert_eq!(now.at("/revision"), 2);
        assert_eq!(content_of(&officer.get(&path), &[]), changed);
        let before = officer.get(&format!("{path}?as_known_at={then}")).expect(200);
        assert_eq!(before.json(), first.json());
        let _ = officer.get(&format!("{path}?as_known_at=2009-01-01T00:00:00Z")).problem(404, "not-found");
        let _ =
            officer.get(&format!("{path}?as_known_at=2999-01-01T00:00:00Z")).problem(400, "invalid-query");

        let history = officer.get(&format!("{path}/history")).expect(200);
        assert_eq!(history.at("/items/0"), now.json());
        assert_eq!(history.at("/items/1"), first.json());
        let newest = officer.get(&format!("{path}/history?limit=1")).expect(200);
        let rest = officer.get(newest.at("/next").as_str().unwrap()).expect(200);
        assert_eq!(rest.json(), json!({"items": [first.json()], "next": null}));
    });
}

#[test]
fn what_results_lean_on_is_not_dropped() {
    on_both(|waymark| {
        let _ = create(waymark, &new("IMM", immunisation())).expect(201);
        let officer = waymark.officer();
        let path = format!("{INDICATORS}/IMM");
        let without = |field: &str, value: Value, place: &str| {
            let mut changed = immunisation();
            changed[field] = value;
            officer.replace(&path, &changed).problem(409, "in-use").has_faults(&[(place, "in_use")]);
        };
        without("versions", json!([{"number": 1}]), "/versions");
        without("components", json!(["Dose 1", "Dose 3"]), "/components");
        let girls = json!([{"code": "gender", "title": "Gender", "categories": ["girls"]}]);
        without("dimensions", girls, "/dimensions");
        assert_eq!(officer.get(&path).at("/revision"), 1);
    });
}

#[test]
fn every_fault_of_an_indicator_has_its_place() {
    on_both(|waymark| {
        let fault = |field: &str, value: Value, place: &str, code: &str| {
            let mut content = immunisation();
            content[field] = value;
            let refused = create(waymark, &new("IMM", content)).problem(422, "invalid-body");
            assert_eq!(refused.faults(), [(place.to_owned(), code.to_owned())], "{}", refused.text);
        };
        fault("title", json!(""), "/title", "empty");
        fault("unit", json!("furlongs"), "/unit", "not_a_unit");
        fault("unit", json!("per_0"), "/unit", "not_a_unit");
        fault("precision", json!(7), "/precision", "too_large");
        fault("polarity", json!("sideways"), "/polarity", "unknown_value");
        fault("frequency", json!("weekly"), "/frequency", "unknown_value");
        fault("lag_days", json!(1001), "/lag_days", "too_large");
        fault("static_threshold", json!(-0.1), "/static_threshold", "too_small");
        fault("static_threshold", json!("0.5"), "/static_threshold", "wrong_type");
        fault("versions", json!([]), "/versions", "too_few");
        fault("versions", json!([{"number": 1}, {"number": 3}]), "/versions/1/number", "out_of_order");
        fault("components", json!(["Dose 1", "Dose 1"]), "/components/1", "duplicate");
        fault("components", json!(vec!["x"; 51]), "/components", "too_many");
        fault("references", json!([" padded"]), "/references/0", "not_trimmed");
        fault("colour", json!("red"), "/colour", "unknown_field");
        let mut twice = immunisation();
        twice["dimensions"] = json!([
            {"code": "gender", "title": "Gender", "categories": ["girls", "girls"]},
            {"code": "gender", "title": "Gender again", "categories": []},
        ]);
        create(waymark, &new("IMM", twice))
            .problem(422, "invalid-body")
            .has_faults(&[("/dimensions/0/categories/1", "duplicate"), ("/dimensions/1/code", "duplicate")]);
        let _ = waymark.reader().get(&format!("{INDICATORS}/IMM")).problem(404, "not-found");
    });
}

/// Exact decimals: what was sent comes back digit by digit.
#[test]
fn a_number_comes_back_digit_by_digit() {
    on_both(|waymark| {
        for (code, number) in [("A", "0.10"), ("B", "999999999999999.123456789"), ("C", "0.000000001")] {
            let body = format!(
                r#"{{"code":"{code}","title":"T","unit":"number","precision":6,"static_threshold":{number}}}"#
            );
            let sent = waymark.officer().request("POST", INDICATORS).body("application/json", body).send();
            let expected = format!("\"static_threshold\":{number},");
            assert!(sent.expect(201).text.contains(&expected));
            assert!(waymark.reader().get(&format!("{INDICATORS}/{code}")).text.contains(&expected));
        }
        let body =
            r#"{"code":"D","title":"T","unit":"number","precision":6,"static_threshold":0.0000000001}"#;
        let sent = waymark.officer().request("POST", INDICATORS).body("application/json", body).send();
        sent.problem(422, "invalid-body").has_faults(&[("/static_threshold", "too_precise")]);
    });
}

/// Source 001 names NI 52, the take-up of school lunches.
#[test]
fn everybody_reads_the_national_catalogue() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let lunches = reader.get("/v1/organisations/national/indicators/NI52").expect(200);
        assert_eq!(
            (lunches.at("/unit"), lunches.at("/polarity")),
            (json!("percent"), json!("higher_is_better"))
        );
        let mut codes = Vec::new();
        let mut next = Some("/v1/organisations/national/indicators?limit=50".to_owned());
        while let Some(path) = next {
            let page = reader.get(&path).expect(200).json();
            codes.extend(page["items"].as_array().unwrap().iter().map(|item| item["code"].to_string()));
            next = page["next"].as_str().map(str::to_owned);
        }
        let unique = codes.iter().collect::<std::collections::HashSet<_>>().len();
        assert!(codes.len() > 50 && unique == codes.len(), "{codes:?}");
        let own = reader.get(&format!("/v1/organisations/{OWN}/indicators")).expect(200);
        assert_eq!(own.at("/items"), json!([]));
    });
}
