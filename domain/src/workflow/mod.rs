//! What all workflows have in common: who acts, what a board decided, and why an action is refused.
//!
//! A workflow is a plain function of a state, an action, an actor and a date, which gives the new state or a
//! [`Refusal`].

pub mod commitment;
pub mod deletion;
pub mod notice;
pub mod quality;
pub mod target_setting;
pub mod tracker;

pub use crate::framework::decision::Decision;

use crate::access;
use crate::access::Role;
use crate::code::Code;
use crate::text::Name;
use crate::time::period::Period;
use chrono::NaiveDate;

/// Somebody who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who: the name of the client or the post. Two actors of one name are the same.
    pub name: Name,
    /// What they are in the organisation.
    pub roles: Vec<Role>,
}

impl Actor {
    /// Whether one of the actor's roles allows this.
    pub fn may(&self, action: access::Action) -> bool {
        self.roles.iter().any(|role| role.allows(action))
    }

    /// The same, as a check.
    ///
    /// # Errors
    /// [`Refusal::Role`] where none of the roles allows it.
    pub fn must(&self, action: access::Action) -> Result<(), Refusal> {
        if self.may(action) { Ok(()) } else { Err(Refusal::Role) }
    }
}

impl Decision {
    /// Checks the day of the meeting: not before the plan nor before what it is about was put forward (`since`),
    /// and not after today.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check(&self, since: NaiveDate, plan: Period, today: NaiveDate) -> Result<(), Refusal> {
        past(DateOf::Meeting, self.meeting, plan, today)?;
        if self.meeting < since { Err(Refusal::MeetingBeforeProposal { since }) } else { Ok(()) }
    }
}

/// Which date of an action is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOf {
    /// The day of a board's meeting.
    Meeting,
    /// The day on which something was put forward.
    Proposal,
    /// The day from which a decision takes effect.
    Effect,
    /// The last day of a period that is reported on.
    Period,
    /// The day on which a notice was issued.
    Issue,
    /// The day by which something is promised.
    Due,
    /// Any other day.
    Event,
}

impl DateOf {
    fn words(self) -> &'static str {
        match self {
            Self::Meeting => "the day of the meeting",
            Self::Proposal => "the day of the proposal",
            Self::Effect => "the day from which it takes effect",
            Self::Period => "the period",
            Self::Issue => "the day of issue",
            Self::Due => "the day by which it is due",
            Self::Event => "the day",
        }
    }
}

/// Checks the day of something that has happened: not before the plan's first day, and not after today.
///
/// # Errors
/// [`Refusal::BeforePlan`] or [`Refusal::InFuture`].
pub fn past(what: DateOf, day: NaiveDate, plan: Period, today: NaiveDate) -> Result<(), Refusal> {
    if day > today {
        return Err(Refusal::InFuture { what });
    }
    if day < plan.first_day() {
        return Err(Refusal::BeforePlan { what, first: plan.first_day() });
    }
    Ok(())
}

/// Checks a day that must lie within the plan, past or to come.
///
/// # Errors
/// [`Refusal::BeforePlan`] or [`Refusal::AfterPlan`].
pub fn within(what: DateOf, day: NaiveDate, plan: Period) -> Result<(), Refusal> {
    if day < plan.first_day() {
        return Err(Refusal::BeforePlan { what, first: plan.first_day() });
    }
    if day > plan.last_day() {
        return Err(Refusal::AfterPlan { what, last: plan.last_day() });
    }
    Ok(())
}

/// Why an action is refused. Each case is a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// None of the actor's roles allows it.
    #[error("none of the roles of who asks allows this")]
    Role,
    /// The state does not allow it.
    #[error("it is {state}: in this state nobody can {action} it")]
    State {
        /// What was asked for: `agree`.
        action: &'static str,
        /// The state: `withdrawn`.
        state: &'static str,
    },
    /// Who proposed something cannot decide on it.
    #[error("who proposed it cannot record the decision on it")]
    ProposerDecides,
    /// Only who proposed something can take it back or revise it.
    #[error("only who proposed it can do this")]
    NotProposer,
    /// Who submitted an account cannot agree it.
    #[error("who submitted it cannot agree or return it")]
    SubmitterAgrees,
    /// A day that must have come has not.
    #[error("{} lies in the future", what.words())]
    InFuture {
        /// Which day.
        what: DateOf,
    },
    /// A day before the plan.
    #[error("{} lies before the plan, which begins on {first}", what.words())]
    BeforePlan {
        /// Which day.
        what: DateOf,
        /// The plan's first day.
        first: NaiveDate,
    },
    /// A day after the plan.
    #[error("{} lies after the plan, which ends on {last}", what.words())]
    AfterPlan {
        /// Which day.
        what: DateOf,
        /// The plan's last day.
        last: NaiveDate,
    },
    /// A meeting cannot decide on what was put forward after it.
    #[error("the meeting was before what it decides on, which is of {since}")]
    MeetingBeforeProposal {
        /// The day of the proposal.
        since: NaiveDate,
    },
    /// What is revised cannot be put forward before it was last put forward or decided on.
    #[error("it cannot be revised before {since}, when it was last put forward or decided on")]
    RevisedBefore {
        /// That day.
        since: NaiveDate,
    },
    /// The plan has no such priority.
    #[error("the plan has no priority {0}")]
    UnknownPriority(Code),
    /// Decisions follow each other.
    #[error("the meeting was before the last one that decided on it, which was on {since}")]
    MeetingBeforeDecision {
        /// The day of that meeting.
        since: NaiveDate,
    },
    /// A measure comes back after it left.
    #[error("it cannot come back before it leaves, which is on {left}")]
    ReturnBeforeDeparture {
        /// The day on which it leaves.
        left: NaiveDate,
    },
    /// Something that the action needs is not there yet: `an overall status`.
    #[error("{0} is missing")]
    Incomplete(&'static str),
    /// A notice is met only where all its conditions are.
    #[error("{open} of its conditions are not met")]
    ConditionsOpen {
        /// How many are pending or not met.
        open: usize,
    },
    /// Progress on a requirement that the notice does not have.
    #[error("the notice has no requirement {0}")]
    UnknownRequirement(Name),
    /// A requirement that was reported on cannot go.
    #[error("progress was reported on the requirement {0}, so it stays in the notice")]
    RequirementReported(Name),
    /// A period of a kind that is not reported on: `by month or quarter`.
    #[error("progress is reported {0}")]
    PeriodKind(&'static str),
    /// The plan has no such theme.
    #[error("the plan has no such theme")]
    UnknownTheme,
    /// A report of progress says neither a status nor parts.
    #[error("a report has a status, or the parts of a milestone, or both")]
    NoStatus,
    /// Parts of a commitment that has no milestone.
    #[error("it has no milestone that could have parts")]
    NoMilestone,
    /// More parts than the milestone counts.
    #[error("the parts are {sum} together, and the milestone counts {count}")]
    TooManyParts {
        /// The parts together.
        sum: u64,
        /// What the milestone counts.
        count: u32,
    },
    /// A commitment cannot have ended before a period that was reported on.
    #[error("it was reported on for a period that begins on {since}")]
    BeforeReport {
        /// The first day of the period.
        since: NaiveDate,
    },
    /// As many periods were reported on as can be.
    #[error("at most {most} periods can be reported on")]
    TooManyReports {
        /// How many can be.
        most: usize,
    },
}

/// What a refusal is about, and so how it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Concern {
    /// Who asks.
    Actor,
    /// The state that the thing is in.
    State,
    /// What was sent.
    Content,
}

