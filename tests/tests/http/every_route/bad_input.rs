//! What is sent and is not what was asked for: reported with its place, never a failure of the service.

use serde_json::json;
use waymark_tests::{OWN, on_both, on_both_with};

const NEW: &str = "/v1/organisations";

#[test]
fn an_unknown_path_is_a_problem_too() {
    on_both(|waymark| {
        let reader = waymark.reader();
        for path in ["/v1/nowhere", "/nowhere", "/v1", "/v1/", "/v1/organisations/", "/v2/organisations"] {
            let answer = reader.get(path).problem(404, "unknown-path");
            assert_eq!(answer.at("/instance"), path);
        }
    });
}

#[test]
fn another_method_is_rejected_with_those_that_are_allowed() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let allowed = |method: &str, path: &str| {
            let answer = reader.request(method, path).send();
            assert_eq!(answer.status, 405, "{method} {path}");
            let mut methods: Vec<String> =
                answer.header("allow").unwrap().split(", ").map(str::to_owned).collect();
            methods.sort();
            methods
        };
        assert_eq!(allowed("DELETE", NEW), ["GET", "HEAD", "POST"]);
        assert_eq!(allowed("PATCH", &format!("{NEW}/{OWN}")), ["GET", "HEAD", "PUT"]);
        assert_eq!(allowed("GET", "/v1/token"), ["POST"]);
        let _ = reader.request("DELETE", NEW).send().problem(405, "method-not-allowed");
    });
}

#[test]
fn what_is_no_json_is_distinguished_from_what_does_not_fit() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let send = |body: &[u8]| admin.request("POST", NEW).body("application/json", body).send();
        let bad: [&[u8]; 9] = [
            b"",
            b"{",
            b"{\"code\": \"a\"",
            b"{\"code\": NaN}",
            b"{'code': 'a'}",
            b"{\"code\": \"a\", \"title\": \"A\"} x",
            b"\xff\xfe",
            b"{\"code\": \"a\", \"title\": \"\xc3\x28\"}",
            b"\0",
        ];
        for body in bad {
            let _ = send(body).problem(400, "malformed-body");
        }
        let deep = "[".repeat(100_000);
        let _ = send(deep.as_bytes()).problem(422, "invalid-body");
    });
}

#[test]
fn every_fault_has_its_place_and_its_name() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let send = |body: &str| admin.request("POST", NEW).body("application/json", body).send();
        let bad = [
            (r#"{"code": "a", "title": "A", "colour": "red"}"#, "/colour", "unknown_field"),
            (r#"{"code": "a"}"#, "", "missing_field"),
            (r#"{"code": "a", "code": "b", "title": "A"}"#, "", "duplicate_field"),
            (r#"{"code": 1, "title": "A"}"#, "/code", "wrong_type"),
            (r#"{"code": null, "title": "A"}"#, "/code", "wrong_type"),
            (
                r#"{"code": "a", "title": "A", "small_count_threshold": "5"}"#,
                "/small_count_threshold",
                "wrong_type",
            ),
            (
                r#"{"code": "a", "title": "A", "small_count_threshold": -1}"#,
                "/small_count_threshold",
                "invalid_value",
            ),
            (
                r#"{"code": "a", "title": "A", "small_count_threshold": 1e400}"#,
                "/small_count_threshold",
                "too_large",
            ),
            (r#"{"code": "a", "title": "A\u0000"}"#, "/title", "bad_character"),
            (r#"{"code": "a\u0000", "title": "A"}"#, "/code", "bad_character"),
            (r#"[]"#, "", "wrong_type"),
            (r#""text""#, "", "wrong_type"),
        ];
        for (body, place, code) in bad {
            let refused = send(body).problem(422, "invalid-body");
            assert_eq!(refused.faults(), [(place.to_owned(), code.to_owned())], "{body}");
            for of_rust in ["struct", "i64", "u32", "enum", "::"] {
                assert!(!refused.text.contains(of_rust), "{}", refused.text);
            }
        }
        let _ = admin.get("/v1/organisations/a").problem(404, "not-found");
    });
}

#[test]
fn the_media_type_is_the_one_that_is_taken() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let body = json!({"code": "a", "title": "A"}).to_string();
        let send = |media_type: &str| admin.request("POST", NEW).body(media_type, body.as_str()).send();
        for media_type in ["text/plain", "application/xml", "application/json; charset=utf-16", "nonsense"] {
            let _ = send(media_type).problem(415, "unsupported-media-type");
        }
        let _ = admin.request("POST", NEW).send().problem(415, "unsupported-media-type");
        let _ = send("application/json; charset=UTF-8").expect(201);
    });
}

#[test]
fn a_body_has_a_limit() {
    on_both_with(&["--body-limit=1KiB"], |waymark| {
        let admin = waymark.everywhere("admin");
        let padded = |length: usize| {
            let body = json!({"code": "a", "title": "A"}).to_string();
            let pad = " ".repeat(length - body.len());
            admin.request("POST", NEW).body("application/json", body + &pad).send()
        };
        let _ = padded(1025).problem(413, "body-too-large");
        let _ = padded(1024).expect(201);
        // The length need not be declared.
        let chunked = format!(
            "POST {NEW} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\
             content-type: application/json\r\nauthorization: Bearer {}\r\n\r\n401\r\n{}\r\n0\r\n\r\n",
            waymark_tests::IdentityProvider::token(&[("admin", "*")]).sign(),
            " ".repeat(1025),
        );
        let answer = waymark.raw(chunked.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    });
}

/// Crates.io pins the same by name: a null byte names nothing, and is no failure.
#[test]
fn a_null_byte_in_a_path_names_nothing() {
    on_both(|waymark| {
        let caller = waymark.everywhere("performance_officer");
        for path in ["/v1/organisations/%00", "/v1/organisations/a%00b/peer-group", "/v1/%00", "/%00"] {
            let answer = caller.get(path);
            assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        }
        for path in [
            "/v1/organisations/%ff",
            "/v1/organisations/a%2Fb",
            "/v1/organisations/..%2f..",
            "/v1/organisations/%",
        ] {
            let answer = caller.get(path);
            assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.text);
        }
    });
}

#[test]
fn a_query_is_what_the_operation_takes() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let bad = [
            ("limt=5", "limt", "unknown_field"),
            ("limit=5&limit=6", "limit", "duplicate_field"),
            ("limit=five", "limit", "invalid_value"),
            ("limit=5%00", "limit", "invalid_value"),
            ("%00=1", "\u{fffd}", "unknown_field"),
        ];
        for (query, place, code) in bad {
            let refused = reader.get(&format!("{NEW}?{query}")).problem(400, "invalid-query");
            assert_eq!(refused.faults(), [(place.to_owned(), code.to_owned())], "{query}");
        }
    });
}

/// Bytes that are no request at all.
#[test]
fn what_is_no_http_is_refused_and_the_service_goes_on() {
    on_both(|waymark| {
        let answer = waymark.raw(b"GET /v1/organisations\0 HTTP/1.1\r\nhost: x\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let answer = waymark.raw(b"POST /v1/token HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let _ = waymark.reader().get(NEW).expect(200);
    });
}
