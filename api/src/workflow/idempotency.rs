//! Retries: every POST that changes something goes through [`Retry::once`], so that a request that is sent
//! again with the same `Idempotency-Key` does its work once and gets the same answer.

use actix_web::http::StatusCode;
use waymark_persistence::idempotency::{Attempt, Begun, Claim, StoredAnswer, begin, complete, release};
use waymark_persistence::{Change, Connection, Store, StoreError};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::idempotency::{BodyHash, Retry};
use crate::http::problem::{Kind, Problem};
use crate::http::response::Response;
use crate::http::runtime::{later, now};
use crate::state::AppState;

impl Retry {
    /// One blocking hop: does `work` in one transaction that stores its answer as well, or returns the
    /// answer that was stored. A failure stores nothing, and releases the key.
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

    /// [`Retry::once`] for work with a large response: `render` makes the response of what was done, inside the
    /// transaction only if it has to be stored there.
    ///
    /// # Errors
    /// Those of `work` and `render`, and those of [`Retry::once`].
    pub(crate) async fn once_with<T, F, G>(
        self,
        service: &AppState,
        caller: &Caller,
        body: &Body,
        work: F,
        render: G,
    ) -> Result<Response, Problem>
    where
        T: 'static,
        F: FnOnce(&mut Connection, &Change) -> Result<T, Problem> + Send + 'static,
        G: FnOnce(T) -> Result<Response, Problem> + Send + 'static,
    {
        let hash = self.hash_of(body);
        self.done(service, caller, hash, work, |done| Ok((render(done)?, ())), drop).await
    }

    /// [`Retry::once`] for a body of which only the hash is there; what `work` leaves is for `afterwards`, once the work
    /// is committed.
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

    /// What all of them do: `work` in a transaction, `render` for the response (inside the transaction if it is stored),
    /// and `afterwards` for what `work` leaves to do.
    async fn done<T, U, F, G>(
        self,
        service: &AppState,
        caller: &Caller,
        body: BodyHash,
        work: F,
        render: G,
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
                let answered = store.write_and(|connection| work(connection, &change), render)?;
                let (answer, left) = answered?;
                afterwards(left);
                Ok(answer)
            };
            return service.change(once).await;
        };
        let attempt = Attempt {
            client: caller.subject.clone(),
            operation: self.operation,
            key,
            body_hash: body.finish(),
        };
        let work = |connection: &mut Connection, change: &Change| render(work(connection, change)?);
        let once = move |store: &Store| match begin(store, &attempt, change.at)? {
            Begun::Fresh(claim) => {
                let (answer, left) = perform(store, &claim, &change, work)?;
                afterwards(left);
                Ok(answer)
            }
            Begun::Replay(stored) => replayed(stored),
            Begun::Mismatch => Err(Problem::new(Kind::IdempotencyKeyReused).detail(
                "the key was used with another body, media type or query: send a new key with a new request",
            )),
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
        complete(connection, claim, &to_stored(&answer), now()).map_err(|error| match error {
            // It took so long that another attempt took over the key: that one responds.
            StoreError::Stale => in_flight(),
            error => error.into(),
        })?;
        Ok((answer, left))
    });
    if done.is_err()
        && let Err(error) = release(store, claim)
    {
        tracing::warn!(%error, "an idempotency key stays locked until it expires");
    }
    done
}

fn in_flight() -> Problem {
    later(Kind::RequestInFlight, 1)
        .detail("a request with this key is being processed: try again in a second")
}

fn to_stored(answer: &Response) -> StoredAnswer {
    let Response { status, content_type, headers, body } = answer.clone();
    StoredAnswer { status: status.as_u16(), content_type, headers, body: body.to_vec() }
}

fn replayed(stored: StoredAnswer) -> Result<Response, Problem> {
    let StoredAnswer { status, content_type, headers, body } = stored;
    let status = StatusCode::from_u16(status).map_err(Problem::internal)?;
    Ok(Response { status, content_type, headers, body: body.into() }.replayed())
}
