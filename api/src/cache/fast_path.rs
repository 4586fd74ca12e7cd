//! Answers that are kept ready are given at the door: nobody walks through the whole house for them.
//!
//! What is done for every request is done here too, by the same functions: the token is believed, the client is registered,
//! what is kept is current, and last the rate is counted, so that whoever goes the long way is counted once. Whatever is unusual about a request (it comes
//! from a web page, it carries a position, anything is refused or not known) is left to the long way, which alone
//! tells problems.

use std::time::Instant;

use actix_web::Error;
use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, HeaderValue, IF_MATCH, IF_NONE_MATCH, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use waymark_domain::access::{Action, Permission, permits};
use waymark_domain::code::Code;

use crate::auth::guard;
use crate::auth::guard::organisation_in;
use crate::http::etag::Conditions;
use crate::http::request_id;
use crate::http::request_id::RequestId;
use crate::ops::metrics::Metrics;
use crate::state::{AppState, now};
use crate::store::consistency;

/// On what an answer depends, beside the address: what the long way says as well.
const VARIES: HeaderValue = HeaderValue::from_static(
    "accept-encoding, Authorization, Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// Gives the answer that is kept ready, or lets the request in.
pub(crate) async fn door(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match kept(&request).await {
        Some(response) => Ok(request.into_response(response)),
        None => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
    }
}

async fn kept(request: &ServiceRequest) -> Option<HttpResponse> {
    let headers = request.headers();
    if *request.method() != Method::GET
        || [&ORIGIN, &IF_MATCH, &consistency::HEADER].into_iter().any(|name| headers.contains_key(name))
    {
        return None;
    }
    let began = Instant::now();
    let service = request.app_data::<Data<AppState>>()?;
    let asked = request.uri().path_and_query()?.as_str();
    let route = service.ready.route(asked)?;
    let caller = service.tokens.recall(guard::bearer(headers).ok()?, now())?;
    let code = organisation_in(request.path())?;
    let organisation = Code::new(code).ok()?;
    let may = |action| permits(&caller.grants, action, &organisation) == Permission::Granted;
    if !may(Action::ReadResults) {
        return None;
    }
    let metrics = request.app_data::<Data<Metrics>>()?;
    let running = metrics.started();
    let versions = service.freshness.versions(Some(code)).await.ok()?;
    if caller.client.is_some_and(|client| !service.is_known_to_be_registered(client, &versions)) {
        return None;
    }
    let kept = service.ready.find(asked, &organisation, may(Action::ReadSmallCounts), &versions)?;
    let is_known = match headers.get(IF_NONE_MATCH) {
        None => false,
        Some(sent) if *sent == *kept.etag.as_str() => true,
        Some(_) => Conditions::of(headers).ok()?.has_already(&kept.etag),
    };
    let allowance = service.rate_limit.take(&caller.subject);
    if allowance.exceeded().is_some() {
        return None;
    }
    let mut response = kept.response(is_known, headers).ok()?;
    let told = response.headers_mut();
    allowance.write(told);
    told.insert(VARY, VARIES);
    told.insert(CACHE_CONTROL, guard::PRIVATE);
    told.insert(X_CONTENT_TYPE_OPTIONS, request_id::NO_SNIFFING);
    told.insert(request_id::HEADER, RequestId::new(headers.get(&request_id::HEADER)).value()?);
    drop(running);
    let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    metrics.answered("GET", &route, status.as_str(), began.elapsed());
    Some(response)
}
