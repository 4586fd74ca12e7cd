//! Retries with an idempotency key.

use std::thread;

use waymark_persistence::idempotency::{Attempt, Begun, Claim, StoredAnswer, begin, complete, release};
use waymark_persistence::{Store, StoreError};

use crate::engines::{at, on_each_engine};

const NOON: &str = "2010-03-31T12:00:00Z";

fn attempt(key: &str, body: &[u8]) -> Attempt {
    Attempt {
        client: "school system".into(),
        operation: "POST /v1/organisations".into(),
        key: key.into(),
        body_hash: body.to_vec(),
    }
}

fn answer() -> StoredAnswer {
    StoredAnswer {
        status: 201,
        content_type: Some("application/json".into()),
        headers: vec![("location".into(), "/v1/organisations/leicestershire".into())],
        body: b"{\"code\":\"leicestershire\"}".to_vec(),
    }
}

fn claimed(store: &Store, attempt: &Attempt, moment: &str) -> Claim {
    match begin(store, attempt, at(moment)).unwrap() {
        Begun::Fresh(claim) => claim,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_same_request_gets_the_same_answer() {
    on_each_engine(|database| {
        let store = &database.store;
        let claim = claimed(store, &attempt("k", b"one"), NOON);
        assert_eq!(begin(store, &attempt("k", b"one"), at(NOON)).unwrap(), Begun::InFlight);
        store.write(|c| complete(c, &claim, &answer(), at(NOON))).unwrap();
        assert_eq!(begin(store, &attempt("k", b"one"), at(NOON)).unwrap(), Begun::Replay(answer()));
        assert_eq!(begin(store, &attempt("k", b"two"), at(NOON)).unwrap(), Begun::Mismatch);
    });
}

#[test]
fn another_key_client_or_operation_is_another_request() {
    on_each_engine(|database| {
        let store = &database.store;
        claimed(store, &attempt("k", b"one"), NOON);
        claimed(store, &attempt("K", b"one"), NOON);
        claimed(store, &Attempt { client: "health system".into(), ..attempt("k", b"one") }, NOON);
        claimed(store, &Attempt { operation: "POST /v1/token".into(), ..attempt("k", b"one") }, NOON);
    });
}

#[test]
fn a_failure_frees_the_key_and_keeps_no_answer() {
    on_each_engine(|database| {
        let store = &database.store;
        let claim = claimed(store, &attempt("k", b"one"), NOON);
        let failed: Result<(), StoreError> = store.write(|c| {
            complete(c, &claim, &answer(), at(NOON))?;
            Err(StoreError::Stale)
        });
        assert!(failed.is_err());
        release(store, &claim).unwrap();
        claimed(store, &attempt("k", b"another body"), NOON);
    });
}

#[test]
fn releasing_too_late_takes_no_answer_away() {
    on_each_engine(|database| {
        let store = &database.store;
        let claim = claimed(store, &attempt("k", b"one"), NOON);
        store.write(|c| complete(c, &claim, &answer(), at(NOON))).unwrap();
        release(store, &claim).unwrap();
        assert_eq!(begin(store, &attempt("k", b"one"), at(NOON)).unwrap(), Begun::Replay(answer()));
    });
}

#[test]
fn what_a_crash_left_in_flight_is_taken_over_after_five_minutes() {
    on_each_engine(|database| {
        let store = &database.store;
        let crashed = claimed(store, &attempt("k", b"one"), NOON);
        let soon = begin(store, &attempt("k", b"one"), at("2010-03-31T12:04:59Z")).unwrap();
        assert_eq!(soon, Begun::InFlight);
        let second = claimed(store, &attempt("k", b"one"), "2010-03-31T12:05:00Z");

        let too_late = store.write(|c| complete(c, &crashed, &answer(), at("2010-03-31T12:05:01Z")));
        assert!(matches!(too_late, Err(StoreError::Stale)), "{too_late:?}");
        store.write(|c| complete(c, &second, &answer(), at("2010-03-31T12:05:01Z"))).unwrap();
    });
}

#[test]
fn an_answer_is_kept_for_a_day() {
    on_each_engine(|database| {
        let store = &database.store;
        for key in ["k", "l"] {
            let claim = claimed(store, &attempt(key, b"one"), NOON);
            store.write(|c| complete(c, &claim, &answer(), at("2010-03-31T12:01:00Z"))).unwrap();
        }
        let last_second = begin(store, &attempt("k", b"one"), at("2010-04-01T12:00:59Z")).unwrap();
        assert_eq!(last_second, Begun::Replay(answer()));
        claimed(store, &attempt("k", b"two"), "2010-04-01T12:01:00Z");
        claimed(store, &attempt("l", b"two"), "2010-04-01T12:01:00Z");
    });
}

#[test]
fn of_many_at_once_one_does_the_work() {
    on_each_engine(|database| {
        let begun: Vec<Begun> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| begin(&database.store, &attempt("k", b"one"), at(NOON)).unwrap()))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let fresh = begun.iter().filter(|begun| matches!(begun, Begun::Fresh(_))).count();
        let in_flight = begun.iter().filter(|begun| **begun == Begun::InFlight).count();
        assert_eq!((fresh, in_flight), (1, 7));
    });
}
