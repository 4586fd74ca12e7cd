//! `/v1/organisations/{organisation}/submissions`, and the rejected rows of each.

use serde_json::{Value, json};
use waymark_tests::{Caller, FOREIGN, on_both};

use crate::results::{RESULTS, each};

const SUBMISSIONS: &str = "/v1/organisations/leicestershire/submissions";

/// Pushes a body in part, and gives the path of its submission.
fn push(caller: &Caller, media_type: &str, body: &str) -> String {
    let path = format!("{RESULTS}?mode=partial");
    let pushed = caller.request("POST", &path).body(media_type, body).send().expect(200);
    format!("{SUBMISSIONS}/{}", pushed.at("/submission").as_str().unwrap())
}

#[test]
fn rejected_rows_come_back_as_they_were_sent() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let good = r#"{"indicator":"NI52","period":"FY2009-10","value":29}"#;
        let bad = [
            r#"{"indicator":"NI52", "period":"June", "value":29.10}"#,
            r#"{"period" :"FY2008-09","note":"a\u0000b"}"#,
        ];
        for (media_type, sent, expected) in [
            (
                "application/json",
                format!("{{\"results\": [{}, {good}, {}]}}", bad[0], bad[1]),
                format!("{{\"results\":[{},{}]}}", bad[0], bad[1]),
            ),
            (
                "application/x-ndjson",
                format!("{}\n{good}\n\n{}\n{{\"open\":\n", bad[0], bad[1]),
                format!("{}\n{}\n{{\"open\":\n", bad[0], bad[1]),
            ),
            (
                "text/csv",
                "\u{feff}indicator,\"period\",value,note\nNI52,June,29.10,\"=1+1, \"\"x\"\"\ny\"\nNI52,FY2007-08,29,\nNI52,,1\n".to_owned(),
                "indicator,\"period\",value,note\r\nNI52,June,29.10,\"=1+1, \"\"x\"\"\ny\"\r\nNI52,,1\r\n".to_owned(),
            ),
        ] {
            let path = push(&submitter, media_type, &sent);
            let file = submitter.get(&format!("{path}/rejected")).expect(200);
            assert_eq!(file.header("content-type"), Some(media_type));
            assert_eq!(file.text, expected);
            assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename=\"rejected-"));
        }
    });
}

#[test]
fn mended_rows_can_be_sent_again() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let path = push(
            &submitter,
            "text/csv",
            "indicator,period,value\nNI52,FY2009-10,29\nNI52,FY2010-11,30 per cent\n",
        );
        let file = submitter.get(&format!("{path}/rejected")).expect(200);
        let mended = file.text.replace(" per cent", "");
        let again = submitter.request("POST", RESULTS).body("text/csv", mended).send().expect(200);
        assert_eq!(again.at("/counts/created"), json!(1));
    });
}

#[test]
fn submissions_are_listed_the_latest_first() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let row = |value: u32| format!("indicator,period,value\nNI52,FY2009-10,{value}\nNI52,x,1\n");
        let paths: Vec<String> = (1..=3).map(|value| push(&submitter, "text/csv", &row(value))).collect();
        let mut found = Vec::new();
        let mut next = Some(format!("{SUBMISSIONS}?limit=2"));
        while let Some(path) = next {
            let page = submitter.get(&path).expect(200);
            found.extend(each(&page.at("/items"), "id"));
            next = page.json().get("next").and_then(Value::as_str).map(str::to_owned);
        }
        let found: Vec<String> =
            found.iter().map(|id| format!("{SUBMISSIONS}/{}", id.as_str().unwrap())).collect();
        assert_eq!(found, paths.iter().rev().cloned().collect::<Vec<_>>());
        let last = submitter.get(&paths[2]).expect(200).json();
        let counts = json!({"received": 2, "created": 0, "superseded": 1, "unchanged": 0, "rejected": 1});
        assert_eq!(
            (&last["counts"], &last["format"], &last["mode"]),
            (&counts, &json!("csv"), &json!("partial"))
        );
    });
}

#[test]
fn a_submission_is_for_those_who_send_and_for_their_officers() {
    on_both(|waymark| {
        let path = push(&waymark.role("submitter"), "text/csv", "indicator,period,value\nNI52,x,1\n");
        for place in [path.clone(), format!("{path}/rejected"), SUBMISSIONS.to_owned()] {
            let _ = waymark.officer().get(&place).expect(200);
            let _ = waymark.reader().get(&place).problem(403, "forbidden");
            let _ = waymark.with(&[("submitter", FOREIGN)]).get(&place).problem(404, "not-found");
        }
        let elsewhere = path.replace("leicestershire", FOREIGN);
        let _ = waymark.everywhere("submitter").get(&elsewhere).problem(404, "not-found");
        let _ = waymark.role("submitter").get(&format!("{SUBMISSIONS}/x")).problem(404, "not-found");
    });
}
