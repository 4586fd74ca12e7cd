//! Improvement notices: what an authority requires of a council, the conditions by which it will judge, and what the
//! council has reported on the way.
//!
//! A notice is in force until the authority closes it: as met, withdrawn or escalated. It can be reinstated by a
//! decision too.

mod check;
mod condition;
#[cfg(test)]
mod tests;

pub use check::{Flaw, NoticeError, Spot};
pub use condition::{Condition, Evidence, Judged, Latest, Required, Verdict, judge};

use crate::access;
use crate::code::Code;
use crate::text::{Name, Note, Title};
use crate::time::period::{Period, PeriodKind};
use crate::workflow::{Actor, DateOf, Decision, Refusal, past};
use chrono::NaiveDate;

/// An improvement notice of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What the authority laid down.
    pub terms: Terms,
    /// What was reported, by the last day of the period; at most one update for each requirement and period.
    pub progress: Vec<Update>,
    /// What the authority decided on it since, in order. The last one says in which state it is.
    pub rulings: Vec<Ruling>,
}

/// What an authority lays down in a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What the notice is called.
    pub title: Title,
    /// Who issued it, and who decides on it.
    pub authority: Name,
    /// The day on which it was issued.
    pub issued_on: NaiveDate,
    /// What is to be done, in order.
    pub requirements: Vec<Requirement>,
    /// What is to be reached, in order.
    pub conditions: Vec<Condition>,
}

/// Something that a notice requires to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its code as people write it, unique in the notice: `IN 1.3 & 2.17`.
    pub code: Name,
    /// What is to be done.
    pub text: Note,
    /// The measures of the plan in which it shows.
    pub measures: Vec<Code>,
    /// The priorities of the plan whose actions serve it.
    pub priorities: Vec<Code>,
}

/// What was reported on a requirement for a month or a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The code of the requirement.
    pub requirement: Name,
    /// The month or quarter.
    pub period: Period,
    /// What was done.
    pub text: Note,
    /// Who reported it.
    pub recorded_by: Name,
    /// The day on which it was reported.
    pub recorded_on: NaiveDate,
}

/// The outcome of a closed notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Its conditions are met.
    Met,
    /// The authority took it back.
    Withdrawn,
    /// The authority went on to stronger means.
    Escalated,
}

crate::named!(Outcome { Met = "met", Withdrawn = "withdrawn", Escalated = "escalated" });

/// What a decision of the authority does to a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It is closed.
    Closed(Outcome),
    /// It is in force again.
    Reinstated,
}

/// A decision of the authority on a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What it does.
    pub effect: Effect,
    /// Where it was made. Its body is the authority.
    pub decision: Decision,
}

/// Where the authority decided something. Who decided is the notice's to say, and who recorded it is who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minuted {
    /// The day of the meeting.
    pub meeting: NaiveDate,
    /// The reference of the minute.
    pub minute: Name,
    /// What else was said.
    pub note: Option<Note>,
}

/// The states of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It binds the council.
    InForce,
    /// It has come to an end.
    Closed(Outcome),
}

/// What can be done with a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Replace its terms.
    Replace,
    /// Report progress on a requirement.
    RecordProgress,
    /// Close it.
    Close,
    /// Put it in force again.
    Reinstate,
}

crate::named!(Action {
    Replace = "replace",
    RecordProgress = "record_progress",
    Close = "close",
    Reinstate = "reinstate",
});

impl Action {
    fn verb(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::RecordProgress => "report on",
            Self::Close => "close",
            Self::Reinstate => "reinstate",
        }
    }

    fn needs(self) -> access::Action {
        match self {
            Self::Replace => access::Action::KeepNotices,
            Self::RecordProgress => access::Action::ReportProgress,
            Self::Close | Self::Reinstate => access::Action::RecordDecisions,
        }
    }
}

/// What an actor may do with a notice now.
pub fn allowed(notice: &Notice, actor: &Actor) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| notice.permit(*action, actor).is_ok()).collect()
}

impl Notice {
    /// Issues a notice. Whether its terms fit the plan is asked of [`Terms::flaws`].
    ///
    /// # Errors
    /// The role is missing, or the day of issue lies before the plan or in the future.
    pub fn issue(terms: Terms, actor: &Actor, plan: Period, today: NaiveDate) -> Result<Self, Refusal> {
        actor.must(access::Action::KeepNotices)?;
        past(DateOf::Issue, terms.issued_on, plan, today)?;
        Ok(Self { terms, progress: Vec::new(), rulings: Vec::new() })
    }

    /// The state: what the last ruling says.
    pub fn state(&self) -> State {
        match self.rulings.last().map(|ruling| ruling.effect) {
            None | Some(Effect::Reinstated) => State::InForce,
            Some(Effect::Closed(outcome)) => State::Closed(outcome),
        }
    }

    /// The updates on a requirement, that of the latest period first.
    pub fn updates_on(&self, requirement: &Name) -> impl Iterator<Item = &Update> {
        self.progress.iter().rev().filter(move |update| update.requirement == *requirement)
    }

    /// Whether a requirement or a condition names the measure.
    pub fn uses(&self, measure: &Code) -> bool {
        self.terms.requirements.iter().any(|requirement| requirement.measures.contains(measure))
            || self.terms.conditions.iter().any(|condition| condition.measure == *measure)
    }

