//! The public keys of the council's identity provider: read from a file or an address, and read again
//! when a token names a key that is not among them, or when they are old.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse};

use crate::settings::JwksSource;

/// The least time between two reads of the keys that tokens with an unknown key cause.
const AT_MOST_EVERY: Duration = Duration::from_secs(30);
/// Keys are read again after this time, so that a withdrawn key is no longer accepted.
const FRESH_FOR: Duration = Duration::from_secs(600);
/// The timeout of a request to the identity provider.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest key set, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// The keys and their source.
pub(crate) struct Keys {
    source: JwksSource,
    known: RwLock<Vec<Key>>,
    /// How often they were read.
    edition: AtomicU64,
    last_read: Mutex<Option<Instant>>,
}

/// One public key.
#[derive(Clone)]
pub(crate) struct Key {
    id: Option<String>,
    /// The algorithm that the key is restricted to, by its name.
    pub(crate) algorithm: Option<String>,
    pub(crate) key: DecodingKey,
}

impl Keys {
    /// No keys yet: [`Keys::read_again`] reads them.
    pub(crate) fn of(source: JwksSource) -> Self {
        Self {
            source,
            known: RwLock::new(Vec::new()),
            edition: AtomicU64::new(0),
            last_read: Mutex::new(None),
        }
    }

    /// The key with this id; for a token that names none, the only key if there is exactly one.
    pub(crate) fn find(&self, id: Option<&str>) -> Option<Key> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match id {
            Some(id) => known.iter().find(|key| key.id.as_deref() == Some(id)).cloned(),
            None => match known.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        }
    }

    /// Whether to read the keys again, for a token whose key is `known` or not. Returns true to
    /// one caller only.
    pub(crate) fn is_due(&self, known: bool, now: Instant) -> bool {
        let mut last = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = if known { FRESH_FOR } else { AT_MOST_EVERY };
        let due = last.is_none_or(|last| now.duration_since(last) >= wait);
        if due {
            *last = Some(now);
        }
        due
    }

    /// Whether the keys are old enough to be read again. The caller need not act on it.
    pub(crate) fn are_old(&self, now: Instant) -> bool {
        let last = *self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| now.duration_since(last) >= FRESH_FOR)
    }

    /// Reads the keys from their source, which may block; after a failure the known keys remain.
    pub(crate) fn read_again(&self) -> Result<usize, String> {
        let text = match &self.source {
            JwksSource::File(path) => {
                std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?
            }
            JwksSource::Url(url) => fetch(url)?,
        };
        let keys = parse(&text)?;
        let count = keys.len();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.edition.fetch_add(1, Ordering::Release);
        Ok(count)
    }

    /// A number that changes each time the keys are read.
    pub(crate) fn edition(&self) -> u64 {
        self.edition.load(Ordering::Acquire)
    }

    /// Whether the source is the service's own disk, so that a failure is a wrong setting.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self.source, JwksSource::File(_))
    }
}

fn fetch(url: &str) -> Result<String, String> {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).build().into();
    let mut response = agent.get(url).call().map_err(|error| format!("{url}: {error}"))?;
    let body = response.body_mut().with_config().limit(MAX_BYTES);
    body.read_to_string().map_err(|error| format!("{url}: {error}"))
}

/// Keys of kinds that the service does not use are skipped; a set without any usable key is an error.
fn parse(text: &str) -> Result<Vec<Key>, String> {
    let set: JwkSet = serde_json::from_str(text).map_err(|error| format!("it is not a JWK set: {error}"))?;
    let keys: Vec<Key> = set.keys.iter().filter_map(usable).collect();
    if keys.is_empty() { Err("it contains no public key for signatures".to_owned()) } else { Ok(keys) }
}

fn usable(jwk: &Jwk) -> Option<Key> {
    let for_signatures = matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let public = matches!(
        jwk.algorithm,
        AlgorithmParameters::RSA(_)
            | AlgorithmParameters::EllipticCurve(_)
            | AlgorithmParameters::OctetKeyPair(_)
    );
    if !for_signatures || !public {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    let algorithm = jwk.common.key_algorithm.map(|algorithm| algorithm.to_string());
    Some(Key { id: jwk.common.key_id.clone(), algorithm, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_secrets_and_encryption_keys_are_no_keys() {
        assert!(parse(r#"{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]}"#).is_err());
        assert!(parse(r#"{"keys":[]}"#).is_err());
        assert!(parse("[]").is_err());
        let ed = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(parse(&format!(r#"{{"keys":[{ed}]}}"#)).unwrap().len(), 1);
        let encryption = ed.replacen('{', r#"{"use":"enc","#, 1);
        assert!(parse(&format!(r#"{{"keys":[{encryption}]}}"#)).is_err());
    }

    #[test]
    fn a_storm_of_unknown_keys_reads_the_source_once() {
        let keys = Keys::of(JwksSource::File("absent.json".into()));
        let start = Instant::now();
        assert!(keys.is_due(false, start));
        assert!(!keys.is_due(false, start + Duration::from_secs(29)));
        assert!(keys.is_due(false, start + Duration::from_secs(30)));
        assert!(!keys.is_due(true, start + Duration::from_secs(60)));
        assert!(keys.is_due(true, start + Duration::from_secs(631)));
        assert!(keys.read_again().is_err());
    }
}
