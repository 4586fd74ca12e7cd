//! The document of an improvement notice.

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::notice::{
    Condition, Effect, Notice, Outcome, Required, Requirement, Ruling, Terms, Update,
};
use waymark_domain::period::Period;
use waymark_domain::text::{Name, Note, Title};

use super::decision::DecisionDocument;
use super::scalar::{Case, Text};
use super::{Stored, document};
use crate::history::noun::Noun;
use crate::history::plan_item::PlanItem;

impl Noun for Notice {
    const KIND: &'static str = "notice";
    type Document = NoticeDocument;
}

impl PlanItem for Notice {
    const KEY: &'static str = "notice code";
}

document! {
    pub struct NoticeDocument of Notice {
        [terms: Terms {
            title: Text<Title>,
            authority: Text<Name>,
            issued_on: Text<NaiveDate>,
            requirements: Vec<RequirementDocument>,
            conditions: Vec<NoticeConditionDocument>,
        }],
        progress: Vec<UpdateDocument>,
        rulings: Vec<RulingDocument>,
    }

    struct RequirementDocument of Requirement {
        code: Text<Name>,
        text: Text<Note>,
        measures: Vec<Text<Code>>,
        priorities: Vec<Text<Code>>,
    }

    struct NoticeConditionDocument of Condition {
        code: Text<Code>,
        measure: Text<Code>,
        component: Option<Text<Name>>,
        required: RequiredDocument,
        period: Text<Period>,
        requirement: Option<Text<Name>>,
        note: Option<Text<Note>>,
    }

    struct UpdateDocument of Update {
        requirement: Text<Name>,
        period: Text<Period>,
        text: Text<Note>,
        recorded_by: Text<Name>,
        recorded_on: Text<NaiveDate>,
    }

    struct RulingDocument of Ruling {
        #[serde(rename = "closed")]
        effect: Option<Case<Outcome>>,
        decision: DecisionDocument,
    }
}

document! {
    enum RequiredDocument of Required {
        AtLeast(Text<Decimal>),
        AtMost(Text<Decimal>),
        Exactly(Text<Decimal>),
    }
}

/// A ruling that closes a notice has an outcome, one that reinstates it has none.
impl Stored<Effect> for Option<Case<Outcome>> {
    fn store(effect: &Effect) -> Self {
        match effect {
            Effect::Closed(outcome) => Some(Case::store(outcome)),
            Effect::Reinstated => None,
        }
    }

    fn restore(self) -> Effect {
        self.map_or(Effect::Reinstated, |outcome| Effect::Closed(outcome.restore()))
    }
}
