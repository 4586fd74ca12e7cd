//! Proposals of deletions: read, checked as a whole, and filed.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::deletion::{self as domain, Grounds, is_as_above};
use waymark_domain::workflow::{Actor, DateOf, past};
use waymark_domain::{code, text};
use waymark_persistence::measure::{self, PlacedMeasure};
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Change, Connection, indicator};

use super::departure::Category;
use super::schema::{NewDeletion, NewDeletions};
use crate::http::content::{once, part};
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::Faults;
use crate::results::owners;
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;

/// The most proposals, or decisions, in one request.
pub(super) const MOST: usize = 500;

/// A proposal as it was read.
struct Proposal {
    measure: code::Code,
    grounds: Grounds,
}

impl NewDeletions {
    /// Files the proposals, all or none.
    ///
    /// # Errors
    /// 422 with every fault; 409 with every measure that is proposed already, or has left.
    pub(crate) fn file(
        self,
        connection: &mut Connection,
        at: &PlanScope,
        actor: &Actor,
        change: &Change,
    ) -> Result<Vec<Filed<domain::Deletion>>, Problem> {
        let (span, today) = (at.plan.versioned.content.span, change.at.date_naive());
        let (proposed_on, proposals) = self.read(today)?;
        let measures = measure::list(connection, at.plan.versioned.id, None, i64::MAX, None)?;
        let measures: HashMap<&code::Code, &PlacedMeasure> =
            measures.iter().map(|measure| (&measure.code, measure)).collect();
        let mut faults = Faults::default();
        if let Err(refusal) = past(DateOf::Proposal, proposed_on, span, today) {
            faults.note("/proposed_on", refusal.rule(), refusal);
        }
        note_unknown(connection, at, &measures, &proposals, &mut faults)?;
        faults.finish(Some(()))?;
        let filed = plan_item::all::<domain::Deletion>(connection, at.place(), None)?;
        refuse_twice(&measures, &filed, &proposals)?;
        let file = |Proposal { measure, grounds }| {
            let deletion = domain::Deletion::propose(measure, grounds, proposed_on, actor, span, today);
            let deletion = deletion.map_err(|refusal| refused(&refusal, ""))?;
            Ok(plan_item::create(connection, at.place(), None, &deletion, change)?)
        };
        proposals.into_iter().map(file).collect()
    }

    fn read(self, today: NaiveDate) -> Result<(NaiveDate, Vec<Proposal>), Problem> {
        let Self { proposed_on, proposals } = self;
        let mut faults = Faults::default();
        if proposals.is_empty() {
            faults.note("/proposals", "too_few", "at least one");
        }
        let mut seen = HashSet::new();
        // What stands above: nothing, or grounds that could be read or not.
        let mut above: Option<Option<Grounds>> = None;
        let proposals = faults.each("/proposals", MOST, proposals, |faults, proposal| {
            let measure = proposal.measure.read(faults, "/measure");
            let measure = measure.and_then(|measure| once(faults, "/measure", &mut seen, measure));
            let grounds = proposal.grounds(faults, above.as_ref());
            above = Some(grounds.clone());
            Some(Proposal { measure: measure?, grounds: grounds? })
        });
        Ok((proposed_on.unwrap_or(today), faults.finish(proposals)?))
    }
}

impl NewDeletion {
    /// The grounds, "as above" resolved. Where those above are at fault, that is told there.
    fn grounds(self, faults: &mut Faults, above: Option<&Option<Grounds>>) -> Option<Grounds> {
        let Self { measure: _, category, reason, superseded_by } = self;
        let reason: Option<text::Note> = reason.read(faults, "/reason");
        let category = read_category(faults, category, superseded_by);
        let (reason, category) = (reason?, category?);
        if is_as_above(reason.as_str()) {
            let Some(above) = above else {
                faults.note("/reason", "nothing_above", "the first proposal has none above it");
                return None;
            };
            return above.as_ref().map(|above| Grounds::as_above(above, category, reason));
        }
        let Some(category) = category else {
            faults.note(
                "/category",
                "missing_field",
                "only \"as above\" takes the category of the one before",
            );
            return None;
        };
        Some(Grounds { category, reason, as_written: None })
    }
}

