//! A board's decisions on many items, within a transaction that holds the plan.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;
use waymark_domain::workflow::{Input, Refusal};
use waymark_persistence::measure;
use waymark_persistence::plan_item::{self, Filed};

use super::{Dates, Decisions, Faults, Measures, Proposable, Ruled, measures};
use crate::http::problem::{Fault, Kind, Problem};
use crate::workflow::Pointers;
use crate::workflow::write::Step;

/// The fields that all decisions of a request have in common.
const COMMON: Pointers = Pointers(&[(Input::MeetingDate, "/decided_on")]);
/// The fields of one decision. What is not listed concerns the item that it names.
const OWN: Pointers = Pointers(&[(Input::EffectiveFrom, "/effective_from")]);

/// Records decisions, all or none, with what follows for the measures.
///
/// # Errors
/// Every fault of every decision.
pub(crate) fn decide<T: Proposable>(
    step: &mut Step<'_>,
    request: Decisions<T::Outcome>,
) -> Result<Vec<Filed<T>>, Problem> {
    let Decisions { decision, items, faults } = request;
    let stored: Vec<Filed<T>> = plan_item::all(step.connection, step.scope.place(), None)?;
    let stored: HashMap<Uuid, Filed<T>> = stored.into_iter().map(|item| (item.versioned.id, item)).collect();
    let mut measures = measures(step)?;
    let mut faults = Faults::of(faults);
    let mut seen = HashSet::new();
    let mut decided = Vec::with_capacity(items.len());
    for (index, ruled) in items.into_iter().enumerate() {
        let at = format!("/decisions/{index}");
        let is_repeated = !seen.insert(ruled.item);
        let Some(item) = named(&stored, &ruled, is_repeated, &at, &mut faults) else { continue };
        let (Some(outcome), Some(decision)) = (ruled.outcome, &decision) else { continue };
        let content = &item.versioned.content;
        let on = Dates { plan: step.scope.span(), today: step.today() };
        match content.decide(outcome, decision, on, step.actor) {
            Ok(next) => {
                let misfit = measures.get(next.subject().0).and_then(|of| next.misfit(step.scope, of));
                if let Some((code, detail)) = misfit {
                    faults.note(Kind::WrongState, Fault::at(format!("{at}/{}", T::FIELD), code, detail));
                }
                decided.push((item, next));
            }
            Err(refusal) => faults.refusal(&refusal, pointer::<T>(&refusal, &at)),
        }
    }
    faults.finish()?;
    let mut recorded = Vec::with_capacity(decided.len());
    for (item, next) in decided {
        enact(step, item.versioned.id, &next, &mut measures)?;
        recorded.push(plan_item::update(step.connection, item, &next, step.change)?);
    }
    Ok(recorded)
}

/// The item that a decision names, if it is there once, at the revision that was decided on.
fn named<'a, T: Proposable>(
    stored: &'a HashMap<Uuid, Filed<T>>,
    ruled: &Ruled<T::Outcome>,
    is_repeated: bool,
    at: &str,
    faults: &mut Faults,
) -> Option<&'a Filed<T>> {
    let id = ruled.item;
    let of_item = |code: &str, detail: String| Fault::at(format!("{at}/{}", T::FIELD), code, detail);
    let Some(item) = stored.get(&id) else {
        let code = format!("unknown_{}", T::FIELD);
        let fault = of_item(&code, format!("the plan has no {} {id}", T::NAME));
        faults.note(Kind::InvalidBody, fault);
        return None;
    };
    if is_repeated {
        let detail = format!("an earlier decision of the request is on {id} too");
        faults.note(Kind::InvalidBody, of_item("duplicate", detail));
        return None;
    }
    let current = item.versioned.revision;
    if current != ruled.revision {
        let detail = format_args!("the current revision is {current}: read it again");
        let fault = Fault::at(format!("{at}/revision"), "stale", detail);
        faults.note(Kind::PreconditionFailed, fault);
        return None;
    }
    Some(item)
}

/// The input that a refusal concerns: one that all decisions have in common, a field of the decision, or the item that
/// it names.
fn pointer<T: Proposable>(refusal: &Refusal, at: &str) -> String {
    let input = refusal.concern().input();
    let field = |fields: Pointers| input.map(|input| fields.of(input)).filter(|field| !field.is_empty());
    match (field(COMMON), field(OWN)) {
        (Some(common), _) => common.to_owned(),
        (None, Some(own)) => format!("{at}{own}"),
        (None, None) => format!("{at}/{}", T::FIELD),
    }
}

/// Changes the measure as the decision says.
fn enact<T: Proposable>(
    step: &mut Step<'_>,
    id: Uuid,
    next: &T,
    measures: &mut Measures,
) -> Result<(), Problem> {
    let of_plan = measures.get_mut(next.subject().0);
    let of_plan =
        of_plan.ok_or_else(|| Problem::internal(format_args!("a {} without a measure", T::NAME)))?;
    let Some(content) = next.consequence(id, of_plan) else { return Ok(()) };
    let measure = &mut of_plan.measure;
    let (owner, of, revision) =
        (measure.place.organisation, measure.versioned.id, measure.versioned.revision);
    measure.versioned = measure::update(step.connection, owner, of, revision, &content, step.change)?;
    Ok(())
}
