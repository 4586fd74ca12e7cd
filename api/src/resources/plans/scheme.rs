//! Rating schemes on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::scheme as domain;

use crate::http::schema::{Code, Number, Title};
use crate::http::validation::{Coded, Faults};

/// How a result becomes green, amber or red.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RatingScheme)]
pub(crate) struct Scheme {
    /// Its code. A scheme of a plan's own does not take the code of one that ships.
    code: Code,
    /// Its title.
    title: Title,
    basis: SchemeBasis,
    /// How far on the bad side of the basis a result is still green.
    green_within: Tolerance,
    /// Whether a result that already meets the end target is green, whatever the trajectory expects.
    end_target_is_green: bool,
    amber: Amber,
}

/// What a result is compared with: the trajectory on the last day of its period, the first target that falls due on
/// or after that day, or the target at the end.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SchemeBasis {
    Trajectory,
    PeriodTarget,
    EndTarget,
}

/// A distance from the compared value in the worse direction.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tolerance {
    kind: ToleranceKind,
    /// How far, in the indicator's unit or in per cent of the value compared with.
    #[schema(value_type = f64, format = "decimal", minimum = 0.0, maximum = 999999999999999.0)]
    value: Number,
}

/// In the indicator's unit, or in per cent (at most 100) of the value compared with.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToleranceKind {
    Absolute,
    Relative,
}

/// When a result that is not green is amber; it is red otherwise.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amber {
    rule: AmberRule,
    /// The distance for the rule `within`; not less than that of green.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tolerance: Option<Tolerance>,
}

/// When it is not worse than the baseline, or when it is within a tolerance.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AmberRule {
    NotWorseThanBaseline,
    Within,
}

/// A scheme that ships.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShippedScheme {
    BaselineToTarget,
    Tolerance,
    TargetProximity,
}

/// The schemes that ship.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SchemeList {
    /// The schemes.
    #[schema(max_items = 3)]
    pub(super) items: Vec<Scheme>,
}

impl Scheme {
    /// Into the domain.
    pub(super) fn read(self, faults: &mut Faults) -> Option<domain::Scheme> {
        let Self { code, title, basis, green_within, end_target_is_green, amber } = self;
        let code = code.read(faults, "/code");
        let title = title.read(faults, "/title");
        let green_within = faults.within("/green_within", |faults| green_within.read(faults));
        let amber = faults.within("/amber", |faults| amber.read(faults));
        let scheme = domain::Scheme {
            code: code?,
            title: title?,
            basis: basis.into(),
            green_within: green_within?,
            end_target_is_green,
            amber: amber?,
        };
        if domain::Scheme::all_shipped()
            .iter()
            .any(|shipped| shipped.code == scheme.code && *shipped != scheme)
        {
            faults.note("/code", "taken", "a scheme that ships has this code, and another definition");
        }
        faults.take("", scheme.check())?;
        Some(scheme)
    }
}

impl Tolerance {
    fn read(self, faults: &mut Faults) -> Option<domain::Tolerance> {
        let value = self.value.read(faults, "/value")?;
        let tolerance = match self.kind {
            ToleranceKind::Absolute => domain::Tolerance::Absolute(value),
            ToleranceKind::Relative => domain::Tolerance::Relative(value),
        };
        match tolerance.is_sound() {
            true => Some(tolerance),
            false => faults.take("/value", Err(domain::SchemeError::Tolerance)),
        }
    }
}

impl Amber {
    fn read(self, faults: &mut Faults) -> Option<domain::Amber> {
        match (self.rule, self.tolerance) {
            (AmberRule::NotWorseThanBaseline, None) => Some(domain::Amber::NotWorseThanBaseline),
            (AmberRule::NotWorseThanBaseline, Some(_)) => {
                faults.note("/tolerance", "superfluous", "only the rule `within` has a tolerance");
                None
            }
            (AmberRule::Within, Some(tolerance)) => {
                faults.within("/tolerance", |faults| tolerance.read(faults)).map(domain::Amber::Within)
            }
            (AmberRule::Within, None) => {
                faults.note("/tolerance", "missing_field", "the rule `within` has a tolerance");
                None
            }
        }
    }
}

impl Coded for domain::SchemeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Tolerance => "out_of_range",
            Self::AmberInsideGreen => "amber_inside_green",
        }
    }
}

impl From<&domain::Scheme> for Scheme {
    fn from(scheme: &domain::Scheme) -> Self {
        let domain::Scheme { code, title, basis, green_within, end_target_is_green, amber } = scheme;
        Self {
            code: code.into(),
            title: title.into(),
            basis: (*basis).into(),
            green_within: (*green_within).into(),
            end_target_is_green: *end_target_is_green,
            amber: (*amber).into(),
        }
    }
}

impl From<domain::Basis> for SchemeBasis {
    fn from(basis: domain::Basis) -> Self {
        match basis {
            domain::Basis::Trajectory => Self::Trajectory,
            domain::Basis::PeriodTarget => Self::PeriodTarget,
            domain::Basis::EndTarget => Self::EndTarget,
        }
    }
}

impl From<SchemeBasis> for domain::Basis {
    fn from(basis: SchemeBasis) -> Self {
        match basis {
            SchemeBasis::Trajectory => Self::Trajectory,
            SchemeBasis::PeriodTarget => Self::PeriodTarget,
            SchemeBasis::EndTarget => Self::EndTarget,
        }
    }
}

impl From<domain::Tolerance> for Tolerance {
    fn from(tolerance: domain::Tolerance) -> Self {
        match tolerance {
            domain::Tolerance::Absolute(value) => Self { kind: ToleranceKind::Absolute, value: value.into() },
            domain::Tolerance::Relative(value) => Self { kind: ToleranceKind::Relative, value: value.into() },
        }
    }
}

impl From<domain::Amber> for Amber {
    fn from(amber: domain::Amber) -> Self {
        match amber {
            domain::Amber::NotWorseThanBaseline => {
                Self { rule: AmberRule::NotWorseThanBaseline, tolerance: None }
            }
            domain::Amber::Within(tolerance) => {
                Self { rule: AmberRule::Within, tolerance: Some(tolerance.into()) }
            }
        }
    }
}

impl From<ShippedScheme> for domain::Scheme {
    fn from(shipped: ShippedScheme) -> Self {
        match shipped {
            ShippedScheme::BaselineToTarget => Self::baseline_to_target(),
            ShippedScheme::Tolerance => Self::tolerance(),
            ShippedScheme::TargetProximity => Self::target_proximity(),
        }
    }
}
