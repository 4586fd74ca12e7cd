//! The council's identity provider, as the tests play it: it publishes a key set and signs tokens.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

/// The key pair that RFC 8037 prints in its appendix A: everybody knows it, so it protects nothing.
const PRIVATE: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
/// Its public half.
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// What stands before a private key of Ed25519 in PKCS #8.
const PKCS8: [u8; 16] = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/// Signs tokens with a key that the service knows.
#[derive(Debug, Clone, Copy)]
pub struct IdentityProvider;

/// A token about to be signed: change what you like, then [`Token::sign`] it.
#[derive(Debug, Clone)]
pub struct Token {
    /// What it says.
    pub claims: Value,
    /// How it says that it is signed.
    pub header: Header,
}

impl IdentityProvider {
    /// What its tokens name as `iss`.
    pub const ISSUER: &str = "https://identity.invalid";
    /// What the service expects as `aud`.
    pub const AUDIENCE: &str = "waymark-tests";
    /// The id of its key.
    pub const KEY: &str = "tests";

    /// Writes its public keys into the directory.
    pub(crate) fn publish(directory: &Path) -> PathBuf {
        let key = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": Self::KEY, "x": PUBLIC});
        let path = directory.join("jwks.json");
        std::fs::write(&path, json!({"keys": [key]}).to_string()).unwrap();
        path
    }

    /// A token that is accepted, with these roles in these organisations. The subject is named after the last.
    pub fn token(grants: &[(&str, &str)]) -> Token {
        let grants: Vec<Value> = grants
            .iter()
            .map(|(role, organisation)| json!({"role": role, "organisation": organisation}))
            .collect();
        let subject = match grants.as_slice() {
            [] => "a caller without grants".to_owned(),
            [others @ .., last] => {
                let more =
                    if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
                format!("{} of {}{more}", text(&last["role"]), text(&last["organisation"]))
            }
        };
        let now = Utc::now().timestamp();
        let claims = json!({
            "iss": Self::ISSUER, "sub": subject, "aud": Self::AUDIENCE,
            "iat": now, "exp": now + 600, "grants": grants,
        });
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(Self::KEY.to_owned());
        Token { claims, header }
    }

    /// The bytes of its public key, for those who try to use it as a shared secret.
    pub fn public_key() -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(PUBLIC).unwrap()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

impl Token {
    /// With another value of a claim; null takes the claim away.
    pub fn with(mut self, claim: &str, value: Value) -> Self {
        let claims = self.claims.as_object_mut().unwrap();
        match value {
            Value::Null => claims.remove(claim),
            value => claims.insert(claim.to_owned(), value),
        };
        self
    }

    /// The token, signed with the key that the service knows.
    pub fn sign(&self) -> String {
        let mut pkcs8 = PKCS8.to_vec();
        pkcs8.extend(URL_SAFE_NO_PAD.decode(PRIVATE).unwrap());
        self.sign_with(&EncodingKey::from_ed_der(&pkcs8))
    }

    /// The token, signed with another key; the algorithm is the header's.
    pub fn sign_with(&self, key: &EncodingKey) -> String {
        encode(&self.header, &self.claims, key).unwrap()
    }
}
