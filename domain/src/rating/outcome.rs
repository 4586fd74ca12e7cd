//! What a rating can be, and the rules that decide it.

use crate::framework::colour::Colour;
use crate::named::Named;

/// Why there is no rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoRating {
    /// There is a result, and no target to judge it by. The reports show these in blue.
    NoTarget,
    /// There has never been a result.
    NoData,
    /// There is no result since the previous report.
    NoNewData,
    /// There is no result yet, and none was due.
    NotDue,
    /// There is a result that no rule can judge.
    NotRateable,
    /// The result is the baseline itself, or older.
    BaselineYear,
}

crate::named!(NoRating {
    NoTarget = "no_target",
    NoData = "no_data",
    NoNewData = "no_new_data",
    NotDue = "not_due",
    NotRateable = "not_rateable",
    BaselineYear = "baseline_year",
});

/// Green, amber or red, or the reason why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rating {
    /// A judgement.
    Judged(Colour),
    /// No judgement, and why.
    None(NoRating),
}

impl Rating {
    /// Every rating, in the order of the contract.
    pub const ALL: [Self; 9] = [
        Self::Judged(Colour::Green),
        Self::Judged(Colour::Amber),
        Self::Judged(Colour::Red),
        Self::None(NoRating::NoTarget),
        Self::None(NoRating::NoData),
        Self::None(NoRating::NoNewData),
        Self::None(NoRating::NotDue),
        Self::None(NoRating::NotRateable),
        Self::None(NoRating::BaselineYear),
    ];

    /// The name of the colour, or of the reason why there is none.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Judged(colour) => colour.name(),
            Self::None(reason) => reason.name(),
        }
    }
}

impl Named for Rating {
    const ALL: &'static [Self] = &Rating::ALL;
    const NAMES: &'static [&'static str] = &{
        let [green, amber, red] = Colour::ALL;
        let [no_target, no_data, no_new_data, not_due, not_rateable, baseline_year] = NoRating::ALL;
        [
            green.name(),
            amber.name(),
            red.name(),
            no_target.name(),
            no_data.name(),
            no_new_data.name(),
            not_due.name(),
            not_rateable.name(),
            baseline_year.name(),
        ]
    };

    fn name(self) -> &'static str {
        Rating::name(self)
    }

    fn from_name(name: &str) -> Option<Self> {
        Colour::from_name(name).map(Self::Judged).or_else(|| NoRating::from_name(name).map(Self::None))
    }
}

/// The rule that decided a rating, or that stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Green: the end target is already met.
    EndTargetMet,
    /// Green: on or on the good side of what the basis expects.
    AsExpected,
    /// Green: short of what the basis expects, within the green tolerance.
    WithinGreenTolerance,
    /// Amber: short of what the basis expects, not worse than the baseline.
    NotWorseThanBaseline,
    /// Amber: short of what the basis expects, within the amber tolerance.
    WithinAmberTolerance,
    /// Red: short of what the basis expects and worse than the baseline.
    WorseThanBaseline,
    /// Red: short of what the basis expects by more than the amber tolerance.
    BeyondTolerance,
    /// No result.
    NoResult,
    /// No result, and the first one is not due.
    NotDueYet,
    /// No result since the previous report.
    NothingNew,
    /// No target.
    NoTarget,
    /// The result only repeats the baseline, or is older.
    IsBaseline,
    /// The result could not be read.
    ResultUnread,
    /// The target could not be read.
    TargetUnread,
    /// The baseline could not be read.
    BaselineUnread,
    /// It is not stated which way is better, and nothing implies it.
    PolarityUnknown,
    /// The target says one way is better, the definition another.
    Contradiction,
    /// The target of a range indicator is no range.
    NoRange,
    /// The rule needs a baseline and there is none.
    NoBaseline,
    /// Baseline and result were measured under different definition versions.
    MethodChanged,
    /// The trajectory has no value on the day that counts.
    NothingExpected,
    /// A number passes the bounds in which it can be compared.
    OutOfBounds,
}

crate::named!(Rule {
    EndTargetMet = "end_target_met",
    AsExpected = "as_expected",
    WithinGreenTolerance = "within_green_tolerance",
    NotWorseThanBaseline = "not_worse_than_baseline",
    WithinAmberTolerance = "within_amber_tolerance",
    WorseThanBaseline = "worse_than_baseline",
    BeyondTolerance = "beyond_tolerance",
    NoResult = "no_result",
    NotDueYet = "not_due_yet",
    NothingNew = "nothing_new",
    NoTarget = "no_target",
    IsBaseline = "is_baseline",
    ResultUnread = "result_unread",
    TargetUnread = "target_unread",
    BaselineUnread = "baseline_unread",
    PolarityUnknown = "polarity_unknown",
    Contradiction = "contradiction",
    NoRange = "no_range",
    NoBaseline = "no_baseline",
    MethodChanged = "method_changed",
    NothingExpected = "nothing_expected",
    OutOfBounds = "out_of_bounds",
});

impl Rule {
    /// The rating that follows from the rule.
    pub fn rating(self) -> Rating {
        match self {
            Rule::EndTargetMet | Rule::AsExpected | Rule::WithinGreenTolerance => {
                Rating::Judged(Colour::Green)
            }
            Rule::NotWorseThanBaseline | Rule::WithinAmberTolerance => Rating::Judged(Colour::Amber),
            Rule::WorseThanBaseline | Rule::BeyondTolerance => Rating::Judged(Colour::Red),
            Rule::NoResult => Rating::None(NoRating::NoData),
            Rule::NotDueYet => Rating::None(NoRating::NotDue),
            Rule::NothingNew => Rating::None(NoRating::NoNewData),
            Rule::NoTarget => Rating::None(NoRating::NoTarget),
            Rule::IsBaseline => Rating::None(NoRating::BaselineYear),
            Rule::ResultUnread
            | Rule::TargetUnread
            | Rule::BaselineUnread
            | Rule::PolarityUnknown
            | Rule::Contradiction
            | Rule::NoRange
            | Rule::NoBaseline
            | Rule::MethodChanged
            | Rule::NothingExpected
            | Rule::OutOfBounds => Rating::None(NoRating::NotRateable),
        }
    }
}
