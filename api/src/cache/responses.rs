//! Answers that are kept ready as bytes, with their entity tag, until something of their organisation changes.
//!
//! The key of an answer holds the versions of its organisation and of the catalogue, so an answer that is out of date
//! is never found again: nothing has to be thrown away in time, on any replica.

use std::sync::{Arc, OnceLock};

use actix_web::dev::Payload;
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use chrono::NaiveDate;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::versions::Versions;
use waymark_persistence::{Connection, Needs};

use crate::auth::guard::organisation_in;
use crate::http::etag::{Conditions, ETag};
use crate::http::problem::Problem;
use crate::http::response::{Response, gzipped};
use crate::state::{AppState, now};

/// The most bytes that are kept ready.
const CAPACITY: u64 = 64 * 1024 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");
/// About how many answers that may be.
const ANSWERS: usize = 500;

/// The answers that are ready.
pub(crate) struct Ready {
    answers: Cache<Key, Arc<Kept>, Weight>,
    /// Paths and queries that were answered so, each with the pattern of its route.
    routes: Cache<String, Arc<str>>,
}

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
    versions: (i64, Option<i64>),
}

/// An answer that is kept.
pub(crate) struct Kept {
    pub(crate) etag: ETag,
    tag: HeaderValue,
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
    route: Option<Arc<str>>,
    accepts_gzip: bool,
    versions: Arc<Versions>,
}

impl FromRequest for Asked {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.extensions().get::<Arc<Versions>>().cloned();
        let service = request.app_data::<Data<AppState>>().cloned();
        let path_and_query = request.uri().path_and_query().map(|all| all.to_string()).unwrap_or_default();
        let route = request.match_pattern().map(Arc::from);
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
            Ok(Self { path_and_query, route, accepts_gzip, versions })
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
        Self { answers: Cache::with_weighter(ANSWERS, CAPACITY, Weight), routes: Cache::new(ANSWERS) }
    }

    /// The pattern of the route of a path and query of which answers are kept.
    pub(crate) fn route(&self, path_and_query: &str) -> Option<Arc<str>> {
        self.routes.get(path_and_query)
    }

    /// The answer that is kept for these versions.
    pub(crate) fn find(
        &self,
        path_and_query: &str,
        organisation: &Code,
        sees_small_counts: bool,
        versions: &Versions,
    ) -> Option<Arc<Kept>> {
        self.answers.get(&Key::of(path_and_query.to_owned(), organisation, sees_small_counts, versions)?)
    }
}

impl Key {
    /// None where there is no such organisation yet: nothing would ever put out of date what is kept of it.
    fn of(asked: String, organisation: &Code, sees_small_counts: bool, versions: &Versions) -> Option<Self> {
        let versions =
            (*versions.get(organisation.as_str())?, versions.get(Organisation::CATALOGUE).copied());
        Some(Self { asked, sees_small_counts, today: now().date_naive(), versions })
    }
}

impl Kept {
    fn new(body: Vec<u8>) -> Result<Self, Problem> {
        let etag = ETag::of_bytes(&body);
        let tag = HeaderValue::from_str(etag.as_str()).map_err(Problem::internal)?;
        Ok(Self { etag, tag, body: Bytes::from(body), gzipped: OnceLock::new() })
    }

    /// The body as the caller takes it, and whether that is compressed.
    fn body(&self, accepts_gzip: bool) -> Result<(Bytes, bool), Problem> {
        if !accepts_gzip {
            return Ok((self.body.clone(), false));
        }
        if let Some(compressed) = self.gzipped.get() {
            return Ok((compressed.clone(), true));
        }
        let made = gzipped(&self.body)?;
        Ok((self.gzipped.get_or_init(|| made).clone(), true))
    }

    /// The response to a request with these headers, without what every response has.
    ///
    /// # Errors
    /// 500 where it cannot be compressed.
    pub(crate) fn response(&self, is_known: bool, headers: &HeaderMap) -> Result<HttpResponse, Problem> {
        if is_known {
            return Ok(HttpResponse::NotModified().insert_header((ETAG, self.tag.clone())).finish());
        }
        let (body, is_compressed) = self.body(accepts_gzip(headers))?;
        let mut response = HttpResponse::Ok();
        response.insert_header((ETAG, self.tag.clone())).insert_header((CONTENT_TYPE, JSON));
        if is_compressed {
            response.insert_header((CONTENT_ENCODING, GZIP));
        }
        Ok(response.body(body))
    }
}

impl AppState {
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
    ) -> Result<Response, Problem>
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Clone + Send + 'static,
    {
        let Asked { path_and_query, route, accepts_gzip, versions } = asked;
        let version = |code: &str| versions.get(code).copied();
        let Some(key) = Key::of(path_and_query, organisation, sees_small_counts, &versions) else {
            return Err(Problem::not_found("organisation"));
        };
        let kept = match self.ready.answers.get_value_or_guard_async(&key).await {
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
                let kept = Arc::new(Kept::new(body)?);
                // It is gone again only where there is no room for it.
                let _ = place.insert(Arc::clone(&kept));
                if let Some(route) = route {
                    self.ready.routes.insert(key.asked, route);
                }
                kept
            }
        };
        if conditions.has_already(&kept.etag) {
            return Ok(Response::not_modified(&kept.etag));
        }
        let (body, is_compressed) = kept.body(accepts_gzip)?;
        let answer = Response::ready(body, &kept.etag);
        Ok(if is_compressed { answer.compressed() } else { answer })
    }
}
