//! Responses from the cache, or computed and cached.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::versions::Versions;
use waymark_persistence::{Connection, Needs};

use super::AppState;
use crate::cache::responses::{CachedResponse, Key, accepts_gzip};
use crate::http::etag::Conditions;
use crate::http::path::organisation_in;
use crate::http::problem::Problem;
use crate::http::response::Response;

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
