//! The gate to `/v1`: every request passes it, in this order: token, rate, revocation, position.

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderMap, HeaderValue, VARY, WWW_AUTHENTICATE},
    middleware::Next,
    web,
};

use super::jwt::{Refusal, Verified};
use super::{Caller, token_endpoint};
use crate::http::problem::{Kind, Problem};
use crate::http::request_id::RequestId;
use crate::state::AppState;
use crate::store::consistency;

/// Who keeps an answer keeps it for this caller, and asks whether it still holds.
pub(crate) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// What stands before the token.
const SCHEME: &str = "Bearer ";

/// Lets a request through with its [`Caller`], or answers 401 or 429. Every answer tells the rate.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(service) = request.app_data::<web::Data<AppState>>().cloned() else {
        let problem = Problem::internal("the service is not among the application's data");
        return Ok(request.into_response(problem.error_response()));
    };
    let is_public = request.path() == token_endpoint::PATH;
    let verified = match is_public {
        true => Ok(None),
        false => verify(&service, request.headers()).await.map(Some),
    };
    let allowance = match &verified {
        Ok(Some(verified)) => service.rate_limit.take(&verified.subject),
        // Whoever tries out tokens or secrets is counted by address.
        Ok(None) | Err(_) => service.rate_limit.take(&address(&request)),
    };
    let verdict = match allowance.exceeded() {
        Some(problem) => Err(problem),
        None => match verified {
            Ok(Some(verified)) => admit(&service, verified, &request).await.map(Some),
            Ok(None) => Ok(None),
            Err(problem) => Err(problem),
        },
    };
    let verdict = verdict.and_then(|caller| Ok((caller, consistency::carried(request.headers())?)));
    let mut response = match verdict {
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

/// The answer depends on who asks, beside what it depends on already. One value, because CORS adds to the first one and
/// drops any other.
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

pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
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

/// The service's own tokens count only as long as their client is registered.
async fn admit(service: &AppState, verified: Verified, request: &ServiceRequest) -> Result<Caller, Problem> {
    let Verified { subject, client, grants } = verified;
    if let Some(id) = client {
        let versions = service.freshness.versions(organisation_in(request.path())).await?;
        if !service.is_registered(id, &versions).await? {
            return Err(unauthenticated(Some("the token's client was revoked")));
        }
        // Whatever the handler leans on is current as well: the request was there before this check.
        request.extensions_mut().insert(versions);
    }
    Ok(Caller { subject, grants, request_id: RequestId::of(request.request()) })
}

/// The organisation that a path is about.
pub(crate) fn organisation_in(path: &str) -> Option<&str> {
    path.strip_prefix("/v1/organisations/")?.split('/').next()
}

fn address(request: &ServiceRequest) -> String {
    match request.peer_addr() {
        Some(peer) => format!("address:{}", peer.ip()),
        None => "address:unknown".to_owned(),
    }
}

/// 401, with the challenge that RFC 6750 asks for.
fn unauthenticated(why: Option<&'static str>) -> Problem {
    let problem = Problem::new(Kind::Unauthenticated);
    let (problem, challenge) = match why {
        None => (
            problem.detail("send `Authorization: Bearer <token>`; POST /v1/token gives tokens"),
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
