//! Lines of a measure on the wire: component, baseline, target, trajectory.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::disclosure::{is_small, may_tell_a_count};
use waymark_domain::indicator::Indicator;
use waymark_domain::{measure, target as domain};

use super::amount::{Amount, refuse};
use super::read::Surroundings;
use super::target::{Target, read_unread, show_reason};
use super::trajectory::Trajectory;
use crate::http::content::part;
use crate::http::schema::{Name, Note, Number, Period};
use crate::http::validation::Faults;

/// Baseline, target and trajectory of the whole or of one component.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureLine {
    /// The component of the indicator; null for the whole, and for components without a line of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    component: Option<Name>,
    /// The baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline>,
    /// Whether the baseline is suppressed because it would reveal a small count. Set in responses only: a suppressed
    /// baseline cannot be sent back.
    #[serde(default)]
    suppressed: bool,
    /// The target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
    /// The trajectory between them. Defaults to linear.
    #[serde(default)]
    trajectory: Trajectory,
}

/// A baseline: a number, a numerator with its denominator, or a cell that could not be read.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    /// Instead of `value`, so many ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    numerator: Option<Number>,
    /// ... out of so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    denominator: Option<Number>,
    /// Its period, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    /// The number of the definition version under which it was measured; the one in force at the end of its period
    /// (without one, when the plan begins).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100)]
    definition_version: Option<u32>,
    /// A note, of a revision or recalculation for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    /// The text of a cell that could not be read. It can be sent back unchanged or be replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unread: Option<Note>,
    /// Why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Note>,
}

impl MeasureLine {
    /// Into the domain.
    pub(super) fn read(self, faults: &mut Faults, around: &Surroundings) -> Option<measure::Line> {
        let Self { component, baseline, suppressed, target, trajectory } = self;
        let component = part(component, |component| component.read(faults, "/component"));
        if suppressed {
            faults.note("/suppressed", "read_only", "a baseline that was withheld cannot be sent back");
        }
        let baseline =
            part(baseline, |baseline| faults.within("/baseline", |faults| baseline.read(faults, around)));
        let target = part(target, |target| faults.within("/target", |faults| target.read(faults)));
        let trajectory = faults.within("/trajectory", |faults| trajectory.read(faults));
        Some(measure::Line {
            component: component?,
            baseline: baseline?,
            target: target?,
            trajectory: trajectory?,
        })
    }

    /// A line as it is returned; without `threshold`, to a caller who may see small counts.
    pub(super) fn of(line: &measure::Line, indicator: &Indicator, threshold: Option<u32>) -> Self {
        let measure::Line { component, baseline, target, trajectory } = line;
        let reveals_a_count = |baseline: &domain::Baseline| match (threshold, baseline) {
            (None, _) => false,
            (Some(threshold), domain::Baseline::Known { value, .. }) => {
                is_small(*value, indicator.unit, threshold)
            }
            (Some(_), domain::Baseline::Unread { text, .. }) => may_tell_a_count(text.as_str()),
        };
        let suppressed = baseline.as_ref().is_some_and(reveals_a_count);
        Self {
            component: component.as_ref().map(Name::from),
            baseline: baseline.as_ref().filter(|_| !suppressed).map(Baseline::from),
            suppressed,
            target: target.as_ref().map(Target::from),
            trajectory: trajectory.into(),
        }
    }
}

impl Baseline {
    fn read(self, faults: &mut Faults, around: &Surroundings) -> Option<domain::Baseline> {
        let fields = [
            ("/value", self.value.is_some()),
            ("/numerator", self.numerator.is_some()),
            ("/denominator", self.denominator.is_some()),
            ("/period", self.period.is_some()),
            ("/definition_version", self.definition_version.is_some()),
            ("/note", self.note.is_some()),
            ("/unread", self.unread.is_some()),
            ("/reason", self.reason.is_some()),
        ];
        let Self { value, numerator, denominator, period, definition_version, note, unread, reason } = self;
        if unread.is_some() {
            refuse(faults, &fields, &["/unread", "/reason"]);
            return read_unread(faults, unread, reason)
                .map(|(text, reason)| domain::Baseline::Unread { text, reason });
        }
        if reason.is_some() {
            faults.note("/reason", "superfluous", "only a cell that could not be read has a reason");
        }
        let value = Amount { value, numerator, denominator }.read(faults);
        let period = part(period, |period| period.read(faults, "/period"));
        let note = part(note, |note| note.read(faults, "/note"));
        let period = period?;
        let definition_version = match definition_version {
            None => around.version_of(period),
            Some(number) if around.has_version(number) => number,
            Some(_) => {
                faults.note("/definition_version", "unknown_version", "the indicator has no such version");
                return None;
            }
        };
        Some(domain::Baseline::Known { value: value?, period, definition_version, note: note? })
    }
}

impl From<&domain::Baseline> for Baseline {
    fn from(baseline: &domain::Baseline) -> Self {
        match baseline {
            domain::Baseline::Known { value, period, definition_version, note } => {
                let Amount { value, numerator, denominator } = (*value).into();
                Self {
                    value,
                    numerator,
                    denominator,
                    period: period.map(Period::from),
                    definition_version: Some(*definition_version),
                    note: note.as_ref().map(Note::from),
                    unread: None,
                    reason: None,
                }
            }
            domain::Baseline::Unread { text, reason } => {
                Self { unread: Some(text.into()), reason: show_reason(reason), ..Self::default() }
            }
        }
    }
}
