//! Tests of tokens: which are accepted, and every reason to reject one.
//!
//! Keys are generated for each run, so that the project contains none.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use clap::Parser;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde_json::{Value, json};
use tempfile::TempDir;
use waymark_domain::access::{Reach, Role};

use super::*;
use crate::settings::Settings;

const ISSUER: &str = "https://identity.invalid";
const SECRET: &str = "a secret of the tests, long enough";

/// The identity provider, with one key of each kind, and the service that trusts it.
struct Provider {
    rsa: EncodingKey,
    /// The RSA key's public half, in the form that libraries read.
    rsa_public: Vec<u8>,
    ec: EncodingKey,
    ed: EncodingKey,
    tokens: Tokens,
    published: TempDir,
}

impl Provider {
    fn new() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let rsa_public: PublicKeyX509Der = pair.public_key().as_der().unwrap();
        let rsa_private: Pkcs8V1Der = pair.as_der().unwrap();
        let rsa = EncodingKey::from_rsa_pem(pem("PRIVATE KEY", rsa_private.as_ref()).as_bytes()).unwrap();
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let ec = EncodingKey::from_ec_der(ec.to_pkcs8v1().unwrap().as_ref());
        let ed = Ed25519KeyPair::generate().unwrap();
        let ed = EncodingKey::from_ed_der(ed.to_pkcs8v1().unwrap().as_ref());
        let published = TempDir::new().unwrap();
        let keys =
            [("rsa", &rsa, Algorithm::RS256), ("ec", &ec, Algorithm::ES256), ("ed", &ed, Algorithm::EdDSA)];
        publish(&published, &keys);
        let tokens = Tokens::new(&settings(&published)).unwrap();
        Self { rsa, rsa_public: rsa_public.as_ref().to_vec(), ec, ed, tokens, published }
    }

    fn verdict(&self, token: &str) -> Result<Verified, Refusal> {
        self.tokens.verify_with_known_keys(token, at())
    }

    /// The verdict on a token whose claims were changed, signed as it should be.
    fn with(&self, claim: &str, value: Value) -> Result<Verified, Refusal> {
        let mut claims = claims();
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(claim),
            value => claims.as_object_mut().unwrap().insert(claim.to_owned(), value),
        };
        self.verdict(&encode(&header(Algorithm::EdDSA, "ed"), &claims, &self.ed).unwrap())
    }

    /// The verdict on a token with this header, signed as it should be.
    fn with_header(&self, header: &Header) -> Result<Verified, Refusal> {
        self.verdict(&encode(header, &claims(), &self.ed).unwrap())
    }
}

fn publish(directory: &TempDir, keys: &[(&str, &EncodingKey, Algorithm)]) {
    let public = keys.iter().map(|(id, key, algorithm)| {
        let mut jwk = Jwk::from_encoding_key(key, *algorithm).unwrap();
        jwk.common.key_id = Some((*id).to_owned());
        jwk
    });
    let set = JwkSet { keys: public.collect() };
    std::fs::write(directory.path().join("jwks.json"), serde_json::to_vec(&set).unwrap()).unwrap();
}

fn settings(published: &TempDir) -> TokenSettings {
    let path = published.path().join("jwks.json");
    let path = path.to_str().unwrap();
    let flags = ["waymark", "--token-secret", SECRET, "--idp-issuer", ISSUER, "--idp-jwks", path];
    Settings::parse_from(flags).tokens
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// The moment of all these tests.
fn at() -> DateTime<Utc> {
    "2010-06-30T12:00:00Z".parse().unwrap()
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "officer-7", "aud": "waymark", "exp": at().timestamp() + 60,
        "grants": [{"role": "reader", "organisation": "leicestershire"}],
    })
}

fn header(algorithm: Algorithm, key: &str) -> Header {
    let mut header = Header::new(algorithm);
    header.kid = Some(key.to_owned());
    header
}

fn refused(why: &'static str) -> Result<Verified, Refusal> {
    Err(Refusal::Invalid(why))
}

#[test]
fn a_provider_of_cryptography_is_built_in() {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    // Without one, or with two, this panics: the features of the library decide.
    assert!(encode(&Header::new(Algorithm::HS256), &json!({}), &key).is_ok());
}

#[test]
fn each_algorithm_of_the_identity_provider_is_accepted() {
    let provider = Provider::new();
    for (algorithm, id, key) in [
        (Algorithm::RS256, "rsa", &provider.rsa),
        (Algorithm::ES256, "ec", &provider.ec),
        (Algorithm::EdDSA, "ed", &provider.ed),
    ] {
        let token = encode(&header(algorithm, id), &claims(), key).unwrap();
        let verified = provider.verdict(&token).unwrap();
        assert_eq!((verified.subject.as_str(), verified.client), ("user:officer-7", None), "{algorithm:?}");
        let reach = Reach::Organisation("leicestershire".parse().unwrap());
        assert_eq!(verified.grants, [Grant { role: Role::Reader, reach }]);
    }
}

