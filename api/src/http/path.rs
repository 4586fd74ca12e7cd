//! The variable parts of paths, shared by all operations that have them.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use utoipa::IntoParams;
use waymark_domain::code::Code;

use crate::http::problem::{Kind, Problem};

/// The path's variable parts as a type. A value that cannot be the name of anything is 404.
#[derive(Debug)]
pub(crate) struct Path<T>(pub T);

/// A code in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathCode(pub Code);

/// An organisation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrganisationPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
}

/// A plan.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct PlanPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
}

/// A measure.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MeasurePath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The measure's code.
    #[param(value_type = crate::http::schema::Code)]
    measure: PathCode,
}

impl OrganisationPath {
    /// The organisation's code.
    pub(crate) fn code(self) -> Code {
        self.organisation.0
    }
}

impl PlanPath {
    /// The codes of the organisation and the plan.
    pub(crate) fn codes(self) -> (Code, Code) {
        (self.organisation.0, self.plan.0)
    }
}

impl MeasurePath {
    /// The codes of the organisation, the plan and the measure.
    pub(crate) fn codes(self) -> (Code, Code, Code) {
        (self.organisation.0, self.plan.0, self.measure.0)
    }
}

impl<'de> Deserialize<'de> for PathCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Code::new(text).map(Self).map_err(serde::de::Error::custom)
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

/// The organisation that a path is about.
pub(crate) fn organisation_in(path: &str) -> Option<&str> {
    path.strip_prefix("/v1/organisations/")?.split('/').next()
}
