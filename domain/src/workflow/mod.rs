//! What all workflows have in common: who acts and what a board decided. Why an action is refused is in `refusal`.
//!
//! A workflow is a plain function of a state, an action, an actor and a date, which returns the new state or a
//! [`Refusal`].

pub mod commitment;
pub mod deletion;
pub mod notice;
pub mod quality;
mod refusal;
pub mod target_setting;
pub mod tracker;

pub use crate::framework::decision::Decision;

use crate::access;
use crate::access::Role;
use crate::text::Name;
use crate::time::period::Period;
use chrono::NaiveDate;
pub use refusal::{Concern, DateOf, Input, Refusal};

/// The person or client that acts.
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
    /// [`Refusal::Role`] if none of the roles allows it.
    pub fn must(&self, action: access::Action) -> Result<(), Refusal> {
        if self.may(action) { Ok(()) } else { Err(Refusal::Role(action)) }
    }
}

impl Decision {
    /// Checks the day of the meeting: not before the plan, not before the proposal that it decides on (`since`),
    /// and not after today.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check(&self, since: NaiveDate, plan: Period, today: NaiveDate) -> Result<(), Refusal> {
        past(DateOf::Meeting, self.meeting, plan, today)?;
        if self.meeting < since { Err(Refusal::MeetingBeforeProposal { since }) } else { Ok(()) }
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
}
