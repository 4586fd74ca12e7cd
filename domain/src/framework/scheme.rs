//! Rating schemes: data that says how a result becomes green, amber or red.

use crate::code::Code;
use crate::number::decimal::Decimal;
use crate::text::Title;

/// A way of rating. Three ship ([`Scheme::baseline_to_target`], [`Scheme::tolerance`],
/// [`Scheme::target_proximity`]); a plan may have one of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Its code.
    pub code: Code,
    /// What it is called.
    pub title: Title,
    /// What a result is compared with.
    pub basis: Basis,
    /// How far on the bad side of the basis a result is still green.
    pub green_within: Tolerance,
    /// Whether a result that already meets the end target is green, wherever the trajectory stands.
    pub end_target_is_green: bool,
    /// When a result that is not green is amber; it is red otherwise.
    pub amber: Amber,
}

/// What a result is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The value that the trajectory expects on the last day of the result's period.
    Trajectory,
    /// The first milestone or target that falls due on or after the last day of the result's period.
    PeriodTarget,
    /// The target at the end.
    EndTarget,
}

crate::named!(Basis { Trajectory = "trajectory", PeriodTarget = "period_target", EndTarget = "end_target" });

/// A distance on the bad side, zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tolerance {
    /// In the indicator's unit.
    Absolute(Decimal),
    /// In per cent of the value compared with.
    Relative(Decimal),
}

/// When a result that is not green is amber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amber {
    /// When it is not worse than the baseline; equal is not worse.
    NotWorseThanBaseline,
    /// When it is at most this far on the bad side of the basis.
    Within(Tolerance),
}

/// What is wrong with a scheme as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// A tolerance below zero, or a relative one above a hundred per cent.
    #[error("a tolerance is zero or more, and a relative one at most 100 per cent")]
    Tolerance,
    /// The amber tolerance lies inside the green one, in the same measure.
    #[error("the amber tolerance is at least as wide as the green one")]
    AmberInsideGreen,
}

impl Tolerance {
    /// No tolerance at all.
    pub const NONE: Self = Tolerance::Absolute(Decimal::ZERO);

    /// Whether it is zero or more and, where it is relative, at most a hundred per cent.
    pub fn is_sound(self) -> bool {
        match self {
            Tolerance::Absolute(distance) => distance >= Decimal::ZERO,
            Tolerance::Relative(percent) => percent >= Decimal::ZERO && percent <= Decimal::HUNDRED,
        }
    }
}

impl Scheme {
    /// Source 000: green on the trajectory or with the end target met; red when worse than the baseline; else amber.
    pub fn baseline_to_target() -> Self {
        Self {
            code: shipped("baseline_to_target"),
            title: title("From baseline to target"),
            basis: Basis::Trajectory,
            green_within: Tolerance::NONE,
            end_target_is_green: true,
            amber: Amber::NotWorseThanBaseline,
        }
    }

    /// Source 002: by the distance from the trajectory; within 5% of it green, within 10% amber.
    pub fn tolerance() -> Self {
        Self {
            code: shipped("tolerance"),
            title: title("Distance from the trajectory"),
            basis: Basis::Trajectory,
            green_within: Tolerance::Relative(Decimal::from(5)),
            end_target_is_green: false,
            amber: Amber::Within(Tolerance::Relative(Decimal::from(10))),
        }
    }

    /// Source 004: the period's target met is green, missed by at most 10% amber, else red.
    pub fn target_proximity() -> Self {
        Self {
            code: shipped("target_proximity"),
            title: title("Nearness to the period's target"),
            basis: Basis::PeriodTarget,
            green_within: Tolerance::NONE,
            end_target_is_green: false,
            amber: Amber::Within(Tolerance::Relative(Decimal::from(10))),
        }
    }

    /// The three that ship.
    pub fn all_shipped() -> [Self; 3] {
        [Self::baseline_to_target(), Self::tolerance(), Self::target_proximity()]
    }

    /// What no single field can show.
    pub fn check(&self) -> Result<(), SchemeError> {
        let amber = match self.amber {
            Amber::NotWorseThanBaseline => Tolerance::NONE,
            Amber::Within(tolerance) => tolerance,
        };
        if !self.green_within.is_sound() || !amber.is_sound() {
            return Err(SchemeError::Tolerance);
        }
        match (self.green_within, self.amber) {
            (Tolerance::Absolute(green), Amber::Within(Tolerance::Absolute(amber)))
            | (Tolerance::Relative(green), Amber::Within(Tolerance::Relative(amber)))
                if amber < green =>
            {
                Err(SchemeError::AmberInsideGreen)
            }
            _ => Ok(()),
        }
    }
}

// The texts below are within the bounds of their types; a test reads each of them.
fn shipped(code: &str) -> Code {
    Code::new(code).unwrap_or_else(|_| Code::from_title(code))
}

fn title(text: &str) -> Title {
    Title::new(text).unwrap_or_else(|_| unreachable!("a shipped scheme has a sound title"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_schemes_are_sound() {
        let codes: Vec<String> = Scheme::all_shipped().iter().map(|scheme| scheme.code.to_string()).collect();
        assert_eq!(codes, ["baseline_to_target", "tolerance", "target_proximity"]);
        for scheme in Scheme::all_shipped() {
            assert_eq!(scheme.check(), Ok(()));
        }
    }

    #[test]
    fn a_tolerance_is_no_debt() {
        let mut scheme = Scheme::tolerance();
        scheme.green_within = Tolerance::Absolute("-1".parse().unwrap());
        assert_eq!(scheme.check(), Err(SchemeError::Tolerance));
        scheme.green_within = Tolerance::Relative("11".parse().unwrap());
        assert_eq!(scheme.check(), Err(SchemeError::AmberInsideGreen));
    }
}
