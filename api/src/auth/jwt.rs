//! Bearer tokens: issues the service's own, and verifies all.
//!
//! The issuer that a token names chooses the key and the algorithms, both fixed by the settings; nothing
//! else in the token influences how it is verified.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, dangerous::insecure_decode_claims, decode,
    decode_header, encode,
};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use waymark_domain::access::Grant;

use super::claims::{Claims, GrantClaim};
use super::jwks::Keys;
use crate::http::problem::Problem;
use crate::http::runtime::{blocking, now};
use crate::settings::TokenSettings;

/// The lifetime of the service's own tokens, in seconds.
pub(crate) const LIFETIME_SECONDS: i64 = 15 * 60;

/// What a token proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verified {
    /// The subject; its prefix distinguishes the issuers.
    pub(crate) subject: String,
    /// The registered client, for one of the service's own tokens.
    pub(crate) client: Option<Uuid>,
    pub(crate) grants: Vec<Grant>,
}

/// Why a token is rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It will never be accepted.
    Invalid(&'static str),
    /// Its key is not known yet.
    UnknownKey,
}

/// The number of tokens whose verified signature is cached.
const REMEMBERED: usize = 1_000;

/// The service's own key and the identity provider's.
pub(crate) struct Tokens {
    issuer: String,
    audience: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    provider: Option<Provider>,
    /// Tokens with a verified signature. Their claims are checked each time.
    signed: Cache<String, Arc<Signed>>,
}

/// A token with a verified signature.
struct Signed {
    claims: Claims,
    verified: Arc<Verified>,
    /// The edition of the identity provider's keys that verified it; `None` for the service's own key.
    edition: Option<u64>,
}

struct Provider {
    issuer: String,
    algorithms: Vec<Algorithm>,
    keys: Arc<Keys>,
}

#[derive(Serialize)]
struct OwnClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    iat: i64,
    exp: i64,
    grants: Vec<GrantClaim>,
}

#[derive(Deserialize)]
struct IssuerOnly {
    iss: String,
}

impl Tokens {
    /// Reads the identity provider's keys, if one is configured. Blocks on the file or the network.
    ///
    /// # Errors
    /// A sentence about the invalid setting.
    pub(crate) fn new(settings: &TokenSettings) -> Result<Self, String> {
        if settings.idp_issuer.as_ref() == Some(&settings.token_issuer) {
            return Err("--idp-issuer and --token-issuer must differ: the issuer selects the key".into());
        }
        let provider = match (&settings.idp_issuer, &settings.idp_jwks) {
            (Some(issuer), Some(source)) => Some(Provider {
                issuer: issuer.clone(),
                algorithms: settings.idp_algorithms.iter().map(|algorithm| algorithm.0).collect(),
                keys: Arc::new(Keys::of(source.clone())),
            }),
            _ => None,
        };
        if let Some(provider) = &provider {
            provider.keys.is_due(false, Instant::now());
            match provider.keys.read_again() {
                Ok(count) => tracing::info!(count, "read the identity provider's keys"),
                Err(cause) if provider.keys.is_local() => {
                    return Err(format!("--idp-jwks cannot be used: {cause}"));
                }
                // It may be unavailable for a moment: its tokens are rejected until it responds.
                Err(cause) => tracing::warn!(%cause, "the identity provider's keys cannot be read"),
            }
        }
        Ok(Self {
            issuer: settings.token_issuer.clone(),
            audience: settings.token_audience.clone(),
            signing: EncodingKey::from_secret(settings.token_secret.bytes()),
            verifying: DecodingKey::from_secret(settings.token_secret.bytes()),
            provider,
            signed: Cache::new(REMEMBERED),
        })
    }

