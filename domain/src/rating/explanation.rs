//! Explanations: why a rating is what it is, as numbers for a machine and a sentence for a councillor.

use super::{Case, Colour, Goal, NoRating, Rating, Rule};
use crate::framework::polarity::{Polarity, PolaritySource};
use crate::framework::scheme::{Amber, Basis, Scheme, Tolerance};
use crate::framework::target::{Condition, Scope, Target};
use crate::number::decimal::Decimal;
use crate::number::value::Unit;
use crate::time::period::{Period, day_in_words};
use chrono::NaiveDate;
use std::fmt;

/// The rule that decided a rating and the numbers that it compared, in one unit and at one precision.
///
/// `Display` writes it as a sentence or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// The rule.
    pub rule: Rule,
    /// The unit of all figures.
    pub unit: Unit,
    /// The result.
    pub actual: Option<DatedFigure>,
    /// The baseline.
    pub baseline: Option<DatedFigure>,
    /// What the basis of the scheme expected, and on which day.
    pub expected: Option<(Decimal, NaiveDate)>,
    /// The target as it was promised.
    pub condition: Option<Condition>,
    /// The target as figures.
    pub goal: Option<Goal>,
    /// Which way is better, and how that is known.
    pub polarity: Option<(Polarity, PolaritySource)>,
    /// What the result was compared with.
    pub basis: Basis,
    /// The tolerance that the rule allowed, where it is a rule of tolerance.
    pub tolerance: Option<Tolerance>,
    /// Whether the baseline already met the target, so that the target itself is expected throughout.
    pub is_maintained: bool,
    /// The day on which a board agreed the target, and whose target it is, where that is known.
    pub agreed: Option<(NaiveDate, Scope)>,
}

/// A figure and its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatedFigure {
    /// The figure that was compared.
    pub figure: Decimal,
    /// What it is about, where that is known.
    pub period: Option<Period>,
}

impl Explanation {
    pub(super) fn new(case: Case<'_>) -> Self {
        Self {
            rule: Rule::NoResult,
            unit: case.indicator.unit,
            actual: None,
            baseline: None,
            expected: None,
            condition: None,
            goal: None,
            polarity: None,
            basis: case.scheme.basis,
            tolerance: None,
            is_maintained: false,
            agreed: case
                .line
                .target
                .as_ref()
                .and_then(Target::origin)
                .map(|origin| (origin.agreed_on, origin.scope)),
        }
    }

    pub(super) fn decided_by(&mut self, rule: Rule, scheme: &Scheme) {
        self.rule = rule;
        self.tolerance = match (rule, scheme.amber) {
            (Rule::WithinGreenTolerance, _) => Some(scheme.green_within),
            (Rule::WithinAmberTolerance | Rule::BeyondTolerance, Amber::Within(tolerance)) => Some(tolerance),
            _ => None,
        };
    }

    /// The judgement.
    pub fn rating(&self) -> Rating {
        self.rule.rating()
    }

    /// The same explanation where the calendar, not the numbers, stops the rating.
    pub fn stopped_by(self, rule: Rule) -> Self {
        Self { rule, tolerance: None, ..self }
    }

    fn in_words(&self, dated: Option<DatedFigure>) -> String {
        match dated {
            Some(DatedFigure { figure, period: Some(period) }) => {
                format!("{} ({})", self.unit.show(figure), period.words())
            }
            Some(DatedFigure { figure, period: None }) => self.unit.show(figure),
            None => "unknown".to_owned(),
        }
    }

    fn target(&self) -> String {
        match (self.condition, self.goal) {
            (Some(Condition::EndOfTrajectory), Some(goal)) => self.unit.show(goal.number_near(None)),
            (Some(condition), _) => condition.show(self.unit),
            (None, _) => "unknown".to_owned(),
        }
    }

    fn expectation(&self) -> String {
        let Some((figure, on)) = self.expected else {
            return "nothing".to_owned();
        };
        if self.is_maintained {
            return format!("target of {}, which the baseline already met", self.target());
        }
        let figure = self.unit.show(figure);
        match self.basis {
            Basis::Trajectory => format!("{figure} expected by {}", day_in_words(on)),
            Basis::PeriodTarget => format!("target of {figure} for {}", day_in_words(on)),
            Basis::EndTarget => format!("end target of {figure} for {}", day_in_words(on)),
        }
    }

