//! Large pushes that go well: queued, watched, written as a whole.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, FOREIGN, Waymark, on_both, on_both_with};

use super::{RESULTS, immunisation};

pub(super) const NDJSON: &str = "application/x-ndjson";
pub(super) const CSV: &str = "text/csv";

/// Pushes a body that is to be queued; `query` begins with a question mark, or is empty.
pub(super) fn queue(caller: &Caller, query: &str, media_type: &str, body: &str) -> Answer {
    let path = format!("{RESULTS}{query}");
    caller.request("POST", &path).header("prefer", "respond-async").body(media_type, body).send()
}

/// Where the submission of a push that was queued is read.
#[track_caller]
pub(super) fn place(accepted: &Answer) -> String {
    accepted.header("location").unwrap().to_owned()
}

/// Asks for a submission until it is as wanted.
#[track_caller]
pub(super) fn watch(caller: &Caller, place: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let submission = caller.get(place).expect(200).json();
        if wanted(&submission) {
            return submission;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "it never was as wanted: {submission}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Asks for a submission until it has ended.
#[track_caller]
pub(super) fn end_of(caller: &Caller, place: &str) -> Value {
    watch(caller, place, |submission| {
        !["waiting", "checking", "writing"].contains(&submission["state"].as_str().unwrap())
    })
}

/// A period of its own for each number below 40,000.
pub(super) fn period(number: usize) -> String {
    let date = |day: usize| format!("{}-{:02}-{:02}", 1990 + day / 336, day % 336 / 28 + 1, day % 28 + 1);
    format!("{}/{}", date(number % 100), date(100 + number / 100))
}

/// So many valid rows of CSV.
pub(super) fn rows(count: usize) -> String {
    let rows = (0..count).map(|number| format!("NI52,{},{}\n", period(number), number % 100));
    std::iter::once("indicator,period,value\n".to_owned()).chain(rows).collect()
}

pub(super) fn counts(received: u32, created: u32, superseded: u32, unchanged: u32, rejected: u32) -> Value {
    json!({"received": received, "created": created, "superseded": superseded, "unchanged": unchanged,
           "rejected": rejected})
}

/// The values of all results, in the order listed.
pub(super) fn values(waymark: &Waymark) -> Vec<Value> {
    let listed = waymark.officer().get(&format!("{RESULTS}?limit=500")).expect(200);
    super::each(&listed.at("/items"), "value")
}

#[test]
fn a_push_is_queued_on_request_and_written() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let ndjson = "{\"indicator\":\"NI52\",\"period\":\"FY2008-09\",\"value\":29}\n\
                      {\"indicator\":\"NI52\",\"period\":\"FY2009-10\",\"value\":31.50}\n";
        let accepted = queue(&submitter, "", NDJSON, ndjson).expect(202);
        assert_eq!(accepted.header("preference-applied"), Some("respond-async"));
        assert_eq!(accepted.header("retry-after"), Some("1"));
        assert_eq!(accepted.at("/state"), "waiting");
        let submission = end_of(&submitter, &place(&accepted));
        assert_eq!(
            (&submission["state"], &submission["counts"]),
            (&json!("completed"), &counts(2, 2, 0, 0, 0))
        );
        assert_eq!(submission["id"], accepted.at("/id"));
        assert_eq!(submission["progress"]["rows_read"], 2);
        assert_eq!(submitter.get(&place(&accepted)).header("retry-after"), None);
        let csv = "indicator,period,value\nNI52,FY2008-09,29\nNI52,FY2009-10,32\n";
        let submission = end_of(&submitter, &place(&queue(&submitter, "", CSV, csv).expect(202)));
        assert_eq!(submission["counts"], counts(2, 0, 1, 1, 0));
        assert_eq!(values(waymark), [json!(29), json!(32)]);
        let listed = submitter.get("/v1/organisations/leicestershire/submissions").expect(200);
        assert_eq!(listed.at("/items/0/id"), submission["id"]);
        assert_eq!(std::fs::read_dir(waymark.spool()).unwrap().count(), 0, "no file is left");
    });
}

