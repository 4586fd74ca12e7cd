//! Target setting in the demonstration: one target that the Executive of November 2009 agreed, and one that is open.
//! Both measures have results, and targets that the table says are to be reset.

use chrono::NaiveDate;
use waymark_domain::access::Role;
use waymark_domain::code::Code;
use waymark_domain::target::{Condition, Scope};
use waymark_domain::target_setting::{TargetProposal, Terms};
use waymark_domain::text::{Name, Note};
use waymark_domain::value::Value;
use waymark_domain::workflow::{Actor, Decision};
use waymark_persistence::{Change, Connection};

use crate::http::problem::Problem;
use crate::resources::targets::{NewProposal, Outcome};
use crate::workflow::bulk::{self, Decisions, Proposals, Ruled};
use crate::workflow::scope::PlanScope;
use crate::workflow::write::Step;

/// Proposes two targets, and has one of them agreed.
pub(super) fn make(
    connection: &mut Connection,
    codes: &(Code, Code),
    change: &Change,
) -> Result<(), Problem> {
    let place = PlanScope::hold(connection, codes)?;
    let officer = actor("Performance officer (demonstration)", Role::PerformanceOfficer)?;
    let clerk = actor("Clerk to the Executive (demonstration)", Role::BoardClerk)?;
    let emotional_health = NewProposal {
        measure: Code::new("NI50").map_err(Problem::internal)?,
        component: None,
        terms: Terms {
            condition: Condition::AtLeast(number("63.8")?),
            period: None,
            trajectory: None,
            rationale: note(
                "The survey is weighted otherwise since 2008. Until a second year is known by the new method, no fewer \
                 than in the baseline as it was recalculated.",
            )?,
            scope: Scope::Local,
            review_on: Some(day("2010-09-30")?),
        },
    };
    let mut as_officer = Step { connection: &mut *connection, scope: &place, actor: &officer, change };
    let made = bulk::propose::<TargetProposal>(&mut as_officer, on(day("2009-11-02")?, emotional_health))?;
    let agreed = made.iter().map(|filed| Ruled {
        item: filed.versioned.id,
        revision: filed.versioned.revision,
        outcome: Some(Outcome::Agreed { comment: None }),
    });
    let executive = Decision {
        body: name("Children and Young People's Service Executive")?,
        meeting: day("2009-11-27")?,
        minute: name("Half-year report, 5.1")?,
        note: None,
        recorded_by: clerk.name.clone(),
    };
    let decisions = Decisions { decision: Some(executive), items: agreed.collect(), faults: Vec::new() };
    let mut as_clerk = Step { connection: &mut *connection, scope: &place, actor: &clerk, change };
    bulk::decide::<TargetProposal>(&mut as_clerk, decisions)?;
    let substance_misuse = NewProposal {
        measure: Code::new("NI115").map_err(Problem::internal)?,
        component: None,
        terms: Terms {
            condition: Condition::AtMost(number("8.8")?),
            period: None,
            trajectory: None,
            rationale: note(
                "Back to the baseline as it was recalculated, before anything better is promised.",
            )?,
            scope: Scope::Local,
            review_on: None,
        },
    };
    let mut as_officer = Step { connection, scope: &place, actor: &officer, change };
    bulk::propose::<TargetProposal>(&mut as_officer, on(day("2010-03-31")?, substance_misuse)).map(drop)
}

fn on(day: NaiveDate, proposal: NewProposal) -> Proposals<NewProposal> {
    Proposals { proposed_on: Some(day), items: vec![Some(proposal)], faults: Vec::new() }
}

fn actor(post: &str, role: Role) -> Result<Actor, Problem> {
    Ok(Actor { name: name(post)?, roles: vec![role] })
}

fn name(text: &str) -> Result<Name, Problem> {
    Name::new(text).map_err(Problem::internal)
}

fn note(text: &str) -> Result<Note, Problem> {
    Note::new(text).map_err(Problem::internal)
}

fn number(text: &str) -> Result<Value, Problem> {
    text.parse().map(Value::Number).map_err(Problem::internal)
}

fn day(text: &str) -> Result<NaiveDate, Problem> {
    text.parse().map_err(Problem::internal)
}
