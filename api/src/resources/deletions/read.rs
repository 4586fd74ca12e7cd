//! Deletions and decisions on them from the wire into the domain.

use chrono::NaiveDate;
use waymark_domain::deletion::{self as domain, Grounds, is_as_above};
use waymark_domain::text;

use super::departure::Category;
use super::item::{NewDeletion, Outcome};
use super::schema;
use crate::http::content::part;
use crate::http::validation::Faults;
use crate::workflow::bulk::{Proposals, Ruled, read_items};

impl schema::NewDeletions {
    /// Into the domain.
    pub(crate) fn read(self) -> Proposals<NewDeletion> {
        let Self { proposed_on, proposals } = self;
        let mut faults = Faults::default();
        // The grounds above: none for the first proposal, or those that could be read or not.
        let mut above: Option<Option<Grounds>> = None;
        let items = read_items(&mut faults, "/proposals", proposals, |faults, proposal| {
            let measure = proposal.measure.read(faults, "/measure");
            let grounds = proposal.grounds(faults, above.as_ref());
            above = Some(grounds.clone());
            Some(NewDeletion { measure: measure?, grounds: grounds? })
        });
        Proposals { proposed_on, items, faults: faults.into_found() }
    }
}

impl schema::NewDeletion {
    /// The grounds, with "as above" resolved. If those above could not be read, that is reported there.
    fn grounds(self, faults: &mut Faults, above: Option<&Option<Grounds>>) -> Option<Grounds> {
        let Self { measure: _, category, reason, superseded_by } = self;
        let reason: Option<text::Note> = reason.read(faults, "/reason");
        let category = read_category(faults, category, superseded_by);
        let (reason, category) = (reason?, category?);
        if is_as_above(reason.as_str()) {
            let Some(above) = above else {
                faults.note("/reason", "nothing_above", "the first proposal has no reason above it");
                return None;
            };
            return above.as_ref().map(|above| Grounds::as_above(above, category, reason));
        }
        let Some(category) = category else {
            faults.note(
                "/category",
                "missing_field",
                "a category is required, unless the reason is \"as above\"",
            );
            return None;
        };
        Some(Grounds { category, reason, as_written: None })
    }
}

/// The category with the indicator that it needs; none if it is omitted.
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

impl schema::NewDeletionDecision {
    /// Into the domain. A decision takes effect on the day of the meeting unless it says otherwise.
    pub(super) fn read(self, faults: &mut Faults, meeting: NaiveDate) -> Ruled<Outcome> {
        let Self { deletion, revision, outcome, effective_from, comment } = self;
        let comment = part(comment, |comment| comment.read(faults, "/comment"));
        let from = effective_from.unwrap_or(meeting);
        let outcome = match outcome {
            schema::Outcome::Agreed => Some(domain::Outcome::Agreed { from }),
            schema::Outcome::Restored => Some(domain::Outcome::Restored { from }),
            schema::Outcome::Rejected | schema::Outcome::Deferred if effective_from.is_some() => {
                let detail = "only the outcomes `agreed` and `restored` take effect on a day";
                faults.note("/effective_from", "superfluous", detail);
                None
            }
            schema::Outcome::Rejected => Some(domain::Outcome::Rejected),
            schema::Outcome::Deferred => Some(domain::Outcome::Deferred),
        };
        Ruled { item: deletion, revision, outcome: outcome.zip(comment) }
    }
}
