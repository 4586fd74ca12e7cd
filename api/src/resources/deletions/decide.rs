//! What a board decided on deletions: read, checked as a whole, and recorded with its consequences.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::deletion::{self as domain, Ruling, consequence};
use waymark_domain::workflow::{Actor, DateOf, Decision, Refusal};
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Change, Connection, measure};

use super::affected::Surroundings;
use super::propose::MOST;
use super::schema::{NewDeletionDecision, NewDeletionDecisions, Outcome};
use crate::http::content::{once, part};
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::Faults;
use crate::workflow::kind;
use crate::workflow::scope::PlanScope;

/// A decision as it was read.
struct Ruled {
    deletion: Uuid,
    revision: i64,
    ruling: Ruling,
}

impl NewDeletionDecisions {
    /// Records the decisions, all or none. A measure that leaves or comes back is changed with them.
    ///
    /// # Errors
    /// 422, 403, 409 or 412 with every fault; the first one in the order of the decisions says which of these.
    pub(crate) fn record(
        self,
        connection: &mut Connection,
        at: &PlanScope,
        around: &Surroundings,
        actor: &Actor,
        change: &Change,
    ) -> Result<Vec<Filed<domain::Deletion>>, Problem> {
        let ruled = self.read(actor)?;
        let filed = plan_item::all::<domain::Deletion>(connection, at.place(), None)?;
        let filed: HashMap<Uuid, Filed<domain::Deletion>> =
            filed.into_iter().map(|deletion| (deletion.versioned.id, deletion)).collect();
        let decided = decide(at, &filed, ruled, actor, change.at.date_naive())?;
        let mut recorded = Vec::with_capacity(decided.len());
        for (read, deletion) in decided {
            let of_plan = &around.measure(&deletion.measure)?.measure;
            if let Some(content) = consequence(read.versioned.id, &deletion, &of_plan.versioned.content) {
                let (id, expected) = (of_plan.versioned.id, of_plan.versioned.revision);
                measure::update(connection, of_plan.place.organisation, id, expected, &content, change)?;
            }
            recorded.push(plan_item::update(connection, read, &deletion, change)?);
        }
        Ok(recorded)
    }

    fn read(self, actor: &Actor) -> Result<Vec<Ruled>, Problem> {
        let Self { body, meeting_date, minute, note, decisions } = self;
        let mut faults = Faults::default();
        let body = body.read(&mut faults, "/body");
        let minute = minute.read(&mut faults, "/minute");
        let note = part(note, |note| note.read(&mut faults, "/note"));
        if decisions.is_empty() {
            faults.note("/decisions", "too_few", "at least one");
        }
        let mut seen = HashSet::new();
        let read = faults.each("/decisions", MOST, decisions, |faults, decision| {
            let deletion = once(faults, "/deletion", &mut seen, decision.deletion);
            let revision = decision.revision;
            let (outcome, comment) = decision.read(faults, meeting_date)?;
            Some((deletion?, revision, outcome, comment))
        });
        let whole = (|| {
            let recorded_by = actor.name.clone();
            let decision =
                Decision { body: body?, meeting: meeting_date, minute: minute?, note: note?, recorded_by };
            let ruled = read?.into_iter().map(|(deletion, revision, outcome, comment)| Ruled {
                deletion,
                revision,
                ruling: Ruling { outcome, decision: decision.clone(), comment },
            });
            Some(ruled.collect())
        })();
        faults.finish(whole)
    }
}

impl NewDeletionDecision {
    fn read(
        self,
        faults: &mut Faults,
        meeting: NaiveDate,
    ) -> Option<(domain::Outcome, Option<waymark_domain::text::Note>)> {
        let Self { deletion: _, revision: _, outcome, effective_from, comment } = self;
        let comment = part(comment, |comment| comment.read(faults, "/comment"));
        let from = effective_from.unwrap_or(meeting);
        let outcome = match outcome {
            Outcome::Agreed => domain::Outcome::Agreed { from },
            Outcome::Restored => domain::Outcome::Restored { from },
            Outcome::Rejected | Outcome::Deferred if effective_from.is_some() => {
                let detail = "only what is agreed or restored takes effect on a day";
                faults.note("/effective_from", "superfluous", detail);
                return None;
            }
            Outcome::Rejected => domain::Outcome::Rejected,
            Outcome::Deferred => domain::Outcome::Deferred,
        };
        Some((outcome, comment?))
    }
}

