//! Why an action is refused, and what the refusal concerns.

use crate::access;
use crate::access::Role;
use crate::code::Code;
use crate::text::Name;
use chrono::NaiveDate;

/// A date of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOf {
    /// The day of a board's meeting.
    Meeting,
    /// The day on which something was proposed.
    Proposal,
    /// The day from which a decision takes effect.
    Effect,
    /// The last day of a reported period.
    Period,
    /// The day on which a notice was issued.
    Issue,
    /// The day by which a milestone is due.
    Due,
    /// The day on which something was closed.
    Closure,
}

impl DateOf {
    fn words(self) -> &'static str {
        match self {
            Self::Meeting => "the meeting date",
            Self::Proposal => "the day of the proposal",
            Self::Effect => "the day from which the decision takes effect",
            Self::Period => "the period",
            Self::Issue => "the day of issue",
            Self::Due => "the due date",
            Self::Closure => "the day of closure",
        }
    }

    fn input(self) -> Input {
        match self {
            Self::Meeting => Input::MeetingDate,
            Self::Proposal => Input::ProposedOn,
            Self::Effect => Input::EffectiveFrom,
            Self::Period => Input::Period,
            Self::Issue => Input::IssuedOn,
            Self::Due => Input::MilestoneDue,
            Self::Closure => Input::ClosedOn,
        }
    }
}

/// An input of an action. The layer that reads requests maps each one to the field that it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// The day of a board's meeting, compared with the plan and with today.
    MeetingDate,
    /// The item that a meeting decides on: the meeting cannot be before what it decides on.
    DecidedItem,
    /// The day of a proposal.
    ProposedOn,
    /// The day from which a decision takes effect.
    EffectiveFrom,
    /// The reported period.
    Period,
    /// The day of issue.
    IssuedOn,
    /// The day of closure.
    ClosedOn,
    /// The time by which a milestone is due.
    MilestoneDue,
    /// The priority.
    Priority,
    /// The theme.
    Theme,
    /// The status of a report.
    Status,
    /// The parts of a milestone.
    Parts,
    /// The requirement that progress is reported on.
    Requirement,
    /// The requirements of a notice.
    Requirements,
}