    /// Replaces the terms; progress and rulings stay.
    ///
    /// # Errors
    /// The state or the role does not allow it, the day of issue does not fit, or a requirement would go that
    /// progress was reported on.
    pub fn replace(
        &self,
        terms: Terms,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Replace, actor)?;
        past(DateOf::Issue, terms.issued_on, plan, today)?;
        let first = self.rulings.first().map(|ruling| ruling.decision.meeting);
        if let Some(meeting) = first.filter(|meeting| *meeting < terms.issued_on) {
            return Err(Refusal::IssuedAfterMeeting { meeting });
        }
        let stays = |update: &&Update| !terms.has(&update.requirement);
        if let Some(lost) = self.progress.iter().find(stays) {
            return Err(Refusal::RequirementReported(lost.requirement.clone()));
        }
        Ok(Self { terms, ..self.clone() })
    }

    /// Reports progress on a requirement. An update on the same period is corrected by it.
    ///
    /// # Errors
    /// The state or the role does not allow it, there is no such requirement, or the period is no month or quarter
    /// that has ended within or after the plan.
    pub fn report(
        &self,
        (requirement, period, text): (Name, Period, Note),
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::RecordProgress, actor)?;
        if !self.terms.has(&requirement) {
            return Err(Refusal::UnknownRequirement(requirement));
        }
        match period.kind() {
            PeriodKind::Month | PeriodKind::Quarter => {}
            PeriodKind::Point
            | PeriodKind::Half
            | PeriodKind::FinancialYear
            | PeriodKind::AcademicYear
            | PeriodKind::CalendarYear
            | PeriodKind::Span => return Err(Refusal::PeriodKind("by month or quarter")),
        }
        past(DateOf::Period, period.last_day(), plan, today)?;
        let mut next = self.clone();
        next.progress.retain(|update| update.requirement != requirement || update.period != period);
        let recorded_by = actor.name.clone();
        next.progress.push(Update { requirement, period, text, recorded_by, recorded_on: today });
        // Stable: within a period, requirements keep the order in which they were reported on.
        next.progress.sort_by_key(|update| update.period);
        Ok(next)
    }

    /// Closes the notice by a decision of its authority. `verdicts` are those on its conditions, in their order, as at
    /// the day of the meeting.
    ///
    /// # Errors
    /// The state or the role does not allow it, the day of the meeting does not fit, or the outcome is that it is met
    /// and a condition is not.
    pub fn close(
        &self,
        (outcome, minuted): (Outcome, Minuted),
        verdicts: &[Verdict],
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Close, actor)?;
        let decision = self.decision(minuted, actor);
        self.check(&decision, plan, today)?;
        let met = verdicts.iter().filter(|verdict| **verdict == Verdict::Met).count();
        let open = self.terms.conditions.len().saturating_sub(met);
        match outcome {
            Outcome::Met if open > 0 => Err(Refusal::ConditionsOpen { open }),
            Outcome::Met | Outcome::Withdrawn | Outcome::Escalated => {
                Ok(self.ruled(Effect::Closed(outcome), decision))
            }
        }
    }

    /// Puts a closed notice in force again by a decision of its authority.
    ///
    /// # Errors
    /// The state or the role does not allow it, or the day of the meeting does not fit.
    pub fn reinstate(
        &self,
        minuted: Minuted,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Reinstate, actor)?;
        let decision = self.decision(minuted, actor);
        self.check(&decision, plan, today)?;
        Ok(self.ruled(Effect::Reinstated, decision))
    }

    fn permit(&self, action: Action, actor: &Actor) -> Result<(), Refusal> {
        actor.must(action.needs())?;
        match (action, self.state()) {
            (Action::Replace | Action::RecordProgress | Action::Close, State::InForce)
            | (Action::Reinstate, State::Closed(_)) => Ok(()),
            (Action::Replace | Action::RecordProgress | Action::Close, State::Closed(_)) => {
                Err(Refusal::State { action: action.verb(), state: "closed" })
            }
            (Action::Reinstate, State::InForce) => {
                Err(Refusal::State { action: action.verb(), state: "in force" })
            }
        }
    }

    /// Decisions follow the notice, and each other.
    fn check(&self, decision: &Decision, plan: Period, today: NaiveDate) -> Result<(), Refusal> {
        decision.check(self.terms.issued_on, plan, today)?;
        match self.rulings.last().map(|ruling| ruling.decision.meeting) {
            Some(since) if decision.meeting < since => Err(Refusal::MeetingBeforeDecision { since }),
            Some(_) | None => Ok(()),
        }
    }

    fn decision(&self, minuted: Minuted, actor: &Actor) -> Decision {
        let Minuted { meeting, minute, note } = minuted;
        let (body, recorded_by) = (self.terms.authority.clone(), actor.name.clone());
        Decision { body, meeting, minute, note, recorded_by }
    }

    fn ruled(&self, effect: Effect, decision: Decision) -> Self {
        let mut next = self.clone();
        next.rulings.push(Ruling { effect, decision });
        next
    }
}

impl Terms {
    fn has(&self, requirement: &Name) -> bool {
        self.requirements.iter().any(|one| one.code == *requirement)
    }
}