#[test]
fn the_services_own_tokens_are_accepted() {
    let provider = Provider::new();
    let client = Uuid::from_u128(7);
    let grants = [Grant { role: Role::Submitter, reach: Reach::Everywhere }];
    let token = provider.tokens.issue(client, &grants, at(), LIFETIME_SECONDS).unwrap();
    let verified = provider.verdict(&token).unwrap();
    assert_eq!(verified.client, Some(client));
    assert_eq!(verified.grants, grants);
    let later = at() + chrono::TimeDelta::seconds(LIFETIME_SECONDS + 31);
    assert_eq!(provider.tokens.verify_with_known_keys(&token, later), refused("the token has expired"));
}

#[test]
fn a_token_counts_for_this_service_between_its_times_only() {
    let provider = Provider::new();
    let now = at().timestamp();
    assert_eq!(provider.with("exp", json!(now - 31)), refused("the token has expired"));
    assert_eq!(provider.with("nbf", json!(now + 31)), refused("the token is not valid yet"));
    assert_eq!(provider.with("aud", json!("other")), refused("the token is meant for another audience"));
    assert_eq!(
        provider.with("iss", json!("https://other.invalid")),
        refused("the token's issuer is not trusted")
    );
    assert!(provider.with("nbf", json!(now)).is_ok());
    assert!(provider.with("aud", json!(["other", "waymark"])).is_ok());
}

#[test]
fn a_missing_or_malformed_claim_is_no_claim() {
    let provider = Provider::new();
    for claim in ["exp", "aud", "sub"] {
        let missing = refused("a claim is missing or malformed: iss, sub, aud and exp are needed");
        assert_eq!(provider.with(claim, Value::Null), missing, "{claim}");
    }
    assert_eq!(provider.with("iss", Value::Null), refused("the token is malformed, or names no issuer"));
    for (claim, value) in
        [("exp", json!("soon")), ("nbf", json!("now")), ("sub", json!("")), ("sub", json!("a\u{7}"))]
    {
        assert!(provider.with(claim, value.clone()).is_err(), "{claim} {value}");
    }
}

#[test]
fn the_header_has_no_say_in_how_a_token_is_checked() {
    let provider = Provider::new();
    let crit = Header { crit: Some(vec!["b64".to_owned()]), ..header(Algorithm::EdDSA, "ed") };
    assert_eq!(provider.with_header(&crit), refused("the token has critical extensions"));
    for typ in ["JOSE", "dpop+jwt", "secevent+jwt", ""] {
        let other = Header { typ: Some(typ.to_owned()), ..header(Algorithm::EdDSA, "ed") };
        assert_eq!(provider.with_header(&other), refused("the token is of another type"), "{typ}");
    }
    for typ in [None, Some("at+jwt"), Some("jwt"), Some("application/at+JWT")] {
        let header = Header { typ: typ.map(str::to_owned), ..header(Algorithm::EdDSA, "ed") };
        assert!(provider.with_header(&header).is_ok(), "{typ:?}");
    }
}

