//! Results as they are read back: filtered, in pages, as of a date and as known at a moment.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{RESULTS, each, immunisation, push};

#[test]
fn an_earlier_value_stays_readable() {
    on_both(|waymark| {
        let (submitter, officer) = (waymark.role("submitter"), waymark.officer());
        let row = |value: u32| json!([{"indicator": "NI52", "period": "FY2009-10", "value": value}]);
        let _ = push(&submitter, "", &row(29)).expect(200);
        let first = officer.get(RESULTS).expect(200).at("/items/0");
        let _ = push(&submitter, "", &row(31)).expect(200);
        let second = officer.get(RESULTS).expect(200).at("/items");
        assert_eq!((each(&second, "value"), &second[0]["superseded_at"]), (vec![json!(31)], &Value::Null));
        assert_ne!(second[0]["id"], first["id"]);

        let then = first["recorded_at"].as_str().unwrap();
        let known = officer.get(&format!("{RESULTS}?as_known_at={then}")).expect(200).at("/items/0");
        assert_eq!((&known["value"], &known["id"]), (&json!(29), &first["id"]));
        assert_eq!(known["superseded_at"], second[0]["recorded_at"]);
        let before = officer.get(&format!("{RESULTS}?as_known_at=2020-01-01T00:00:00Z")).expect(200);
        assert_eq!(before.at("/items"), json!([]));
    });
}

#[test]
fn results_are_found_by_what_they_are_about() {
    on_both(|waymark| {
        immunisation(waymark);
        let rows = json!([
            {"indicator": "IM1", "period": "FY2008-09", "value": 90},
            {"indicator": "IM1", "period": "FY2009-10", "value": 91},
            {"indicator": "IM1", "period": "FY2009-10", "value": 92, "breakdown": "gender=girls"},
            {"indicator": "IM1", "period": "FY2009-10", "value": 93, "component": "Dose 1"},
            {"indicator": "NI52", "period": "FY2009-10", "value": 94, "standing": "provisional"},
        ]);
        let pushed = push(&waymark.role("submitter"), "", &rows).expect(200);
        let submission = pushed.at("/submission");
        let reader = waymark.reader();
        for (query, values) in [
            ("?indicator=IM1", vec![90, 91, 93, 92]),
            ("?indicator=NI52", vec![94]),
            ("?indicator=IM1&period=FY2008-09", vec![90]),
            ("?indicator=IM1&from=2009-04-01", vec![91, 93, 92]),
            ("?indicator=IM1&to=2009-03-31", vec![90]),
            ("?indicator=IM1&as_at=2010-03-30", vec![90]),
            ("?indicator=IM1&as_at=2010-03-31", vec![90, 91, 93, 92]),
            ("?indicator=IM1&breakdown=", vec![90, 91, 93]),
            ("?indicator=IM1&breakdown=gender%3Dgirls", vec![92]),
            ("?indicator=IM1&component=", vec![90, 91, 92]),
            ("?indicator=IM1&component=Dose%201", vec![93]),
            ("?standing=provisional", vec![94]),
        ] {
            let found = reader.get(&format!("{RESULTS}{query}")).expect(200).at("/items");
            let values: Vec<Value> = values.into_iter().map(Value::from).collect();
            assert_eq!(each(&found, "value"), values, "{query}");
        }
        // What does not exist is not an empty list.
        for (query, parameter) in [
            ("?submission=01900000-0000-7000-8000-000000000000", "submission"),
            ("?indicator=NI999", "indicator"),
        ] {
            let unknown = reader.get(&format!("{RESULTS}{query}")).problem(422, "unknown-filter-value");
            unknown.has_faults(&[(parameter, "unknown_value")]);
        }
        let of_submission = format!("{RESULTS}?submission={}", submission.as_str().unwrap());
        assert_eq!(reader.get(&of_submission).expect(200).at("/items").as_array().unwrap().len(), 5);
        let versions = reader.get(&format!("{RESULTS}?indicator=IM1")).expect(200).at("/items");
        assert_eq!(each(&versions, "definition_version"), [2, 2, 2, 2]);
    });
}

#[test]
fn pages_follow_each_other_to_the_last() {
    on_both(|waymark| {
        immunisation(waymark);
        let periods = ["FY2007-08", "FY2008-09", "FY2009-10"];
        let row = |period: &str, breakdown: Value| json!({"indicator": "IM1", "period": period, "value": 1, "breakdown": breakdown, "component": "Dose 1"});
        let rows: Vec<Value> = periods
            .iter()
            .flat_map(|period| [row(period, Value::Null), row(period, json!("gender=girls"))])
            .collect();
        let _ = push(&waymark.role("submitter"), "", &rows.into()).expect(200);
        let reader = waymark.reader();
        let whole = reader.get(RESULTS).expect(200);
        assert_eq!(whole.at("/next"), Value::Null);
        let mut found = Vec::new();
        let mut next = Some(format!("{RESULTS}?component=Dose%201&limit=4"));
        while let Some(path) = next {
            let page = reader.get(&path).expect(200);
            found.extend(page.at("/items").as_array().unwrap().clone());
            next = page.json().get("next").and_then(Value::as_str).map(str::to_owned);
        }
        assert_eq!(Value::from(found), whole.at("/items"));
        let first = reader.get(&format!("{RESULTS}?limit=4")).expect(200).at("/next");
        let foreign = first.as_str().unwrap().replace("limit=4", "limit=4&indicator=IM1");
        reader.get(&foreign).problem(400, "invalid-query").has_faults(&[("cursor", "invalid_value")]);
    });
}

#[test]
fn a_list_that_has_not_changed_is_not_sent_again() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let tag = reader.get(RESULTS).expect(200).etag();
        let again = |tag: &str| reader.request("GET", RESULTS).header("if-none-match", tag).send();
        assert_eq!(again(&tag).expect(304).text, "");
        let row = json!([{"indicator": "NI52", "period": "FY2009-10", "value": 29}]);
        let _ = push(&waymark.role("submitter"), "", &row).expect(200);
        assert_ne!(again(&tag).expect(200).etag(), tag);
    });
}

#[test]
fn a_number_comes_back_digit_by_digit() {
    on_both(|waymark| {
        let number = "123456789012345.12345670";
        let sent =
            format!(r#"{{"results": [{{"indicator": "NI52", "period": "FY2009-10", "value": {number}}}]}}"#);
        let request = waymark.role("submitter").request("POST", RESULTS).body("application/json", sent);
        let _ = request.send().expect(200);
        let read = waymark.reader().get(RESULTS).expect(200);
        assert!(read.text.contains(&format!("\"value\":{number},")), "{}", read.text);
    });
}
