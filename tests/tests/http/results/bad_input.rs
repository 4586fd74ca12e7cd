//! Every kind of bad input has a code of its own, and a pointer to its place.

use serde_json::{Value, json};
use waymark_tests::{on_both, on_both_with};

use super::{RESULTS, immunisation, push};

#[test]
fn each_fault_of_a_row_has_its_code_and_its_place() {
    on_both(|waymark| {
        immunisation(waymark);
        let submitter = waymark.role("submitter");
        let sound = json!({"indicator": "IM1", "period": "FY2009-10", "value": 92.1});
        for (field, value, place, code) in [
            ("indicator", Value::Null, "indicator", "missing_field"),
            ("indicator", json!("IM 1"), "indicator", "bad_character"),
            ("indicator", json!("IM1\0"), "indicator", "bad_character"),
            ("indicator", json!("IM2"), "indicator", "unknown_indicator"),
            ("indicator", json!(1), "indicator", "wrong_type"),
            ("period", Value::Null, "period", "missing_field"),
            ("period", json!("2009/10"), "period", "bad_period"),
            ("period", json!("FY2009-11"), "period", "years_do_not_follow"),
            ("period", json!("2010-02-30"), "period", "no_such_date"),
            ("period", json!("FY2190-91"), "period", "not_begun"),
            ("period", json!("CY1066"), "period", "out_of_range"),
            ("value", Value::Null, "value", "no_figure"),
            ("value", json!("92.1"), "value", "wrong_type"),
            ("value", json!([92.1]), "value", "wrong_type"),
            ("value", json!(1e15), "value", "too_large"),
            ("value", json!(1e300), "value", "too_large"),
            ("value", json!(1e-10), "value", "too_precise"),
            ("numerator", json!(3), "value", "ambiguous"),
            ("breakdown", json!("girls"), "breakdown", "not_a_breakdown"),
            ("breakdown", json!("gender=other"), "breakdown", "unknown_breakdown"),
            ("component", json!("Dose 3"), "component", "unknown_component"),
            ("component", json!("Dose\u{0}1"), "component", "bad_character"),
            ("definition_version", json!(3), "definition_version", "unknown_version"),
            ("definition_version", json!(0), "definition_version", "unknown_version"),
            ("definition_version", json!(1.5), "definition_version", "invalid_value"),
            ("standing", json!("settled"), "standing", "unknown_value"),
            ("quality", json!(1), "quality", "wrong_type"),
            ("note", json!(" a"), "note", "not_trimmed"),
            ("note", json!("a".repeat(4001)), "note", "too_long"),
            ("is_baseline", json!("true"), "is_baseline", "wrong_type"),
            ("a/b", json!(1), "a~1b", "unknown_field"),
        ] {
            let mut row = sound.clone();
            row[field] = value;
            let refused = push(&submitter, "", &json!([row])).problem(422, "rows-rejected");
            refused.has_faults(&[(&format!("/results/0/{place}"), code)]);
        }
        for (numerator, denominator, place, code) in [
            (json!(-1), json!(15), "numerator", "too_small"),
            (json!(2), json!(0), "denominator", "too_small"),
            (json!(2), Value::Null, "denominator", "no_denominator"),
            (Value::Null, json!(15), "numerator", "no_numerator"),
            (json!(999999999999999_i64), json!(0.000000001), "numerator", "too_large"),
        ] {
            let row = json!({"indicator": "IM1", "period": "FY2009-10", "numerator": numerator,
                             "denominator": denominator});
            let refused = push(&submitter, "", &json!([row])).problem(422, "rows-rejected");
            refused.has_faults(&[(&format!("/results/0/{place}"), code)]);
        }
    });
}

#[test]
fn two_rows_with_one_key_are_both_rejected() {
    on_both(|waymark| {
        let rows = json!([
            {"indicator": "NI52", "period": "FY2009-10", "value": 29},
            {"indicator": "NI52", "period": "FY2008-09", "value": 28},
            {"indicator": "NI52", "period": "FY2009-10", "value": 29},
        ]);
        let submitter = waymark.role("submitter");
        let twice = [("/results/0", "duplicate_key"), ("/results/2", "duplicate_key")];
        push(&submitter, "", &rows).problem(422, "rows-rejected").has_faults(&twice);
        let partial = push(&submitter, "?mode=partial", &rows).expect(200);
        assert_eq!((partial.at("/counts/created"), partial.at("/counts/rejected")), (json!(1), json!(2)));
    });
}

