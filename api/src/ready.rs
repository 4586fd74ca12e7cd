//! Answers that are kept ready as bytes, with their entity tag, until something of their organisation changes.
//!
//! The key of an answer holds the versions of its organisation and of the catalogue, so an answer that is out of date
//! is never found again: nothing has to be thrown away in time, on any replica.

use std::sync::{Arc, OnceLock};

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::NaiveDate;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::version::Versions;
use waymark_persistence::{Connection, Needs};

use crate::access::guard::organisation_in;
use crate::answer::{Answer, gzipped};
use crate::etag::{Conditions, ETag};
use crate::problem::Problem;
use crate::service::{Service, now};

/// The most bytes that are kept ready.
const CAPACITY: u64 = 64 * 1024 * 1024;
/// About how many answers that may be.
const ANSWERS: usize = 500;

/// The answers that are ready.
pub(crate) struct Ready(Cache<Key, Arc<Kept>, Weight>);

/// What a kept answer was made of: where any of it differs, so may the answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// Path and query.
    asked: String,
    /// What a caller sees depends on this.
    sees_small_counts: bool,
    /// Dates that are not given are today's.
    today: NaiveDate,
    /// Of the organisation, and of the catalogue on which everybody leans.
    versions: (Option<i64>, Option<i64>),
}

struct Kept {
    etag: ETag,
    body: Bytes,
    /// Compressed when it is first asked for like that.
    gzipped: OnceLock<Bytes>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Kept>> for Weight {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        // A compressed copy is about a tenth as large.
        (key.asked.len() + kept.body.len() + kept.body.len() / 8 + 200) as u64
    }
}

/// What a request asks for, and the versions that were current after it came.
pub(crate) struct Asked {
    path_and_query: String,
    accepts_gzip: bool,
    versions: Arc<Versions>,
}

impl FromRequest for Asked {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.extensions().get::<Arc<Versions>>().cloned();
        let service = request.app_data::<Data<Service>>().cloned();
        let path_and_query = request.uri().path_and_query().map(|all| all.to_string()).unwrap_or_default();
        let organisation = organisation_in(request.path()).map(str::to_owned);
        let accepts_gzip = accepts_gzip(request.headers());
        async move {
            let versions = match (known, service) {
                (Some(versions), _) => versions,
                (None, Some(service)) => service.freshness.versions(organisation.as_deref()).await?,
                (None, None) => {
                    return Err(Problem::internal("the service is not among the application's data"));
                }
            };
            Ok(Self { path_and_query, accepts_gzip, versions })
        }
        .boxed_local()
    }
}

/// Whether the caller takes gzip; one who weighs it against others gets the plain bytes.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    listed.split(',').any(|coding| coding.trim().eq_ignore_ascii_case("gzip"))
}

impl Ready {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(ANSWERS, CAPACITY, Weight))
    }
}

impl Service {
    /// The answer that is ready, or the one that `make` makes of what is there now: 200 with its entity tag, or 304
    /// where the caller has it. Of several who ask at once for the same, one makes it and the others wait.
    ///
    /// # Errors
    /// Those of `make`; they are not kept.
    pub(crate) async fn ready<T, F>(
        &self,
        asked: Asked,
        (organisation, sees_small_counts): (&Code, bool),
        conditions: &Conditions,
        make: F,
    ) -> Result<Answer, Problem>
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Clone + Send + 'static,
    {
        let Asked { path_and_query, accepts_gzip, versions } = asked;
        let version = |code: &str| versions.get(code).copied();
        let key = Key {
            asked: path_and_query,
            sees_small_counts,
            today: now().date_naive(),
            versions: (version(organisation.as_str()), version(Organisation::CATALOGUE)),
        };
        let kept = match self.ready.0.get_value_or_guard_async(&key).await {
            Ok(kept) => kept,
            Err(place) => {
                // The primary's snapshot begins after the versions were read there, and a replica's is used only where
                // it has come as far: neither is ever older than the key.
                let reached = [organisation.as_str(), Organisation::CATALOGUE]
                    .into_iter()
                    .filter_map(|code| Some((code.to_owned(), version(code)?)));
                let needs = Needs::Versions(reached.collect());
                let body = self
                    .read_where(needs, move |connection| {
                        serde_json::to_vec(&make(connection)?).map_err(Problem::internal)
                    })
                    .await?;
                let etag = ETag::of_bytes(&body);
                let kept = Arc::new(Kept { etag, body: Bytes::from(body), gzipped: OnceLock::new() });
                // It is gone again only where there is no room for it.
                let _ = place.insert(Arc::clone(&kept));
                kept
            }
        };
        if conditions.has_already(&kept.etag) {
            return Ok(Answer::not_modified(&kept.etag));
        }
        if !accepts_gzip {
            return Ok(Answer::ready(kept.body.clone(), &kept.etag));
        }
        let compressed = match kept.gzipped.get() {
            Some(compressed) => compressed.clone(),
            None => {
                let made = gzipped(&kept.body)?;
                kept.gzipped.get_or_init(|| made).clone()
            }
        };
        Ok(Answer::ready(compressed, &kept.etag).compressed())
    }
}
