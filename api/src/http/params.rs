//! Query strings and paths: read into types, with a problem that names the parameter at fault.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use waymark_domain::code::Code;

use crate::http::body::{pointer, reason};
use crate::http::problem::{Fault, Kind, Problem};

/// The query string as a type whose fields are its parameters. Unknown and repeated ones are refused.
#[derive(Debug)]
pub(crate) struct Query<T>(pub T);

/// For operations without parameters: a query string is refused, so that nobody believes that it had an effect.
#[derive(Debug)]
pub(crate) struct NoQuery;

/// The path's variable parts as a type. What cannot be one of them is 404.
#[derive(Debug)]
pub(crate) struct Path<T>(pub T);

/// A code in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathCode(pub Code);

impl<'de> Deserialize<'de> for PathCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Code::new(text).map(Self).map_err(serde::de::Error::custom)
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = read(request.query_string().as_bytes());
        ready(read.map(Self).map_err(|fault| Problem::new(Kind::InvalidQuery).faults([fault])))
    }
}

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let first = form_urlencoded::parse(request.query_string().as_bytes()).next();
        ready(first.map_or(Ok(Self), |(name, _)| {
            let fault = Fault::in_parameter(&name, "unknown_field", "the operation has no parameters");
            Err(Problem::new(Kind::InvalidQuery).faults([fault]))
        }))
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = actix_web::web::Path::<T>::from_request(request, payload).into_inner();
        // A name that breaks the rule of names is the name of nothing.
        ready(read.map(|path| Self(path.into_inner())).map_err(|_| Problem::new(Kind::NotFound)))
    }
}

/// Reads `a=1&b=2`.
///
/// # Errors
/// The first fault, with the name of its parameter.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Fault> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let place = pointer(error.path());
        let (code, detail) = reason(&error.inner().to_string());
        let name = match place.strip_prefix('/') {
            Some(name) => name.to_owned(),
            None => detail.split('`').nth(1).unwrap_or_default().to_owned(),
        };
        Fault::in_parameter(&name, code, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Listed {
        limit: Option<u32>,
        q: Option<String>,
    }

    fn fault(text: &str) -> (String, String) {
        let fault = read::<Listed>(text.as_bytes()).unwrap_err();
        (fault.parameter.unwrap(), fault.code)
    }

    #[test]
    fn reads_what_is_there() {
        let listed: Listed = read(b"limit=5&q=a%20b%00").unwrap();
        assert_eq!(listed, Listed { limit: Some(5), q: Some("a b\0".into()) });
        assert_eq!(read::<Listed>(b"").unwrap(), Listed { limit: None, q: None });
    }

    #[test]
    fn names_the_parameter_at_fault() {
        assert_eq!(fault("limit=x"), ("limit".into(), "invalid_value".into()));
        assert_eq!(fault("limt=5"), ("limt".into(), "unknown_field".into()));
        assert_eq!(fault("limit=5&limit=6"), ("limit".into(), "duplicate_field".into()));
    }
}