    fn which_way(&self) -> String {
        match self.polarity {
            Some((polarity, PolaritySource::Stated)) => format!(" ({})", polarity.words()),
            Some((polarity, source)) => format!(" ({}). {}", polarity.words(), source.reason()),
            None => String::new(),
        }
    }

    fn allowed(&self) -> String {
        match self.tolerance {
            Some(Tolerance::Absolute(distance)) => self.unit.show(distance),
            Some(Tolerance::Relative(percent)) => format!("{percent} per cent of it"),
            None => "nothing".to_owned(),
        }
    }

    fn reason(&self) -> String {
        let (actual, baseline) = (self.in_words(self.actual), self.in_words(self.baseline));
        let (expected, allowed) = (self.expectation(), self.allowed());
        let (target, way) = (self.target(), self.which_way());
        match self.rule {
            Rule::EndTargetMet => {
                format!("{actual} already meets the target of {target}{way}")
            }
            Rule::AsExpected => format!("{actual} meets the {expected}{way}"),
            Rule::WithinGreenTolerance => {
                format!("{actual} misses the {expected} by no more than the tolerance of {allowed}{way}")
            }
            Rule::NotWorseThanBaseline => format!(
                "{actual} misses the {expected} but is not worse than the baseline of {baseline}{way}"
            ),
            Rule::WithinAmberTolerance => {
                format!("{actual} misses the {expected} by no more than {allowed}{way}")
            }
            Rule::WorseThanBaseline => {
                format!("{actual} is worse than the baseline of {baseline} and misses the {expected}{way}")
            }
            Rule::BeyondTolerance => format!("{actual} misses the {expected} by more than {allowed}{way}"),
            Rule::NoResult => "there has been no result".to_owned(),
            Rule::NotDueYet => "there is no result yet and none was due".to_owned(),
            Rule::NothingNew => {
                format!("there is no new result since the previous report; the latest is {actual}")
            }
            Rule::NoTarget => format!("the result is {actual}, and no target is set"),
            Rule::IsBaseline => {
                format!("{actual} is the baseline itself or older, so there is nothing to judge yet")
            }
            Rule::ResultUnread => "the result could not be read".to_owned(),
            Rule::TargetUnread => format!("the result is {actual}, and the target could not be read"),
            Rule::BaselineUnread => format!("the result is {actual}, and the baseline could not be read"),
            Rule::PolarityUnknown => format!(
                "the result is {actual} and the target {target}, but it is not stated whether a higher or a lower value is better"
            ),
            Rule::Contradiction => format!(
                "the target says {target}, but the definition says that {}; please say which is right",
                self.polarity.map_or("otherwise", |(polarity, _)| polarity.words())
            ),
            Rule::NoRange => {
                format!("being within a range is better, but the target of {target} is no range")
            }
            Rule::NoBaseline => format!(
                "{actual} does not meet the target of {target}, and without a baseline nothing says how far it should be"
            ),
            Rule::MethodChanged => {
                format!("{actual} was measured by another method than the baseline of {baseline}")
            }
            Rule::NothingExpected => "the trajectory has no value for the period of the result".to_owned(),
            Rule::OutOfBounds => "a number is too large to be compared in the indicator's unit".to_owned(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason();
        let stop = if reason.ends_with('.') { "" } else { "." };
        write!(f, "{}: {reason}{stop}", self.rating().words())?;
        match (self.condition, self.agreed) {
            (Some(_), Some((on, scope))) => {
                let (target, on) = (self.target(), day_in_words(on));
                write!(f, " The {} target of {target} was agreed on {on}.", scope.words())
            }
            (None, _) | (_, None) => Ok(()),
        }
    }
}

impl Rating {
    /// In words: `Green`, `No target`.
    pub fn words(self) -> &'static str {
        match self {
            Rating::Judged(Colour::Green) => "Green",
            Rating::Judged(Colour::Amber) => "Amber",
            Rating::Judged(Colour::Red) => "Red",
            Rating::None(NoRating::NoTarget) => "No target",
            Rating::None(NoRating::NoData) => "No data",
            Rating::None(NoRating::NoNewData) => "No new data",
            Rating::None(NoRating::NotDue) => "Not due",
            Rating::None(NoRating::NotRateable) => "Not rateable",
            Rating::None(NoRating::BaselineYear) => "Baseline year",
        }
    }
}
