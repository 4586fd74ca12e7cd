//! Target proposals and decisions from the wire into the domain.

use chrono::NaiveDate;
use waymark_domain::target_setting::Terms;

use super::item::{NewProposal, Outcome};
use super::schema::{
    NewTargetDecision, NewTargetProposal, NewTargetProposals, TargetOutcome, TargetRevision,
};
use crate::http::content::part;
use crate::http::problem::Problem;
use crate::http::schema::{Note, TargetScope};
use crate::http::validation::Faults;
use crate::resources::measures::{TargetTerms, Trajectory};
use crate::workflow::bulk::{Proposals, Ruled, read_items};

impl NewTargetProposals {
    /// Into the domain.
    pub(super) fn read(self) -> Proposals<NewProposal> {
        let Self { proposed_on, proposals } = self;
        let mut faults = Faults::default();
        let items = read_items(&mut faults, "/proposals", proposals, |faults, new| new.read(faults));
        Proposals { proposed_on, items, faults: faults.into_found() }
    }
}

impl NewTargetProposal {
    fn read(self, faults: &mut Faults) -> Option<NewProposal> {
        let Self { measure, component, target, trajectory, reason, scope, review_on } = self;
        let measure = measure.read(faults, "/measure");
        let component = part(component, |component| component.read(faults, "/component"));
        let terms = read_terms(faults, (target, trajectory), reason, scope, review_on);
        Some(NewProposal { measure: measure?, component: component?, terms: terms? })
    }
}

impl TargetRevision {
    /// The day of the revision, and the revised terms.
    pub(super) fn read(self) -> Result<(Option<NaiveDate>, Terms), Problem> {
        let Self { proposed_on, target, trajectory, reason, scope, review_on } = self;
        let mut faults = Faults::default();
        let terms = read_terms(&mut faults, (target, trajectory), reason, scope, review_on);
        Ok((proposed_on, faults.finish(terms)?))
    }
}

fn read_terms(
    faults: &mut Faults,
    (target, trajectory): (TargetTerms, Option<Trajectory>),
    reason: Note,
    scope: TargetScope,
    review_on: Option<NaiveDate>,
) -> Option<Terms> {
    let target = faults.within("/target", |faults| target.read(faults));
    let trajectory =
        part(trajectory, |trajectory| faults.within("/trajectory", |faults| trajectory.read(faults)));
    let rationale = reason.read(faults, "/reason");
    let (condition, period) = target?;
    Some(Terms {
        condition,
        period,
        trajectory: trajectory?,
        rationale: rationale?,
        scope: scope.into(),
        review_on,
    })
}

impl NewTargetDecision {
    /// Into the domain.
    pub(super) fn read(self, faults: &mut Faults, _meeting: NaiveDate) -> Ruled<Outcome> {
        let Self { proposal, revision, outcome, comment } = self;
        let comment = part(comment, |comment| comment.read(faults, "/comment"));
        let outcome = match (outcome, comment) {
            (_, None) => None,
            (TargetOutcome::Agreed, Some(comment)) => Some(Outcome::Agreed { comment }),
            (TargetOutcome::SentBack, Some(Some(comment))) => Some(Outcome::SentBack { comment }),
            (TargetOutcome::SentBack, Some(None)) => {
                let detail = "the outcome `sent_back` needs a comment that says what should change";
                faults.note("/comment", "missing_field", detail);
                None
            }
        };
        Ruled { item: proposal, revision, outcome }
    }
}
