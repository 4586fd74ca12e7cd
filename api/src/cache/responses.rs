//! Responses cached as bytes, with their entity tag, until something of their organisation changes.
//!
//! The key of a response has the versions of its organisation and of the catalogue, so an outdated response is never
//! found again: no replica needs to invalidate it.

use std::sync::{Arc, OnceLock};

use actix_web::HttpResponse;
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
};
use actix_web::web::Bytes;
use chrono::NaiveDate;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::versions::Versions;

use crate::http::etag::ETag;
use crate::http::problem::Problem;
use crate::http::response::gzipped;
use crate::http::runtime::now;

/// The most bytes in the cache.
const CAPACITY: u64 = 64 * 1024 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");
/// About how many responses that may be.
const ENTRIES: usize = 500;

/// The cached responses.
pub(crate) struct ResponseCache {
    pub(crate) entries: Cache<Key, Arc<CachedResponse>, Weight>,
    /// Paths and queries with cached responses, each with the pattern of its route.
    pub(crate) routes: Cache<String, Arc<str>>,
}

/// What a response depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// Path and query.
    pub(crate) request: String,
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

/// The weight of an entry is its size.
#[derive(Clone)]
pub(crate) struct Weight;

impl Weighter<Key, Arc<CachedResponse>> for Weight {
    fn weight(&self, key: &Key, cached: &Arc<CachedResponse>) -> u64 {
        // A compressed copy is about a tenth as large.
        (key.request.len() + cached.body.len() + cached.body.len() / 8 + 200) as u64
    }
}

/// Whether the caller accepts gzip; with quality values, the plain bytes are returned.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
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
    pub(crate) fn of(
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
    pub(crate) fn new(body: Vec<u8>) -> Result<Self, Problem> {
        let etag = ETag::of_bytes(&body);
        let tag = HeaderValue::from_str(etag.as_str()).map_err(Problem::internal)?;
        Ok(Self { etag, tag, body: Bytes::from(body), gzipped: OnceLock::new() })
    }

    /// The body in an accepted coding, and whether it is compressed.
    pub(crate) fn body(&self, accepts_gzip: bool) -> Result<(Bytes, bool), Problem> {
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
