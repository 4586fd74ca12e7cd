//! `Idempotency-Key`: a POST that is sent again does its work once.

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, on_both};

fn create(caller: &Caller, key: &str, body: &Value) -> Answer {
    caller.request("POST", "/v1/organisations").header("idempotency-key", key).json(body).send()
}

fn derby() -> Value {
    json!({"code": "derby", "title": "Derby"})
}

#[test]
fn the_same_request_gets_the_same_answer() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let first = create(&admin, "key-1", &derby()).expect(201);
        assert_eq!(first.header("idempotency-replayed"), None);
        let again = create(&admin, "key-1", &derby()).expect(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.text, first.text);
        for header in ["etag", "location", "content-type"] {
            assert_eq!(again.header(header), first.header(header));
        }
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
        // Without the key, or with another one, it is another request.
        let _ = admin.post("/v1/organisations", &derby()).problem(409, "conflict");
        let _ = create(&admin, "key-2", &derby()).problem(409, "conflict");
    });
}

#[test]
fn another_request_under_the_same_key_is_refused() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let _ = create(&admin, "key-1", &derby()).expect(201);
        let other = create(&admin, "key-1", &json!({"code": "derby", "title": "Derbyshire"}));
        let _ = other.problem(422, "idempotency-key-reused");
        let read = admin.get("/v1/organisations/derby").expect(200);
        assert_eq!(read.at("/title"), "Derby");
    });
}

#[test]
fn the_same_key_of_another_client_is_another_key() {
    on_both(|waymark| {
        let _ = create(&waymark.everywhere("admin"), "key-1", &derby()).expect(201);
        let other = waymark.with(&[("admin", "*"), ("reader", "*")]);
        let made = create(&other, "key-1", &json!({"code": "notts", "title": "Nottinghamshire"})).expect(201);
        assert_eq!(made.header("idempotency-replayed"), None);
    });
}

#[test]
fn a_failure_frees_the_key() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let _ = create(&admin, "key-1", &json!({"code": "rutland", "title": "R"})).problem(409, "conflict");
        let _ = create(&admin, "key-1", &json!({"code": "r", "title": ""})).problem(422, "invalid-body");
        let _ = create(&admin, "key-1", &derby()).expect(201);
    });
}

#[test]
fn while_the_first_attempt_runs_the_second_is_rejected() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let _ = create(&admin, "key-1", &derby()).expect(201);
        // As it stands in the database until the answer of the first attempt is stored.
        waymark.sql("UPDATE idempotency SET status = NULL, headers = NULL, body = NULL");
        let _ = create(&admin, "key-1", &derby()).problem(409, "request-in-flight");
        // A client that died leaves its key behind; after five minutes it may be taken over.
        waymark.sql("UPDATE idempotency SET started_at = started_at - 300000000");
        let _ = create(&admin, "key-1", &derby()).problem(409, "conflict");
    });
}

#[test]
fn an_answer_is_kept_for_a_day() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let _ = create(&admin, "key-1", &derby()).expect(201);
        waymark.sql("UPDATE idempotency SET expires_at = expires_at - 86400000000");
        let _ = create(&admin, "key-1", &derby()).problem(409, "conflict");
    });
}

#[test]
fn a_key_is_visible_text() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let long = "x".repeat(256);
        for key in ["", "two words", &*long] {
            let refused = create(&admin, key, &derby()).problem(400, "invalid-header");
            refused.has_faults(&[("idempotency-key", "invalid_value")]);
        }
        let twice = admin.request("POST", "/v1/organisations").header("idempotency-key", "a");
        let twice = twice.header("idempotency-key", "b").json(&derby()).send();
        let _ = twice.problem(400, "invalid-header");
        let _ = create(&admin, &"x".repeat(255), &derby()).expect(201);
    });
}

#[test]
fn a_caller_who_lost_the_role_gets_no_stored_answer() {
    on_both(|waymark| {
        let _ = create(&waymark.everywhere("admin"), "key-1", &derby()).expect(201);
        let token = waymark_tests::IdentityProvider::token(&[("reader", "*")]);
        let demoted = waymark.bearer(&token.with("sub", json!("admin of *")).sign());
        let _ = create(&demoted, "key-1", &derby()).problem(403, "forbidden");
    });
}
