//! The document of an improvement notice.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::notice::{
    Condition, Effect, Notice, Outcome, Required, Requirement, Ruling, Terms, Update,
};
use waymark_domain::period::Period;
use waymark_domain::text::{Name, Note, Title};

use super::decision::DecisionDocument;
use super::each;
use super::scalar::{Case, Text, names, of_text, of_texts, text, texts};
use crate::history::plan_item::PlanItem;

/// A notice as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeDocument {
    title: Text<Title>,
    authority: Text<Name>,
    issued_on: Text<NaiveDate>,
    requirements: Vec<RequirementDocument>,
    conditions: Vec<NoticeConditionDocument>,
    progress: Vec<UpdateDocument>,
    rulings: Vec<RulingDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementDocument {
    code: Text<Name>,
    text: Text<Note>,
    measures: Vec<Text<Code>>,
    priorities: Vec<Text<Code>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeConditionDocument {
    code: Text<Code>,
    measure: Text<Code>,
    component: Option<Text<Name>>,
    required: RequiredDocument,
    period: Text<Period>,
    requirement: Option<Text<Name>>,
    note: Option<Text<Note>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RequiredDocument {
    AtLeast(Text<Decimal>),
    AtMost(Text<Decimal>),
    Exactly(Text<Decimal>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateDocument {
    requirement: Text<Name>,
    period: Text<Period>,
    text: Text<Note>,
    recorded_by: Text<Name>,
    recorded_on: Text<NaiveDate>,
}

/// A ruling that closes has an outcome, one that reinstates has none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulingDocument {
    closed: Option<Case<Outcome>>,
    decision: DecisionDocument,
}

names!(Outcome { Met = "met", Withdrawn = "withdrawn", Escalated = "escalated" });

impl PlanItem for Notice {
    const KIND: &'static str = "notice";
    const KEY: &'static str = "notice code";
    type Document = NoticeDocument;
}

impl From<&Notice> for NoticeDocument {
    fn from(notice: &Notice) -> Self {
        let Notice { terms, progress, rulings } = notice;
        let Terms { title, authority, issued_on, requirements, conditions } = terms;
        Self {
            title: title.into(),
            authority: authority.into(),
            issued_on: issued_on.into(),
            requirements: each(requirements),
            conditions: each(conditions),
            progress: each(progress),
            rulings: each(rulings),
        }
    }
}

impl From<NoticeDocument> for Notice {
    fn from(document: NoticeDocument) -> Self {
        let NoticeDocument { title, authority, issued_on, requirements, conditions, progress, rulings } =
            document;
        let terms = Terms {
            title: title.0,
            authority: authority.0,
            issued_on: issued_on.0,
            requirements: each(requirements),
            conditions: each(conditions),
        };
        Self { terms, progress: each(progress), rulings: each(rulings) }
    }
}

impl From<&Requirement> for RequirementDocument {
    fn from(requirement: &Requirement) -> Self {
        let Requirement { code, text, measures, priorities } = requirement;
        Self {
            code: code.into(),
            text: text.into(),
            measures: texts(measures),
            priorities: texts(priorities),
        }
    }
}

impl From<RequirementDocument> for Requirement {
    fn from(document: RequirementDocument) -> Self {
        let RequirementDocument { code, text, measures, priorities } = document;
        Self { code: code.0, text: text.0, measures: of_texts(measures), priorities: of_texts(priorities) }
    }
}

impl From<&Condition> for NoticeConditionDocument {
    fn from(condition: &Condition) -> Self {
        let Condition { code, measure, component, required, period, requirement, note } = condition;
        Self {
            code: code.into(),
            measure: measure.into(),
            component: text(component),
            required: (*required).into(),
            period: period.into(),
            requirement: text(requirement),
            note: text(note),
        }
    }
}

impl From<NoticeConditionDocument> for Condition {
    fn from(document: NoticeConditionDocument) -> Self {
        let NoticeConditionDocument { code, measure, component, required, period, requirement, note } =
            document;
        Self {
            code: code.0,
            measure: measure.0,
            component: of_text(component),
            required: required.into(),
            period: period.0,
            requirement: of_text(requirement),
            note: of_text(note),
        }
    }
}

impl From<Required> for RequiredDocument {
    fn from(required: Required) -> Self {
        match required {
            Required::AtLeast(value) => Self::AtLeast(Text(value)),
            Required::AtMost(value) => Self::AtMost(Text(value)),
            Required::Exactly(value) => Self::Exactly(Text(value)),
        }
    }
}

impl From<RequiredDocument> for Required {
    fn from(document: RequiredDocument) -> Self {
        match document {
            RequiredDocument::AtLeast(value) => Self::AtLeast(value.0),
            RequiredDocument::AtMost(value) => Self::AtMost(value.0),
            RequiredDocument::Exactly(value) => Self::Exactly(value.0),
        }
    }
}

impl From<&Update> for UpdateDocument {
    fn from(update: &Update) -> Self {
        let Update { requirement, period, text, recorded_by, recorded_on } = update;
        Self {
            requirement: requirement.into(),
            period: period.into(),
            text: text.into(),
            recorded_by: recorded_by.into(),
            recorded_on: recorded_on.into(),
        }
    }
}

impl From<UpdateDocument> for Update {
    fn from(document: UpdateDocument) -> Self {
        let UpdateDocument { requirement, period, text, recorded_by, recorded_on } = document;
        Self {
            requirement: requirement.0,
            period: period.0,
            text: text.0,
            recorded_by: recorded_by.0,
            recorded_on: recorded_on.0,
        }
    }
}

impl From<&Ruling> for RulingDocument {
    fn from(ruling: &Ruling) -> Self {
        let Ruling { effect, decision } = ruling;
        Self {
            closed: match effect {
                Effect::Closed(outcome) => Some(Case(*outcome)),
                Effect::Reinstated => None,
            },
            decision: decision.into(),
        }
    }
}

impl From<RulingDocument> for Ruling {
    fn from(document: RulingDocument) -> Self {
        let RulingDocument { closed, decision } = document;
        Self {
            effect: closed.map_or(Effect::Reinstated, |outcome| Effect::Closed(outcome.0)),
            decision: decision.into(),
        }
    }
}
