//! Which tokens are accepted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use waymark_tests::{Answer, IdentityProvider, OWN, Token, Waymark, on_both};

fn good() -> Token {
    IdentityProvider::token(&[("reader", OWN)])
}

fn show(waymark: &Waymark, token: &str) -> Answer {
    waymark.bearer(token).get(&format!("/v1/organisations/{OWN}"))
}

/// The answer says why, and how to prove who asks (RFC 6750).
fn refused(waymark: &Waymark, token: &str, why: &str) {
    let answer = show(waymark, token).problem(401, "unauthenticated");
    assert!(answer.at("/detail").as_str().unwrap().contains(why), "{}", answer.text);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Bearer ") && challenge.contains("invalid_token"), "{challenge}");
}

fn from_now(seconds: i64) -> Value {
    Value::from(Utc::now().timestamp() + seconds)
}

#[test]
fn a_valid_token_is_accepted() {
    on_both(|waymark| {
        let _ = show(waymark, &good().sign()).expect(200);
        let _ = show(waymark, &good().with("aud", json!(["other", IdentityProvider::AUDIENCE])).sign())
            .expect(200);
        // Within the leeway of half a minute for clocks that differ.
        let _ = show(waymark, &good().with("exp", from_now(-10)).sign()).expect(200);
        let _ = show(waymark, &good().with("nbf", from_now(10)).sign()).expect(200);
    });
}

#[test]
fn a_token_of_another_time_is_refused() {
    on_both(|waymark| {
        refused(waymark, &good().with("exp", from_now(-60)).sign(), "expired");
        refused(waymark, &good().with("nbf", from_now(60)).sign(), "not valid yet");
        refused(waymark, &good().with("exp", json!("tomorrow")).sign(), "claim");
    });
}

#[test]
fn a_token_for_another_audience_is_refused() {
    on_both(|waymark| {
        refused(waymark, &good().with("aud", json!("payroll")).sign(), "audience");
        refused(waymark, &good().with("aud", json!(["payroll"])).sign(), "audience");
        refused(waymark, &good().with("iss", json!("https://elsewhere.invalid")).sign(), "issuer");
        // The service's own issuer has a key of its own, which the identity provider does not hold.
        refused(waymark, &good().with("iss", json!("waymark")).sign(), "algorithm");
    });
}

#[test]
fn a_token_that_lacks_a_claim_is_refused() {
    on_both(|waymark| {
        for claim in ["exp", "aud", "iss", "sub"] {
            refused(waymark, &good().with(claim, Value::Null).sign(), "");
        }
        refused(waymark, &good().with("sub", json!("")).sign(), "subject");
    });
}

#[test]
fn the_token_has_no_say_in_how_it_is_checked() {
    on_both(|waymark| {
        let unsigned = |algorithm: &str| {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let header = json!({"alg": algorithm, "typ": "JWT", "kid": IdentityProvider::KEY});
            format!("{}.{}.", part(&header), part(&good().claims))
        };
        refused(waymark, &unsigned("none"), "malformed");
        refused(waymark, &unsigned("EdDSA"), "signature");
        // The public key is known to all: as a shared secret it must count for nothing.
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let mut token = good();
            token.header.alg = algorithm;
            refused(
                waymark,
                &token.sign_with(&EncodingKey::from_secret(&IdentityProvider::public_key())),
                "algorithm",
            );
        }
    });
}

#[test]
fn a_token_that_was_tampered_with_is_refused() {
    on_both(|waymark| {
        let token = good().sign();
        let parts: Vec<&str> = token.split('.').collect();
        let admin = IdentityProvider::token(&[("admin", "*")]);
        let claims = URL_SAFE_NO_PAD.encode(admin.claims.to_string());
        refused(waymark, &format!("{}.{claims}.{}", parts[0], parts[2]), "signature");
    });
}

#[test]
fn extensions_and_other_types_are_refused() {
    on_both(|waymark| {
        let mut critical = good();
        critical.header.crit = Some(vec!["exp".to_owned()]);
        refused(waymark, &critical.sign(), "critical");
        let mut other = good();
        other.header.typ = Some("logout+jwt".to_owned());
        refused(waymark, &other.sign(), "type");
        for typ in [None, Some("at+jwt".to_owned()), Some("application/at+jwt".to_owned())] {
            let mut access = good();
            access.header.typ = typ;
            let _ = show(waymark, &access.sign()).expect(200);
        }
    });
}

#[test]
fn an_unknown_key_is_refused() {
    on_both(|waymark| {
        let mut other = good();
        other.header.kid = Some("another".to_owned());
        refused(waymark, &other.sign(), "key");
    });
}

#[test]
fn without_a_token_nothing_is_returned() {
    on_both(|waymark| {
        let path = format!("/v1/organisations/{OWN}");
        let asked =
            |value: &str| waymark.stranger().request("GET", &path).header("authorization", value).send();
        let answer = waymark.stranger().get(&path).problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"waymark\""));
        for value in ["Bearer", "Bearer ", "Basic dTpw", "bearer x.y.z", "Bearer a b c"] {
            let _ = asked(value).problem(401, "unauthenticated");
        }
        let twice = waymark.reader().request("GET", &path).header("authorization", "Bearer x").send();
        let _ = twice.problem(401, "unauthenticated");
        let queried = waymark.stranger().get(&format!("{path}?access_token={}", good().sign()));
        let _ = queried.problem(401, "unauthenticated");
    });
}

#[test]
fn unknown_roles_grant_nothing() {
    on_both(|waymark| {
        let _ = show(waymark, &IdentityProvider::token(&[("owner", OWN)]).sign()).problem(404, "not-found");
        let _ = show(waymark, &IdentityProvider::token(&[]).sign()).problem(404, "not-found");
    });
}
