//! Retries: every POST that changes something goes through [`Retry::once`], so that a request that is sent
//! again with the same `Idempotency-Key` does its work once and is answered alike.

use std::future::{Ready, ready};

use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use sha2::{Digest, Sha256};
use waymark_persistence::idempotency::{Attempt, Begun, Claim, begin, complete, release};
use waymark_persistence::{Change, Connection, Store, StoreError};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::response::Response;
use crate::state::{AppState, now};

/// The header with the key.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key, in characters.
pub(crate) const MAX_LEN: usize = 255;

/// The key of a request, if it carries one, and what the request is.
#[derive(Debug)]
pub(crate) struct Retry {
    key: Option<String>,
    operation: String,
    query: String,
}

/// The hash of a body and of all else that must be the same in a retry; nothing where there is no key.
pub(crate) struct BodyHash(Option<Sha256>);

impl BodyHash {
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
    let detail = format_args!("one key of 1 to {MAX_LEN} visible ASCII characters");
    let fault = Fault::in_parameter(HEADER.as_str(), "invalid_value", detail);
    Err(Problem::new(Kind::InvalidHeader).faults([fault]))
}

impl Retry {
    /// One blocking hop: does `work` in one transaction that keeps its answer as well, or gives the answer
    /// that was kept. A failure keeps nothing, and frees the key.
    ///
    /// # Errors
    /// Those of `work`; 422 where the key came with another body, 409 while the first attempt is running.
    pub(crate) async fn once<F>(
        self,
        service: &AppState,
        caller: &Caller,
        body: &Body,
        work: F,
    ) -> Result<Response, Problem>
    where
        F: FnOnce(&mut Connection, &Change) -> Result<Response, Problem> + Send + 'static,
    {
        let hash = self.hash_of(body);
        self.done(service, caller, hash, work, |answer| Ok((answer, ())), drop).await
    }

    /// [`Retry::once`] for work of which much is to be told: the answer is made of what was done by `tell`, and only
    /// where it has to be kept before the transaction ends.
    ///
    /// # Errors
    /// Those of `work` and `tell`, and those of [`Retry::once`].
    pub(crate) async fn once_told<T, F, G>(
        self,
        service: &AppState,
        caller: &Caller,
        body: &Body,
        work: F,
        tell: G,
    ) -> Result<Response, Problem>
    where
        T: 'static,
        F: FnOnce(&mut Connection, &Change) -> Result<T, Problem> + Send + 'static,
        G: FnOnce(T) -> Result<Response, Problem> + Send + 'static,
    {
        let hash = self.hash_of(body);
        self.done(service, caller, hash, work, |done| Ok((tell(done)?, ())), drop).await
    }

    /// [`Retry::once`] for a body of which only the hash is there; what `work` leaves is for `afterwards`, once the work
    /// is kept.
    ///
    /// # Errors
    /// Those of [`Retry::once`].
    pub(crate) async fn once_and<T, F>(
        self,
        service: &AppState,
        caller: &Caller,
        body: BodyHash,
        work: F,
        afterwards: impl FnOnce(T) + Send + 'static,
    ) -> Result<Response, Problem>
    where
        T: 'static,
        F: FnOnce(&mut Connection, &Change) -> Result<(Response, T), Problem> + Send + 'static,
    {
        self.done(service, caller, body, work, Ok, afterwards).await
    }

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

    fn hash_of(&self, body: &Body) -> BodyHash {
        let mut hash = self.hash(body.media_type());
        hash.add(body.bytes());
        hash
    }

    /// What all of them do: `work` in a transaction, `tell` what it did, in the transaction where the answer is kept
    /// there, and `afterwards` what is left to do.
    async fn done<T, U, F, G>(
        self,
        service: &AppState,
        caller: &Caller,
        body: BodyHash,
        work: F,
        tell: G,
        afterwards: impl FnOnce(U) + Send + 'static,
    ) -> Result<Response, Problem>
    where
        T: 'static,
        U: 'static,
        F: FnOnce(&mut Connection, &Change) -> Result<T, Problem> + Send + 'static,
        G: FnOnce(T) -> Result<(Response, U), Problem> + Send + 'static,
    {
        let change = caller.change();
        let Some(key) = self.key else {
            let once = move |store: &Store| {
                let told = store.write_and(|connection| work(connection, &change), tell)?;
                let (answer, left) = told?;
                afterwards(left);
                Ok(answer)
            };
            return service.change(once).await;
        };
        let attempt = Attempt {
            client: caller.subject.clone(),
            operation: self.operation,
            key,
            body_hash: body.0.map(|hash| hash.finalize().to_vec()).unwrap_or_default(),
        };
        let work = |connection: &mut Connection, change: &Change| tell(work(connection, change)?);
        let once = move |store: &Store| match begin(store, &attempt, change.at)? {
            Begun::Fresh(claim) => {
                let (answer, left) = perform(store, &claim, &change, work)?;
                afterwards(left);
                Ok(answer)
            }
            Begun::Replay(stored) => Response::replayed(stored),
            Begun::Mismatch => Err(Problem::new(Kind::IdempotencyKeyReused)
                .detail("the key was used with another body, media type or query")),
            Begun::InFlight => Err(in_flight()),
        };
        service.change(once).await
    }
}

fn perform<F, T>(store: &Store, claim: &Claim, change: &Change, work: F) -> Result<(Response, T), Problem>
where
    F: FnOnce(&mut Connection, &Change) -> Result<(Response, T), Problem>,
{
    let done = store.write(|connection| {
        let (answer, left) = work(connection, change)?;
        complete(connection, claim, &answer.to_stored(), now()).map_err(|error| match error {
            // It took so long that another attempt took the key over: that one answers.
            StoreError::Stale => in_flight(),
            error => error.into(),
        })?;
        Ok((answer, left))
    });
    if done.is_err()
        && let Err(error) = release(store, claim)
    {
        tracing::warn!(%error, "an idempotency key stays taken until it is abandoned");
    }
    done
}

fn in_flight() -> Problem {
    Problem::new(Kind::RequestInFlight)
        .header(RETRY_AFTER, HeaderValue::from(1))
        .detail("an attempt with this key is running: try again in a second")
}
