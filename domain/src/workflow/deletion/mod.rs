//! Deletions: a measure leaves its plan by proposal and by a board's decision, and comes back by a decision.
//!
//! Nothing of it is removed: results, revisions and proposals stay, and before the day on which it left the measure
//! is rated as ever.

pub use crate::framework::departure::{Category, Departure};

use crate::access;
use crate::code::Code;
use crate::framework::measure::Measure;
use crate::text::{Name, Note};
use crate::time::period::Period;
use crate::workflow::{Actor, DateOf, Decision, Refusal, past, within};
use chrono::NaiveDate;
use uuid::Uuid;

/// Why a measure is to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// In one word.
    pub category: Category,
    /// In a sentence or more; never "as above".
    pub reason: Note,
    /// What stood in place of the reason, where it was that of the proposal before: "as above".
    pub as_written: Option<Note>,
}

/// Whether a reason only points to the one before it. Case, white space and a full stop do not matter.
pub fn is_as_above(reason: &str) -> bool {
    let words = reason.trim().trim_end_matches('.').trim_end();
    words.split_whitespace().map(str::to_lowercase).eq(["as", "above"])
}

impl Grounds {
    /// The grounds of a proposal whose reason was written as "as above": those of the proposal before it, in another
    /// category where it names one.
    pub fn as_above(before: &Self, category: Option<Category>, written: Note) -> Self {
        Self {
            category: category.unwrap_or_else(|| before.category.clone()),
            reason: before.reason.clone(),
            as_written: Some(written),
        }
    }
}

/// A proposal that a measure leaves its plan, and the decisions on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The measure.
    pub measure: Code,
    /// Why.
    pub grounds: Grounds,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// Who proposed it.
    pub proposed_by: Name,
    /// What was decided on it, in that order.
    pub rulings: Vec<Ruling>,
    /// The day on which it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
}

/// One decision on a deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What was decided.
    pub outcome: Outcome,
    /// By whom, when, and where that is written.
    pub decision: Decision,
    /// What was said of this deletion.
    pub comment: Option<Note>,
}

/// What a board decides on a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The measure leaves the plan.
    Agreed {
        /// From this day on.
        from: NaiveDate,
    },
    /// It stays.
    Rejected,
    /// It stays for now; the proposal remains open.
    Deferred,
    /// It had left, and comes back.
    Restored {
        /// From this day on.
        from: NaiveDate,
    },
}

/// The state of a deletion, which follows from the decisions on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It awaits a decision.
    Proposed,
    /// A board has deferred it.
    Deferred,
    /// The measure leaves, or has left.
    Agreed,
    /// The measure stays.
    Rejected,
    /// Its proposer has withdrawn it.
    Withdrawn,
    /// The measure had left, and came back.
    Restored,
}

crate::named!(State {
    Proposed = "proposed",
    Deferred = "deferred",
    Agreed = "agreed",
    Rejected = "rejected",
    Withdrawn = "withdrawn",
    Restored = "restored",
});

impl State {
    /// Whether a decision on it is still to come.
    pub fn is_open(self) -> bool {
        match self {
            Self::Proposed | Self::Deferred => true,
            Self::Agreed | Self::Rejected | Self::Withdrawn | Self::Restored => false,
        }
    }
}

/// What can be done with a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Withdraw it.
    Withdraw,
    /// Record that it was agreed.
    Agree,
    /// Record that it was rejected.
    Reject,
    /// Record that it was deferred.
    Defer,
    /// Record that the measure comes back.
    Restore,
}

crate::named!(Action {
    Withdraw = "withdraw",
    Agree = "agree",
    Reject = "reject",
    Defer = "defer",
    Restore = "restore",
});

impl Action {
    /// The states in which it can be done.
    fn is_open_in(self, state: State) -> bool {
        match self {
            Self::Withdraw | Self::Agree | Self::Reject | Self::Defer => state.is_open(),
            Self::Restore => state == State::Agreed,
        }
    }
}

impl From<Outcome> for Action {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Agreed { .. } => Self::Agree,
            Outcome::Rejected => Self::Reject,
            Outcome::Deferred => Self::Defer,
            Outcome::Restored { .. } => Self::Restore,
        }
    }
}

impl Deletion {
    /// A new proposal.
    ///
    /// # Errors
    /// The role, or a day before the plan or in the future.
    pub fn propose(
        measure: Code,
        grounds: Grounds,
        proposed_on: NaiveDate,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        actor.must(access::Action::ProposeDeletions)?;
        past(DateOf::Proposal, proposed_on, plan, today)?;
        let proposed_by = actor.name.clone();
        Ok(Self { measure, grounds, proposed_on, proposed_by, rulings: Vec::new(), withdrawn_on: None })
    }

