//! Recording what a board decided of targets, within a transaction that holds the plan.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;
use waymark_domain::target_setting::TargetProposal;
use waymark_domain::text::Note;
use waymark_domain::workflow::{Actor, Decision, Refusal};
use waymark_persistence::measure as kept;
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Change, Connection};

use super::bulk::Refused;
use super::propose::{Measures, measures};
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::Coded;
use crate::workflow::scope::PlanScope;

/// What a board decided of one proposal.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) proposal: Uuid,
    /// The revision that the board had before it.
    pub(crate) revision: i64,
    pub(crate) outcome: Outcome,
}

/// Which way the board decided.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Agreed { comment: Option<Note> },
    SentBack { comment: Note },
}

/// Records decisions, all or none. What is agreed becomes the target of its measure.
///
/// # Errors
/// Every fault of every decision, with its place in `/decisions`.
pub(crate) fn decide(
    connection: &mut Connection,
    place: &PlanScope,
    actor: &Actor,
    decision: &Decision,
    verdicts: Vec<Verdict>,
    change: &Change,
) -> Result<Vec<Filed<TargetProposal>>, Problem> {
    let all: Vec<Filed<TargetProposal>> = plan_item::all(connection, place.place(), None)?;
    let all: HashMap<Uuid, Filed<TargetProposal>> =
        all.into_iter().map(|filed| (filed.versioned.id, filed)).collect();
    let mut measures = measures(connection, place)?;
    let (span, today) = (place.plan.versioned.content.span, change.at.date_naive());
    let mut found = Refused::default();
    let mut seen = HashSet::new();
    let mut decided = Vec::with_capacity(verdicts.len());
    for (index, Verdict { proposal: id, revision, outcome }) in verdicts.into_iter().enumerate() {
        let at = format!("/decisions/{index}");
        if !seen.insert(id) {
            let fault = Fault::at(format!("{at}/proposal"), "duplicate", "it is named twice");
            found.note(Kind::InvalidBody, fault);
            continue;
        }
        let Some(filed) = all.get(&id) else {
            let detail = "the plan has no such target proposal";
            found.note(Kind::InvalidBody, Fault::at(format!("{at}/proposal"), "unknown_proposal", detail));
            continue;
        };
        if filed.versioned.revision != revision {
            let detail = format_args!("revision {} is current: read it again", filed.versioned.revision);
            found.note(Kind::PreconditionFailed, Fault::at(format!("{at}/revision"), "stale", detail));
            continue;
        }
        let proposal = &filed.versioned.content;
        let next = match outcome {
            Outcome::Agreed { comment } => proposal.agree(decision.clone(), comment, actor, span, today),
            Outcome::SentBack { comment } => {
                proposal.send_back(decision.clone(), comment, actor, span, today)
            }
        };
        match next {
            Ok(next) => {
                check(&next, place, &measures, &at, &mut found);
                decided.push((filed, next));
            }
            Err(refusal) => found.refusal(&refusal, pointer(&refusal, at)),
        }
    }
    found.finish()?;
    let mut answers = Vec::with_capacity(decided.len());
    for (filed, next) in decided {
        enact(connection, filed.versioned.id, &next, &mut measures, change)?;
        answers.push(plan_item::update(connection, filed, &next, change)?);
    }
    Ok(answers)
}

/// The day of the meeting is the same for all; the rest is about one proposal.
fn pointer(refusal: &Refusal, at: String) -> String {
    match refusal {
        Refusal::InFuture { .. } | Refusal::BeforePlan { .. } => "/meeting_date".to_owned(),
        _ => format!("{at}/proposal"),
    }
}

/// Notes where the measure has left or its indicator has changed since the target was proposed, so that what is agreed
/// no longer fits.
fn check(next: &TargetProposal, place: &PlanScope, measures: &Measures, at: &str, found: &mut Refused) {
    if next.state.is_open() {
        return;
    }
    let fits = measures.get(&next.measure).map(|of| {
        let (plan, indicator) = (&place.plan.versioned.content, &of.indicator.versioned.content);
        next.fits(&of.measure.versioned.content, plan, indicator)
    });
    if let Some(Err(misfit)) = fits {
        found.note(Kind::WrongState, Fault::at(format!("{at}/proposal"), misfit.code(), &misfit));
    }
}

/// Gives the measure the target that was agreed.
fn enact(
    connection: &mut Connection,
    id: Uuid,
    next: &TargetProposal,
    measures: &mut Measures,
    change: &Change,
) -> Result<(), Problem> {
    let of_plan = measures.get_mut(&next.measure);
    let of_plan = of_plan.ok_or_else(|| Problem::internal("a target proposal for no measure"))?;
    let (measure, indicator) = (&mut of_plan.measure, &of_plan.indicator.versioned.content);
    let Some(content) = next.enacted(id, &measure.versioned.content, indicator) else { return Ok(()) };
    let (owner, of, revision) =
        (measure.place.organisation, measure.versioned.id, measure.versioned.revision);
    measure.versioned = kept::update(connection, owner, of, revision, &content, change)?;
    Ok(())
}
