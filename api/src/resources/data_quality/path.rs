//! The paths of quality checks, which are below a measure.

use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;
use waymark_domain::code::Code;
use waymark_domain::period::Period;

use super::item::key;
use crate::http::params::PathCode;
use crate::http::path::MeasurePath;
use crate::workflow::item::{ItemPath, PlanCodes};

/// Which check.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct QualityCheckPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The measure's code.
    #[param(value_type = crate::http::schema::Code)]
    measure: PathCode,
    /// The period whose data were checked.
    #[param(value_type = crate::http::schema::Period)]
    period: PathPeriod,
}

/// A period in a path.
#[derive(Debug)]
struct PathPeriod(Period);

impl<'de> Deserialize<'de> for PathPeriod {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl From<QualityCheckPath> for ItemPath {
    fn from(path: QualityCheckPath) -> Self {
        let QualityCheckPath { organisation, plan, measure, period } = path;
        Self { plan: (organisation.0, plan.0), key: key(&measure.0, period.0) }
    }
}

/// The codes of a plan, and that of one of its measures.
pub(super) fn of_measure(path: MeasurePath) -> (PlanCodes, Code) {
    let (organisation, plan, measure) = path.codes();
    ((organisation, plan), measure)
}

/// A period as a part of a path: the slash in a span of dates is escaped.
pub(crate) fn in_path(period: Period) -> String {
    period.to_string().replace('/', "%2F")
}
