//! Proposing and revising targets, within a transaction that holds the plan.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_domain::measure::MeasureError;
use waymark_domain::target_setting::{Misfit, TargetProposal, Terms};
use waymark_domain::text::Name;
use waymark_domain::workflow::Actor;
use waymark_persistence::measure::{MeasureOfPlan, measures_of_plan};
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Change, Connection};

use super::bulk::Refused;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::Coded;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;

/// A target that somebody puts forward for a measure.
#[derive(Debug, Clone)]
pub(crate) struct NewProposal {
    pub(crate) measure: Code,
    pub(crate) component: Option<Name>,
    pub(crate) terms: Terms,
}

/// The measures of a plan by their codes.
pub(super) type Measures = HashMap<Code, MeasureOfPlan>;

/// Puts targets forward, all or none; today, where no day is given.
///
/// # Errors
/// Every fault of every proposal, with its place in `/proposals`.
pub(crate) fn propose(
    connection: &mut Connection,
    place: &PlanScope,
    actor: &Actor,
    proposed_on: Option<NaiveDate>,
    new: Vec<NewProposal>,
    change: &Change,
) -> Result<Vec<Filed<TargetProposal>>, Problem> {
    let measures = measures(connection, place)?;
    let kept: Vec<Filed<TargetProposal>> = plan_item::all(connection, place.place(), None)?;
    let open: HashMap<Of<'_>, &str> = kept
        .iter()
        .filter(|filed| filed.versioned.content.state.is_open())
        .map(|filed| (of(&filed.versioned.content), filed.key.as_str()))
        .collect();
    let plan = &place.plan.versioned.content;
    let today = change.at.date_naive();
    let proposed_on = proposed_on.unwrap_or(today);
    let mut found = Refused::default();
    let mut proposals = Vec::with_capacity(new.len());
    for (index, NewProposal { measure, component, terms }) in new.into_iter().enumerate() {
        let at = format!("/proposals/{index}");
        let of = (measure, component);
        match TargetProposal::propose(of, terms, proposed_on, actor, plan.span, today) {
            Ok(proposal) => {
                check(&proposal, place, &measures, &at, &mut found);
                proposals.push(proposal);
            }
            // The day is the same for all.
            Err(refusal) => return Err(refused(&refusal, "/proposed_on")),
        }
    }
    let mut seen = HashSet::new();
    for (index, proposal) in proposals.iter().enumerate() {
        let at = format!("/proposals/{index}");
        if !seen.insert(of(proposal)) {
            let fault = Fault::at(at, "duplicate", "two targets are proposed for the same");
            found.note(Kind::InvalidBody, fault);
        } else if let Some(id) = open.get(&of(proposal)) {
            let detail =
                format_args!("the proposal {id} is open: it is revised, decided on or withdrawn first");
            found.note(Kind::WrongState, Fault::at(at, "already_proposed", detail));
        }
    }
    found.finish()?;
    let file =
        |proposal: &TargetProposal| plan_item::create(connection, place.place(), None, proposal, change);
    Ok(proposals.iter().map(file).collect::<Result<_, _>>()?)
}

/// Puts a proposal forward in another form.
///
/// # Errors
/// The rule that it breaks, or what does not fit.
pub(super) fn revise(
    connection: &mut Connection,
    place: &PlanScope,
    actor: &Actor,
    found: &Filed<TargetProposal>,
    (proposed_on, terms): (Option<NaiveDate>, Terms),
    change: &Change,
) -> Result<Filed<TargetProposal>, Problem> {
    let today = change.at.date_naive();
    let span = place.plan.versioned.content.span;
    let day = proposed_on.unwrap_or(today);
    let revised = found.versioned.content.revise(terms, day, actor, span, today);
    let revised = revised.map_err(|refusal| refused(&refusal, "/proposed_on"))?;
    let mut faults = Refused::default();
    check(&revised, place, &measures(connection, place)?, "", &mut faults);
    faults.finish()?;
    Ok(plan_item::update(connection, found, &revised, change)?)
}

/// The measures of the plan, with their indicators.
pub(super) fn measures(connection: &mut Connection, place: &PlanScope) -> Result<Measures, Problem> {
    let of_plan = measures_of_plan(connection, place.plan.versioned.id, None)?;
    Ok(of_plan.into_iter().map(|of_plan| (of_plan.measure.code.clone(), of_plan)).collect())
}

/// What a target is proposed for.
type Of<'a> = (&'a Code, Option<&'a Name>);

fn of(proposal: &TargetProposal) -> Of<'_> {
    (&proposal.measure, proposal.component.as_ref())
}

/// Notes where there is no such measure, or where it cannot have this target.
fn check(proposal: &TargetProposal, place: &PlanScope, measures: &Measures, at: &str, found: &mut Refused) {
    let Some(MeasureOfPlan { measure, indicator }) = measures.get(&proposal.measure) else {
        let fault = Fault::at(format!("{at}/measure"), "unknown_measure", "the plan has no such measure");
        return found.note(Kind::InvalidBody, fault);
    };
    let (plan, indicator) = (&place.plan.versioned.content, &indicator.versioned.content);
    if let Err(misfit) = proposal.fits(&measure.versioned.content, plan, indicator) {
        let fault = Fault::at(format!("{at}{}", place_of(&misfit)), misfit.code(), &misfit);
        found.note(Kind::InvalidBody, fault);
    }
}

/// Where in a proposal a misfit lies.
fn place_of(misfit: &Misfit) -> &'static str {
    match misfit {
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
    }
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
