//! No operation fails, whatever it is sent, and none answers in a way that the contract does not tell.

use waymark_tests::{Answer, OWN, on_both};

use super::contract::{Operation, furnish, operations};

/// Bodies that no operation can take.
const BODIES: [&[u8]; 12] = [
    b"",
    b"null",
    b"{}",
    b"[]",
    b"0",
    b"\"\\u0000\"",
    b"{\"code\": \"\\u0000\", \"title\": \"\\ud800\"}",
    b"{\"results\": [null, 1, \"x\", [], {\"value\": 1e999}]}",
    b"{\"a\": NaN}",
    b"\xff\xfe\x00",
    b"indicator,period,value\n\"open",
    b"theme,indicator\n\0,\0\n",
];

const MEDIA_TYPES: [&str; 4] = ["application/json", "text/csv", "application/x-ndjson", "image/png"];

/// A 4xx that the contract documents, as a problem, with the headers that every answer has.
fn is_documented(operation: &Operation, answer: &Answer, sent: &str) {
    let Operation { id, statuses, .. } = operation;
    let exchange = format!("{id} answers {} to {sent}: {}", answer.status, answer.text);
    assert!((400..500).contains(&answer.status), "{exchange}");
    assert!(statuses.contains(&answer.status), "the contract does not document that {exchange}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{exchange}");
    for header in ["x-request-id", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
        assert!(answer.header(header).is_some(), "no {header}: {exchange}");
    }
}

#[test]
fn no_body_makes_an_operation_fail() {
    on_both(|waymark| {
        let made = furnish(waymark, OWN);
        for operation in operations(waymark).iter().filter(|operation| operation.method != "GET") {
            for (number, body) in BODIES.iter().enumerate() {
                // A caller of its own for each body, so that no one is over the rate.
                let sender = format!("sender-{number}");
                let caller =
                    waymark.with(&[("admin", "*"), ("performance_officer", OWN), ("reader", &sender)]);
                for media_type in MEDIA_TYPES {
                    let request = operation.ask(&caller, &made, OWN).header("if-match", "*");
                    let answer = request.body(media_type, *body).send();
                    is_documented(
                        operation,
                        &answer,
                        &format!("{media_type}: {}", String::from_utf8_lossy(body)),
                    );
                }
            }
        }
    });
}

#[test]
fn no_name_in_a_path_makes_an_operation_fail() {
    on_both(|waymark| {
        let made = furnish(waymark, OWN);
        let names =
            ["%00", "%ff", "%0a", "..", "-", "x".repeat(65).as_str(), "%F0%9F%92%A9"].map(str::to_owned);
        for operation in operations(waymark) {
            // A caller of its own for each operation, so that no one is over the rate.
            let caller =
                waymark.with(&[("admin", "*"), ("performance_officer", "*"), ("reader", &operation.id)]);
            let parts: Vec<&str> =
                operation.template.split('/').filter(|part| part.starts_with('{')).collect();
            for (name, part) in names.iter().flat_map(|name| parts.iter().map(move |part| (name, *part))) {
                let path = made.named(&operation.template.replace(part, name), OWN);
                let answer = caller.request(&operation.method, &path).send();
                assert!(
                    matches!(answer.status, 400 | 404 | 405),
                    "{} {path}: {} {}",
                    operation.id,
                    answer.status,
                    answer.text
                );
            }
        }
    });
}

/// A parameter that an operation does not know must not seem to have had an effect.
#[test]
fn every_operation_refuses_a_parameter_that_it_does_not_know() {
    on_both(|waymark| {
        let made = furnish(waymark, OWN);
        let caller = waymark.with(&[("admin", "*"), ("performance_officer", OWN)]);
        for operation in operations(waymark) {
            for query in ["nonsense=1", "%00=%00", "%ff=%ff"] {
                let path = made.named(&operation.template, OWN);
                let answer = caller.request(&operation.method, &format!("{path}?{query}")).send();
                assert_eq!(answer.status, 400, "{} {query}: {}", operation.id, answer.text);
                is_documented(&operation, &answer, query);
            }
        }
    });
}
