//! The documents of baselines and targets.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use waymark_domain::decimal::Decimal;
use waymark_domain::period::Period;
use waymark_domain::target::{Baseline, Condition, Origin, Scope, Target, TargetState};
use waymark_domain::text::{Name, Note, Title};

use super::scalar::{Case, Text, ValueDocument, names, of_text, text};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum BaselineDocument {
    Known {
        value: ValueDocument,
        period: Option<Text<Period>>,
        definition_version: u32,
        note: Option<Text<Note>>,
    },
    Unread {
        text: Text<Note>,
        reason: Text<Title>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum TargetDocument {
    ToBeSet {
        reason: Text<Note>,
    },
    Set {
        period: Option<Text<Period>>,
        condition: ConditionDocument,
        state: Case<TargetState>,
        note: Option<Text<Note>>,
        // Targets were kept without these two before targets could be proposed.
        #[serde(default)]
        review_on: Option<Text<NaiveDate>>,
        #[serde(default)]
        origin: Option<Box<OriginDocument>>,
    },
    Unread {
        text: Text<Note>,
        reason: Text<Title>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OriginDocument {
    scope: Case<Scope>,
    agreed_on: Text<NaiveDate>,
    body: Text<Name>,
    minute: Text<Name>,
    rationale: Text<Note>,
    proposal: Uuid,
    definition_version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ConditionDocument {
    Reach(ValueDocument),
    AtLeast(ValueDocument),
    AtMost(ValueDocument),
    Above(ValueDocument),
    Below(ValueDocument),
    Between { low: ValueDocument, high: ValueDocument },
    Exactly(ValueDocument),
    AllOf(Text<Decimal>),
    EndOfTrajectory,
}

names!(Scope { National = "national", Local = "local" });
names!(TargetState { Proposed = "proposed", Tentative = "tentative", Agreed = "agreed" });

impl From<&Baseline> for BaselineDocument {
    fn from(baseline: &Baseline) -> Self {
        match baseline {
            Baseline::Known { value, period, definition_version, note } => Self::Known {
                value: (*value).into(),
                period: text(period),
                definition_version: *definition_version,
                note: text(note),
            },
            Baseline::Unread { text, reason } => Self::Unread { text: text.into(), reason: reason.into() },
        }
    }
}

impl From<BaselineDocument> for Baseline {
    fn from(document: BaselineDocument) -> Self {
        match document {
            BaselineDocument::Known { value, period, definition_version, note } => Self::Known {
                value: value.into(),
                period: of_text(period),
                definition_version,
                note: of_text(note),
            },
            BaselineDocument::Unread { text, reason } => Self::Unread { text: text.0, reason: reason.0 },
        }
    }
}

impl From<&Target> for TargetDocument {
    fn from(target: &Target) -> Self {
        match target {
            Target::ToBeSet { reason } => Self::ToBeSet { reason: reason.into() },
            Target::Set { period, condition, state, note, review_on, origin } => Self::Set {
                period: text(period),
                condition: condition.into(),
                state: Case(*state),
                note: text(note),
                review_on: text(review_on),
                origin: origin.as_deref().map(OriginDocument::from).map(Box::new),
            },
            Target::Unread { text, reason } => Self::Unread { text: text.into(), reason: reason.into() },
        }
    }
}

impl From<TargetDocument> for Target {
    fn from(document: TargetDocument) -> Self {
        match document {
            TargetDocument::ToBeSet { reason } => Self::ToBeSet { reason: reason.0 },
            TargetDocument::Set { period, condition, state, note, review_on, origin } => Self::Set {
                period: of_text(period),
                condition: condition.into(),
                state: state.0,
                note: of_text(note),
                review_on: of_text(review_on),
                origin: origin.map(|origin| Box::new(Origin::from(*origin))),
            },
            TargetDocument::Unread { text, reason } => Self::Unread { text: text.0, reason: reason.0 },
        }
    }
}

impl From<&Origin> for OriginDocument {
    fn from(origin: &Origin) -> Self {
        let Origin { scope, agreed_on, body, minute, rationale, proposal, definition_version } = origin;
        Self {
            scope: Case(*scope),
            agreed_on: agreed_on.into(),
            body: body.into(),
            minute: minute.into(),
            rationale: rationale.into(),
            proposal: *proposal,
            definition_version: *definition_version,
        }
    }
}

impl From<OriginDocument> for Origin {
    fn from(document: OriginDocument) -> Self {
        let OriginDocument { scope, agreed_on, body, minute, rationale, proposal, definition_version } =
            document;
        Self {
            scope: scope.0,
            agreed_on: agreed_on.0,
            body: body.0,
            minute: minute.0,
            rationale: rationale.0,
            proposal,
            definition_version,
        }
    }
}

impl From<&Condition> for ConditionDocument {
    fn from(condition: &Condition) -> Self {
        match condition {
            Condition::Reach(value) => Self::Reach((*value).into()),
            Condition::AtLeast(value) => Self::AtLeast((*value).into()),
            Condition::AtMost(value) => Self::AtMost((*value).into()),
            Condition::Above(value) => Self::Above((*value).into()),
            Condition::Below(value) => Self::Below((*value).into()),
            Condition::Between { low, high } => Self::Between { low: (*low).into(), high: (*high).into() },
            Condition::Exactly(value) => Self::Exactly((*value).into()),
            Condition::AllOf(total) => Self::AllOf(total.into()),
            Condition::EndOfTrajectory => Self::EndOfTrajectory,
        }
    }
}

impl From<ConditionDocument> for Condition {
    fn from(document: ConditionDocument) -> Self {
        match document {
            ConditionDocument::Reach(value) => Self::Reach(value.into()),
            ConditionDocument::AtLeast(value) => Self::AtLeast(value.into()),
            ConditionDocument::AtMost(value) => Self::AtMost(value.into()),
            ConditionDocument::Above(value) => Self::Above(value.into()),
            ConditionDocument::Below(value) => Self::Below(value.into()),
            ConditionDocument::Between { low, high } => Self::Between { low: low.into(), high: high.into() },
            ConditionDocument::Exactly(value) => Self::Exactly(value.into()),
            ConditionDocument::AllOf(total) => Self::AllOf(total.0),
            ConditionDocument::EndOfTrajectory => Self::EndOfTrajectory,
        }
    }
}
