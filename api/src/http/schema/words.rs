//! Words that stand for one of a few things.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::{direction, indicator, judgement, observation, polarity, rating, target, tracker};

/// Declares the wire form of an enum of the domain that has no fields, and the conversions both ways.
/// The compiler asks for every case on either side.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident = $domain:path { $($case:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[allow(missing_docs)] $case),+
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value {
                    $(Domain::$case => Self::$case),+
                }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                use $domain as Domain;
                match value {
                    $($name::$case => Domain::$case),+
                }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Which way is better.
    Polarity = polarity::Polarity { HigherIsBetter, LowerIsBetter, WithinRange, NearestToPoint }
}

words! {
    /// How the polarity came to be known. What is inferred should be confirmed by an officer.
    PolaritySource = polarity::PolaritySource { Stated, InferredFromCondition, InferredFromStep }
}

words! {
    /// How often a result is due.
    Frequency = indicator::Frequency {
        Monthly, Quarterly, HalfYearly, FinancialYear, AcademicYear, CalendarYear,
    }
}

words! {
    /// How settled a result is.
    Standing = observation::Standing { Provisional, Estimate, Final, Revised }
}

words! {
    /// How good the data behind a result are.
    QualityGrade = observation::QualityGrade { Good, Fair, Weak }
}

words! {
    /// A judged rating.
    Colour = rating::Colour { Green, Amber, Red }
}

words! {
    /// Whether a judgement is about the rating now or about the one at the end of the year.
    JudgementKind = judgement::JudgementKind { Override, Prediction }
}

words! {
    /// Whose target it is: set for every council, or by the council and its partners for themselves.
    TargetScope = target::Scope { National, Local }
}

words! {
    /// Which way the results go, with the polarity taken into account.
    Direction = direction::Direction { Improving, Static, Deteriorating }
}

words! {
    /// How far a key action is.
    ActionStatus = tracker::ActionStatus { NotStarted, InProgress, Done, Dropped }
}

words! {
    /// How far an action tracker has come.
    TrackerState = tracker::State { Draft, Submitted, Returned, Agreed, Published }
}

words! {
    /// What can be done with an action tracker.
    TrackerAction = tracker::Action { Edit, Submit, Agree, Return, Publish }
}

/// Green, amber or red, or the reason why there is no rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rating {
    /// On course.
    Green,
    /// Not on course, not lost.
    Amber,
    /// Off course.
    Red,
    /// There is a result and no target.
    NoTarget,
    /// There has never been a result.
    NoData,
    /// There is no result since the previous report.
    NoNewData,
    /// There is no result, and none was due.
    NotDue,
    /// There is a result that no rule can judge.
    NotRateable,
    /// The result is the baseline itself, or older.
    BaselineYear,
}

impl Rating {
    /// Every rating, in the order of the contract.
    pub(crate) const ALL: [Self; 9] = [
        Self::Green,
        Self::Amber,
        Self::Red,
        Self::NoTarget,
        Self::NoData,
        Self::NoNewData,
        Self::NotDue,
        Self::NotRateable,
        Self::BaselineYear,
    ];
}

impl From<rating::Rating> for Rating {
    fn from(value: rating::Rating) -> Self {
        use rating::{Colour, NoRating, Rating as Domain};
        match value {
            Domain::Judged(Colour::Green) => Self::Green,
            Domain::Judged(Colour::Amber) => Self::Amber,
            Domain::Judged(Colour::Red) => Self::Red,
            Domain::None(NoRating::NoTarget) => Self::NoTarget,
            Domain::None(NoRating::NoData) => Self::NoData,
            Domain::None(NoRating::NoNewData) => Self::NoNewData,
            Domain::None(NoRating::NotDue) => Self::NotDue,
            Domain::None(NoRating::NotRateable) => Self::NotRateable,
            Domain::None(NoRating::BaselineYear) => Self::BaselineYear,
        }
    }
}
