//! The queue of large pushes: bounded, cancelled, interrupted, and taken over.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;
use waymark_tests::{Answer, Caller, IdentityProvider, OWN, Waymark, on_both, on_both_with};

use super::large::{CSV, counts, end_of, place, queue, rows, values, watch};

fn cancel(caller: &Caller, place: &str) -> Answer {
    caller.request("POST", &format!("{place}/cancellation")).send()
}

fn files(waymark: &Waymark) -> usize {
    std::fs::read_dir(waymark.spool()).unwrap().count()
}

/// Looks at the spool until it holds so many files.
#[track_caller]
fn await_files(waymark: &Waymark, wanted: usize) {
    let began = Instant::now();
    while files(waymark) != wanted {
        assert!(began.elapsed() < Duration::from_secs(30), "the spool holds {} files", files(waymark));
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_push_that_waits_is_cancelled_at_once() {
    on_both_with(&["--push-worker=false"], |waymark| {
        let submitter = waymark.role("submitter");
        let place = place(&queue(&submitter, "", CSV, &rows(2)).expect(202));
        assert_eq!(submitter.get(&place).header("retry-after"), Some("1"));
        assert_eq!(cancel(&submitter, &place).expect(200).at("/state"), "cancelled");
        assert_eq!(cancel(&submitter, &place).expect(200).at("/state"), "cancelled");
        // No worker takes it up.
        let other = waymark.replica();
        let later = super::large::place(&queue(&submitter, "", CSV, &rows(1)).expect(202));
        assert_eq!(end_of(&other.role("submitter"), &later)["counts"], counts(1, 1, 0, 0, 0));
        assert_eq!(submitter.get(&place).expect(200).at("/state"), "cancelled");
        let _ = cancel(&submitter, &later).problem(409, "wrong-state");
    });
}

#[test]
fn queued_submissions_are_listed_and_filtered() {
    on_both_with(&["--push-worker=false"], |waymark| {
        let submitter = waymark.role("submitter");
        let small = super::push(
            &submitter,
            "?label=Return%20of%20May",
            &json!([{"indicator": "NI52", "period": "FY2009-10", "value": 29}]),
        );
        let small = small.expect(200);
        assert_eq!(small.at("/label"), "Return of May");
        let cancelled = place(&queue(&submitter, "?label=Return%20of%20June", CSV, &rows(2)).expect(202));
        let _ = cancel(&submitter, &cancelled).expect(200);
        let failed = place(&queue(&submitter, "", CSV, &rows(2)).expect(202));
        waymark.sql("UPDATE large_pushes SET state = 'failed', ended_at = 1 WHERE state = 'waiting'");
        let waiting = place(&queue(&waymark.officer(), "", CSV, &rows(2)).expect(202));
        let id = |place: &str| json!(place.rsplit('/').next().unwrap());
        let (small, cancelled, failed, waiting) =
            (small.at("/submission"), id(&cancelled), id(&failed), id(&waiting));
        let listed = |query: &str| {
            let page = submitter.get(&format!("/v1/organisations/{OWN}/submissions{query}")).expect(200);
            super::each(&page.at("/items"), "id")
        };
        let all = [&waiting, &failed, &cancelled, &small].map(Clone::clone);
        assert_eq!(listed(""), all);
        assert_eq!(listed("?state=failed"), std::slice::from_ref(&failed));
        assert_eq!(listed("?state=cancelled"), std::slice::from_ref(&cancelled));
        assert_eq!(listed("?state=completed"), std::slice::from_ref(&small));
        assert_eq!(listed("?state=writing"), [json!(null); 0]);
        assert_eq!(listed("?label=Return%20of%20May"), std::slice::from_ref(&small));
        assert_eq!(listed("?label=Return%20of%20June&state=cancelled"), [cancelled]);
        assert_eq!(listed("?from=2999-01-01T00:00:00Z"), [json!(null); 0]);
        assert_eq!(listed("?to=2999-01-01T00:00:00Z"), all);
        assert_eq!(listed("?submitted_by=no%20one"), [json!(null); 0]);
        // The link of the next page has the filters, and pages follow each other without gaps.
        let first =
            submitter.get(&format!("/v1/organisations/{OWN}/submissions?limit=2&to=2999-01-01T00:00:00Z"));
        let second = submitter.get(first.expect(200).at("/next").as_str().unwrap()).expect(200);
        assert_eq!(super::each(&second.at("/items"), "id"), all[2..]);
        assert_eq!(second.at("/next"), json!(null));
        for query in ["?label=", "?label=%20a", "?label=a%00", "?state=done"] {
            let _ = submitter
                .get(&format!("/v1/organisations/{OWN}/submissions{query}"))
                .problem(400, "invalid-query");
        }
        let long = format!("?label={}", "a".repeat(101));
        let _ = queue(&submitter, &long, CSV, &rows(1)).problem(400, "invalid-query");
    });
}

#[test]
fn a_push_that_is_being_written_is_cancelled_and_leaves_nothing() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let place = place(&queue(&submitter, "", CSV, &rows(20_000)).expect(202));
        watch(&submitter, &place, |submission| {
            submission["state"] == "writing" && submission["progress"]["rows_written"].as_u64() > Some(0)
        });
        let _ = cancel(&submitter, &place).expect(200);
        assert_eq!(end_of(&submitter, &place)["state"], "cancelled");
        assert!(values(waymark).is_empty());
        await_files(waymark, 0);
    });
}