#[test]
fn a_body_that_is_not_its_format_is_refused_as_a_whole() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let send =
            |media_type: &str, body: &[u8]| submitter.request("POST", RESULTS).body(media_type, body).send();
        for body in [
            "",
            "{",
            "{\"results\": [}",
            "{\"results\": [{\"value\": NaN}]}",
            "{\"results\": []} x",
            "\u{feff}{}",
        ] {
            let _ = send("application/json", body.as_bytes()).problem(400, "malformed-body");
        }
        for (body, place, code) in [
            ("{}", "", "missing_field"),
            ("{\"results\": []}", "/results", "empty"),
            ("{\"results\": {}}", "/results", "wrong_type"),
            ("{\"results\": [], \"mode\": \"atomic\"}", "/mode", "unknown_field"),
        ] {
            send("application/json", body.as_bytes())
                .problem(422, "invalid-body")
                .has_faults(&[(place, code)]);
        }
        for (body, place, code) in [
            ("", "", "empty"),
            ("indicator,period\n", "", "empty"),
            ("indicator,period,colour\nNI52,2010-06,1\n", "", "unknown_column"),
            ("indicator,period,period\nNI52,2010-06,1\n", "/period", "duplicate_column"),
            ("indicator,value\nNI52,1\n", "/period", "missing_column"),
        ] {
            send("text/csv", body.as_bytes()).problem(422, "invalid-body").has_faults(&[(place, code)]);
        }
        send("application/x-ndjson", b"\n").problem(422, "invalid-body").has_faults(&[("", "empty")]);
        for media_type in ["application/json", "application/x-ndjson", "text/csv"] {
            let _ = send(media_type, b"indicator,period\n\xff\xfe\n").problem(400, "malformed-body");
        }
        for media_type in ["text/plain", "application/xml", "text/csv; charset=utf-16"] {
            let _ = send(media_type, b"indicator,period,value\n").problem(415, "unsupported-media-type");
        }
    });
}

#[test]
fn a_bad_line_spoils_only_itself() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let send = |media_type: &str, body: &str| {
            let path = format!("{RESULTS}?mode=partial");
            submitter.request("POST", &path).body(media_type, body).send().expect(200)
        };
        let codes = |answer: &waymark_tests::Answer| -> Vec<(Value, Value, Value)> {
            let rows = answer.at("/rows");
            let at_fault = rows.as_array().unwrap().iter().filter(|row| row["outcome"] == "rejected");
            let reported = at_fault.map(|row| {
                (row["line"].clone(), row["faults"][0]["pointer"].clone(), row["faults"][0]["code"].clone())
            });
            reported.collect()
        };
        let lines = "{\"indicator\":\"NI52\",\"period\":\"2010-01\",\"value\":1}\n{\"indicator\":\n[1]\n\
                     {\"indicator\":\"NI52\",\"period\":\"2010-02\",\"value\":NaN}\n\
                     {\"indicator\":\"NI52\",\"period\":\"2010-03\",\"value\":1,\"value\":2}\n";
        let answer = send("application/x-ndjson", lines);
        let expected = [
            (json!(2), json!(""), json!("malformed")),
            (json!(3), json!(""), json!("wrong_type")),
            (json!(4), json!(""), json!("malformed")),
            (json!(5), json!("/value"), json!("duplicate_field")),
        ];
        assert_eq!(codes(&answer), expected);
        let csv = "indicator,period,value\nNI52,2010-04,NaN\nNI52,2010-05\nNI52,2010-06,=1+1\n\
                   NI52,2010-07,2\"\nNI52,2010-08,\"2\nNI52,2010-09,3\n";
        let expected = [
            (json!(2), json!("/value"), json!("not_a_number")),
            (json!(3), json!(""), json!("wrong_number_of_cells")),
            (json!(4), json!("/value"), json!("not_a_number")),
            (json!(5), json!(""), json!("bad_quotes")),
            (json!(6), json!(""), json!("bad_quotes")),
        ];
        assert_eq!(codes(&send("text/csv", csv)), expected);
    });
}

