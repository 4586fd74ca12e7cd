//! The guard of `/v1`: every request passes it, in this order: token, rate, revocation, position.
//!
//! A response that is cached is returned by [`respond_from_cache`], before the request is routed; it takes the same steps.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    http::header::{
        AUTHORIZATION, CACHE_CONTROL, HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH, ORIGIN, VARY,
        WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
    },
    middleware::Next,
    web,
};
use waymark_domain::access::{Action, Permission, permits};
use waymark_domain::code::Code;

use crate::auth::Caller;
use crate::auth::jwt::{Refusal, Verified};
use crate::http::etag::Conditions;
use crate::http::path::organisation_in;
use crate::http::problem::{Kind, Problem};
use crate::http::request_id;
use crate::http::request_id::RequestId;
use crate::http::runtime::now;
use crate::ops::metrics::Metrics;
use crate::resources::token;
use crate::state::AppState;
use crate::store::consistency;

/// A response may be stored for this caller only, and must be revalidated.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// What the response depends on, beside the address: CORS, compression and the guard add the same one by one.
const VARY_OF_ALL: HeaderValue = HeaderValue::from_static(
    "accept-encoding, Authorization, Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// The scheme before the token.
const SCHEME: &str = "Bearer ";

/// Passes a request on with its [`Caller`], or responds with 401 or 429. Every response has the rate.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(service) = request.app_data::<web::Data<AppState>>().cloned() else {
        let problem = Problem::internal("the service is not among the application's data");
        return Ok(request.into_response(problem.error_response()));
    };
    let is_public = request.path() == token::PATH;
    let verified = match is_public {
        true => Ok(None),
        false => verify(&service, request.headers()).await.map(Some),
    };
    let allowance = match &verified {
        Ok(Some(verified)) => service.rate_limit.take(&verified.subject),
        // Attempts with invalid tokens or secrets are counted by address.
        Ok(None) | Err(_) => service.rate_limit.take(&address(&request)),
    };
    let admission = match allowance.exceeded() {
        Some(problem) => Err(problem),
        None => match verified {
            Ok(Some(verified)) => admit(&service, verified, &request).await.map(Some),
            Ok(None) => Ok(None),
            Err(problem) => Err(problem),
        },
    };
    let admission = admission.and_then(|caller| Ok((caller, consistency::carried(request.headers())?)));
    let mut response = match admission {
        Ok((caller, carried)) => {
            if let Some(caller) = caller {
                tracing::Span::current().record("caller", caller.subject.as_str());
                request.extensions_mut().insert(caller);
            }
            let (response, written) = consistency::accompany(carried, next.call(request)).await;
            let mut response = response?.map_into_boxed_body();
            if let Some(written) = written.map(|written| HeaderValue::from_str(&written.to_string())) {
                response.headers_mut().insert(consistency::HEADER, written.map_err(Problem::internal)?);
            }
            response
        }
        Err(problem) => request.into_response(problem.error_response()),
    };
    let headers = response.headers_mut();
    allowance.write(headers);
    add_to_vary(headers)?;
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, PRIVATE);
    }
    Ok(response)
}

/// Responds from the response cache, or passes the request on.
///
/// It runs outside of routing, CORS, request ids and compression, so that a cached response costs none of them; the
/// response is the same with or without it. A request that needs one of them, or that has another response than 200 or
/// 304, is passed on, and its rate is counted there.
pub(crate) async fn respond_from_cache(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match cached(&request).await {
        Some(response) => Ok(request.into_response(response)),
        None => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
    }
}