#[test]
fn an_unsigned_token_is_malformed() {
    let provider = Provider::new();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for algorithm in ["none", "None", "NONE", ""] {
        let header = part(&json!({"alg": algorithm, "typ": "JWT", "kid": "ed"}));
        for signature in ["", "AAAA"] {
            let token = format!("{header}.{}.{signature}", part(&claims()));
            assert_eq!(provider.verdict(&token), refused("the token is malformed"), "{algorithm}");
        }
    }
    // A signature cut off, or of other claims.
    let signed = encode(&header(Algorithm::EdDSA, "ed"), &claims(), &provider.ed).unwrap();
    let (message, signature) = signed.rsplit_once('.').unwrap();
    let (start, _) = message.split_once('.').unwrap();
    let other = part(&json!({"iss": ISSUER, "sub": "chief", "aud": "waymark", "exp": at().timestamp() + 60}));
    for token in [format!("{message}."), format!("{start}.{other}.{signature}")] {
        assert_eq!(provider.verdict(&token), refused("the token's signature is not valid"));
    }
    for token in ["", ".", "..", "a.b.c", message] {
        assert!(provider.verdict(token).is_err(), "{token}");
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let provider = Provider::new();
    let pem = pem("PUBLIC KEY", &provider.rsa_public);
    for secret in [provider.rsa_public.as_slice(), pem.as_bytes()] {
        let key = EncodingKey::from_secret(secret);
        let forged = encode(&header(Algorithm::HS256, "rsa"), &claims(), &key).unwrap();
        assert_eq!(provider.verdict(&forged), refused("the token's algorithm is not accepted"));
        let mut own = claims();
        own["iss"] = json!("waymark");
        own["sub"] = json!(Uuid::from_u128(7));
        let forged = encode(&header(Algorithm::HS256, "rsa"), &own, &key).unwrap();
        assert_eq!(provider.verdict(&forged), refused("the token's signature is not valid"));
    }
}

#[test]
fn each_issuer_has_its_own_keys_and_algorithms() {
    let provider = Provider::new();
    let secret = EncodingKey::from_secret(SECRET.as_bytes());
    // The service's own secret signs nothing of the identity provider's,
    let forged = encode(&header(Algorithm::HS256, "ed"), &claims(), &secret).unwrap();
    assert_eq!(provider.verdict(&forged), refused("the token's algorithm is not accepted"));
    // and the identity provider's key nothing of the service's.
    let mut own = claims();
    own["iss"] = json!("waymark");
    let forged = encode(&header(Algorithm::EdDSA, "ed"), &own, &provider.ed).unwrap();
    assert_eq!(provider.verdict(&forged), refused("the token's algorithm is not accepted"));
    // A key is used with its own algorithm only.
    let forged = encode(&header(Algorithm::EdDSA, "rsa"), &claims(), &provider.ed).unwrap();
    assert_eq!(provider.verdict(&forged), refused("the token's key is for another algorithm"));
    let forged = encode(&header(Algorithm::RS384, "rsa"), &claims(), &provider.rsa).unwrap();
    assert_eq!(provider.verdict(&forged), refused("the token's algorithm is not accepted"));
    // The service's own tokens name a client.
    let forged = encode(&Header::new(Algorithm::HS256), &own, &secret).unwrap();
    assert_eq!(provider.verdict(&forged), refused("the token's subject is not a client"));
}

#[actix_web::test]
async fn a_key_that_is_not_known_yet_is_looked_up() {
    let provider = Provider::new();
    assert_eq!(provider.with_header(&header(Algorithm::EdDSA, "new")), Err(Refusal::UnknownKey));
    assert_eq!(provider.with_header(&Header::new(Algorithm::EdDSA)), Err(Refusal::UnknownKey));

    // The provider has just been started, and its keys were read at that moment: not again so soon.
    let mut claims = claims();
    claims["exp"] = json!(now().timestamp() + 60);
    let token = encode(&header(Algorithm::EdDSA, "new"), &claims, &provider.ed).unwrap();
    publish(&provider.published, &[("new", &provider.ed, Algorithm::EdDSA)]);
    assert_eq!(provider.tokens.verify(&token).await, Err(Refusal::UnknownKey));
    provider.tokens.provider.as_ref().unwrap().keys.read_again().unwrap();
    assert!(provider.tokens.verify(&token).await.is_ok());
}

#[test]
fn a_token_is_recalled_as_long_as_it_counts() {
    let provider = Provider::new();
    let recalled =
        |token: &str, at| provider.tokens.recall(token, at).map(|verified| Verified::clone(&verified));
    let own = provider.tokens.issue(Uuid::from_u128(7), &[], at(), LIFETIME_SECONDS).unwrap();
    let theirs = encode(&header(Algorithm::EdDSA, "ed"), &claims(), &provider.ed).unwrap();
    for token in [&own, &theirs] {
        assert_eq!(recalled(token, at()), None, "it has not been verified yet");
        let verified = provider.verdict(token).unwrap();
        assert_eq!(recalled(token, at()), Some(verified));
        assert_eq!(recalled(token, at() + chrono::TimeDelta::days(2)), None, "it has expired");
    }
    provider.tokens.provider.as_ref().unwrap().keys.read_again().unwrap();
    assert_eq!(recalled(&theirs, at()), None, "its key may have been withdrawn");
    assert!(recalled(&own, at()).is_some());
}

#[test]
fn a_provider_without_usable_keys_stops_the_start() {
    let published = TempDir::new().unwrap();
    let error = Tokens::new(&settings(&published)).err().unwrap();
    assert!(error.starts_with("--idp-jwks cannot be used: "), "{error}");
    let mut same = settings(&Provider::new().published);
    same.idp_issuer = Some(same.token_issuer.clone());
    assert!(Tokens::new(&same).err().unwrap().contains("must differ"));
}