    /// Its state.
    pub fn state(&self) -> State {
        if self.withdrawn_on.is_some() {
            return State::Withdrawn;
        }
        match self.rulings.last().map(|ruling| ruling.outcome) {
            None => State::Proposed,
            Some(Outcome::Deferred) => State::Deferred,
            Some(Outcome::Agreed { .. }) => State::Agreed,
            Some(Outcome::Rejected) => State::Rejected,
            Some(Outcome::Restored { .. }) => State::Restored,
        }
    }

    /// What the actor can do with it now.
    pub fn allowed(&self, actor: &Actor) -> Vec<Action> {
        Action::ALL.into_iter().filter(|action| self.permit(*action, actor).is_ok()).collect()
    }

    /// Its proposer withdraws it.
    ///
    /// # Errors
    /// The role, another proposer, or the state.
    pub fn withdraw(&self, actor: &Actor, today: NaiveDate) -> Result<Self, Refusal> {
        self.permit(Action::Withdraw, actor)?;
        Ok(Self { withdrawn_on: Some(today), ..self.clone() })
    }

    /// A board's decision is recorded: not before the proposal nor before an earlier decision on it. The measure
    /// leaves, or comes back, on a day of the plan, which may lie before the meeting; it does not come back before it
    /// left.
    ///
    /// # Errors
    /// The role, the proposer, the state, or an invalid day.
    pub fn decide(
        &self,
        ruling: Ruling,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(ruling.outcome.into(), actor)?;
        ruling.decision.check(self.proposed_on, plan, today)?;
        if let Some(before) = self.rulings.last().map(|before| before.decision.meeting)
            && ruling.decision.meeting < before
        {
            return Err(Refusal::MeetingBeforeDecision { since: before });
        }
        match ruling.outcome {
            Outcome::Agreed { from } => within(DateOf::Effect, from, plan)?,
            Outcome::Restored { from } => {
                within(DateOf::Effect, from, plan)?;
                if let Some(left) = self.left_from().filter(|left| from < *left) {
                    return Err(Refusal::ReturnBeforeDeparture { left });
                }
            }
            Outcome::Rejected | Outcome::Deferred => {}
        }
        let mut decided = self.clone();
        decided.rulings.push(ruling);
        Ok(decided)
    }

    /// The day on which the measure left or leaves by it, whether or not it came back.
    fn left_from(&self) -> Option<NaiveDate> {
        self.rulings.iter().find_map(|ruling| match ruling.outcome {
            Outcome::Agreed { from } => Some(from),
            Outcome::Rejected | Outcome::Deferred | Outcome::Restored { .. } => None,
        })
    }

    /// Role first, then who it is, then the state.
    fn permit(&self, action: Action, actor: &Actor) -> Result<(), Refusal> {
        match action {
            Action::Withdraw => {
                actor.must(access::Action::ProposeDeletions)?;
                if actor.name != self.proposed_by {
                    return Err(Refusal::NotProposer);
                }
            }
            Action::Agree | Action::Reject | Action::Defer | Action::Restore => {
                actor.must(access::Action::RecordDecisions)?;
                if actor.name == self.proposed_by {
                    return Err(Refusal::ProposerDecides);
                }
            }
        }
        let state = self.state();
        match action.is_open_in(state) {
            true => Ok(()),
            false => Err(Refusal::State { action: action.name(), state: state.name() }),
        }
    }
}

/// What the last decision on a proposal makes of its measure; none where it leaves the measure as it is.
pub fn consequence(proposal: Uuid, decided: &Deletion, measure: &Measure) -> Option<Measure> {
    let ruling = decided.rulings.last()?;
    let mut measure = measure.clone();
    match ruling.outcome {
        Outcome::Agreed { from } => measure.departures.push(Departure {
            from,
            until: None,
            category: decided.grounds.category.clone(),
            reason: decided.grounds.reason.clone(),
            proposal,
            decision: ruling.decision.clone(),
        }),
        Outcome::Restored { from } => {
            let own = measure.departures.iter_mut().find(|departure| departure.proposal == proposal)?;
            own.until = Some(from);
        }
        Outcome::Rejected | Outcome::Deferred => return None,
    }
    Some(measure)
}

/// Whether an indicator was measured by a plan and no longer is: it had measures, and by that day all had left.
pub fn is_no_longer_measured<'a>(measures: impl IntoIterator<Item = &'a Measure>, day: NaiveDate) -> bool {
    let mut measures = measures.into_iter().peekable();
    measures.peek().is_some() && measures.all(|measure| measure.has_left(day))
}

#[cfg(test)]
mod tests;
