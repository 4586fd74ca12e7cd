//! Target setting: an officer proposes a target with a reason, and a board agrees it or sends it back.
//!
//! ```text
//! proposed --agree--> agreed
//! proposed --send back--> sent back --revise--> proposed
//! proposed, sent back --withdraw--> withdrawn
//! ```

use crate::access;
use crate::code::Code;
use crate::framework::indicator::Indicator;
use crate::framework::measure::{Line, Measure, MeasureError};
use crate::framework::plan::Plan;
use crate::framework::polarity::Polarity;
use crate::framework::target::{Condition, Origin, Scope, Target, TargetState};
use crate::framework::trajectory::Trajectory;
use crate::number::decimal::Decimal;
use crate::number::value::Value;
use crate::text::{Name, Note};
use crate::time::period::Period;
use crate::workflow::{Actor, DateOf, Decision, Refusal, past};
use chrono::NaiveDate;
use uuid::Uuid;

/// A target that is proposed for a measure, and the decision on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetProposal {
    /// The measure.
    pub measure: Code,
    /// The component; none for the whole.
    pub component: Option<Name>,
    /// What is proposed.
    pub terms: Terms,
    /// The day of the proposal, or of its last revision.
    pub proposed_on: NaiveDate,
    /// Who proposed it.
    pub proposer: Name,
    /// Its state.
    pub state: State,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What must hold.
    pub condition: Condition,
    /// For which period; the plan's end where it has none.
    pub period: Option<Period>,
    /// The trajectory to the target; the measure keeps its own if there is none.
    pub trajectory: Option<Trajectory>,
    /// Why this target is proposed.
    pub rationale: Note,
    /// Whose target it is.
    pub scope: Scope,
    /// The day by which the target is to be reviewed.
    pub review_on: Option<NaiveDate>,
}

/// The state of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It awaits a decision.
    Proposed,
    /// A board sent it back.
    SentBack {
        /// The decision.
        decision: Decision,
        /// What should change.
        comment: Note,
    },
    /// A board agreed it: it is the target of its measure.
    Agreed {
        /// The decision.
        decision: Decision,
        /// The board's comment on it.
        comment: Option<Note>,
    },
    /// Its proposer withdrew it.
    Withdrawn,
}

/// What can be done with a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Revise it.
    Revise,
    /// Withdraw it.
    Withdraw,
    /// Record that a board agreed it.
    Agree,
    /// Record that a board sent it back.
    SendBack,
}

crate::named!(Action { Revise = "revise", Withdraw = "withdraw", Agree = "agree", SendBack = "send_back" });

impl Action {
    fn words(self) -> &'static str {
        match self {
            Self::Revise => "revise",
            Self::Withdraw => "withdraw",
            Self::Agree => "agree",
            Self::SendBack => "send back",
        }
    }
}

impl State {
    fn words(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::SentBack { .. } => "sent back",
            Self::Agreed { .. } => "agreed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether it can still be agreed. A measure or component has at most one open proposal.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Proposed | Self::SentBack { .. } => true,
            Self::Agreed { .. } | Self::Withdrawn => false,
        }
    }
}

/// The actions that the actor may take now, by role, by the state, and by who proposed it.
pub fn allowed(proposal: &TargetProposal, actor: &Actor) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| proposal.permit(*action, actor).is_ok()).collect()
}

impl TargetProposal {
    /// Proposes a target.
    ///
    /// # Errors
    /// The rule that forbids it: a role is missing, or the day is before the plan or in the future.
    pub fn propose(
        (measure, component): (Code, Option<Name>),
        terms: Terms,
        proposed_on: NaiveDate,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        actor.must(access::Action::ProposeTargets)?;
        past(DateOf::Proposal, proposed_on, plan, today)?;
        let proposer = actor.name.clone();
        Ok(Self { measure, component, terms, proposed_on, proposer, state: State::Proposed })
    }

