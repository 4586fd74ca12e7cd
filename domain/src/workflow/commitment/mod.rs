//! Commitments: what an annual plan promises beside its indicators, who answers for it, and how it goes (source 002).
//!
//! A commitment is open until a performance officer closes it, and may be opened again. While it is open, its progress
//! is reported, once for each period; a second report for a period corrects the first, which the revisions keep.

mod roll_up;
#[cfg(test)]
mod tests;

pub use roll_up::{Closed, Position, RollUp, roll_up};

use crate::access;
use crate::code::Code;
use crate::framework::plan::Plan;
use crate::rating::Colour;
use crate::text::{Name, Note, Title};
use crate::time::period::Period;
use crate::workflow::{Actor, DateOf, Refusal, past};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// A commitment: what was promised, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// What was promised.
    pub promise: Promise,
    /// How it goes: one report for each period, in the order of the periods.
    pub reports: Vec<Progress>,
    /// Whether it is still worked on.
    pub state: State,
}

/// What is promised, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The theme of the plan under which it stands.
    pub theme: Code,
    /// The promise itself.
    pub text: Note,
    /// The post that answers for it.
    pub responsible: Name,
    /// The posts that stand in.
    pub deputies: Vec<Name>,
    /// The codes of the measures of the plan that it depends on.
    pub measures: Vec<Code>,
    /// What can be counted of it.
    pub milestone: Option<Milestone>,
}

/// So many of something by a time: 24 children's centres by the end of 2008.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// How many, 1 to [`Milestone::MOST`].
    pub count: u32,
    /// Of what: `children's centres`.
    pub what: Name,
    /// By the end of this period, or by this day.
    pub by: Period,
}

impl Milestone {
    /// The most that can be promised.
    pub const MOST: u32 = 1_000_000;
}

/// A report of the progress in one period. It has a status, or parts, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The period that it is about.
    pub period: Period,
    /// The reported colour; it is never computed from the parts.
    pub status: Option<Colour>,
    /// What qualifies the status: `roll-out later than planned`.
    pub qualifier: Option<Title>,
    /// What happened.
    pub commentary: Note,
    /// How many of the milestone's are green, amber and red.
    pub parts: Option<Parts>,
}

/// How many of what a milestone counts are green, amber and red. The rest is not reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// On course.
    pub green: u32,
    /// Off course, and recoverable.
    pub amber: u32,
    /// Off course, and hardly recoverable.
    pub red: u32,
}

impl Parts {
    /// All of them together.
    pub fn sum(self) -> u64 {
        let Self { green, amber, red } = self;
        u64::from(green) + u64::from(amber) + u64::from(red)
    }

    /// The colour of the worst part that there is, for an officer to consider; none where there are no parts.
    pub fn worst(self) -> Option<Colour> {
        let Self { green, amber, red } = self;
        let worst_first = [(red, Colour::Red), (amber, Colour::Amber), (green, Colour::Green)];
        worst_first.into_iter().find(|(count, _)| *count > 0).map(|(_, colour)| colour)
    }
}

/// Whether a commitment is still worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is.
    Open {
        /// Why it was opened again, where it had been closed.
        reopening: Option<Reopening>,
    },
    /// It is not.
    Closed(Closure),
}

impl State {
    /// The state as a sentence names it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Closed(_) => "closed",
        }
    }
}

/// How a commitment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// What became of the promise.
    pub outcome: Outcome,
    /// From this day on it is closed.
    pub on: NaiveDate,
    /// Why.
    pub reason: Note,
    /// Who closed it.
    pub by: Name,
}

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was kept.
    Kept,
    /// It was not kept.
    NotKept,
    /// It was given up.
    Dropped,
}

crate::named!(Outcome { Kept = "kept", NotKept = "not_kept", Dropped = "dropped" });

/// Why a commitment is worked on again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopening {
    /// The day on which it was opened again.
    pub on: NaiveDate,
    /// Why.
    pub reason: Note,
    /// Who opened it.
    pub by: Name,
}

/// What can be done with a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Replace what was promised.
    Replace,
    /// Report its progress.
    Report,
    /// Close it.
    Close,
    /// Open it again.
    Reopen,
}

crate::named!(Action { Replace = "replace", Report = "report", Close = "close", Reopen = "reopen" });

impl Action {
    fn needs(self) -> access::Action {
        match self {
            Self::Replace | Self::Close | Self::Reopen => access::Action::DefineCommitments,
            Self::Report => access::Action::ReportProgress,
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Replace => "change",
            Self::Report => "report on",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }
}

/// How a commitment stands: the colour of its report, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// A colour was reported.
    Assigned(Colour),
    /// There is a report, with parts and no colour.
    NotAssigned,
    /// There is no report.
    NotReported,
}

impl Standing {
    /// Every standing, in the order of the contract.
    pub const ALL: [Self; 5] = [
        Self::Assigned(Colour::Green),
        Self::Assigned(Colour::Amber),
        Self::Assigned(Colour::Red),
        Self::NotAssigned,
        Self::NotReported,
    ];

    /// What a report says of the commitment.
    pub fn of(report: Option<&Progress>) -> Self {
        match report {
            None => Self::NotReported,
            Some(report) => report.status.map_or(Self::NotAssigned, Self::Assigned),
        }
    }
}

/// What an actor can do with the commitment as it is.
pub fn allowed(commitment: &Commitment, actor: &Actor) -> Vec<Action> {
    Action::ALL.into_iter().filter(|action| commitment.permit(*action, actor).is_ok()).collect()
}

