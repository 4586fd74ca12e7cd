//! Targets on the wire: one flat object, of which state and condition say what must be there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::target::{self as domain, Condition};
use waymark_domain::text;
use waymark_domain::value::Value;

use super::amount::{Amount, read_bound, refuse, show_bound};
use crate::content::part;
use crate::faults::Faults;
use crate::wire::{Note, Number, Period};

/// What was promised, or what stands in its place. Which fields it has follows from state and condition.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    state: TargetState,
    /// Why there is no target yet (`to_be_set`), or why the cell could not be read (`unread`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Note>,
    /// What must hold, where there is a target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    condition: Option<TargetCondition>,
    /// The number of the conditions `reach`, `at_least`, `at_most`, `above`, `below` and `exactly`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    /// Instead of `value`, so many ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    numerator: Option<Number>,
    /// ... out of so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    denominator: Option<Number>,
    /// The lower bound of `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low: Option<Number>,
    /// Where the lower bound is so many out of so many: out of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low_denominator: Option<Number>,
    /// The upper bound of `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high: Option<Number>,
    /// Where the upper bound is so many out of so many: out of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high_denominator: Option<Number>,
    /// How many there are, for `all_of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<Number>,
    /// For which period; the plan's end where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    /// What else was said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    /// The cell that nobody could read, as it was written. It can be sent back as it is, or be replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unread: Option<Note>,
}

/// How far a target is settled; `unread` is a cell that nobody could read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TargetState {
    #[default]
    ToBeSet,
    Proposed,
    Tentative,
    Agreed,
    Unread,
}

/// What must hold: `reach` leaves it to the polarity on which side the good lies, and `end_of_trajectory` takes the
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

impl Target {
    /// Into the domain.
    pub(super) fn read(self, faults: &mut Faults) -> Option<domain::Target> {
        match self.state {
            TargetState::ToBeSet => self.read_to_be_set(faults),
            TargetState::Proposed => self.read_set(faults, domain::TargetState::Proposed),
            TargetState::Tentative => self.read_set(faults, domain::TargetState::Tentative),
            TargetState::Agreed => self.read_set(faults, domain::TargetState::Agreed),
            TargetState::Unread => self.read_unread(faults),
        }
    }

    fn read_to_be_set(self, faults: &mut Faults) -> Option<domain::Target> {
        refuse(faults, &self.fields(), &["/reason"]);
        let Some(reason) = self.reason else {
            faults.note("/reason", "missing_field", "a target that is to be set has a reason");
            return None;
        };
        Some(domain::Target::ToBeSet { reason: reason.read(faults, "/reason")? })
    }

    fn read_unread(self, faults: &mut Faults) -> Option<domain::Target> {
        refuse(faults, &self.fields(), &["/reason", "/unread"]);
        read_unread(faults, self.unread, self.reason)
            .map(|(text, reason)| domain::Target::Unread { text, reason })
    }

    fn read_set(self, faults: &mut Faults, state: domain::TargetState) -> Option<domain::Target> {
        let Some(condition) = self.condition else {
            faults.note("/condition", "missing_field", "a target has a condition");
            return None;
        };
        let common = ["/condition", "/period", "/note"];
        let allowed: Vec<&str> = common.into_iter().chain(condition.fields().iter().copied()).collect();
        refuse(faults, &self.fields(), &allowed);
        let Self {
            value, numerator, denominator, low, low_denominator, high, high_denominator, total, ..
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
        let period = part(self.period, |period| period.read(faults, "/period"));
        let note = part(self.note, |note| note.read(faults, "/note"));
        Some(domain::Target::Set { period: period?, condition: condition?, state, note: note? })
    }

    /// The fields that may be missing, and whether each is there.
    fn fields(&self) -> [(&'static str, bool); 13] {
        [
            ("/reason", self.reason.is_some()),
            ("/condition", self.condition.is_some()),
            ("/value", self.value.is_some()),
            ("/numerator", self.numerator.is_some()),
            ("/denominator", self.denominator.is_some()),
            ("/low", self.low.is_some()),
            ("/low_denominator", self.low_denominator.is_some()),
            ("/high", self.high.is_some()),
            ("/high_denominator", self.high_denominator.is_some()),
            ("/total", self.total.is_some()),
            ("/period", self.period.is_some()),
            ("/note", self.note.is_some()),
            ("/unread", self.unread.is_some()),
        ]
    }
}

impl TargetCondition {
    /// The fields that it is made of.
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

/// A cell that nobody could read, and why.
pub(super) fn read_unread(
    faults: &mut Faults,
    unread: Option<Note>,
    reason: Option<Note>,
) -> Option<(text::Note, text::Title)> {
    let missing = "a cell that could not be read has its text and the reason";
    if unread.is_none() {
        faults.note("/unread", "missing_field", missing);
    }
    if reason.is_none() {
        faults.note("/reason", "missing_field", missing);
    }
    let unread = unread.and_then(|text| text.read(faults, "/unread"));
    let reason = reason.and_then(|reason| reason.read(faults, "/reason"));
    let reason = reason.and_then(|reason| faults.take("/reason", text::Title::new(reason.as_str())));
    unread.zip(reason)
}

/// A reason, where both kinds of reasons stand in one field.
pub(super) fn show_reason(reason: &text::Title) -> Option<Note> {
    // A title is always short enough for a note.
    text::Note::new(reason.as_str()).ok().as_ref().map(Note::from)
}

impl From<&domain::Target> for Target {
    fn from(target: &domain::Target) -> Self {
        match target {
            domain::Target::ToBeSet { reason } => {
                Self { state: TargetState::ToBeSet, reason: Some(reason.into()), ..Self::default() }
            }
            domain::Target::Set { period, condition, state, note } => Self {
                state: (*state).into(),
                period: period.map(Period::from),
                note: note.as_ref().map(Note::from),
                ..Self::from(*condition)
            },
            domain::Target::Unread { text, reason } => Self {
                state: TargetState::Unread,
                unread: Some(text.into()),
                reason: show_reason(reason),
                ..Self::default()
            },
        }
    }
}

impl From<domain::TargetState> for TargetState {
    fn from(state: domain::TargetState) -> Self {
        match state {
            domain::TargetState::Proposed => Self::Proposed,
            domain::TargetState::Tentative => Self::Tentative,
            domain::TargetState::Agreed => Self::Agreed,
        }
    }
}

impl From<Condition> for Target {
    fn from(condition: Condition) -> Self {
        let one = |condition, value: Value| {
            let Amount { value, numerator, denominator } = value.into();
            Self { condition: Some(condition), value, numerator, denominator, ..Self::default() }
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
                let condition = Some(TargetCondition::Between);
                Self { condition, low, low_denominator, high, high_denominator, ..Self::default() }
            }
            Condition::AllOf(total) => {
                Self { condition: Some(TargetCondition::AllOf), total: Some(total.into()), ..Self::default() }
            }
            Condition::EndOfTrajectory => {
                Self { condition: Some(TargetCondition::EndOfTrajectory), ..Self::default() }
            }
        }
    }
}
