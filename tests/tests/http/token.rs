//! `/v1/token`: tokens for registered clients.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use uuid::Uuid;
use waymark_api::cli::add_client;
use waymark_domain::access::{Grant, Role};
use waymark_persistence::{Change, Store, clients};
use waymark_tests::{Answer, OWN, Waymark, on_both};

const FORM: &str = "application/x-www-form-urlencoded";

fn client(store: &Store) -> (Uuid, String) {
    let grant = Grant { role: Role::Submitter, reach: OWN.parse().unwrap() };
    add_client(store, "case management", &[grant]).unwrap()
}

fn ask(waymark: &Waymark, form: impl Into<Vec<u8>>) -> Answer {
    waymark.stranger().request("POST", "/v1/token").body(FORM, form).send()
}

fn with_secret(waymark: &Waymark, id: Uuid, secret: &str) -> Answer {
    ask(waymark, format!("grant_type=client_credentials&client_id={id}&client_secret={secret}"))
}

#[test]
fn a_registered_client_gets_a_token_that_counts() {
    on_both(|waymark| {
        let (id, secret) = client(&waymark.store());
        let in_form = with_secret(waymark, id, &secret).expect(200);
        assert_eq!(in_form.at("/token_type"), "Bearer");
        assert_eq!(in_form.at("/expires_in"), 900);
        assert_eq!(in_form.header("cache-control"), Some("no-store"));

        let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let request = waymark.stranger().request("POST", "/v1/token").header("authorization", &basic);
        let in_basic = request.body(FORM, "grant_type=client_credentials").send().expect(200);

        for token in [in_form.at("/access_token"), in_basic.at("/access_token")] {
            let caller = waymark.bearer(token.as_str().unwrap());
            let _ = caller.get(&format!("/v1/organisations/{OWN}")).expect(200);
            let _ = caller.post("/v1/organisations", &serde_json::json!({})).problem(403, "forbidden");
        }
    });
}

#[test]
fn the_tokens_of_a_revoked_client_stop_counting_at_once() {
    on_both(|waymark| {
        let store = waymark.store();
        let (id, secret) = client(&store);
        let token = with_secret(waymark, id, &secret).expect(200).at("/access_token");
        let caller = waymark.bearer(token.as_str().unwrap());
        let _ = caller.get(&format!("/v1/organisations/{OWN}")).expect(200);

        let change =
            Change { author: "test".into(), roles: String::new(), request_id: "test".into(), at: Utc::now() };
        store.write(|connection| clients::revoke(connection, id, &change)).unwrap();
        let refused = caller.get(&format!("/v1/organisations/{OWN}")).problem(401, "unauthenticated");
        assert!(refused.at("/detail").as_str().unwrap().contains("revoked"));
        let _ = with_secret(waymark, id, &secret).problem(401, "invalid-client");
    });
}

/// Whether the client or the secret was wrong is not revealed.
#[test]
fn a_wrong_client_or_secret_gets_nothing() {
    on_both(|waymark| {
        let (id, secret) = client(&waymark.store());
        let wrong_secret = with_secret(waymark, id, "guessed");
        let unknown = with_secret(waymark, Uuid::nil(), &secret);
        let long = with_secret(waymark, id, &"x".repeat(201));
        for answer in [wrong_secret, unknown, long] {
            let answer = answer.problem(401, "invalid-client");
            assert_eq!(answer.at("/error"), "invalid_client");
            assert_eq!(
                answer.at("/detail"),
                "the client id or the secret is wrong, or the client was revoked"
            );
            assert!(answer.header("www-authenticate").unwrap().starts_with("Basic "));
        }
    });
}

#[test]
fn an_invalid_request_is_refused_with_its_reason() {
    on_both(|waymark| {
        let id = Uuid::nil();
        let refused = |form: &str, error: &str| {
            let answer = ask(waymark, form).problem(400, "invalid-token-request");
            assert_eq!(answer.at("/error"), error, "{form}");
        };
        refused("", "invalid_request");
        refused("grant_type=client_credentials", "invalid_request");
        refused(&format!("grant_type=password&client_id={id}&client_secret=x"), "unsupported_grant_type");
        refused("grant_type=client_credentials&client_id=me&client_secret=x", "invalid_request");
        refused("grant_type=client_credentials&scope=all", "invalid_request");
        let _ = waymark
            .stranger()
            .post("/v1/token", &serde_json::json!({"grant_type": "client_credentials"}))
            .problem(415, "unsupported-media-type");
        let both = waymark.stranger().request("POST", "/v1/token").header("authorization", "Basic dTpw");
        let both =
            both.body(FORM, format!("grant_type=client_credentials&client_id={id}&client_secret=x")).send();
        assert_eq!(both.problem(400, "invalid-token-request").at("/error"), "invalid_request");
    });
}
