//! The rules of rating as an enumeration of the contract.

use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::rating;

/// The rule that decided a rating, or because of which there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RatingRule {
    /// Green: the end target is already met.
    EndTargetMet,
    /// Green: as expected, or better.
    AsExpected,
    /// Green: worse than expected, within the green tolerance.
    WithinGreenTolerance,
    /// Amber: worse than expected, not worse than the baseline.
    NotWorseThanBaseline,
    /// Amber: worse than expected, within the amber tolerance.
    WithinAmberTolerance,
    /// Red: worse than expected, and worse than the baseline.
    WorseThanBaseline,
    /// Red: worse than expected by more than the amber tolerance.
    BeyondTolerance,
    /// There is no result.
    NoResult,
    /// There is no result, and the first one is not due.
    NotDueYet,
    /// There is no result since the previous report.
    NothingNew,
    /// There is no target.
    NoTarget,
    /// The result is the baseline itself, or older.
    IsBaseline,
    /// The result could not be read.
    ResultUnread,
    /// The target could not be read.
    TargetUnread,
    /// The baseline could not be read.
    BaselineUnread,
    /// The polarity is not stated and cannot be derived.
    PolarityUnknown,
    /// The form of the target contradicts the stated polarity.
    Contradiction,
    /// The target of a range indicator is not a range.
    NoRange,
    /// The rule needs a baseline, and there is none.
    NoBaseline,
    /// Baseline and result belong to different definition versions.
    MethodChanged,
    /// The trajectory has no value at the end of the result's period.
    NothingExpected,
    /// A value is too large to be compared.
    OutOfBounds,
}

impl From<rating::Rule> for RatingRule {
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