    /// Revises it, and proposes it again if it was sent back.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn revise(
        &self,
        terms: Terms,
        proposed_on: NaiveDate,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Revise, actor)?;
        past(DateOf::Proposal, proposed_on, plan, today)?;
        let since = match &self.state {
            State::SentBack { decision, .. } => decision.meeting,
            State::Proposed | State::Agreed { .. } | State::Withdrawn => self.proposed_on,
        };
        if proposed_on < since {
            return Err(Refusal::RevisedBefore { since });
        }
        Ok(Self { terms, proposed_on, state: State::Proposed, ..self.clone() })
    }

    /// Withdraws it.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn withdraw(&self, actor: &Actor) -> Result<Self, Refusal> {
        self.permit(Action::Withdraw, actor)?;
        Ok(Self { state: State::Withdrawn, ..self.clone() })
    }

    /// Records that a board agreed it.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn agree(
        &self,
        decision: Decision,
        comment: Option<Note>,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Agree, actor)?;
        decision.check(self.proposed_on, plan, today)?;
        Ok(Self { state: State::Agreed { decision, comment }, ..self.clone() })
    }

    /// Records that a board sent it back, and what should change.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn send_back(
        &self,
        decision: Decision,
        comment: Note,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::SendBack, actor)?;
        decision.check(self.proposed_on, plan, today)?;
        Ok(Self { state: State::SentBack { decision, comment }, ..self.clone() })
    }

    /// Role, then identity, then state.
    fn permit(&self, action: Action, actor: &Actor) -> Result<(), Refusal> {
        let is_proposer = actor.name == self.proposer;
        let is_ready = match action {
            Action::Revise | Action::Withdraw => {
                actor.must(access::Action::ProposeTargets)?;
                if !is_proposer {
                    return Err(Refusal::NotProposer);
                }
                self.state.is_open()
            }
            Action::Agree | Action::SendBack => {
                actor.must(access::Action::RecordDecisions)?;
                if is_proposer {
                    return Err(Refusal::ProposerDecides);
                }
                self.state == State::Proposed
            }
        };
        let refusal = Refusal::State { action: action.words(), state: self.state.words() };
        if is_ready { Ok(()) } else { Err(refusal) }
    }

    /// Checks that the measure can have this target, so that agreeing it cannot fail for what it says.
    ///
    /// # Errors
    /// What does not fit.
    pub fn fits(&self, measure: &Measure, plan: &Plan, indicator: &Indicator) -> Result<(), Misfit> {
        if measure.is_deleted() {
            return Err(Misfit::Left);
        }
        self.terms.check(indicator, self.proposed_on)?;
        let target = self.terms.target(TargetState::Proposed, None);
        Ok(self.put_into(measure, target).check(plan, indicator)?)
    }

    /// The measure with this target, where a board has agreed it; its line for the component says from then on who
    /// agreed the target and why. `None` where no board has.
    pub fn enacted(&self, id: Uuid, measure: &Measure, indicator: &Indicator) -> Option<Measure> {
        let State::Agreed { decision, comment: _ } = &self.state else { return None };
        let origin = Origin {
            scope: self.terms.scope,
            agreed_on: decision.meeting,
            body: decision.body.clone(),
            minute: decision.minute.clone(),
            rationale: self.terms.rationale.clone(),
            proposal: id,
            definition_version: indicator.version_on(decision.meeting),
        };
        Some(self.put_into(measure, self.terms.target(TargetState::Agreed, Some(origin))))
    }

    /// The measure with a target in the line of the component. A component without a line of its own gets one, which
    /// sets out from where the whole does.
    fn put_into(&self, measure: &Measure, target: Target) -> Measure {
        let mut measure = measure.clone();
        let own = measure.lines.iter().position(|line| line.component == self.component);
        let before = measure.line(self.component.as_ref()).cloned().unwrap_or_default();
        let line = Line {
            component: self.component.clone(),
            target: Some(target),
            trajectory: self.terms.trajectory.clone().unwrap_or(before.trajectory),
            baseline: before.baseline,
        };
        match own.and_then(|index| measure.lines.get_mut(index)) {
            Some(there) => *there = line,
            None => measure.lines.push(line),
        }
        measure
    }
}

/// Why a measure cannot have a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The measure has left the plan, or will.
    #[error("it was decided that the measure leaves the plan")]
    Left,
    /// The measure would not be valid with it.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// It has more decimal places than the indicator's precision, so that results would be compared with another number.
    #[error("results are compared at {places} decimal places, and the target has more")]
    TooFine {
        /// The indicator's precision.
        places: u32,
    },
    /// It contradicts the indicator's polarity.
    #[error("the indicator says that {}", polarity.words())]
    WrongWay {
        /// Which way is better.
        polarity: Polarity,
    },
    /// It would have to be reviewed before it was proposed.
    #[error("the day of the review is not after the day of the proposal")]
    ReviewTooEarly,
}

impl Terms {
    fn check(&self, indicator: &Indicator, proposed_on: NaiveDate) -> Result<(), Misfit> {
        if self.review_on.is_some_and(|review| review <= proposed_on) {
            return Err(Misfit::ReviewTooEarly);
        }
        if self.condition.values().any(|value| is_finer(value, indicator)) {
            return Err(Misfit::TooFine { places: indicator.precision });
        }
        let Some(polarity) = indicator.polarity else { return Ok(()) };
        let contradicts = self.condition.implied_polarity().is_some_and(|implied| implied != polarity);
        let lacks_range = match self.condition {
            Condition::Reach(_) | Condition::EndOfTrajectory => polarity == Polarity::WithinRange,
            Condition::AtLeast(_)
            | Condition::AtMost(_)
            | Condition::Above(_)
            | Condition::Below(_)
            | Condition::Between { .. }
            | Condition::Exactly(_)
            | Condition::AllOf(_) => false,
        };
        if contradicts || lacks_range { Err(Misfit::WrongWay { polarity }) } else { Ok(()) }
    }

    fn target(&self, state: TargetState, origin: Option<Origin>) -> Target {
        Target::Set {
            period: self.period,
            condition: self.condition,
            state,
            note: None,
            review_on: self.review_on,
            origin: origin.map(Box::new),
        }
    }
}

/// Whether a number changes where it is rounded to be compared. So many out of so many always may.
fn is_finer(value: Value, indicator: &Indicator) -> bool {
    let at = |places| value.figure(indicator.unit, places);
    match value {
        Value::Number(_) => at(indicator.precision) != at(Decimal::PLACES),
        Value::Ratio(_) => false,
    }
}

#[cfg(test)]
mod tests;
