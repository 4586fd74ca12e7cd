//! The `Idempotency-Key` of a request, and the hash of everything that must be the same in a retry. What a retry does is in
//! `workflow::idempotency`.

use std::future::{Ready, ready};

use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use sha2::{Digest, Sha256};

use crate::http::body::Body;
use crate::http::problem::{Fault, Kind, Problem};

/// The header with the key.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key, in characters.
pub(crate) const MAX_LEN: usize = 255;

/// The key of a request, if it has one, and what the request is.
#[derive(Debug)]
pub(crate) struct Retry {
    pub(crate) key: Option<String>,
    pub(crate) operation: String,
    query: String,
}

/// The hash of a body and of all else that must be the same in a retry; nothing if there is no key.
pub(crate) struct BodyHash(Option<Sha256>);

impl BodyHash {
    /// The bytes of the hash; empty if there is no key.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.map(|hash| hash.finalize().to_vec()).unwrap_or_default()
    }

    /// Adds some of the body.
    pub(crate) fn add(&mut self, part: &[u8]) {
        if let Some(hash) = &mut self.0 {
            hash.update(part);
        }
    }
}

impl FromRequest for Retry {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let operation = format!("{} {}", request.method(), request.path());
        let query = request.query_string().to_owned();
        ready(key(request).map(|key| Self { key, operation, query }))
    }
}

fn key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut values = request.headers().get_all(&HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let visible = (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if visible && values.next().is_none() {
        return Ok(Some(text.to_owned()));
    }
    let detail = format_args!("send one key of 1 to {MAX_LEN} visible ASCII characters, for example a UUID");
    let fault = Fault::in_parameter(HEADER.as_str(), "invalid_value", detail);
    Err(Problem::new(Kind::InvalidHeader).faults([fault]))
}

impl Retry {
    /// Begins the hash of the body that comes with this, of a media type.
    pub(crate) fn hash(&self, media_type: &str) -> BodyHash {
        BodyHash(self.key.is_some().then(|| {
            let mut hash = Sha256::new();
            for part in [media_type.as_bytes(), self.query.as_bytes()] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            hash
        }))
    }

    /// The hash of a whole body.
    pub(crate) fn hash_of(&self, body: &Body) -> BodyHash {
        let mut hash = self.hash(body.media_type());
        hash.add(body.bytes());
        hash
    }
}