/// Why an action is refused. Each case is a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// None of the actor's roles allows the action.
    #[error("needs {}", roles(*_0))]
    Role(access::Action),
    /// The state does not allow the action.
    #[error("you cannot {action} it while it is {state}")]
    State {
        /// The verb of the action: `agree`.
        action: &'static str,
        /// The state: `withdrawn`.
        state: &'static str,
    },
    /// The proposer cannot decide on the proposal.
    #[error("the proposer cannot record the decision on their own proposal")]
    ProposerDecides,
    /// Only the proposer can withdraw or revise a proposal.
    #[error("only the proposer can do this")]
    NotProposer,
    /// The officer who submitted a tracker cannot agree it.
    #[error("the officer who submitted it cannot agree or return it")]
    SubmitterAgrees,
    /// A day that must not be in the future is.
    #[error("{} is in the future", what.words())]
    InFuture {
        /// Which day.
        what: DateOf,
    },
    /// A day before the plan.
    #[error("{} is before the plan, which begins on {first}", what.words())]
    BeforePlan {
        /// Which day.
        what: DateOf,
        /// The plan's first day.
        first: NaiveDate,
    },
    /// A day after the plan.
    #[error("{} is after the plan, which ends on {last}", what.words())]
    AfterPlan {
        /// Which day.
        what: DateOf,
        /// The plan's last day.
        last: NaiveDate,
    },
    /// A meeting cannot decide on something that was proposed or issued after it.
    #[error("the meeting is before what it decides on, which is dated {since}")]
    MeetingBeforeProposal {
        /// The day of the proposal.
        since: NaiveDate,
    },
    /// A notice cannot be issued after the first meeting that decided on it.
    #[error("the day of issue is after {meeting}, when a meeting decided on the notice")]
    IssuedAfterMeeting {
        /// The day of the first meeting.
        meeting: NaiveDate,
    },
    /// A revision cannot be dated before the proposal or the last decision on it.
    #[error("the revision is dated before {since}, when it was last proposed or decided on")]
    RevisedBefore {
        /// That day.
        since: NaiveDate,
    },
    /// The plan has no such priority.
    #[error("the plan has no priority {0}")]
    UnknownPriority(Code),
    /// Decisions are recorded in the order of their meetings.
    #[error("the meeting is before the last one that decided on it, which was on {since}")]
    MeetingBeforeDecision {
        /// The day of that meeting.
        since: NaiveDate,
    },
    /// A measure cannot come back before it leaves.
    #[error("the measure cannot come back before it leaves, which is on {left}")]
    ReturnBeforeDeparture {
        /// The day on which it leaves.
        left: NaiveDate,
    },
    /// Content that the action needs is missing: `an overall status`.
    #[error("{0} is missing")]
    Incomplete(&'static str),
    /// A notice is met only if all its conditions are.
    #[error("{open} of its conditions are not met")]
    ConditionsOpen {
        /// How many are pending or not met.
        open: usize,
    },
    /// Progress on a requirement that the notice does not have.
    #[error("the notice has no requirement {0}")]
    UnknownRequirement(Name),
    /// A requirement with reported progress cannot be removed.
    #[error("progress was reported on the requirement {0}, so it cannot be removed")]
    RequirementReported(Name),
    /// A kind of period that is not reported on: `by month or quarter`.
    #[error("progress is reported {0}")]
    PeriodKind(&'static str),
    /// The plan has no such theme.
    #[error("the plan has no theme {0}")]
    UnknownTheme(Code),
    /// A report has neither a status nor parts.
    #[error("a report needs a status, or the parts of a milestone, or both")]
    NoStatus,
    /// Parts of a commitment without a milestone.
    #[error("the commitment has no milestone, so a report cannot have parts")]
    NoMilestone,
    /// More parts than the milestone counts.
    #[error("the parts add up to {sum}, and the milestone counts {count}")]
    TooManyParts {
        /// The sum of the parts.
        sum: u64,
        /// What the milestone counts.
        count: u32,
    },
    /// A commitment cannot be closed before a period that was reported on.
    #[error("it was reported on for a period that begins on {since}")]
    BeforeReport {
        /// The first day of the period.
        since: NaiveDate,
    },
    /// The most periods are reported on already.
    #[error("at most {most} periods can be reported on")]
    TooManyReports {
        /// How many can be.
        most: usize,
    },
}

/// What a refusal concerns, which decides the kind of problem that it is reported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Concern {
    /// The actor.
    Actor,
    /// The state of the item.
    State,
    /// An input that does not fit the state of the item.
    StateOf(Input),
    /// An input that is not valid.
    Content(Input),
}

impl Concern {
    /// The input that it names.
    pub fn input(self) -> Option<Input> {
        match self {
            Self::Actor | Self::State => None,
            Self::StateOf(input) | Self::Content(input) => Some(input),
        }
    }
}