/// Each deletion as it was read, with what the decision makes of it.
type Decided<'a> = Vec<(&'a Filed<domain::Deletion>, domain::Deletion)>;

/// Decides on all of them, or tells all that stands against it.
fn decide<'a>(
    at: &PlanScope,
    filed: &'a HashMap<Uuid, Filed<domain::Deletion>>,
    ruled: Vec<Ruled>,
    actor: &Actor,
    today: NaiveDate,
) -> Result<Decided<'a>, Problem> {
    let span = at.plan.versioned.content.span;
    let mut decided = Vec::with_capacity(ruled.len());
    let mut found: Vec<(Kind, Fault)> = Vec::new();
    for (index, Ruled { deletion, revision, ruling }) in ruled.into_iter().enumerate() {
        let pointer = |field: &str| format!("/decisions/{index}{field}");
        let Some(read) = filed.get(&deletion) else {
            let detail = format_args!("the plan has no deletion {deletion}");
            found.push((Kind::InvalidBody, Fault::at(pointer("/deletion"), "unknown_deletion", detail)));
            continue;
        };
        if read.versioned.revision != revision {
            let detail = format_args!("the current revision is {}: read it again", read.versioned.revision);
            found.push((Kind::PreconditionFailed, Fault::at(pointer("/revision"), "stale", detail)));
            continue;
        }
        match read.versioned.content.decide(ruling, actor, span, today) {
            Ok(after) => decided.push((read, after)),
            Err(refusal) => {
                let place = place(&refusal).map_or_else(pointer, str::to_owned);
                let fault = Fault::at(place, refusal.rule(), &refusal);
                // What is said once for all decisions is told once.
                if !found.iter().any(|(_, other)| *other == fault) {
                    found.push((kind(&refusal), fault));
                }
            }
        }
    }
    match found.first() {
        None => Ok(decided),
        Some((kind, _)) => {
            let problem = Problem::new(*kind).detail("no decision was recorded");
            Err(problem.faults(found.into_iter().map(|(_, fault)| fault)))
        }
    }
}

/// Where the fault lies: in what is said once, or (`Err`) at a field of the decision.
fn place(refusal: &Refusal) -> Result<&'static str, &'static str> {
    match refusal {
        Refusal::InFuture { what: DateOf::Meeting } | Refusal::BeforePlan { what: DateOf::Meeting, .. } => {
            Ok("/meeting_date")
        }
        Refusal::BeforePlan { what: DateOf::Effect, .. }
        | Refusal::AfterPlan { what: DateOf::Effect, .. }
        | Refusal::ReturnBeforeDeparture { .. } => Err("/effective_from"),
        Refusal::InFuture {
            what:
                DateOf::Effect | DateOf::Proposal | DateOf::Period | DateOf::Issue | DateOf::Due | DateOf::Event,
        }
        | Refusal::BeforePlan {
            what: DateOf::Proposal | DateOf::Period | DateOf::Issue | DateOf::Due | DateOf::Event,
            ..
        }
        | Refusal::AfterPlan {
            what:
                DateOf::Meeting | DateOf::Proposal | DateOf::Period | DateOf::Issue | DateOf::Due | DateOf::Event,
            ..
        }
        | Refusal::Role
        | Refusal::State { .. }
        | Refusal::ProposerDecides
        | Refusal::NotProposer
        | Refusal::SubmitterAgrees
        | Refusal::MeetingBeforeProposal { .. }
        | Refusal::RevisedBefore { .. }
        | Refusal::UnknownPriority(_)
        | Refusal::MeetingBeforeDecision { .. }
        | Refusal::Incomplete(_)
        | Refusal::ConditionsOpen { .. }
        | Refusal::UnknownRequirement(_)
        | Refusal::RequirementReported(_)
        | Refusal::PeriodKind(_)
        | Refusal::UnknownTheme
        | Refusal::NoStatus
        | Refusal::NoMilestone
        | Refusal::TooManyParts { .. }
        | Refusal::BeforeReport { .. }
        | Refusal::TooManyReports { .. } => Err(""),
    }
}