#[test]
fn messages_say_what_was_found_and_what_to_write() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let send = |media_type: &str, body: &str| {
            submitter.request("POST", RESULTS).body(media_type, body).send().problem(422, "rows-rejected")
        };
        let csv = |period: &str, value: &str| {
            let refused = send("text/csv", &format!("indicator,period,value\nNI52,{period},{value}\n"));
            assert_eq!(refused.at("/errors/0/row"), json!(1));
            assert_eq!(refused.at("/push/rows/0/faults/0/row"), json!(1));
            refused.at("/push/rows/0/faults/0/detail").as_str().unwrap().to_owned()
        };
        for (period, value, expected) in [
            ("31/03/2010", "1", "found `31/03/2010`: a date is written year-month-day, here 2010-03-31"),
            (
                "2016-17",
                "1",
                "found `2016-17`: a financial year is written FY2016-17, and an academic year AY2016-17",
            ),
            ("", "1", "the row has no `period`: add the period that the result is about, such as FY2009-10"),
        ] {
            assert_eq!(csv(period, value), expected);
        }
        assert!(csv("2010-01", "12k").starts_with("found `12k`: "));
        let line = |row: &str| {
            send("application/x-ndjson", row).at("/push/rows/0/faults/0/detail").as_str().unwrap().to_owned()
        };
        assert_eq!(
            line(r#"{"indicator":"NI52","period":"2010-01","value":"82.4"}"#),
            "found the text `82.4` in quotation marks, expected a number: write 82.4 without quotation marks"
        );
        assert_eq!(
            line(r#"{"indicator":"NI52","period":"2010-01","value":1,"standing":"Provisional"}"#),
            "found `Provisional`: values are written in lower case, here `provisional`"
        );
        assert!(
            line("{\n\"indicator\": \"NI52\"\n}").contains("in NDJSON each object is on a line of its own")
        );
        let array = submitter.request("POST", RESULTS).body("application/json", "[]").send();
        let array = array.problem(422, "invalid-body");
        assert!(array.at("/errors/0/detail").as_str().unwrap().contains("{\"results\": [...]}"));
        let unnamed =
            submitter.request("POST", RESULTS).body("text/csv", "indicator,period,value,\nNI52,2010-01,1,\n");
        let unnamed = unnamed.send().problem(422, "invalid-body");
        assert!(unnamed.at("/errors/0/detail").as_str().unwrap().starts_with("column 4 has no name"));
    });
}

#[test]
fn a_push_has_a_limit() {
    on_both_with(&["--push-limit=2KiB"], |waymark| {
        let rows: Vec<Value> =
            (0..100).map(|_| json!({"indicator": "NI52", "period": "2010-01", "value": 1})).collect();
        let _ = push(&waymark.role("submitter"), "", &rows.into()).problem(413, "body-too-large");
    });
}

#[test]
fn a_query_is_checked_before_anything_is_written() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let rows = json!([{"indicator": "NI52", "period": "2010-01", "value": 1}]);
        for (query, parameter, code) in [
            ("?mode=some", "mode", "unknown_value"),
            ("?validate_only=1", "validate_only", "invalid_value"),
            ("?dry_run=true", "dry_run", "unknown_field"),
            ("?mode=atomic&mode=partial", "mode", "duplicate_field"),
        ] {
            push(&submitter, query, &rows).problem(400, "invalid-query").has_faults(&[(parameter, code)]);
        }
        for (query, parameter, code) in [
            ("?period=2009/10", "period", "bad_period"),
            ("?indicator=a%20b", "indicator", "bad_character"),
            ("?breakdown=girls", "breakdown", "not_a_breakdown"),
            ("?as_known_at=2999-01-01T00:00:00Z", "as_known_at", "in_future"),
            ("?limit=0", "limit", "invalid_value"),
            ("?limit=501", "limit", "invalid_value"),
            ("?cursor=x", "cursor", "invalid_value"),
            ("?submission=x", "submission", "invalid_value"),
            ("?as_at=2010", "as_at", "invalid_value"),
        ] {
            let read = submitter.get(&format!("{RESULTS}{query}"));
            read.problem(400, "invalid-query").has_faults(&[(parameter, code)]);
        }
        for (query, parameter) in [
            ("?indicator=NI999", "indicator"),
            ("?submission=01890a5d-ac96-774b-bcce-b302099a8057", "submission"),
        ] {
            for list in [RESULTS, &format!("{RESULTS}/export")] {
                let read = submitter.get(&format!("{list}{query}"));
                read.problem(422, "unknown-filter-value").has_faults(&[(parameter, "unknown_value")]);
            }
        }
    });
}
