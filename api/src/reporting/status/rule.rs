//! The rules of rating as words of the contract.

use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::rating;

/// The rule that decided a rating, or that stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rule {
    /// Green: the end target is already met.
    EndTargetMet,
    /// Green: on or on the good side of what was expected.
    AsExpected,
    /// Green: short of it, within the green tolerance.
    WithinGreenTolerance,
    /// Amber: short of it, not worse than the baseline.
    NotWorseThanBaseline,
    /// Amber: short of it, within the amber tolerance.
    WithinAmberTolerance,
    /// Red: short of it, and worse than the baseline.
    WorseThanBaseline,
    /// Red: short of it by more than the amber tolerance.
    BeyondTolerance,
    /// There is no result.
    NoResult,
    /// There is no result, and the first one is not due.
    NotDueYet,
    /// There is no result since the previous report.
    NothingNew,
    /// There is no target.
    NoTarget,
    /// The result only repeats the baseline, or is older.
    IsBaseline,
    /// The result could not be read.
    ResultUnread,
    /// The target could not be read.
    TargetUnread,
    /// The baseline could not be read.
    BaselineUnread,
    /// Nobody has said which way is better, and nothing tells.
    PolarityUnknown,
    /// The target says one way is better, the definition another.
    Contradiction,
    /// The target of a range indicator is no range.
    NoRange,
    /// The rule needs a baseline and there is none.
    NoBaseline,
    /// Baseline and result were measured by different methods.
    MethodChanged,
    /// The trajectory has no value for the period of the result.
    NothingExpected,
    /// A number is too large to be compared.
    OutOfBounds,
}

impl From<rating::Rule> for Rule {
    fn from(rule: rating::Rule) -> Self {
        match rule {
            rating::Rule::EndTargetMet => Self::EndTargetMet,
            rating::Rule::AsExpected => Self::AsExpected,
            rating::Rule::WithinGreenTolerance => Self::WithinGreenTolerance,
            rating::Rule::NotWorseThanBaseline => Self::NotWorseThanBaseline,
            rating::Rule::WithinAmberTolerance => Self::WithinAmberTolerance,
            rating::Rule::WorseThanBaseline => Self::WorseThanBaseline,
            rating::Rule::BeyondTolerance => Self::BeyondTolerance,
            rating::Rule::NoResult => Self::NoResult,
            rating::Rule::NotDueYet => Self::NotDueYet,
            rating::Rule::NothingNew => Self::NothingNew,
            rating::Rule::NoTarget => Self::NoTarget,
            rating::Rule::IsBaseline => Self::IsBaseline,
            rating::Rule::ResultUnread => Self::ResultUnread,
            rating::Rule::TargetUnread => Self::TargetUnread,
            rating::Rule::BaselineUnread => Self::BaselineUnread,
            rating::Rule::PolarityUnknown => Self::PolarityUnknown,
            rating::Rule::Contradiction => Self::Contradiction,
            rating::Rule::NoRange => Self::NoRange,
            rating::Rule::NoBaseline => Self::NoBaseline,
            rating::Rule::MethodChanged => Self::MethodChanged,
            rating::Rule::NothingExpected => Self::NothingExpected,
            rating::Rule::OutOfBounds => Self::OutOfBounds,
        }
    }
}