impl Refusal {
    /// The stable name of the rule, for programs.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Role(_) => "role_missing",
            Self::State { .. } => "wrong_state",
            Self::ProposerDecides => "proposer_decides",
            Self::NotProposer => "not_proposer",
            Self::SubmitterAgrees => "submitter_agrees",
            Self::InFuture { .. } => "in_future",
            Self::BeforePlan { .. } => "before_plan",
            Self::AfterPlan { .. } => "after_plan",
            Self::MeetingBeforeProposal { .. } | Self::IssuedAfterMeeting { .. } => "meeting_before_proposal",
            Self::RevisedBefore { .. } => "revised_before",
            Self::UnknownPriority(_) => "unknown_priority",
            Self::MeetingBeforeDecision { .. } => "meeting_before_decision",
            Self::ReturnBeforeDeparture { .. } => "return_before_departure",
            Self::Incomplete(_) => "incomplete",
            Self::ConditionsOpen { .. } => "conditions_open",
            Self::UnknownRequirement(_) => "unknown_requirement",
            Self::RequirementReported(_) => "requirement_reported",
            Self::PeriodKind(_) => "wrong_kind_of_period",
            Self::UnknownTheme(_) => "unknown_theme",
            Self::NoStatus => "no_status",
            Self::NoMilestone => "no_milestone",
            Self::TooManyParts { .. } => "too_many_parts",
            Self::BeforeReport { .. } => "before_report",
            Self::TooManyReports { .. } => "too_many_reports",
        }
    }

    /// What it concerns.
    pub fn concern(&self) -> Concern {
        match self {
            Self::Role(_) | Self::ProposerDecides | Self::NotProposer | Self::SubmitterAgrees => {
                Concern::Actor
            }
            Self::State { .. }
            | Self::Incomplete(_)
            | Self::ConditionsOpen { .. }
            | Self::TooManyReports { .. } => Concern::State,
            Self::RequirementReported(_) => Concern::StateOf(Input::Requirements),
            Self::InFuture { what } | Self::BeforePlan { what, .. } | Self::AfterPlan { what, .. } => {
                Concern::Content(what.input())
            }
            Self::MeetingBeforeProposal { .. } | Self::MeetingBeforeDecision { .. } => {
                Concern::Content(Input::DecidedItem)
            }
            Self::IssuedAfterMeeting { .. } => Concern::Content(Input::IssuedOn),
            Self::RevisedBefore { .. } => Concern::Content(Input::ProposedOn),
            Self::ReturnBeforeDeparture { .. } => Concern::Content(Input::EffectiveFrom),
            Self::UnknownPriority(_) => Concern::Content(Input::Priority),
            Self::UnknownTheme(_) => Concern::Content(Input::Theme),
            Self::UnknownRequirement(_) => Concern::Content(Input::Requirement),
            Self::PeriodKind(_) => Concern::Content(Input::Period),
            Self::NoStatus => Concern::Content(Input::Status),
            Self::NoMilestone | Self::TooManyParts { .. } => Concern::Content(Input::Parts),
            Self::BeforeReport { .. } => Concern::Content(Input::ClosedOn),
        }
    }
}

/// The roles that allow an action, in words: `the role board_clerk`.
fn roles(action: access::Action) -> String {
    let names: Vec<_> = Role::ALL.into_iter().filter(|role| role.allows(action)).map(Role::name).collect();
    match names.as_slice() {
        [name] => format!("the role {name}"),
        names => format!("one of the roles {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_sentence() {
        assert_eq!(
            Refusal::State { action: "agree", state: "withdrawn" }.to_string(),
            "you cannot agree it while it is withdrawn"
        );
        assert_eq!(
            Refusal::BeforePlan { what: DateOf::Meeting, first: "2008-04-01".parse().unwrap() }.to_string(),
            "the meeting date is before the plan, which begins on 2008-04-01"
        );
    }

    #[test]
    fn a_missing_role_is_named() {
        assert_eq!(
            Refusal::Role(access::Action::ProposeTargets).to_string(),
            "needs one of the roles performance_officer, accountable_officer"
        );
        assert_eq!(Refusal::Role(access::Action::RecordDecisions).to_string(), "needs the role board_clerk");
    }

    #[test]
    fn a_refusal_names_the_input_that_it_concerns() {
        let in_future = |what| Refusal::InFuture { what }.concern().input();
        assert_eq!(in_future(DateOf::Meeting), Some(Input::MeetingDate));
        assert_eq!(in_future(DateOf::Closure), Some(Input::ClosedOn));
        let since = "2009-11-20".parse().unwrap();
        let early = Refusal::MeetingBeforeProposal { since }.concern();
        assert_eq!(early, Concern::Content(Input::DecidedItem));
        assert_eq!(Refusal::ProposerDecides.concern().input(), None);
    }
}
