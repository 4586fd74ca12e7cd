//! The documents of baselines and targets.

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::decimal::Decimal;
use waymark_domain::period::Period;
use waymark_domain::target::{Baseline, Condition, Origin, Scope, Target, TargetState};
use waymark_domain::text::{Name, Note, Title};

use super::document;
use super::scalar::{Case, Text, ValueDocument};

document! {
    pub(super) enum BaselineDocument of Baseline {
        Known {
            value: ValueDocument,
            period: Option<Text<Period>>,
            definition_version: u32,
            note: Option<Text<Note>>,
        },
        Unread { text: Text<Note>, reason: Text<Title> },
    }

    pub(super) enum TargetDocument of Target {
        ToBeSet { reason: Text<Note> },
        Set {
            period: Option<Text<Period>>,
            condition: ConditionDocument,
            state: Case<TargetState>,
            note: Option<Text<Note>>,
            // Targets were stored without these two before targets could be proposed.
            #[serde(default)]
            review_on: Option<Text<NaiveDate>>,
            #[serde(default)]
            origin: Option<Box<OriginDocument>>,
        },
        Unread { text: Text<Note>, reason: Text<Title> },
    }

    pub(super) enum ConditionDocument of Condition {
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
}

document! {
    pub(super) struct OriginDocument of Origin {
        scope: Case<Scope>,
        agreed_on: Text<NaiveDate>,
        body: Text<Name>,
        minute: Text<Name>,
        rationale: Text<Note>,
        proposal: Uuid,
        definition_version: u32,
    }
}
