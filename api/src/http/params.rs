//! Query strings: read into types, with a problem that names every parameter that is not valid.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

pub(crate) use crate::http::path::{Path, PathCode};
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::shape::{convert, query_faults, read_query};

/// The query string as a type whose fields are its parameters. Unknown and repeated ones are rejected.
#[derive(Debug)]
pub(crate) struct Query<T>(pub T);

/// For operations without parameters: a query string is rejected, because it would have no effect.
#[derive(Debug)]
pub(crate) struct NoQuery;

impl<T: DeserializeOwned + IntoParams> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = read_query(request.query_string());
        ready(read.map(Self).map_err(|faults| Problem::new(Kind::InvalidQuery).faults(faults)))
    }
}

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let faults = query_faults(Vec::new(), request.query_string());
        ready(match faults.is_empty() {
            true => Ok(Self),
            false => Err(Problem::new(Kind::InvalidQuery).faults(faults)),
        })
    }
}

/// Reads `a=1&b=2`, of a form whose fields are not declared as parameters.
///
/// # Errors
/// The first fault, with the name of its parameter.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Fault> {
    convert(&String::from_utf8_lossy(text))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq, IntoParams)]
    #[into_params(parameter_in = Query)]
    #[serde(deny_unknown_fields)]
    struct Listed {
        #[param(minimum = 1, maximum = 500, nullable = false)]
        limit: Option<u32>,
        #[param(nullable = false)]
        q: Option<String>,
        #[param(nullable = false)]
        known_at: Option<chrono::DateTime<chrono::Utc>>,
        #[param(nullable = false)]
        on: Option<chrono::NaiveDate>,
    }

    fn faults(text: &str) -> Vec<(String, String)> {
        let faults = read_query::<Listed>(text).unwrap_err().into_iter();
        faults.map(|fault| (fault.parameter.unwrap(), fault.code)).collect()
    }

    fn says(text: &str) -> String {
        read_query::<Listed>(text).unwrap_err().remove(0).detail
    }

    #[test]
    fn valid_parameters_are_read() {
        let listed: Listed = read_query("limit=5&q=a%20b%00").unwrap();
        let expected = Listed { limit: Some(5), q: Some("a b\0".into()), known_at: None, on: None };
        assert_eq!(listed, expected);
        assert_eq!(read_query::<Listed>("").unwrap().limit, None);
    }

    #[test]
    fn every_fault_names_its_parameter() {
        let named = |names: &[(&str, &str)]| -> Vec<(String, String)> {
            names.iter().map(|(name, code)| ((*name).to_owned(), (*code).to_owned())).collect()
        };
        assert_eq!(
            faults("limit=x&limt=5&on=31/03/2010&limit=6&known_at=2011"),
            named(&[
                ("limit", "invalid_value"),
                ("limt", "unknown_field"),
                ("on", "invalid_value"),
                ("limit", "duplicate_field"),
                ("known_at", "invalid_value"),
            ])
        );
        assert_eq!(faults("limit=501"), named(&[("limit", "invalid_value")]));
    }

    #[test]
    fn a_fault_says_what_is_expected() {
        assert_eq!(says("limit=abc"), "found `abc`, expected a whole number from 1 to 500");
        assert_eq!(says("limit=0"), "found `0`, expected a whole number from 1 to 500");
        assert_eq!(says("limt=5"), "there is no parameter `limt`: did you mean `limit`?");
        assert_eq!(
            says("known_at=2011-01-01T00:00:00+01:00"),
            "found `2011-01-01T00:00:00 01:00`: in a query string write `+` as `%2B`, or use UTC with `Z` at the end"
        );
        assert_eq!(
            says("on=31/03/2010"),
            "found `31/03/2010`; a date is written year-month-day, here 2010-03-31"
        );
    }
}
