//! Notices from the domain onto the wire.

use waymark_domain::notice as domain;
use waymark_domain::workflow::Actor;
use waymark_persistence::Versioned;

use super::{
    Notice, NoticeAction, NoticeComparison, NoticeCondition, NoticeDecision, NoticeOutcome, NoticeProgress,
    NoticeState, ReportedRequirement,
};
use crate::http::problem::Problem;
use crate::http::schema::{Code, Name, Note};

impl Notice {
    /// A revision, with what the actor can do if there is one.
    pub(in crate::resources::notices) fn of(
        key: &str,
        revision: &Versioned<domain::Notice>,
        actor: Option<&Actor>,
    ) -> Result<Self, Problem> {
        let Versioned { id: _, revision, recorded_at, author: _, content } = revision;
        let domain::Notice { terms, progress: _, rulings } = content;
        let domain::Terms { title, authority, issued_on, requirements, conditions } = terms;
        let code = waymark_domain::code::Code::new(key).map_err(Problem::internal)?;
        let (state, outcome) = state(content.state());
        let allowed = actor.map(|actor| domain::allowed(content, actor)).unwrap_or_default();
        Ok(Self {
            code: Code::from(&code),
            title: title.into(),
            authority: authority.into(),
            issued_on: *issued_on,
            state,
            outcome,
            requirements: requirements.iter().map(|one| ReportedRequirement::of(one, content)).collect(),
            conditions: conditions.iter().map(NoticeCondition::from).collect(),
            decisions: rulings.iter().map(NoticeDecision::from).collect(),
            allowed_actions: allowed.into_iter().map(NoticeAction::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        })
    }
}

/// The state on the wire, and the outcome of a closed notice.
pub(crate) fn state(state: domain::State) -> (NoticeState, Option<NoticeOutcome>) {
    match state {
        domain::State::InForce => (NoticeState::InForce, None),
        domain::State::Closed(outcome) => (NoticeState::Closed, Some(outcome.into())),
    }
}

impl ReportedRequirement {
    fn of(requirement: &domain::Requirement, notice: &domain::Notice) -> Self {
        let domain::Requirement { code, text, measures, priorities } = requirement;
        Self {
            code: code.into(),
            text: text.into(),
            measures: measures.iter().map(Code::from).collect(),
            priorities: priorities.iter().map(Code::from).collect(),
            progress: notice.updates_on(code).map(NoticeProgress::from).collect(),
        }
    }
}

impl From<&domain::Update> for NoticeProgress {
    fn from(update: &domain::Update) -> Self {
        let domain::Update { requirement: _, period, text, recorded_by, recorded_on } = update;
        Self {
            period: (*period).into(),
            text: text.into(),
            recorded_by: recorded_by.into(),
            recorded_on: *recorded_on,
        }
    }
}

impl From<&domain::Condition> for NoticeCondition {
    fn from(condition: &domain::Condition) -> Self {
        let domain::Condition { code, measure, component, required, period, requirement, note } = condition;
        Self {
            code: code.into(),
            measure: measure.into(),
            component: component.as_ref().map(Name::from),
            condition: (*required).into(),
            value: required.value().into(),
            period: (*period).into(),
            requirement: requirement.as_ref().map(Name::from),
            note: note.as_ref().map(Note::from),
        }
    }
}

impl From<domain::Required> for NoticeComparison {
    fn from(required: domain::Required) -> Self {
        match required {
            domain::Required::AtLeast(_) => Self::AtLeast,
            domain::Required::AtMost(_) => Self::AtMost,
            domain::Required::Exactly(_) => Self::Exactly,
        }
    }
}

impl From<&domain::Ruling> for NoticeDecision {
    fn from(ruling: &domain::Ruling) -> Self {
        let domain::Ruling { effect, decision } = ruling;
        let (state, outcome) = match effect {
            domain::Effect::Closed(outcome) => (NoticeState::Closed, Some((*outcome).into())),
            domain::Effect::Reinstated => (NoticeState::InForce, None),
        };
        Self { state, outcome, decision: decision.into() }
    }
}