async fn cached(request: &ServiceRequest) -> Option<HttpResponse> {
    let headers = request.headers();
    let is_plain =
        ![&ORIGIN, &IF_MATCH, &consistency::HEADER].into_iter().any(|name| headers.contains_key(name));
    if *request.method() != Method::GET || !is_plain {
        return None;
    }
    let started = Instant::now();
    let service = request.app_data::<web::Data<AppState>>()?;
    let path_and_query = request.uri().path_and_query()?.as_str();
    let route = service.responses.route(path_and_query)?;
    let verified = service.tokens.recall(bearer(headers).ok()?, now())?;
    let code = organisation_in(request.path())?;
    let organisation = Code::new(code).ok()?;
    let may = |action| permits(&verified.grants, action, &organisation) == Permission::Granted;
    if !may(Action::ReadResults) {
        return None;
    }
    let metrics = request.app_data::<web::Data<Metrics>>()?;
    let running = metrics.started();
    let versions = service.version_watch.versions(Some(code)).await.ok()?;
    if verified.client.is_some_and(|client| !service.is_known_to_be_registered(client, &versions)) {
        return None;
    }
    let sees_small_counts = may(Action::ReadSmallCounts);
    let cached = service.responses.find(path_and_query, &organisation, sees_small_counts, &versions)?;
    let not_modified = match headers.get(IF_NONE_MATCH) {
        None => false,
        Some(sent) if *sent == *cached.etag.as_str() => true,
        Some(_) => Conditions::of(headers).ok()?.has_already(&cached.etag),
    };
    let allowance = service.rate_limit.take(&verified.subject);
    if allowance.exceeded().is_some() {
        return None;
    }
    let mut response = cached.response(not_modified, headers).ok()?;
    let out = response.headers_mut();
    allowance.write(out);
    out.insert(VARY, VARY_OF_ALL);
    out.insert(CACHE_CONTROL, PRIVATE);
    out.insert(X_CONTENT_TYPE_OPTIONS, request_id::NO_SNIFFING);
    out.insert(request_id::HEADER, RequestId::new(headers.get(&request_id::HEADER)).value()?);
    drop(running);
    metrics.answered("GET", &route, response.status().as_str(), started.elapsed());
    Some(response)
}

/// Adds that the response depends on the caller. One value, because CORS adds to the first one and drops any other.
fn add_to_vary(headers: &mut HeaderMap) -> Result<(), Problem> {
    let before = headers.get(VARY).map(HeaderValue::to_str).transpose().map_err(Problem::internal)?;
    let all = before.map_or("Authorization".to_owned(), |before| format!("{before}, Authorization"));
    headers.insert(VARY, HeaderValue::try_from(all).map_err(Problem::internal)?);
    Ok(())
}

async fn verify(service: &AppState, headers: &HeaderMap) -> Result<Verified, Problem> {
    let token = bearer(headers)?;
    service.tokens.verify(token).await.map_err(|refusal| match refusal {
        Refusal::Invalid(why) => unauthenticated(Some(why)),
        Refusal::UnknownKey => unauthenticated(Some("the token's key is not known")),
    })
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unauthenticated(None));
    };
    let text = std::str::from_utf8(value.as_bytes()).map_err(|_| unauthenticated(None))?;
    match text.split_at_checked(SCHEME.len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) => Ok(token.trim()),
        _ => Err(unauthenticated(None)),
    }
}

/// The service's own tokens are valid only while their client is registered.
async fn admit(service: &AppState, verified: Verified, request: &ServiceRequest) -> Result<Caller, Problem> {
    let Verified { subject, client, grants } = verified;
    if let Some(id) = client {
        let versions = service.version_watch.versions(organisation_in(request.path())).await?;
        if !service.is_registered(id, &versions).await? {
            return Err(unauthenticated(Some("the token's client was revoked")));
        }
        // The versions are current for the handler as well: the request began before this check.
        request.extensions_mut().insert(versions);
    }
    Ok(Caller { subject, grants, request_id: RequestId::of(request.request()) })
}

fn address(request: &ServiceRequest) -> String {
    match request.peer_addr() {
        Some(peer) => format!("address:{}", peer.ip()),
        None => "address:unknown".to_owned(),
    }
}

/// 401, with the challenge of RFC 6750.
fn unauthenticated(why: Option<&'static str>) -> Problem {
    let problem = Problem::new(Kind::Unauthenticated);
    let (problem, challenge) = match why {
        None => (
            problem.detail("send `Authorization: Bearer <token>`; POST /v1/token issues tokens"),
            r#"Bearer realm="waymark""#.to_owned(),
        ),
        Some(why) => (
            problem.detail(why),
            format!(r#"Bearer realm="waymark", error="invalid_token", error_description="{why}""#),
        ),
    };
    match HeaderValue::from_str(&challenge) {
        Ok(value) => problem.header(WWW_AUTHENTICATE, value),
        Err(error) => Problem::internal(error),
    }
}