    /// Issues a token for a registered client, valid for the given number of seconds.
    ///
    /// # Errors
    /// [`Problem::internal`] if the key cannot sign.
    pub(crate) fn issue(
        &self,
        client: Uuid,
        grants: &[Grant],
        now: DateTime<Utc>,
        lifetime: i64,
    ) -> Result<String, Problem> {
        let issued = now.timestamp();
        let claims = OwnClaims {
            iss: &self.issuer,
            sub: client.to_string(),
            aud: &self.audience,
            iat: issued,
            exp: issued + lifetime,
            grants: grants.iter().map(GrantClaim::of).collect(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing).map_err(Problem::internal)
    }

    /// Verifies a token; reads the identity provider's keys again if its key is not known.
    pub(crate) async fn verify(&self, token: &str) -> Result<Verified, Refusal> {
        let verdict = self.verify_with_known_keys(token, now());
        let (Some(provider), Some(known)) = (&self.provider, self.hangs_on_provider(token, &verdict)) else {
            return verdict;
        };
        if !provider.keys.is_due(known, Instant::now()) {
            return verdict;
        }
        let keys = Arc::clone(&provider.keys);
        let read = blocking(move || Ok(keys.read_again())).await;
        if let Ok(Err(cause)) = read {
            tracing::warn!(%cause, "the identity provider's keys cannot be read");
        }
        self.verify_with_known_keys(token, now())
    }

    /// The verified content of a token whose signature is cached; `None` if it needs a full verification.
    pub(crate) fn recall(&self, token: &str, now: DateTime<Utc>) -> Option<Arc<Verified>> {
        let signed = self.signed.get(token).filter(|signed| self.is_of_this_edition(signed))?;
        signed.claims.check(&self.audience, now).ok()?;
        // Those of the identity provider may require its keys to be read again.
        (signed.edition.is_none() || !self.are_keys_due()).then(|| Arc::clone(&signed.verified))
    }

    /// Whether a token of the identity provider was checked with a known key; `None` for other
    /// tokens.
    fn hangs_on_provider(&self, token: &str, verdict: &Result<Verified, Refusal>) -> Option<bool> {
        let of_provider = match verdict {
            Ok(verified) => verified.client.is_none(),
            Err(_) => {
                let IssuerOnly { iss } = insecure_decode_claims(token).ok()?;
                self.provider.as_ref().is_some_and(|provider| provider.issuer == iss)
            }
        };
        of_provider.then_some(*verdict != Err(Refusal::UnknownKey))
    }

    fn verify_with_known_keys(&self, token: &str, now: DateTime<Utc>) -> Result<Verified, Refusal> {
        let signed = match self.signed.get(token) {
            Some(signed) if self.is_of_this_edition(&signed) => signed,
            Some(_) | None => {
                let signed = Arc::new(self.check_signature(token)?);
                self.signed.insert(token.to_owned(), Arc::clone(&signed));
                signed
            }
        };
        signed.claims.check(&self.audience, now).map_err(Refusal::Invalid)?;
        Ok(Verified::clone(&signed.verified))
    }

    fn is_of_this_edition(&self, signed: &Signed) -> bool {
        signed.edition.is_none() || signed.edition == self.edition()
    }

    fn are_keys_due(&self) -> bool {
        self.provider.as_ref().is_some_and(|provider| provider.keys.are_old(Instant::now()))
    }

    /// The edition of the identity provider's keys.
    fn edition(&self) -> Option<u64> {
        self.provider.as_ref().map(|provider| provider.keys.edition())
    }

    fn check_signature(&self, token: &str) -> Result<Signed, Refusal> {
        // Read before the key is found, so that keys read meanwhile count as another edition.
        let edition = self.edition();
        let header = decode_header(token).map_err(|_| Refusal::Invalid("the token is malformed"))?;
        check_header(&header)?;
        let IssuerOnly { iss } = insecure_decode_claims(token)
            .map_err(|_| Refusal::Invalid("the token is malformed, or names no issuer"))?;
        if iss == self.issuer {
            let claims = read(token, &self.verifying, Algorithm::HS256, header.alg)?;
            let client = Uuid::parse_str(&claims.sub)
                .map_err(|_| Refusal::Invalid("the token's subject is not a client"))?;
            let subject = format!("client:{client}");
            let verified = Verified { subject, client: Some(client), grants: claims.grants() };
            return Ok(Signed { claims, verified: Arc::new(verified), edition: None });
        }
        let provider = self.provider.as_ref().filter(|provider| provider.issuer == iss);
        let provider = provider.ok_or(Refusal::Invalid("the token's issuer is not trusted"))?;
        let algorithm = provider.algorithms.iter().find(|algorithm| **algorithm == header.alg);
        let algorithm = *algorithm.ok_or(Refusal::Invalid("the token's algorithm is not accepted"))?;
        let key = provider.keys.find(header.kid.as_deref()).ok_or(Refusal::UnknownKey)?;
        if key.algorithm.as_ref().is_some_and(|only| *only != format!("{algorithm:?}")) {
            return Err(Refusal::Invalid("the token's key is for another algorithm"));
        }
        let claims = read(token, &key.key, algorithm, header.alg)?;
        let subject = format!("user:{}", claims.sub);
        let verified = Verified { subject, client: None, grants: claims.grants() };
        Ok(Signed { claims, verified: Arc::new(verified), edition })
    }
}

/// Rejects unknown critical extensions, and tokens of another type.
fn check_header(header: &Header) -> Result<(), Refusal> {
    if header.crit.is_some() {
        return Err(Refusal::Invalid("the token has critical extensions"));
    }
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    match typ.as_deref().map(|typ| typ.trim_start_matches("application/")) {
        None | Some("jwt" | "at+jwt") => Ok(()),
        Some(_) => Err(Refusal::Invalid("the token is of another type")),
    }
}

/// Checks the signature with one key and one algorithm, and reads the claims.
fn read(token: &str, key: &DecodingKey, fixed: Algorithm, named: Algorithm) -> Result<Claims, Refusal> {
    if named != fixed {
        return Err(Refusal::Invalid("the token's algorithm is not accepted"));
    }
    let mut validation = Validation::new(fixed);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    match decode::<Claims>(token, key, &validation) {
        Ok(data) => Ok(data.claims),
        Err(error) => match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => {
                Err(Refusal::Invalid("a claim is missing or malformed: iss, sub, aud and exp are needed"))
            }
            _ => Err(Refusal::Invalid("the token's signature is not valid")),
        },
    }
}

#[cfg(test)]
#[path = "jwt_tests.rs"]
mod tests;
