//! The request rate of each client.

use waymark_tests::{FOREIGN, OWN, on_both_with};

/// Three at once, and one more each minute: no test takes that long.
const FLAGS: [&str; 2] = ["--rate-burst=3", "--rate-per-minute=1"];

#[test]
fn a_client_over_its_rate_learns_when_to_retry() {
    on_both_with(&FLAGS, |waymark| {
        let reader = waymark.reader();
        for left in ["2", "1", "0"] {
            let answer = reader.get("/v1/organisations").expect(200);
            assert_eq!(answer.header("ratelimit-limit"), Some("3"));
            assert_eq!(answer.header("ratelimit-remaining"), Some(left));
            assert!(answer.header("ratelimit-reset").is_some());
        }
        let refused = reader.get("/v1/organisations").problem(429, "too-many-requests");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
        // Three requests came at once, so three minutes fill the bucket again.
        let reset: u64 = refused.header("ratelimit-reset").unwrap().parse().unwrap();
        assert!((179..=180).contains(&reset), "{reset}");

        let _ = waymark.with(&[("reader", FOREIGN)]).get("/v1/organisations").expect(200);
    });
}

#[test]
fn failed_tokens_are_counted_by_address() {
    on_both_with(&FLAGS, |waymark| {
        for guess in ["a", "b", "c"] {
            let answer = waymark.bearer(guess).get("/v1/organisations").problem(401, "unauthenticated");
            assert!(answer.header("ratelimit-limit").is_some());
        }
        let _ = waymark.bearer("d").get("/v1/organisations").problem(429, "too-many-requests");
        let form = "grant_type=client_credentials";
        let asked =
            waymark.stranger().request("POST", "/v1/token").body("application/x-www-form-urlencoded", form);
        let _ = asked.send().problem(429, "too-many-requests");
        let _ = waymark.with(&[("reader", OWN)]).get("/v1/organisations").expect(200);
    });
}
