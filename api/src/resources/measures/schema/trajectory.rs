//! Trajectories on the wire: one flat object, of which the kind says what must be there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::trajectory::{self as domain, MOST_POINTS, Step};

use super::amount::{Amount, refuse};
use crate::http::content::part;
use crate::http::schema::{Number, Period};
use crate::http::validation::Faults;

/// The trajectory from the baseline to the target. Its kind determines its fields.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trajectory {
    kind: TrajectoryKind,
    /// The values of `milestones` or of a `profile`, each ending later than the one before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 400)]
    points: Vec<TrajectoryPoint>,
    /// The step of a `yearly_step`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<Number>,
    /// The unit of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step_unit: Option<StepUnit>,
    /// The period after which there are no further steps. Defaults to the plan's last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Period>,
}

/// A straight line; values by dates with straight lines between them; the same step each year; or values of which each
/// holds until the next.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TrajectoryKind {
    #[default]
    Linear,
    Milestones,
    YearlyStep,
    Profile,
}

/// Units that are added each year, or per cent of the year before, compound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepUnit {
    Points,
    Percent,
}

/// A value that is expected on the last day of a period.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrajectoryPoint {
    period: Period,
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    /// Instead of `value`, so many ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    numerator: Option<Number>,
    /// ... out of so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    denominator: Option<Number>,
}

impl Trajectory {
    /// Into the domain.
    pub(crate) fn read(self, faults: &mut Faults) -> Option<domain::Trajectory> {
        let fields = [
            ("/points", !self.points.is_empty()),
            ("/step", self.step.is_some()),
            ("/step_unit", self.step_unit.is_some()),
            ("/until", self.until.is_some()),
        ];
        let Self { kind, points, step, step_unit, until } = self;
        match kind {
            TrajectoryKind::Linear => {
                refuse(faults, &fields, &[]);
                Some(domain::Trajectory::Linear)
            }
            TrajectoryKind::Milestones => {
                refuse(faults, &fields, &["/points"]);
                read_points(faults, points).map(domain::Trajectory::Milestones)
            }
            TrajectoryKind::Profile => {
                refuse(faults, &fields, &["/points"]);
                read_points(faults, points).map(domain::Trajectory::Profile)
            }
            TrajectoryKind::YearlyStep => {
                refuse(faults, &fields, &["/step", "/step_unit", "/until"]);
                let step = read_step(faults, step, step_unit);
                let until = part(until, |until| until.read(faults, "/until"));
                Some(domain::Trajectory::YearlyStep { step: step?, until: until? })
            }
        }
    }
}

fn read_points(faults: &mut Faults, points: Vec<TrajectoryPoint>) -> Option<Vec<domain::Point>> {
    faults.each("/points", MOST_POINTS, points, |faults, point| {
        let TrajectoryPoint { period, value, numerator, denominator } = point;
        let period = period.read(faults, "/period");
        let value = Amount { value, numerator, denominator }.read(faults);
        Some(domain::Point { period: period?, value: value? })
    })
}

fn read_step(faults: &mut Faults, step: Option<Number>, unit: Option<StepUnit>) -> Option<Step> {
    if step.is_none() {
        faults.note("/step", "missing_field", "a yearly step has a step");
    }
    if unit.is_none() {
        faults.note("/step_unit", "missing_field", "a step counts points or per cent");
    }
    let step = step.and_then(|step| step.read(faults, "/step"));
    step.zip(unit).map(|(step, unit)| match unit {
        StepUnit::Points => Step::Points(step),
        StepUnit::Percent => Step::Percent(step),
    })
}

impl From<&domain::Trajectory> for Trajectory {
    fn from(trajectory: &domain::Trajectory) -> Self {
        let of = |points: &[domain::Point]| points.iter().copied().map(TrajectoryPoint::from).collect();
        match trajectory {
            domain::Trajectory::Linear => Self::default(),
            domain::Trajectory::Milestones(points) => {
                Self { kind: TrajectoryKind::Milestones, points: of(points), ..Self::default() }
            }
            domain::Trajectory::Profile(points) => {
                Self { kind: TrajectoryKind::Profile, points: of(points), ..Self::default() }
            }
            domain::Trajectory::YearlyStep { step, until } => {
                let (step, unit) = match step {
                    Step::Points(points) => (*points, StepUnit::Points),
                    Step::Percent(percent) => (*percent, StepUnit::Percent),
                };
                Self {
                    kind: TrajectoryKind::YearlyStep,
                    points: Vec::new(),
                    step: Some(step.into()),
                    step_unit: Some(unit),
                    until: until.map(Period::from),
                }
            }
        }
    }
}

impl From<domain::Point> for TrajectoryPoint {
    fn from(point: domain::Point) -> Self {
        let domain::Point { period, value } = point;
        let Amount { value, numerator, denominator } = value.into();
        Self { period: period.into(), value, numerator, denominator }
    }
}
