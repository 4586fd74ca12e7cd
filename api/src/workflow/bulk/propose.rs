//! Proposals for many measures, within a transaction that holds the plan.

use std::collections::{HashMap, HashSet};

use waymark_domain::workflow::Input;
use waymark_persistence::measure::MeasureOfPlan;
use waymark_persistence::plan_item::{self, Filed};

use super::{Dates, Faults, Proposable, Proposals, measures};
use crate::http::problem::{Fault, Kind, Problem};
use crate::workflow::Pointers;
use crate::workflow::write::Step;

/// The fields that all proposals of a request have in common.
const COMMON: Pointers = Pointers(&[(Input::ProposedOn, "/proposed_on")]);

/// A proposal for a measure of the plan.
pub(crate) struct New<'a, T: Proposable> {
    /// Its place in the request: `/proposals/3`.
    pub(crate) pointer: String,
    pub(crate) new: &'a T::New,
    /// The item that it makes; none if its day is not valid.
    pub(crate) proposed: Option<&'a T>,
    pub(crate) measure: &'a MeasureOfPlan,
}

/// Stores proposals, all or none.
///
/// # Errors
/// Every fault of every proposal.
pub(crate) fn propose<T: Proposable>(
    step: &mut Step<'_>,
    request: Proposals<T::New>,
) -> Result<Vec<Filed<T>>, Problem> {
    let Proposals { proposed_on, items, faults } = request;
    let mut faults = Faults::of(faults);
    let today = step.today();
    let (day, on) = (proposed_on.unwrap_or(today), Dates { plan: step.scope.span(), today });
    let measures = measures(step)?;
    note_repeated::<T>(step, &items, &mut faults)?;
    let mut made = Vec::with_capacity(items.len());
    for (index, new) in items.iter().enumerate().filter_map(|(index, new)| Some((index, new.as_ref()?))) {
        let proposed = match T::propose(new.clone(), day, on, step.actor) {
            Ok(proposed) => Some(proposed),
            Err(refusal) => {
                let common = refusal.concern().input().map_or("", |input| COMMON.of(input));
                let own = format!("/proposals/{index}");
                faults.refusal(&refusal, if common.is_empty() { own } else { common.to_owned() });
                None
            }
        };
        made.push((index, new, proposed));
    }
    let mut known = Vec::with_capacity(made.len());
    for (index, new, proposed) in &made {
        let (code, _) = T::subject_of(new);
        let pointer = format!("/proposals/{index}");
        match measures.get(code) {
            Some(measure) => known.push(New { pointer, new: *new, proposed: proposed.as_ref(), measure }),
            None => {
                let detail = format_args!("the plan has no measure {code}");
                let fault = Fault::at(format!("{pointer}/measure"), "unknown_measure", detail);
                faults.note(Kind::InvalidBody, fault);
            }
        }
    }
    T::check(step, &known, &mut faults)?;
    faults.finish()?;
    let (place, change) = (step.scope.place(), step.change);
    let made = made.iter().filter_map(|(_, _, proposed)| proposed.as_ref());
    let store = |proposed: &T| plan_item::create(step.connection, place, None, proposed, change);
    Ok(made.map(store).collect::<Result<_, _>>()?)
}

/// Notes proposals for the same measure (and component), in the request or open in the plan.
fn note_repeated<T: Proposable>(
    step: &mut Step<'_>,
    items: &[Option<T::New>],
    faults: &mut Faults,
) -> Result<(), Problem> {
    let stored: Vec<Filed<T>> = plan_item::all(step.connection, step.scope.place(), None)?;
    let open: HashMap<_, _> = stored
        .iter()
        .filter(|item| item.versioned.content.is_open())
        .map(|item| (item.versioned.content.subject(), item.key.as_str()))
        .collect();
    let mut seen = HashSet::new();
    for (index, new) in items.iter().enumerate().filter_map(|(index, new)| Some((index, new.as_ref()?))) {
        let (measure, component) = T::subject_of(new);
        let pointer = format!("/proposals/{index}/measure");
        if !seen.insert((measure, component)) {
            let detail = format_args!("an earlier proposal of the request is for {measure} too");
            faults.note(Kind::InvalidBody, Fault::at(pointer, "duplicate", detail));
        } else if let Some(id) = open.get(&(measure, component)) {
            let detail = format_args!(
                "the {} {id} for {measure} is still open: decide on it or withdraw it first",
                T::NAME
            );
            faults.note(Kind::WrongState, Fault::at(pointer, "already_proposed", detail));
        }
    }
    Ok(())
}
