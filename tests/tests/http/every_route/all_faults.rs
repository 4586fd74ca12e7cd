//! Every fault of a body or a query is reported in one answer, in words that say what to do.

use serde_json::json;
use waymark_tests::{OWN, on_both};

/// The details of the faults, in their order.
fn details(answer: &waymark_tests::Answer) -> Vec<String> {
    let errors = answer.at("/errors");
    let errors = errors.as_array().unwrap().iter();
    errors.map(|fault| fault["detail"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_plan_with_many_faults_is_answered_once() {
    on_both(|waymark| {
        let officer = waymark.officer();
        let body = json!({
            "code": "c y p p",
            "titel": "Children and young people's plan",
            "start": "01/04/2008",
            "end": "2011-02-30",
            "reporting_cycle": "Quarterly",
            "scheme_code": "nope",
            "themes": [{"code": "healthy", "title": 7}, {"code": "safe"}],
        });
        let path = format!("/v1/organisations/{OWN}/plans");
        let answer = officer.post(&path, &body).problem(422, "invalid-body");
        answer.has_faults(&[
            ("/code", "bad_character"),
            ("/titel", "unknown_field"),
            ("/start", "invalid_value"),
            ("/end", "invalid_value"),
            ("/reporting_cycle", "unknown_value"),
            ("/scheme_code", "unknown_value"),
            ("/themes/0/title", "wrong_type"),
            ("/themes/1", "missing_field"),
            ("", "missing_field"),
        ]);
        let said = details(&answer).join("\n");
        for sentence in [
            "there is no field `titel`: did you mean `title`?",
            "found `01/04/2008`; a date is written year-month-day, here 2008-04-01",
            "there is no date `2011-02-30`",
            "found `Quarterly`: values are written in lower case, here `quarterly`",
            "found the number `7`, expected a text: write it in quotation marks",
            "the required field `title` is missing",
        ] {
            assert!(said.contains(sentence), "{sentence:?} is not among\n{said}");
        }
    });
}

#[test]
fn every_parameter_that_is_not_valid_is_named() {
    on_both(|waymark| {
        let path =
            format!("/v1/organisations/{OWN}/results?limit=abc&from=31/03/2010&submission=7&standng=final");
        let query =
            format!("{path}&as_known_at=2011-01-01T00:00:00+01:00&standing=Provisional&period=2016-17");
        let answer = waymark.reader().get(&query).problem(400, "invalid-query");
        answer.has_faults(&[
            ("limit", "invalid_value"),
            ("from", "invalid_value"),
            ("submission", "invalid_value"),
            ("standng", "unknown_field"),
            ("as_known_at", "invalid_value"),
            ("standing", "unknown_value"),
            ("period", "no_such_date"),
        ]);
        let said = details(&answer);
        assert_eq!(said[0], "found `abc`, expected a whole number from 1 to 500");
        assert!(said[4].contains("write `+` as `%2B`"), "{}", said[4]);
        assert!(said[6].contains("FY2016-17") && said[6].contains("AY2016-17"), "{}", said[6]);
    });
}

#[test]
fn a_body_in_another_form_is_recognised() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let send =
            |body: &[u8]| admin.request("POST", "/v1/organisations").body("application/json", body).send();
        for (body, word) in [
            (&b"PK\x03\x04\x14\0\x06\0\x08\0"[..], "Excel workbook (.xlsx)"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook (.xls)"),
            (b"\xff\xfe{\0}\0", "UTF-16"),
            (b"{\"title\": \"Children\x92s homes\"}", "Windows-1252"),
            (b"{\"code\": \"a\",", "the text ends"),
            (b"{\"code\": \"a\", \"title\": \"A\"}\n{\"code\": \"b\"}", "application/x-ndjson"),
        ] {
            let answer = send(body).problem(400, "malformed-body");
            let said = answer.at("/detail");
            assert!(said.as_str().unwrap().contains(word), "{said}");
        }
        let list = send(b"[{\"code\": \"a\", \"title\": \"A\"}]").problem(422, "invalid-body");
        assert!(details(&list)[0].starts_with("found an array, expected an object"), "{}", list.text);
    });
}