/// The category with the indicator that it needs; none where it is left out.
fn read_category(
    faults: &mut Faults,
    category: Option<Category>,
    by: Option<crate::http::schema::Code>,
) -> Option<Option<domain::Category>> {
    let by = part(by, |by| by.read(faults, "/superseded_by"))?;
    if by.is_some() && category != Some(Category::Superseded) {
        faults.note("/superseded_by", "superfluous", "only the category `superseded` names an indicator");
        return None;
    }
    let Some(category) = category else { return Some(None) };
    Some(Some(match (category, by) {
        (Category::NoLongerCollected, _) => domain::Category::NoLongerCollected,
        (Category::MethodChangedNationally, _) => domain::Category::MethodChangedNationally,
        (Category::CollectedTooRarely, _) => domain::Category::CollectedTooRarely,
        (Category::NoLongerRelevant, _) => domain::Category::NoLongerRelevant,
        (Category::Superseded, Some(by)) => domain::Category::Superseded { by },
        (Category::Superseded, None) => {
            faults.note("/superseded_by", "missing_field", "the category `superseded` names an indicator");
            return None;
        }
    }))
}

/// Notes the measures that the plan does not have, and the indicators that nobody has defined.
fn note_unknown(
    connection: &mut Connection,
    at: &PlanScope,
    measures: &HashMap<&code::Code, &PlacedMeasure>,
    proposals: &[Proposal],
    faults: &mut Faults,
) -> Result<(), Problem> {
    let successor = |proposal: &Proposal| match &proposal.grounds.category {
        domain::Category::Superseded { by } => Some(by.clone()),
        domain::Category::NoLongerCollected
        | domain::Category::MethodChangedNationally
        | domain::Category::CollectedTooRarely
        | domain::Category::NoLongerRelevant => None,
    };
    let named: HashSet<code::Code> = proposals.iter().filter_map(successor).collect();
    let named: Vec<code::Code> = named.into_iter().collect();
    let owners = owners(connection, &at.organisation)?;
    let found = indicator::find_many(connection, &owners, &named, None)?;
    let known: HashSet<&code::Code> = found.iter().map(|record| &record.code).collect();
    for (index, proposal) in proposals.iter().enumerate() {
        if !measures.contains_key(&proposal.measure) {
            let detail = format_args!("the plan has no measure {}", proposal.measure);
            faults.note(&format!("/proposals/{index}/measure"), "unknown_measure", detail);
        }
        if let Some(by) = successor(proposal).filter(|by| !known.contains(by)) {
            let detail = format_args!("neither the organisation nor the catalogue has an indicator {by}");
            faults.note(&format!("/proposals/{index}/superseded_by"), "unknown_indicator", detail);
        }
    }
    Ok(())
}

/// 409 where a measure is proposed already, or has left.
fn refuse_twice(
    measures: &HashMap<&code::Code, &PlacedMeasure>,
    filed: &[Filed<domain::Deletion>],
    proposals: &[Proposal],
) -> Result<(), Problem> {
    let open = filed.iter().filter(|deletion| deletion.versioned.content.state().is_open());
    let open: HashMap<&code::Code, Uuid> =
        open.map(|deletion| (&deletion.versioned.content.measure, deletion.versioned.id)).collect();
    let fault = |(index, proposal): (usize, &Proposal)| {
        let pointer = format!("/proposals/{index}");
        let measure = &proposal.measure;
        if let Some(other) = open.get(measure) {
            let detail = format_args!("the deletion {other} of the measure {measure} is still open");
            return Some(Fault::at(pointer, "already_proposed", detail));
        }
        let departures = &measures.get(measure)?.versioned.content.departures;
        let departure = departures.iter().find(|departure| departure.until.is_none())?;
        let detail = format_args!(
            "the measure {measure} leaves the plan on {} by the deletion {}",
            departure.from, departure.proposal
        );
        Some(Fault::at(pointer, "already_deleted", detail))
    };
    let faults: Vec<Fault> = proposals.iter().enumerate().filter_map(fault).collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Problem::new(Kind::WrongState).detail("nothing was proposed").faults(faults))
}
