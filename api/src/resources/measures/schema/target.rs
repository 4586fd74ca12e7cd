//! Targets on the wire: one flat object, of which state and condition say what must be there.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::{target as domain, text};

use super::amount::refuse;
use super::origin::TargetOrigin;
use super::promise::{TargetCondition, TargetTerms};
use crate::http::content::part;
use crate::http::schema::{Note, Number, Period};
use crate::http::validation::Faults;

/// A target, or the reason why there is none. State and condition determine its fields.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeasureTarget)]
pub(crate) struct Target {
    state: TargetState,
    /// Why there is no target yet (`to_be_set`), or why the cell could not be read (`unread`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Note>,
    /// The condition, if there is a target.
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
    /// The denominator of the lower bound, if the bound is a numerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low_denominator: Option<Number>,
    /// The upper bound of `between`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high: Option<Number>,
    /// The denominator of the upper bound, if the bound is a numerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high_denominator: Option<Number>,
    /// How many there are, for `all_of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<Number>,
    /// Its period. Defaults to the plan's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    /// A note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    /// The day by which it is to be reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review_on: Option<NaiveDate>,
    /// The proposal and the board's decision, if a board agreed it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<TargetOrigin>,
    /// The text of a cell that could not be read. It can be sent back unchanged or be replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unread: Option<Note>,
}

/// The state of a target; `unread` is a cell that could not be read.
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
        let fields = [("/reason", self.reason.is_some()), ("/unread", self.unread.is_some())];
        refuse(faults, &fields, &[]);
        let Self {
            state: _,
            reason: _,
            condition,
            value,
            numerator,
            denominator,
            low,
            low_denominator,
            high,
            high_denominator,
            total,
            period,
            note,
            review_on,
            origin,
            unread: _,
        } = self;
        let Some(condition) = condition else {
            faults.note("/condition", "missing_field", "a target has a condition");
            return None;
        };
        let promise = TargetTerms {
            condition,
            value,
            numerator,
            denominator,
            low,
            low_denominator,
            high,
            high_denominator,
            total,
            period,
        };
        let promise = promise.read(faults);
        let note = part(note, |note| note.read(faults, "/note"));
        let origin = part(origin, |origin| faults.within("/origin", |faults| origin.read(faults)));
        let ((condition, period), origin) = (promise?, origin?.map(Box::new));
        Some(domain::Target::Set { period, condition, state, note: note?, review_on, origin })
    }

    /// The optional fields, and whether each is present.
    fn fields(&self) -> [(&'static str, bool); 15] {
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
            ("/review_on", self.review_on.is_some()),
            ("/origin", self.origin.is_some()),
            ("/unread", self.unread.is_some()),
        ]
    }
}

/// A cell that could not be read, and the reason.
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

/// A reason of either kind, as text.
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
            domain::Target::Set { period, condition, state, note, review_on, origin } => {
                let TargetTerms {
                    condition,
                    value,
                    numerator,
                    denominator,
                    low,
                    low_denominator,
                    high,
                    high_denominator,
                    total,
                    period,
                } = TargetTerms::of(*condition, *period);
                Self {
                    state: (*state).into(),
                    reason: None,
                    condition: Some(condition),
                    value,
                    numerator,
                    denominator,
                    low,
                    low_denominator,
                    high,
                    high_denominator,
                    total,
                    period,
                    note: note.as_ref().map(Note::from),
                    review_on: *review_on,
                    origin: origin.as_deref().map(TargetOrigin::from),
                    unread: None,
                }
            }
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

impl From<&domain::Target> for TargetState {
    fn from(target: &domain::Target) -> Self {
        match target {
            domain::Target::ToBeSet { .. } => Self::ToBeSet,
            domain::Target::Set { state, .. } => (*state).into(),
            domain::Target::Unread { .. } => Self::Unread,
        }
    }
}
