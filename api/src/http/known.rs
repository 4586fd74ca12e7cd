//! The moment as of which something is known: `as_known_at`.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use crate::http::params::Query;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::runtime::now;

/// The moment as of which something is known; none for now.
pub(crate) type Moment = Option<DateTime<Utc>>;

/// The moment of an operation that has no other parameter.
#[derive(Debug)]
pub(crate) struct Known(pub Moment);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct KnownQuery {
    /// Returns what was known at this moment. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

impl FromRequest for Known {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let query = Query::<KnownQuery>::from_request(request, payload).into_inner();
        ready(query.and_then(|Query(query)| past(query.as_known_at)).map(Self))
    }
}

impl IntoParams for Known {
    fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        KnownQuery::into_params(parameter_in)
    }
}

/// Rejects a moment in the future: what will be known by then cannot be reproduced.
///
/// # Errors
/// 400 for a moment in the future.
pub(crate) fn past(moment: Moment) -> Result<Moment, Problem> {
    past_in("as_known_at", moment)
}

/// Rejects a moment in the future, as an error of the parameter of that name.
///
/// # Errors
/// 400 for a moment in the future.
pub(crate) fn past_in(parameter: &str, moment: Moment) -> Result<Moment, Problem> {
    if moment.is_some_and(|moment| moment > now()) {
        let fault = Fault::in_parameter(
            parameter,
            "in_future",
            "the moment is in the future: send a moment in the past, or omit the parameter",
        );
        return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
    }
    Ok(moment)
}