impl Refusal {
    /// The stable name of the rule, for programs.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Role => "role_missing",
            Self::State { .. } => "wrong_state",
            Self::ProposerDecides => "proposer_decides",
            Self::NotProposer => "not_proposer",
            Self::SubmitterAgrees => "submitter_agrees",
            Self::InFuture { .. } => "in_future",
            Self::BeforePlan { .. } => "before_plan",
            Self::AfterPlan { .. } => "after_plan",
            Self::MeetingBeforeProposal { .. } => "meeting_before_proposal",
            Self::RevisedBefore { .. } => "revised_before",
            Self::UnknownPriority(_) => "unknown_priority",
            Self::MeetingBeforeDecision { .. } => "meeting_before_decision",
            Self::ReturnBeforeDeparture { .. } => "return_before_departure",
            Self::Incomplete(_) => "incomplete",
            Self::ConditionsOpen { .. } => "conditions_open",
            Self::UnknownRequirement(_) => "unknown_requirement",
            Self::RequirementReported(_) => "requirement_reported",
            Self::PeriodKind(_) => "wrong_kind_of_period",
            Self::UnknownTheme => "unknown_theme",
            Self::NoStatus => "no_status",
            Self::NoMilestone => "no_milestone",
            Self::TooManyParts { .. } => "too_many_parts",
            Self::BeforeReport { .. } => "before_report",
            Self::TooManyReports { .. } => "too_many_reports",
        }
    }

    /// What it is about.
    pub fn concern(&self) -> Concern {
        match self {
            Self::Role | Self::ProposerDecides | Self::NotProposer | Self::SubmitterAgrees => Concern::Actor,
            Self::State { .. }
            | Self::Incomplete(_)
            | Self::ConditionsOpen { .. }
            | Self::RequirementReported(_)
            | Self::TooManyReports { .. } => Concern::State,
            Self::UnknownRequirement(_)
            | Self::PeriodKind(_)
            | Self::InFuture { .. }
            | Self::BeforePlan { .. }
            | Self::AfterPlan { .. }
            | Self::MeetingBeforeProposal { .. }
            | Self::UnknownTheme
            | Self::NoStatus
            | Self::NoMilestone
            | Self::TooManyParts { .. }
            | Self::BeforeReport { .. }
            | Self::RevisedBefore { .. }
            | Self::UnknownPriority(_)
            | Self::MeetingBeforeDecision { .. }
            | Self::ReturnBeforeDeparture { .. } => Concern::Content,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn decision(meeting: &str) -> Decision {
        let name = |text| Name::new(text).unwrap();
        Decision {
            body: name("Executive"),
            meeting: day(meeting),
            minute: name("12"),
            note: None,
            recorded_by: name("clerk"),
        }
    }

    #[test]
    fn a_meeting_is_in_the_plan_after_the_proposal_and_not_to_come() {
        let plan: Period = "2008-04-01/2011-03-31".parse().unwrap();
        let check = |meeting| decision(meeting).check(day("2009-11-20"), plan, day("2009-12-01"));
        assert_eq!(check("2009-11-20"), Ok(()));
        assert_eq!(check("2009-12-01"), Ok(()));
        assert_eq!(check("2009-12-02").unwrap_err().rule(), "in_future");
        assert_eq!(check("2009-11-19").unwrap_err().rule(), "meeting_before_proposal");
        assert_eq!(check("2008-03-31").unwrap_err().rule(), "before_plan");
    }

    #[test]
    fn a_refusal_reads_as_a_sentence() {
        assert_eq!(
            Refusal::State { action: "agree", state: "withdrawn" }.to_string(),
            "it is withdrawn: in this state nobody can agree it"
        );
        assert_eq!(
            Refusal::BeforePlan { what: DateOf::Meeting, first: day("2008-04-01") }.to_string(),
            "the day of the meeting lies before the plan, which begins on 2008-04-01"
        );
    }
}
