//! Cached responses are returned before routing: the same as from the handler, and only to callers that the handler would serve.

use serde_json::json;
use waymark_api::cli::add_client;
use waymark_domain::access::{Grant, Role};
use waymark_persistence::{Change, clients};
use waymark_tests::{Answer, Caller, FOREIGN, IdentityProvider, OWN, on_both, on_both_with};

use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

fn path() -> String {
    format!("{PLAN}/status?as_at={MARCH}")
}

fn ask(caller: &Caller, headers: &[(&str, &str)]) -> Answer {
    let request = caller.request("GET", &path());
    headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send()
}

/// Only responses of the handler pass CORS, which names the headers that pages may read.
fn reached_the_handler(answer: &Answer) -> bool {
    answer.header("access-control-expose-headers").is_some()
}

/// The headers that must be equal, sorted.
fn headers(answer: &Answer) -> Vec<(String, String)> {
    let own = ["x-request-id", "ratelimit-remaining", "date", "access-control-expose-headers"];
    let all =
        answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut found: Vec<_> = all.filter(|(name, _)| !own.contains(&name.as_str())).collect();
    for (name, value) in &mut found {
        if name == "vary" {
            let mut parts: Vec<_> = value.to_lowercase().split(", ").map(str::to_owned).collect();
            parts.sort();
            *value = parts.join(", ");
        }
    }
    found.sort();
    found
}

#[test]
fn cached_and_built_responses_are_the_same() {
    on_both(|waymark| {
        framework::examples(waymark);
        let tag = ask(&waymark.reader(), &[]).expect(200).etag();
        let kinds: [&[(&str, &str)]; 3] = [
            &[("accept-encoding", "identity")],
            &[("if-none-match", &tag)],
            &[("if-none-match", "\"another\", W/\"and-another\""), ("x-request-id", "job-7")],
        ];
        for (kind, number) in kinds.into_iter().zip(0..) {
            // A token that was not seen before is verified on the way to the handler.
            let token = IdentityProvider::token(&[("reader", OWN)]).with("jti", json!(number)).sign();
            let caller = waymark.bearer(&token);
            let (long, short) = (ask(&caller, kind), ask(&caller, kind));
            assert!(reached_the_handler(&long) && !reached_the_handler(&short), "{kind:?}");
            assert_eq!((long.status, &long.text), (short.status, &short.text), "{kind:?}");
            assert_eq!(headers(&long), headers(&short), "{kind:?}");
            let sent = kind.iter().find(|(name, _)| *name == "x-request-id").map(|(_, id)| *id);
            assert!(sent.is_none_or(|id| short.header("x-request-id") == Some(id)));
        }
        let counted = waymark.metric(
            "waymark_http_requests_total{method=\"GET\",\
             route=\"/v1/organisations/{organisation}/plans/{plan}/status\",status=\"304\"}",
        );
        assert_eq!(counted, Some(2.0), "both are counted under one route");
    });
}

#[test]
fn cached_and_built_responses_are_the_same_compressed() {
    on_both(|waymark| {
        framework::examples(waymark);
        let token = IdentityProvider::token(&[("reader", OWN)]).sign();
        let head = format!("GET {} HTTP/1.1\r\nhost: waymark\r\nauthorization: Bearer {token}\r\n", path());
        let request = format!("{head}accept-encoding: gzip\r\nconnection: close\r\n\r\n");
        let ask = || {
            let text = waymark.raw(request.as_bytes());
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let head = head.to_lowercase();
            assert!(head.contains("content-encoding: gzip"), "{head}");
            (head.contains("access-control-expose-headers"), body.to_owned())
        };
        let ((long, first), (short, second)) = (ask(), ask());
        assert_eq!((long, short), (true, false));
        assert_eq!(first, second);
    });
}

#[test]
fn unusual_requests_reach_the_handler() {
    on_both_with(&["--cors-origins=https://screens.example.org"], |waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let known = ask(&reader, &[]).expect(200).text;
        assert!(!reached_the_handler(&ask(&reader, &[])));
        let page = ask(&reader, &[("origin", "https://screens.example.org")]).expect(200);
        assert_eq!(page.header("access-control-allow-origin"), Some("https://screens.example.org"));
        assert_eq!(page.text, known);
        for (name, value) in
            [("if-none-match", "no tag"), ("if-match", "no tag"), ("waymark-position", "no position")]
        {
            let _ = ask(&reader, &[(name, value)]).problem(400, "invalid-header");
        }
        let _ = ask(&waymark.stranger(), &[]).problem(401, "unauthenticated");
        let foreign = waymark.with(&[("reader", FOREIGN)]);
        for _ in 0..2 {
            let _ = ask(&foreign, &[]).problem(404, "not-found");
        }
        let _ = reader.request("DELETE", &path()).send().expect(405);
    });
}

#[test]
fn the_rate_of_cached_responses_is_counted() {
    on_both(|waymark| {
        framework::examples(waymark);
        let other = waymark.beside(&["--rate-burst=3", "--rate-per-minute=1"]);
        let reader = other.reader();
        for left in ["2", "1", "0"] {
            let answer = ask(&reader, &[]).expect(200);
            assert_eq!(
                (answer.header("ratelimit-remaining"), reached_the_handler(&answer)),
                (Some(left), left == "2")
            );
        }
        let refused = ask(&reader, &[]).problem(429, "too-many-requests");
        assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
    });
}

#[test]
fn a_revoked_client_gets_no_cached_response() {
    on_both(|waymark| {
        framework::examples(waymark);
        let store = waymark.store();
        let grant = Grant { role: Role::Reader, reach: OWN.parse().unwrap() };
        let (id, secret) = add_client(&store, "dashboard", &[grant]).unwrap();
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let asked =
            waymark.stranger().request("POST", "/v1/token").body("application/x-www-form-urlencoded", form);
        let caller = waymark.bearer(asked.send().expect(200).at("/access_token").as_str().unwrap());
        let _ = ask(&caller, &[]).expect(200);
        assert!(!reached_the_handler(&ask(&caller, &[]).expect(200)));
        let at = chrono::Utc::now();
        let change = Change { author: "test".into(), roles: String::new(), request_id: "test".into(), at };
        store.write(|connection| clients::revoke(connection, id, &change)).unwrap();
        let _ = ask(&caller, &[]).problem(401, "unauthenticated");
    });
}

#[test]
fn a_change_invalidates_cached_responses() {
    on_both(|waymark| {
        framework::examples(waymark);
        let reader = waymark.reader();
        let tag = ask(&reader, &[]).expect(200).etag();
        let _ = ask(&reader, &[("if-none-match", &tag)]).expect(304);
        let rows = json!([{"indicator": "lunches", "period": MARCH, "value": 31}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let changed = ask(&reader, &[("if-none-match", &tag)]).expect(200);
        assert_ne!(changed.etag(), tag);
        let again = ask(&reader, &[("if-none-match", &changed.etag())]).expect(304);
        assert!(!reached_the_handler(&again));
    });
}