#[test]
fn a_full_queue_says_when_to_try_again() {
    on_both_with(&["--push-worker=false", "--push-queue=2", "--push-queue-each=1"], |waymark| {
        let (own, foreign) = (waymark.role("submitter"), waymark.everywhere("submitter"));
        waymark.found("derbyshire", "Derbyshire");
        let first = queue(&own, "", CSV, &rows(1)).expect(202);
        let refused = queue(&own, "", CSV, &rows(1)).problem(429, "too-many-requests");
        assert_eq!(refused.header("retry-after"), Some("10"));
        let send = |organisation: &str| {
            let path = format!("/v1/organisations/{organisation}/results");
            foreign.request("POST", &path).header("prefer", "respond-async").body(CSV, rows(1)).send()
        };
        let _ = send("rutland").expect(202);
        let refused = send("derbyshire").problem(503, "unavailable");
        assert_eq!(refused.header("retry-after"), Some("10"));
        assert_eq!(files(waymark), 2, "what was refused leaves no file");
        let _ = cancel(&own, &place(&first)).expect(200);
        let _ = queue(&own, "", CSV, &rows(1)).expect(202);
    });
}

#[test]
fn a_full_spool_says_when_to_try_again() {
    on_both_with(&["--push-worker=false", "--spool-limit=64"], |waymark| {
        let submitter = waymark.role("submitter");
        let _ = queue(&submitter, "", CSV, &rows(1)).expect(202);
        let refused = queue(&submitter, "", CSV, &rows(1)).problem(503, "unavailable");
        assert_eq!(refused.header("retry-after"), Some("30"));
        assert_eq!(files(waymark), 1);
    });
}

#[test]
fn a_push_is_taken_up_after_a_restart() {
    on_both_with(&["--push-worker=false"], |waymark| {
        let submitter = waymark.role("submitter");
        let waiting = place(&queue(&submitter, "", CSV, &rows(3)).expect(202));
        // As a service leaves it that was killed in the middle of its work.
        let broken = place(&queue(&submitter, "", CSV, &rows(5)).expect(202));
        let id = broken.rsplit('/').next().unwrap().replace('-', "");
        let id = if waymark.engine == "SQLite" { format!("x'{id}'") } else { format!("'\\x{id}'") };
        waymark.sql(&format!("UPDATE large_pushes SET state = 'writing', attempts = 1 WHERE id = {id}"));
        let restarted = waymark.replica();
        // The other service, which has neither the file nor the work, reports it too.
        assert_eq!(end_of(&submitter, &waiting)["counts"], counts(3, 3, 0, 0, 0));
        assert_eq!(end_of(&restarted.role("submitter"), &broken)["counts"], counts(5, 2, 0, 3, 0));
        await_files(waymark, 0);
    });
}

#[test]
fn a_push_at_which_the_service_breaks_is_not_begun_for_ever() {
    on_both_with(&["--push-worker=false"], |waymark| {
        let submitter = waymark.role("submitter");
        let place = place(&queue(&submitter, "", CSV, &rows(3)).expect(202));
        waymark.sql("UPDATE large_pushes SET state = 'checking', attempts = 3");
        let _restarted = waymark.replica();
        let submission = end_of(&submitter, &place);
        assert_eq!(
            (&submission["state"], &submission["problem"]["type"]),
            (&json!("failed"), &json!("/problems/internal"))
        );
        assert!(
            submission["problem"]["detail"].as_str().unwrap().contains("send it in parts"),
            "{submission}"
        );
    });
}

#[test]
fn a_push_whose_file_is_gone_fails_with_what_to_do() {
    on_both_with(&["--push-worker=false"], |waymark| {
        let submitter = waymark.role("submitter");
        let place = place(&queue(&submitter, "", CSV, &rows(3)).expect(202));
        for file in std::fs::read_dir(waymark.spool()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        // As if no worker had been heard of for long.
        waymark.sql("UPDATE large_pushes SET seen_at = 0");
        let _restarted = waymark.replica();
        let submission = end_of(&submitter, &place);
        assert_eq!(
            (&submission["state"], &submission["problem"]["type"]),
            (&json!("failed"), &json!("/problems/unavailable"))
        );
        assert!(submission["problem"]["detail"].as_str().unwrap().ends_with("send it again"), "{submission}");
        assert!(values(waymark).is_empty());
    });
}

#[test]
fn half_a_push_leaves_nothing() {
    on_both(|waymark| {
        let token = IdentityProvider::token(&[("submitter", OWN)]).sign();
        let mut connection = waymark.connect();
        let head = format!(
            "POST /v1/organisations/{OWN}/results HTTP/1.1\r\nHost: waymark\r\nAuthorization: Bearer {token}\r\n\
             Prefer: respond-async\r\nContent-Type: text/csv\r\nContent-Length: 100000\r\n\r\n"
        );
        connection.write_all(head.as_bytes()).unwrap();
        connection.write_all(rows(10).as_bytes()).unwrap();
        await_files(waymark, 1);
        drop(connection);
        await_files(waymark, 0);
        let listed = waymark.officer().get("/v1/organisations/leicestershire/submissions").expect(200);
        assert_eq!(listed.at("/items"), json!([]));
    });
}
