//! Deletions as plan items: how they are shown, proposed and decided on.

use std::collections::HashSet;

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::deletion::{Category, Deletion, Grounds, Ruling, consequence};
use waymark_domain::measure::Measure;
use waymark_domain::text::{Name, Note};
use waymark_domain::workflow::{Actor, Decision, Refusal};
use waymark_persistence::measure::MeasureOfPlan;
use waymark_persistence::{Connection, Versioned, indicator};

use super::affected::Surroundings;
use super::schema;
use crate::http::etag::ETag;
use crate::http::problem::{Fault, Kind, Problem};
use crate::results::owners;
use crate::workflow::bulk::{Dates, Faults, New, Proposable};
use crate::workflow::item::{Item, Shown, Viewer};
use crate::workflow::scope::PlanScope;
use crate::workflow::write::Step;

/// A proposal that a measure leaves the plan.
#[derive(Debug, Clone)]
pub(crate) struct NewDeletion {
    pub(super) measure: Code,
    pub(super) grounds: Grounds,
}

/// What was decided on a deletion, with the comment on it.
pub(crate) type Outcome = (waymark_domain::deletion::Outcome, Option<Note>);

impl Item for Deletion {
    const NAME: &'static str = "deletion";
    const COLLECTION: &'static str = "deletions";
    type View = schema::Deletion;
    type Context = Surroundings;

    fn context(
        connection: &mut Connection,
        scope: &PlanScope,
        viewer: &Viewer,
    ) -> Result<Surroundings, Problem> {
        Surroundings::load(connection, scope, viewer.known_at)
    }

    fn view(
        context: &mut Surroundings,
        _: &mut Connection,
        shown: &Shown<'_, Self>,
    ) -> Result<Self::View, Problem> {
        context.show(shown.revision, shown.actor())
    }

    /// The view also contains what depends on the measure, so the tag changes when any of that does.
    fn etag(context: &Surroundings, revision: &Versioned<Self>) -> Result<ETag, Problem> {
        context.tag(revision)
    }
}

impl Proposable for Deletion {
    const FIELD: &'static str = "deletion";
    type New = NewDeletion;
    type Outcome = Outcome;
    type List = schema::DeletionList;

    fn subject_of(new: &NewDeletion) -> (&Code, Option<&Name>) {
        (&new.measure, None)
    }

    fn subject(&self) -> (&Code, Option<&Name>) {
        (&self.measure, None)
    }

    fn is_open(&self) -> bool {
        self.state().is_open()
    }

    fn propose(new: NewDeletion, proposed_on: NaiveDate, on: Dates, actor: &Actor) -> Result<Self, Refusal> {
        Self::propose(new.measure, new.grounds, proposed_on, actor, on.plan, on.today)
    }

    fn check(step: &mut Step<'_>, new: &[New<'_, Self>], faults: &mut Faults) -> Result<(), Problem> {
        let named: HashSet<Code> = new.iter().filter_map(|new| successor(new.new)).cloned().collect();
        let named: Vec<Code> = named.into_iter().collect();
        let owners = owners(step.connection, &step.scope.organisation)?;
        let found = indicator::find_many(step.connection, &owners, &named, None)?;
        let known: HashSet<&Code> = found.iter().map(|record| &record.code).collect();
        for New { pointer, new, proposed: _, measure } in new {
            if let Some(by) = successor(new).filter(|by| !known.contains(by)) {
                let detail = format_args!("neither the organisation nor the catalogue has an indicator {by}");
                let fault = Fault::at(format!("{pointer}/superseded_by"), "unknown_indicator", detail);
                faults.note(Kind::InvalidBody, fault);
            }
            let departures = &measure.measure.versioned.content.departures;
            if let Some(departure) = departures.iter().find(|departure| departure.until.is_none()) {
                let detail = format_args!(
                    "the measure {} leaves the plan on {} by the deletion {}",
                    new.measure, departure.from, departure.proposal
                );
                let fault = Fault::at(format!("{pointer}/measure"), "already_deleted", detail);
                faults.note(Kind::WrongState, fault);
            }
        }
        Ok(())
    }

    fn decide(
        &self,
        (outcome, comment): Outcome,
        decision: &Decision,
        on: Dates,
        actor: &Actor,
    ) -> Result<Self, Refusal> {
        let ruling = Ruling { outcome, decision: decision.clone(), comment };
        self.decide(ruling, actor, on.plan, on.today)
    }

    fn misfit(&self, _: &PlanScope, _: &MeasureOfPlan) -> Option<(&'static str, String)> {
        None
    }

    fn consequence(&self, id: Uuid, measure: &MeasureOfPlan) -> Option<Measure> {
        consequence(id, self, &measure.measure.versioned.content)
    }
}

/// The indicator that supersedes the proposed one.
fn successor(new: &NewDeletion) -> Option<&Code> {
    match &new.grounds.category {
        Category::Superseded { by } => Some(by),
        Category::NoLongerCollected
        | Category::MethodChangedNationally
        | Category::CollectedTooRarely
        | Category::NoLongerRelevant => None,
    }
}
