//! What a target promises on the wire: one flat object, of which the condition says what must be there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::period;
use waymark_domain::target::Condition;
use waymark_domain::value::Value;

use super::amount::{Amount, read_bound, refuse, show_bound};
use crate::http::content::part;
use crate::http::schema::{Number, Period};
use crate::http::validation::Faults;

/// The condition of a target and its period. The condition determines the numbers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetTerms {
    pub(super) condition: TargetCondition,
    /// The number of the conditions `reach`, `at_least`, `at_most`, `above`, `below` and `exactly`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Number>,
    /// Instead of `value`, so many ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) numerator: Option<Number>,
    /// ... out of so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) denominator: Option<Number>,
    /// The lower bound of `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) low: Option<Number>,
    /// The denominator of the lower bound, if the bound is a numerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) low_denominator: Option<Number>,
    /// The upper bound of `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) high: Option<Number>,
    /// The denominator of the upper bound, if the bound is a numerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) high_denominator: Option<Number>,
    /// How many there are, for `all_of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<Number>,
    /// Its period. Defaults to the plan's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) period: Option<Period>,
}

/// The condition: `reach` is `at_least` or `at_most` by the polarity, and `end_of_trajectory` takes the
/// last value of the trajectory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TargetCondition {
    Reach,
    AtLeast,
    AtMost,
    Above,
    Below,
    Between,
    Exactly,
    AllOf,
    EndOfTrajectory,
}

impl TargetTerms {
    /// Into the domain.
    pub(crate) fn read(self, faults: &mut Faults) -> Option<(Condition, Option<period::Period>)> {
        let fields = [
            ("/value", self.value.is_some()),
            ("/numerator", self.numerator.is_some()),
            ("/denominator", self.denominator.is_some()),
            ("/low", self.low.is_some()),
            ("/low_denominator", self.low_denominator.is_some()),
            ("/high", self.high.is_some()),
            ("/high_denominator", self.high_denominator.is_some()),
            ("/total", self.total.is_some()),
        ];
        refuse(faults, &fields, self.condition.fields());
        let Self {
            condition,
            value,
            numerator,
            denominator,
            low,
            low_denominator,
            high,
            high_denominator,
            total,
            period,
        } = self;
        let one =
            |make: fn(Value) -> Condition| Amount { value, numerator, denominator }.read(faults).map(make);
        let condition = match condition {
            TargetCondition::Reach => one(Condition::Reach),
            TargetCondition::AtLeast => one(Condition::AtLeast),
            TargetCondition::AtMost => one(Condition::AtMost),
            TargetCondition::Above => one(Condition::Above),
            TargetCondition::Below => one(Condition::Below),
            TargetCondition::Exactly => one(Condition::Exactly),
            TargetCondition::Between => {
                let low = read_bound(faults, ("/low", low), ("/low_denominator", low_denominator));
                let high = read_bound(faults, ("/high", high), ("/high_denominator", high_denominator));
                low.zip(high).map(|(low, high)| Condition::Between { low, high })
            }
            TargetCondition::AllOf => read_total(faults, total),
            TargetCondition::EndOfTrajectory => Some(Condition::EndOfTrajectory),
        };
        let period = part(period, |period| period.read(faults, "/period"));
        condition.zip(period)
    }

    /// As it is shown.
    pub(crate) fn of(condition: Condition, period: Option<period::Period>) -> Self {
        Self { period: period.map(Period::from), ..Self::from(condition) }
    }

    fn new(condition: TargetCondition) -> Self {
        Self {
            condition,
            value: None,
            numerator: None,
            denominator: None,
            low: None,
            low_denominator: None,
            high: None,
            high_denominator: None,
            total: None,
            period: None,
        }
    }
}

impl TargetCondition {
    /// Its fields.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Reach | Self::AtLeast | Self::AtMost | Self::Above | Self::Below | Self::Exactly => {
                &["/value", "/numerator", "/denominator"]
            }
            Self::Between => &["/low", "/low_denominator", "/high", "/high_denominator"],
            Self::AllOf => &["/total"],
            Self::EndOfTrajectory => &[],
        }
    }
}

fn read_total(faults: &mut Faults, total: Option<Number>) -> Option<Condition> {
    let Some(total) = total else {
        faults.note("/total", "missing_field", "it is known how many all are");
        return None;
    };
    total.read(faults, "/total").map(Condition::AllOf)
}

impl From<Condition> for TargetTerms {
    fn from(condition: Condition) -> Self {
        let one = |condition, value: Value| {
            let Amount { value, numerator, denominator } = value.into();
            Self { value, numerator, denominator, ..Self::new(condition) }
        };
        match condition {
            Condition::Reach(value) => one(TargetCondition::Reach, value),
            Condition::AtLeast(value) => one(TargetCondition::AtLeast, value),
            Condition::AtMost(value) => one(TargetCondition::AtMost, value),
            Condition::Above(value) => one(TargetCondition::Above, value),
            Condition::Below(value) => one(TargetCondition::Below, value),
            Condition::Exactly(value) => one(TargetCondition::Exactly, value),
            Condition::Between { low, high } => {
                let ((low, low_denominator), (high, high_denominator)) = (show_bound(low), show_bound(high));
                Self { low, low_denominator, high, high_denominator, ..Self::new(TargetCondition::Between) }
            }
            Condition::AllOf(total) => {
                Self { total: Some(total.into()), ..Self::new(TargetCondition::AllOf) }
            }
            Condition::EndOfTrajectory => Self::new(TargetCondition::EndOfTrajectory),
        }
    }
}
