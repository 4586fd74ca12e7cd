//! Commitments as plan items: how they are shown, made and replaced.

use std::collections::HashSet;

use waymark_domain::code::Code;
use waymark_domain::commitment::Commitment;
use waymark_domain::plan::Plan;
use waymark_domain::workflow::Input;
use waymark_persistence::plan_item::{self, Filed, PlanPlace};
use waymark_persistence::{Connection, Record, measure};

use super::schema;
use super::schema::{CommitmentContent, NewCommitment};
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::workflow::item::{Item, Shown, Viewer};
use crate::workflow::scope::PlanScope;
use crate::workflow::write::Step;
use crate::workflow::{Failure, Pointers};

/// The inputs of a commitment's content.
pub(super) const TERMS: Pointers = Pointers(&[
    (Input::Theme, "/theme"),
    (Input::MilestoneDue, "/milestone/due"),
    (Input::Parts, "/milestone"),
]);
/// The inputs of a report.
pub(super) const REPORT: Pointers =
    Pointers(&[(Input::Period, "/period"), (Input::Status, "/status"), (Input::Parts, "/parts")]);
/// The inputs of a closure.
pub(super) const CLOSURE: Pointers = Pointers(&[(Input::ClosedOn, "/closed_on")]);

impl Item for Commitment {
    const NAME: &'static str = "commitment";
    const COLLECTION: &'static str = "commitments";
    type View = schema::Commitment;
    type Context = ();

    fn context(_: &mut Connection, _: &PlanScope, _: &Viewer) -> Result<(), Problem> {
        Ok(())
    }

    fn view((): &mut (), _: &mut Connection, shown: &Shown<'_, Self>) -> Result<Self::View, Problem> {
        let code = Code::new(shown.key).map_err(Problem::internal)?;
        Ok(schema::Commitment::of(&code, shown.revision, shown.actor()))
    }
}

/// A new commitment with its code.
pub(super) fn make(step: &mut Step<'_>, new: NewCommitment) -> Result<(String, Commitment), Failure> {
    let (code, promise) = new.read(&measures(step)?)?;
    let commitment = Commitment::make(promise, step.actor, &step.scope.plan.versioned.content)?;
    Ok((code.to_string(), commitment))
}

/// The commitment with another content.
pub(super) fn replace(
    step: &mut Step<'_>,
    before: &Commitment,
    content: CommitmentContent,
) -> Result<Commitment, Failure> {
    let mut known = measures(step)?;
    // A reference to a measure that has left the plan since may stay.
    known.extend(before.promise.measures.iter().cloned());
    let promise = content.read(&known)?;
    Ok(before.replace(promise, step.actor, &step.scope.plan.versioned.content)?)
}

/// The codes of the plan's measures.
fn measures(step: &mut Step<'_>) -> Result<HashSet<Code>, Problem> {
    let measures = measure::list(step.connection, step.scope.plan.versioned.id, None, i64::MAX, None)?;
    Ok(measures.into_iter().map(|measure| measure.code).collect())
}

/// 409 if a commitment references a theme that the plan would lose.
pub(crate) fn keep_their_themes(
    connection: &mut Connection,
    plan: &Record<Plan>,
    after: &Plan,
) -> Result<(), Problem> {
    let place = PlanPlace { organisation: plan.organisation, plan: plan.versioned.id };
    let commitments = plan_item::all::<Commitment>(connection, place, None)?;
    let theme = |filed: &Filed<Commitment>| filed.versioned.content.promise.theme.clone();
    let lost = commitments.iter().filter(|filed| after.theme(&theme(filed)).is_none()).map(|filed| {
        let detail = format!("the commitment {} references the theme {}", filed.key, theme(filed));
        Fault::at("/themes", "in_use", detail)
    });
    let faults: Vec<Fault> = lost.take(MAX_FAULTS).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let detail = "commitments reference themes that the plan would no longer have";
    Err(Problem::new(Kind::InUse).detail(detail).faults(faults))
}
