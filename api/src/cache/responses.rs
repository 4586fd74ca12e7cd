//! Responses cached as bytes, with their entity tag, until something of their organisation changes.
//!
//! The key of a response has the versions of its organisation and of the catalogue, so an outdated response is never
//! found again: no replica needs to invalidate it.

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

/// The most bytes in the cache.
const CAPACITY: u64 = 64 * 1024 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");
/// About how many responses that may be.
const ENTRIES: usize = 500;

/// The cached responses.
pub(crate) struct ResponseCache {
    entries: Cache<Key, Arc<CachedResponse>, Weight>,
    /// Paths and queries with cached responses, each with the pattern of its route.
    routes: Cache<String, Arc<str>>,
}

/// What a response depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// Path and query.
    request: String,
    /// Whether the caller sees small counts.
    sees_small_counts: bool,
    /// Dates default to today.
    today: NaiveDate,
    /// Of the organisation, and of the catalogue that all organisations depend on.
    versions: (i64, Option<i64>),
}

/// A cached response.
pub(crate) struct CachedResponse {
    pub(crate) etag: ETag,
    tag: HeaderValue,
    body: Bytes,
    /// Compressed on first use.
    gzipped: OnceLock<Bytes>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<CachedResponse>> for Weight {
    fn weight(&self, key: &Key, cached: &Arc<CachedResponse>) -> u64 {
        // A compressed copy is about a tenth as large.
        (key.request.len() + cached.body.len() + cached.body.len() / 8 + 200) as u64
    }
}

/// The address of a request, and versions that were current after it arrived.
pub(crate) struct CacheRequest {
    path_and_query: String,
    route: Option<Arc<str>>,
    accepts_gzip: bool,
    versions: Arc<Versions>,
}

impl FromRequest for CacheRequest {
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
                (None, Some(service)) => service.version_watch.versions(organisation.as_deref()).await?,
                (None, None) => {
                    return Err(Problem::internal("the service is not among the application's data"));
                }
            };
            Ok(Self { path_and_query, route, accepts_gzip, versions })
        }
        .boxed_local()
    }
}

/// Whether the caller accepts gzip; with quality values, the plain bytes are returned.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    listed.split(',').any(|coding| coding.trim().eq_ignore_ascii_case("gzip"))
}

impl ResponseCache {
    pub(crate) fn new() -> Self {
        Self { entries: Cache::with_weighter(ENTRIES, CAPACITY, Weight), routes: Cache::new(ENTRIES) }
    }

    /// The route of a path and query with cached responses.
    pub(crate) fn route(&self, path_and_query: &str) -> Option<Arc<str>> {
        self.routes.get(path_and_query)
    }

    /// The response that is cached for these versions.
    pub(crate) fn find(
        &self,
        path_and_query: &str,
        organisation: &Code,
        sees_small_counts: bool,
        versions: &Versions,
    ) -> Option<Arc<CachedResponse>> {
        self.entries.get(&Key::of(path_and_query.to_owned(), organisation, sees_small_counts, versions)?)
    }
}

impl Key {
    /// `None` if the organisation does not exist yet: a response could not become outdated.
    fn of(
        request: String,
        organisation: &Code,
        sees_small_counts: bool,
        versions: &Versions,
    ) -> Option<Self> {
        let versions =
            (*versions.get(organisation.as_str())?, versions.get(Organisation::CATALOGUE).copied());
        Some(Self { request, sees_small_counts, today: now().date_naive(), versions })
    }
}

impl CachedResponse {
    fn new(body: Vec<u8>) -> Result<Self, Problem> {
        let etag = ETag::of_bytes(&body);
        let tag = HeaderValue::from_str(etag.as_str()).map_err(Problem::internal)?;
        Ok(Self { etag, tag, body: Bytes::from(body), gzipped: OnceLock::new() })
    }

    /// The body in an accepted coding, and whether it is compressed.
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

    /// The response to a request with these headers, without the headers of every response.
    ///
    /// # Errors
    /// 500 if it cannot be compressed.
    pub(crate) fn response(&self, not_modified: bool, headers: &HeaderMap) -> Result<HttpResponse, Problem> {
        if not_modified {
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
    /// The cached response, or the one that `make` builds from the current data: 200 with its entity tag, or 304 if the
    /// caller has it. Of several concurrent requests for the same response, one builds it and the others wait.
    ///
    /// # Errors
    /// Those of `make`; they are not cached.
    pub(crate) async fn cached<T, F>(
        &self,
        request: CacheRequest,
        (organisation, sees_small_counts): (&Code, bool),
        conditions: &Conditions,
        make: F,
    ) -> Result<Response, Problem>
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, Problem> + Clone + Send + 'static,
    {
        let CacheRequest { path_and_query, route, accepts_gzip, versions } = request;
        let version = |code: &str| versions.get(code).copied();
        let Some(key) = Key::of(path_and_query, organisation, sees_small_counts, &versions) else {
            return Err(Problem::not_found("organisation"));
        };
        let cached = match self.responses.entries.get_value_or_guard_async(&key).await {
            Ok(cached) => cached,
            Err(vacant) => {
                // The primary's snapshot begins after the versions were read there, and a replica's is used only if it
                // has reached them: neither is older than the key.
                let reached = [organisation.as_str(), Organisation::CATALOGUE]
                    .into_iter()
                    .filter_map(|code| Some((code.to_owned(), version(code)?)));
                let needs = Needs::Versions(reached.collect());
                let body = self
                    .read_where(needs, move |connection| {
                        serde_json::to_vec(&make(connection)?).map_err(Problem::internal)
                    })
                    .await?;
                let cached = Arc::new(CachedResponse::new(body)?);
                // It is dropped only if it is too large for the cache.
                let _ = vacant.insert(Arc::clone(&cached));
                if let Some(route) = route {
                    self.responses.routes.insert(key.request, route);
                }
                cached
            }
        };
        if conditions.has_already(&cached.etag) {
            return Ok(Response::not_modified(&cached.etag));
        }
        let (body, is_compressed) = cached.body(accepts_gzip)?;
        let answer = Response::ready(body, &cached.etag);
        Ok(if is_compressed { answer.compressed() } else { answer })
    }
}
