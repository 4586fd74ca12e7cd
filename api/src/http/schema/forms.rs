//! Texts of a form of their own: units and breakdowns.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::{indicator, value};

use crate::http::validation::{Coded, Faults};

/// What the numbers of an indicator count: `percent`, `count`, `points`, `number`, or a rate, as in `per_1000`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    pattern = "^(?:percent|count|points|number|per_(?:[1-9][0-9]{0,5}|1000000))$",
    max_length = 11,
    example = "percent"
)]
pub(crate) struct Unit(pub(super) String);

/// A category of a dimension of the indicator, as `dimension=category`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}=[^\s\u0000-\u001f\u007f-\u009f](?:[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]{0,118}[^\s\u0000-\u001f\u007f-\u009f])?$",
    min_length = 3,
    max_length = 185,
    example = "group=White group"
)]
pub(crate) struct Breakdown(pub(super) String);

impl Unit {
    /// Into the domain.
    pub(crate) fn read(&self, faults: &mut Faults, field: &str) -> Option<value::Unit> {
        faults.take(field, self.0.parse())
    }
}

impl From<value::Unit> for Unit {
    fn from(unit: value::Unit) -> Self {
        Self(unit.to_string())
    }
}

impl Breakdown {
    /// Into the domain.
    pub(crate) fn read(&self, faults: &mut Faults, field: &str) -> Option<indicator::Breakdown> {
        faults.take(field, self.0.parse())
    }
}

impl From<&indicator::Breakdown> for Breakdown {
    fn from(breakdown: &indicator::Breakdown) -> Self {
        Self(breakdown.to_string())
    }
}

impl Coded for value::UnitError {
    fn code(&self) -> &'static str {
        "not_a_unit"
    }
}

impl Coded for indicator::BreakdownError {
    fn code(&self) -> &'static str {
        "not_a_breakdown"
    }
}
