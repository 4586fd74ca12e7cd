//! Requests about many items, of which all are stored or none: proposals, and a board's decisions on them.
//!
//! All faults are reported at once, and the gravest decides the status: 403, then 422, 412 and 409. A pointer names the
//! input that the fault concerns: `/proposals/0/measure`, `/decisions/0/deletion`, or what all have in common.

mod body;
mod decide;
mod propose;

pub(crate) use body::{Decisions, Proposals, Ruled, decisions, meeting, read_items};
pub(crate) use decide::decide;
pub(crate) use propose::{New, propose};

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::measure::Measure;
use waymark_domain::period::Period;
use waymark_domain::text::Name;
use waymark_domain::workflow::{Actor, Decision, Refusal};
use waymark_persistence::measure::{MeasureOfPlan, measures_of_plan};

use super::item::Item;
use super::kind;
use super::scope::PlanScope;
use super::write::Step;
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};

/// A kind of item that is proposed for a measure, and decided on by a board.
pub(crate) trait Proposable: Item {
    /// The field of a decision that names the item: `deletion`.
    const FIELD: &'static str;
    /// What is proposed, as it was read.
    type New: Clone + Send + 'static;
    /// What is decided on one item.
    type Outcome: Send + 'static;
    /// Items that were proposed or decided on together.
    type List: serde::Serialize + From<Vec<Self::View>>;

    /// The measure of a proposal, and its component.
    fn subject_of(new: &Self::New) -> (&Code, Option<&Name>);

    /// The same of an item.
    fn subject(&self) -> (&Code, Option<&Name>);

    /// Whether a decision on the item is still to come.
    fn is_open(&self) -> bool;

    /// The item that a proposal makes.
    fn propose(new: Self::New, proposed_on: NaiveDate, on: Dates, actor: &Actor) -> Result<Self, Refusal>;

    /// Notes what is wrong with proposals for measures that the plan has.
    fn check(step: &mut Step<'_>, new: &[New<'_, Self>], faults: &mut Faults) -> Result<(), Problem>;

    /// The item after a decision.
    fn decide(
        &self,
        outcome: Self::Outcome,
        decision: &Decision,
        on: Dates,
        actor: &Actor,
    ) -> Result<Self, Refusal>;

    /// Why the decided item no longer fits its measure, as a code and a detail.
    fn misfit(&self, scope: &PlanScope, measure: &MeasureOfPlan) -> Option<(&'static str, String)>;

    /// The measure after the decision; none if it stays as it is.
    fn consequence(&self, id: Uuid, measure: &MeasureOfPlan) -> Option<Measure>;
}

/// The days that a proposal or a decision is checked against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dates {
    pub(crate) plan: Period,
    pub(crate) today: NaiveDate,
}

/// The measures of a plan by their codes.
pub(crate) type Measures = HashMap<Code, MeasureOfPlan>;

/// The measures of the plan, with their indicators.
pub(crate) fn measures(step: &mut Step<'_>) -> Result<Measures, Problem> {
    let of_plan = measures_of_plan(step.connection, step.scope.plan.versioned.id, None)?;
    Ok(of_plan.into_iter().map(|of_plan| (of_plan.measure.code.clone(), of_plan)).collect())
}

/// The faults found so far, and the gravest kind of problem among them.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    gravest: Option<Kind>,
    found: Vec<Fault>,
}

impl Faults {
    /// Those of a body that was read.
    fn of(found: Vec<Fault>) -> Self {
        Self { gravest: (!found.is_empty()).then_some(Kind::InvalidBody), found }
    }

    /// Notes a fault; once if it concerns what all items have in common.
    pub(crate) fn note(&mut self, kind: Kind, fault: Fault) {
        let kinds = self.gravest.into_iter().chain([kind]);
        self.gravest = kinds.max_by_key(|kind| gravity(*kind));
        if self.found.len() < MAX_FAULTS && !self.found.contains(&fault) {
            self.found.push(fault);
        }
    }

    /// Notes a refusal of the domain at a pointer.
    fn refusal(&mut self, refusal: &Refusal, pointer: String) {
        self.note(kind(refusal), Fault::at(pointer, refusal.rule(), refusal));
    }

    /// Continues if there are no faults.
    ///
    /// # Errors
    /// Every fault, as the gravest kind of problem.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.gravest {
            None => Ok(()),
            Some(kind) => {
                let problem = Problem::new(kind).detail("nothing was stored, because of the listed errors");
                Err(problem.faults(self.found))
            }
        }
    }
}

/// Of several kinds of problems the one with the highest number decides the status.
fn gravity(kind: Kind) -> u8 {
    match kind {
        Kind::Forbidden => 3,
        Kind::InvalidBody => 2,
        Kind::PreconditionFailed => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(kinds: &[Kind]) -> Kind {
        let mut faults = Faults::default();
        for kind in kinds {
            faults.note(*kind, Fault::at("/decisions/0", "x", "x"));
        }
        faults.finish().unwrap_err().kind()
    }

    #[test]
    fn the_gravest_fault_decides_the_status() {
        use Kind::{Forbidden, InvalidBody, PreconditionFailed, WrongState};
        assert_eq!(status(&[WrongState, PreconditionFailed]), PreconditionFailed);
        assert_eq!(status(&[InvalidBody, WrongState, PreconditionFailed]), InvalidBody);
        assert_eq!(status(&[PreconditionFailed, Forbidden, InvalidBody]), Forbidden);
        assert!(Faults::default().finish().is_ok());
    }

    #[test]
    fn the_status_does_not_depend_on_how_many_faults_are_listed() {
        let mut faults = Faults::default();
        for index in 0..MAX_FAULTS {
            faults.note(Kind::WrongState, Fault::at(format!("/decisions/{index}"), "x", "x"));
        }
        faults.note(Kind::Forbidden, Fault::at("/decisions/100", "x", "x"));
        let problem = faults.finish().unwrap_err();
        assert_eq!((problem.kind(), problem.errors().len()), (Kind::Forbidden, MAX_FAULTS));
    }
}
