//! Large pushes with faults in them.

use serde_json::json;
use waymark_tests::{on_both, on_both_with};

use super::large::{CSV, NDJSON, counts, end_of, period, place, queue, rows, values};

#[test]
fn an_atomic_push_with_a_fault_writes_nothing_and_keeps_the_rows() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let csv = "indicator,period,value\nNI52,FY2008-09,29\nNI52,June,30\nNOBODY,FY2008-09,1\n";
        let place = place(&queue(&submitter, "", CSV, csv).expect(202));
        let submission = end_of(&submitter, &place);
        assert_eq!((&submission["state"], &submission["counts"]), (&json!("failed"), &counts(0, 0, 0, 0, 0)));
        assert_eq!(submission["problem"]["type"], "/problems/rows-rejected");
        assert_eq!(submission["problem"]["detail"], "2 of 3 rows are invalid, and nothing was written");
        let codes = super::each(&submission["problem"]["errors"], "code");
        assert_eq!(codes, [json!("bad_period"), json!("unknown_indicator")]);
        let progress = &submission["progress"];
        assert_eq!((&progress["rows_accepted"], &progress["rows_rejected"]), (&json!(1), &json!(2)));
        assert!(values(waymark).is_empty());
        let rejected = submitter.get(&format!("{place}/rejected")).expect(200);
        assert_eq!(rejected.text, "indicator,period,value\r\nNI52,June,30\r\nNOBODY,FY2008-09,1\r\n");
    });
}

#[test]
fn a_partial_push_writes_the_sound_rows() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let bad = "{\"indicator\":\"NI52\", \"period\":\"June\",\"value\":30}";
        let lines = format!("{bad}\n\n{{\"indicator\":\"NI52\",\"period\":\"FY2008-09\",\"value\":29}}\n");
        let place = place(&queue(&submitter, "?mode=partial", NDJSON, &lines).expect(202));
        let submission = end_of(&submitter, &place);
        assert_eq!(
            (&submission["state"], &submission["counts"]),
            (&json!("completed"), &counts(2, 1, 0, 0, 1))
        );
        assert_eq!(values(waymark), [json!(29)]);
        assert_eq!(submitter.get(&format!("{place}/rejected")).expect(200).text, format!("{bad}\n"));
    });
}

#[test]
fn keys_that_stand_twice_are_found_across_chunks() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let csv = format!("{}NI52,{},1\n", rows(5_001), period(0));
        let submission = end_of(&submitter, &place(&queue(&submitter, "", CSV, &csv).expect(202)));
        assert_eq!(submission["state"], "failed");
        let details = super::each(&submission["problem"]["errors"], "detail");
        let first = "row 1: row 5002 of this push has the same indicator, period, breakdown and component: keep one of them";
        let last = "row 5002: row 1 of this push has the same indicator, period, breakdown and component: keep one of them";
        assert_eq!(details, [json!(first), json!(last)]);
        let submission =
            end_of(&submitter, &place(&queue(&submitter, "?mode=partial", CSV, &csv).expect(202)));
        assert_eq!(submission["counts"], counts(5_002, 5_000, 0, 0, 2));
    });
}

#[test]
fn what_is_no_file_of_rows_fails_with_its_reason() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        for (media_type, body, kind, code) in [
            (CSV, "indicator,period,colour\nNI52,FY2008-09,1\n", "invalid-body", Some("unknown_column")),
            (CSV, "indicator,period,value\n", "invalid-body", Some("empty")),
            (NDJSON, "\n\n", "invalid-body", Some("empty")),
        ] {
            let submission = end_of(&submitter, &place(&queue(&submitter, "", media_type, body).expect(202)));
            assert_eq!(submission["state"], "failed");
            assert_eq!(submission["problem"]["type"], format!("/problems/{kind}"));
            assert_eq!(submission["problem"]["errors"][0]["code"].as_str(), code);
        }
        let path = "/v1/organisations/leicestershire/results";
        let request = submitter.request("POST", path).header("prefer", "respond-async");
        let body = b"indicator,period,value\nNI52,FY2008-09,\xff\n".to_vec();
        let submission = end_of(&submitter, &place(&request.body(CSV, body).send().expect(202)));
        assert_eq!(submission["problem"]["type"], "/problems/malformed-body");
        let detail = submission["problem"]["detail"].as_str().unwrap();
        assert!(detail.starts_with("the row that begins on line 2 is not UTF-8"), "{detail}");
    });
}

#[test]
fn a_large_push_has_a_limit() {
    on_both_with(&["--large-push-limit=1KiB", "--push-rows-at-once=3"], |waymark| {
        let submitter = waymark.role("submitter");
        let long = rows(100);
        let _ = queue(&submitter, "", CSV, &long).problem(413, "body-too-large");
        let _ = queue(&submitter, "", CSV, &rows(10)).expect(202);
        let path = "/v1/organisations/leicestershire/results";
        let _ = submitter.request("POST", path).body(CSV, long).send().problem(413, "body-too-large");
    });
}