impl Promise {
    /// Checks that it can be a promise of the plan: its theme is one of the plan's, and its milestone is due after the
    /// plan has begun.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check(&self, plan: &Plan) -> Result<(), Refusal> {
        if plan.theme(&self.theme).is_none() {
            return Err(Refusal::UnknownTheme(self.theme.clone()));
        }
        let first = plan.first_day();
        match &self.milestone {
            Some(milestone) if milestone.by.last_day() < first => {
                Err(Refusal::BeforePlan { what: DateOf::Due, first })
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl Commitment {
    /// The most reports of one commitment.
    pub const MOST_REPORTS: usize = 1000;

    /// A new commitment, open and without reports.
    ///
    /// # Errors
    /// [`Refusal::Role`], or what is wrong with the promise.
    pub fn make(promise: Promise, actor: &Actor, plan: &Plan) -> Result<Self, Refusal> {
        actor.must(access::Action::DefineCommitments)?;
        promise.check(plan)?;
        Ok(Self { promise, reports: Vec::new(), state: State::Open { reopening: None } })
    }

    /// The commitment with another promise. What was reported of its milestone must still fit.
    ///
    /// # Errors
    /// The rule that stands against it.
    pub fn replace(&self, promise: Promise, actor: &Actor, plan: &Plan) -> Result<Self, Refusal> {
        self.permit(Action::Replace, actor)?;
        promise.check(plan)?;
        self.reports.iter().try_for_each(|report| fits(report.parts, promise.milestone.as_ref()))?;
        Ok(Self { promise, ..self.clone() })
    }

    /// The commitment with a report of its progress, which takes the place of an earlier one for the same period.
    ///
    /// # Errors
    /// The rule that stands against it. A period has begun by today, and not before the plan.
    pub fn report(
        &self,
        report: Progress,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Report, actor)?;
        past(DateOf::Period, report.period.first_day(), plan, today)?;
        if report.status.is_none() && report.parts.is_none() {
            return Err(Refusal::NoStatus);
        }
        fits(report.parts, self.promise.milestone.as_ref())?;
        let mut reports = self.reports.clone();
        match reports.binary_search_by_key(&report.period, |earlier| earlier.period) {
            Ok(at) => drop(reports.get_mut(at).map(|earlier| std::mem::replace(earlier, report))),
            Err(_) if reports.len() >= Self::MOST_REPORTS => {
                return Err(Refusal::TooManyReports { most: Self::MOST_REPORTS });
            }
            Err(at) => reports.insert(at, report),
        }
        Ok(Self { reports, ..self.clone() })
    }

    /// The commitment, closed. The day has come, and no report is about a period that begins after it.
    ///
    /// # Errors
    /// The rule that stands against it.
    pub fn close(
        &self,
        outcome: Outcome,
        on: NaiveDate,
        reason: Note,
        actor: &Actor,
        plan: Period,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.permit(Action::Close, actor)?;
        past(DateOf::Closure, on, plan, today)?;
        let reported = self.reports.iter().map(|report| report.period.first_day()).max();
        if let Some(since) = reported.filter(|since| on < *since) {
            return Err(Refusal::BeforeReport { since });
        }
        let closure = Closure { outcome, on, reason, by: actor.name.clone() };
        Ok(Self { state: State::Closed(closure), ..self.clone() })
    }

    /// The commitment, open again from today. Its revisions keep how it had been closed.
    ///
    /// # Errors
    /// The rule that stands against it.
    pub fn reopen(&self, reason: Note, actor: &Actor, today: NaiveDate) -> Result<Self, Refusal> {
        self.permit(Action::Reopen, actor)?;
        let reopening = Reopening { on: today, reason, by: actor.name.clone() };
        Ok(Self { state: State::Open { reopening: Some(reopening) }, ..self.clone() })
    }

    /// The latest report: that of the period that ends last, and of two that end on one day the one of the longer.
    pub fn latest(&self) -> Option<&Progress> {
        self.reports.iter().max_by_key(|report| recency(report.period))
    }

    /// The report of exactly this period.
    pub fn reported_for(&self, period: Period) -> Option<&Progress> {
        self.reports.iter().find(|report| report.period == period)
    }

    /// The latest report of those whose period had begun by the date.
    pub fn latest_at(&self, date: NaiveDate) -> Option<&Progress> {
        let begun = self.reports.iter().filter(|report| report.period.first_day() <= date);
        begun.max_by_key(|report| recency(report.period))
    }

    fn permit(&self, action: Action, actor: &Actor) -> Result<(), Refusal> {
        actor.must(action.needs())?;
        match (&self.state, action) {
            (State::Open { .. }, Action::Replace | Action::Report | Action::Close)
            | (State::Closed(_), Action::Reopen) => Ok(()),
            (State::Open { .. }, Action::Reopen)
            | (State::Closed(_), Action::Replace | Action::Report | Action::Close) => {
                Err(Refusal::State { action: action.verb(), state: self.state.name() })
            }
        }
    }
}

fn recency(period: Period) -> (NaiveDate, Reverse<NaiveDate>) {
    (period.last_day(), Reverse(period.first_day()))
}

/// Parts are parts of a milestone, and not more than it counts.
fn fits(parts: Option<Parts>, milestone: Option<&Milestone>) -> Result<(), Refusal> {
    match (parts.map(Parts::sum), milestone) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Refusal::NoMilestone),
        (Some(sum), Some(milestone)) if sum > u64::from(milestone.count) => {
            Err(Refusal::TooManyParts { sum, count: milestone.count })
        }
        (Some(_), Some(_)) => Ok(()),
    }
}
