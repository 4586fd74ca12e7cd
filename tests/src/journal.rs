//! What a test changed, so that it can be asked for in the trail: whatever a test is about, each request that changes
//! something must have left a trace.

use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use diesel::sql_types::Text;
use ureq::http::Method;
use waymark_persistence::{Store, StoreError};

use crate::Answer;

/// The requests that changed something: what was asked for, and the id of the request.
#[derive(Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<Vec<(String, String)>>>);

#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = Text)]
    request_id: String,
}

/// Every table that says in which request its rows were written.
const RECORDED: &str = "SELECT request_id FROM revisions UNION SELECT request_id FROM judgements \
    UNION SELECT request_id FROM submissions";

impl Journal {
    /// Notes a request that went well and was to change something.
    pub(crate) fn note(&self, method: &Method, url: &str, answer: &Answer) {
        let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        let only_tries = url.contains("validate_only=true") || url.ends_with("/v1/token");
        let replayed = answer.header("idempotency-replayed").is_some();
        if reads || only_tries || replayed || !(200..300).contains(&answer.status) {
            return;
        }
        let id = answer.header("x-request-id").unwrap().to_owned();
        self.0.lock().unwrap().push((format!("{method} {url}"), id));
    }

    /// Checks that each of them is in the trail.
    pub(crate) fn check(&self, store: &Store) {
        let noted = self.0.lock().unwrap();
        let recorded: Result<Vec<Recorded>, StoreError> =
            store.read(|connection| Ok(diesel::sql_query(RECORDED).load(connection)?));
        let recorded: Vec<String> = recorded.unwrap().into_iter().map(|row| row.request_id).collect();
        let silent: Vec<&String> =
            noted.iter().filter(|(_, id)| !recorded.contains(id)).map(|(what, _)| what).collect();
        assert!(silent.is_empty(), "these changes left no entry in the trail: {silent:?}");
    }
}
