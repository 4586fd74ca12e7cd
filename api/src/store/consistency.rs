//! Reading one's own writes where reads are done at replicas: what changes something answers with the position of the
//! write, and a request that carries it is never read from a replica that has not come that far.

use std::cell::Cell;

use actix_web::http::header::{HeaderMap, HeaderName};
use waymark_persistence::{Needs, Position};

use crate::http::problem::{Fault, Kind, Problem};

/// The header with the position, both ways.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("waymark-position");

tokio::task_local! {
    /// Of the request whose task this is.
    static OF_REQUEST: OfRequest;
}

struct OfRequest {
    carried: Option<Position>,
    written: Cell<Option<Position>>,
}

/// The position that a request carries.
///
/// # Errors
/// 400 where it is none.
pub(crate) fn carried(headers: &HeaderMap) -> Result<Option<Position>, Problem> {
    let mut values = headers.get_all(&HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str().unwrap_or_default().parse(), values.next()) {
        (Ok(position), None) => Ok(Some(position)),
        (read, _) => {
            let why = read.err().map_or_else(|| "only one position".to_owned(), |error| error.to_string());
            let fault = Fault::in_parameter(HEADER.as_str(), "invalid_value", why);
            Err(Problem::new(Kind::InvalidHeader).faults([fault]))
        }
    }
}

/// Answers a request that carries this position; gives the position of what it wrote as well.
pub(crate) async fn accompany<F: Future>(
    carried: Option<Position>,
    answering: F,
) -> (F::Output, Option<Position>) {
    let of_request = OfRequest { carried, written: Cell::new(None) };
    let both = async move {
        let answered = answering.await;
        (answered, OF_REQUEST.with(|of_request| of_request.written.get()))
    };
    OF_REQUEST.scope(of_request, both).await
}

/// What the reads of the running request need. Where none is known, as in an answer that is streamed after its handler
/// has ended, nothing but the present will do.
pub(crate) fn needs() -> Needs {
    let carried = OF_REQUEST.try_with(|of_request| of_request.carried);
    carried.map_or(Needs::Present, |carried| carried.map_or(Needs::Recent, Needs::Since))
}

/// The running request has written up to here.
pub(crate) fn note(position: Option<Position>) {
    // Whoever writes without a request tells nobody.
    let _ = OF_REQUEST.try_with(|of_request| of_request.written.set(position));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn outside_of_a_request_only_the_present_will_do() {
        let position: Position = "00000000016b3748".parse().unwrap();
        assert_eq!(needs(), Needs::Present);
        assert_eq!(accompany(None, async { needs() }).await, (Needs::Recent, None));
        assert_eq!(accompany(Some(position), async { needs() }).await, (Needs::Since(position), None));
        assert_eq!(accompany(None, async { note(Some(position)) }).await, ((), Some(position)));
    }
}
