//! Which web pages may call the service.

use waymark_tests::{Answer, Waymark, on_both, on_both_with};

const FLAGS: [&str; 1] = ["--cors-origins=https://screens.example.org,http://localhost:5173"];

fn preflight(waymark: &Waymark, origin: &str, method: &str) -> Answer {
    let request = waymark.stranger().request("OPTIONS", "/v1/organisations").header("origin", origin);
    request
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,if-match,idempotency-key,waymark-position")
        .send()
}

#[test]
fn pages_of_listed_origins_may_call() {
    on_both_with(&FLAGS, |waymark| {
        for origin in ["https://screens.example.org", "http://localhost:5173"] {
            let answer = preflight(waymark, origin, "PUT").expect(200);
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            let methods = answer.header("access-control-allow-methods").unwrap();
            assert!(methods.contains("PUT"), "{methods}");
            let request = waymark.reader().request("GET", "/v1/organisations").header("origin", origin);
            let read = request.send().expect(200);
            assert_eq!(read.header("access-control-allow-origin"), Some(origin));
            let exposed = read.header("access-control-expose-headers").unwrap().to_lowercase();
            for header in
                ["etag", "location", "retry-after", "x-request-id", "ratelimit-remaining", "waymark-position"]
            {
                assert!(exposed.contains(header), "{exposed}");
            }
        }
    });
}

#[test]
fn pages_of_other_origins_may_not() {
    on_both_with(&FLAGS, |waymark| {
        for origin in ["https://elsewhere.example.org", "https://screens.example.org:8443", "null"] {
            let answer = preflight(waymark, origin, "GET");
            assert!((400..500).contains(&answer.status), "{}", answer.status);
            assert_eq!(answer.header("access-control-allow-origin"), None);
            let request = waymark.reader().request("GET", "/v1/organisations").header("origin", origin);
            assert_eq!(request.send().header("access-control-allow-origin"), None);
        }
    });
}

#[test]
fn unless_an_origin_is_listed_no_page_may_call() {
    on_both(|waymark| {
        let answer = preflight(waymark, "https://screens.example.org", "GET");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    });
}
