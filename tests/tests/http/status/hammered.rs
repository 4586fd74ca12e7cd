//! Two processes on one database, pushed to and read from at once: once a push was answered, no caller anywhere reads
//! what was so before it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::json;
use waymark_tests::{Caller, OWN, Process, on_both};

use super::{MARCH, PLAN};
use crate::framework;
use crate::results::RESULTS;

/// How often the result changes.
const PUSHES: u64 = 60;
/// Every other result is so much more, and meets the target.
const TARGET: u64 = 1000;

/// The result of the push with this number.
fn result(push: u64) -> u64 {
    push + if push.is_multiple_of(2) { TARGET } else { 0 }
}

fn of_role(process: &Process, role: &str) -> Caller {
    process.with(&[(role, OWN)])
}

/// Reads the status over and over; each answer must be of the last push that was answered when it was asked for, or of
/// a later one. Answers how many there were.
fn read(process: &Process, answered: &AtomicU64, is_over: &AtomicBool) -> u64 {
    let reader = of_role(process, "reader");
    let path = format!("{PLAN}/status?as_at={MARCH}");
    let (mut reads, mut known): (u64, Option<(String, u64)>) = (0, None);
    while !is_over.load(Ordering::SeqCst) {
        let at_least = answered.load(Ordering::SeqCst);
        let mut request = reader.request("GET", &path);
        if let Some((etag, _)) = &known {
            request = request.header("if-none-match", etag);
        }
        let answer = request.send();
        reads += 1;
        let push = match (answer.status, &known) {
            (304, Some((_, push))) => *push,
            _ => {
                let answer = answer.expect(200);
                let row = &answer.at("/measures/0");
                let value = row["actual_value"].as_u64().unwrap();
                let push = value % TARGET;
                assert_eq!(value, result(push));
                let colour = if value >= TARGET { "green" } else { "amber" };
                assert_eq!(row["rating"], colour, "of {value}");
                known = Some((answer.etag(), push));
                push
            }
        };
        assert!(
            push >= at_least,
            "push {at_least} was answered, and the status is still that of push {push}"
        );
    }
    reads
}

#[test]
fn no_caller_reads_what_was_true_before_an_answered_push() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        framework::indicator(waymark, "counter", json!({"unit": "number", "precision": 0}));
        let line = json!({"baseline": {"value": 0},
            "target": {"state": "agreed", "condition": "at_least", "value": TARGET}});
        framework::measure(waymark, "counter", json!([line]));
        let program = env!("CARGO_BIN_EXE_served");
        let processes = [waymark.process(program), waymark.process(program)];
        let (answered, is_over) = (&AtomicU64::new(0), &AtomicBool::new(false));
        let push = |number: u64| {
            let process = &processes[usize::try_from(number % 3 % 2).unwrap()];
            let rows = json!([{"indicator": "counter", "period": MARCH, "value": result(number)}]);
            let pushed = of_role(process, "submitter").post(RESULTS, &json!({"results": rows})).expect(200);
            answered.store(number, Ordering::SeqCst);
            pushed
        };
        let _ = push(0);
        std::thread::scope(|scope| {
            let hands: Vec<_> = [0, 1, 0, 1]
                .map(|process| {
                    let process = &processes[process];
                    scope.spawn(move || read(process, answered, is_over))
                })
                .into_iter()
                .collect();
            for number in 1..=PUSHES {
                let pushed = push(number);
                // Each of them turns amber into green, or green into amber.
                assert_eq!(pushed.at("/rating_changes/0/measure"), "counter", "{}", pushed.text);
            }
            is_over.store(true, Ordering::SeqCst);
            for hand in hands {
                assert!(hand.join().unwrap() > 1);
            }
        });
    });
}
