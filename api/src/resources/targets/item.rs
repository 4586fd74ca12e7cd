//! Target proposals as plan items: how they are shown, proposed and decided on.

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::measure::{Measure, MeasureError};
use waymark_domain::target_setting::{Misfit, TargetProposal, Terms};
use waymark_domain::text::{Name, Note};
use waymark_domain::workflow::{Actor, Decision, Input, Refusal};
use waymark_persistence::Connection;
use waymark_persistence::measure::MeasureOfPlan;

use super::schema;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::Coded;
use crate::workflow::bulk::{Dates, Faults, New, Proposable, measures};
use crate::workflow::item::{Item, Shown, Viewer};
use crate::workflow::scope::PlanScope;
use crate::workflow::write::Step;
use crate::workflow::{Failure, Pointers};

/// The inputs of a revision.
pub(super) const REVISION: Pointers = Pointers(&[(Input::ProposedOn, "/proposed_on")]);

/// A target that is proposed for a measure.
#[derive(Debug, Clone)]
pub(crate) struct NewProposal {
    pub(crate) measure: Code,
    pub(crate) component: Option<Name>,
    pub(crate) terms: Terms,
}

/// What a board decided on a proposal.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Agreed { comment: Option<Note> },
    SentBack { comment: Note },
}

impl Item for TargetProposal {
    const NAME: &'static str = "target proposal";
    const COLLECTION: &'static str = "target-proposals";
    type View = schema::TargetProposal;
    type Context = ();

    fn context(_: &mut Connection, _: &PlanScope, _: &Viewer) -> Result<(), Problem> {
        Ok(())
    }

    fn view((): &mut (), _: &mut Connection, shown: &Shown<'_, Self>) -> Result<Self::View, Problem> {
        Ok(schema::TargetProposal::of(shown.revision, shown.actor()))
    }
}

impl Proposable for TargetProposal {
    const FIELD: &'static str = "proposal";
    type New = NewProposal;
    type Outcome = Outcome;
    type List = schema::TargetProposalList;

    fn subject_of(new: &NewProposal) -> (&Code, Option<&Name>) {
        (&new.measure, new.component.as_ref())
    }

    fn subject(&self) -> (&Code, Option<&Name>) {
        (&self.measure, self.component.as_ref())
    }

    fn is_open(&self) -> bool {
        self.state.is_open()
    }

    fn propose(new: NewProposal, proposed_on: NaiveDate, on: Dates, actor: &Actor) -> Result<Self, Refusal> {
        let NewProposal { measure, component, terms } = new;
        Self::propose((measure, component), terms, proposed_on, actor, on.plan, on.today)
    }

    fn check(step: &mut Step<'_>, new: &[New<'_, Self>], faults: &mut Faults) -> Result<(), Problem> {
        for New { pointer, new: _, proposed, measure } in new {
            let Some(proposed) = proposed else { continue };
            if let Err(misfit) = fits(proposed, step.scope, measure) {
                faults.note(Kind::InvalidBody, fault(pointer, &misfit));
            }
        }
        Ok(())
    }

    fn decide(
        &self,
        outcome: Outcome,
        decision: &Decision,
        on: Dates,
        actor: &Actor,
    ) -> Result<Self, Refusal> {
        match outcome {
            Outcome::Agreed { comment } => self.agree(decision.clone(), comment, actor, on.plan, on.today),
            Outcome::SentBack { comment } => {
                self.send_back(decision.clone(), comment, actor, on.plan, on.today)
            }
        }
    }

    /// The measure may have left the plan, or its indicator may have changed, since the target was proposed.
    fn misfit(&self, scope: &PlanScope, measure: &MeasureOfPlan) -> Option<(&'static str, String)> {
        let is_agreed = !self.state.is_open();
        let misfit = fits(self, scope, measure).err().filter(|_| is_agreed)?;
        Some((misfit.code(), misfit.to_string()))
    }

    fn consequence(&self, id: Uuid, measure: &MeasureOfPlan) -> Option<Measure> {
        let MeasureOfPlan { measure, indicator } = measure;
        self.enacted(id, &measure.versioned.content, &indicator.versioned.content)
    }
}

/// Revises a proposal.
pub(super) fn revise(
    step: &mut Step<'_>,
    proposal: &TargetProposal,
    proposed_on: Option<NaiveDate>,
    terms: Terms,
) -> Result<TargetProposal, Failure> {
    let today = step.today();
    let day = proposed_on.unwrap_or(today);
    let revised = proposal.revise(terms, day, step.actor, step.scope.span(), today)?;
    let measures = measures(step)?;
    let misfit = measures.get(&revised.measure).map(|measure| fits(&revised, step.scope, measure));
    match misfit {
        Some(Err(misfit)) => Err(Problem::new(Kind::InvalidBody).faults([fault("", &misfit)]).into()),
        Some(Ok(())) | None => Ok(revised),
    }
}

fn fits(proposal: &TargetProposal, scope: &PlanScope, measure: &MeasureOfPlan) -> Result<(), Misfit> {
    let MeasureOfPlan { measure, indicator } = measure;
    let plan = &scope.plan.versioned.content;
    proposal.fits(&measure.versioned.content, plan, &indicator.versioned.content)
}

/// The fault of a proposal at a pointer that does not fit its measure.
fn fault(pointer: &str, misfit: &Misfit) -> Fault {
    let field = match misfit {
        Misfit::TooFine { .. } | Misfit::WrongWay { .. } => "/target",
        Misfit::ReviewTooEarly => "/review_on",
        Misfit::Left => "/measure",
        Misfit::Measure(error) => match error {
            MeasureError::UnknownComponent(_) => "/component",
            MeasureError::Points => "/trajectory/points",
            MeasureError::EndOfTrajectory => "/target/condition",
            MeasureError::Range => "/target/low",
            MeasureError::OutOfBounds => "/target",
            MeasureError::UnknownTheme(_)
            | MeasureError::UnknownPriority(_)
            | MeasureError::UnknownBreakdown(_)
            | MeasureError::Lines => "/measure",
        },
    };
    Fault::at(format!("{pointer}{field}"), misfit.code(), misfit)
}

impl Coded for Misfit {
    fn code(&self) -> &'static str {
        match self {
            Self::Left => "left_plan",
            Self::Measure(error) => error.code(),
            Self::TooFine { .. } => "finer_than_precision",
            Self::WrongWay { .. } => "wrong_way",
            Self::ReviewTooEarly => "review_too_early",
        }
    }
}