#[test]
fn more_lines_than_are_answered_at_once_are_queued() {
    on_both_with(&["--push-rows-at-once=3"], |waymark| {
        let submitter = waymark.role("submitter");
        let send =
            |media_type: &str, body: &str| submitter.request("POST", RESULTS).body(media_type, body).send();
        let _ = send(CSV, &rows(3)).expect(200);
        let accepted = send(CSV, &rows(4)).expect(202);
        assert_eq!(accepted.header("preference-applied"), None);
        assert_eq!(end_of(&submitter, &place(&accepted))["counts"], counts(4, 1, 0, 3, 0));
        let lines: Vec<String> = (0..4)
            .map(|row| json!({"indicator": "NI52", "period": period(row), "value": 7}).to_string())
            .collect();
        let _ = send(NDJSON, &lines[..3].join("\n")).expect(200);
        let accepted = send(NDJSON, &lines.join("\n")).expect(202);
        assert_eq!(end_of(&submitter, &place(&accepted))["counts"], counts(4, 0, 1, 3, 0));
        let document = format!("{{\"results\":[{}]}}", lines.join(","));
        let refused = send("application/json", &document).problem(422, "invalid-body");
        refused.has_faults(&[("/results", "too_many")]);
        assert!(refused.text.contains("application/x-ndjson"), "{}", refused.text);
    });
}

#[test]
fn a_large_push_is_written_chunk_by_chunk() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let accepted = queue(&submitter, "", CSV, &rows(10_001)).expect(202);
        let submission = end_of(&submitter, &place(&accepted));
        assert_eq!(submission["counts"], counts(10_001, 10_001, 0, 0, 0));
        assert_eq!(submission["progress"]["rows_written"], 10_001);
        let again = queue(&submitter, "", CSV, &rows(10_001)).expect(202);
        assert_eq!(end_of(&submitter, &place(&again))["counts"], counts(10_001, 0, 0, 10_001, 0));
    });
}

#[test]
fn a_large_push_can_be_tried() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let accepted = queue(&submitter, "?validate_only=true", CSV, &rows(3)).expect(202);
        let submission = end_of(&submitter, &place(&accepted));
        assert_eq!((&submission["state"], &submission["validate_only"]), (&json!("completed"), &json!(true)));
        assert_eq!(submission["counts"], counts(3, 3, 0, 0, 0));
        assert!(values(waymark).is_empty());
    });
}

#[test]
fn a_retry_is_answered_with_the_same_submission() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let send = |body: &str| {
            let request = submitter.request("POST", RESULTS).header("prefer", "respond-async");
            request.header("idempotency-key", "k-1").body(CSV, body).send()
        };
        let first = send(&rows(2)).expect(202);
        let again = send(&rows(2)).expect(202);
        assert_eq!((place(&first), first.at("/id")), (place(&again), again.at("/id")));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        let _ = send(&rows(3)).problem(422, "idempotency-key-reused");
        assert_eq!(end_of(&submitter, &place(&first))["counts"], counts(2, 2, 0, 0, 0));
        assert_eq!(std::fs::read_dir(waymark.spool()).unwrap().count(), 0, "no file is left");
    });
}

#[test]
fn the_trail_lists_the_push_and_its_results() {
    on_both(|waymark| {
        let accepted = queue(&waymark.role("submitter"), "", CSV, &rows(2)).expect(202);
        let _ = end_of(&waymark.officer(), &place(&accepted));
        let trail =
            format!("/v1/organisations/leicestershire/trail?entity={}", accepted.at("/id").as_str().unwrap());
        let entries = waymark.officer().get(&trail).expect(200);
        assert_eq!(super::each(&entries.at("/items"), "revision"), [json!(2), json!(1)]);
        assert_eq!(super::each(&entries.at("/items"), "kind"), [json!("submission"), json!("submission")]);
        for revision in [1, 2] {
            let id = accepted.at("/id");
            let entry = format!("/v1/organisations/leicestershire/trail/{}/{revision}", id.as_str().unwrap());
            assert_eq!(waymark.officer().get(&entry).expect(200).at("/revision"), json!(revision));
        }
    });
}

#[test]
fn a_large_push_is_for_those_who_send() {
    on_both(|waymark| {
        immunisation(waymark);
        let submitter = waymark.role("submitter");
        let _ = queue(&waymark.reader(), "", CSV, &rows(2)).problem(403, "forbidden");
        let _ = queue(&waymark.with(&[("submitter", FOREIGN)]), "", CSV, &rows(2)).problem(404, "not-found");
        let place = place(&queue(&submitter, "", CSV, &rows(2)).expect(202));
        let _ = end_of(&submitter, &place);
        let _ = waymark.reader().get(&place).problem(403, "forbidden");
        let _ = waymark.with(&[("submitter", FOREIGN)]).get(&place).problem(404, "not-found");
        let elsewhere = place.replace("leicestershire", FOREIGN);
        let _ = waymark.everywhere("submitter").get(&elsewhere).problem(404, "not-found");
        let unknown = "/v1/organisations/leicestershire/submissions/00000000-0000-7000-8000-000000000000";
        let _ = submitter.get(unknown).problem(404, "not-found");
        let cancel = submitter.request("POST", &format!("{unknown}/cancellation")).send();
        let _ = cancel.problem(404, "not-found");
    });
}
