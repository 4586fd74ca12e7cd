//! Target proposals and decisions from the wire into the domain.

use chrono::NaiveDate;
use waymark_domain::target_setting::Terms;
use waymark_domain::workflow::{Actor, Decision};

use super::decide::{Outcome, Verdict};
use super::propose::NewProposal;
use super::schema::{
    NewTargetDecision, NewTargetDecisions, NewTargetProposal, NewTargetProposals, TargetOutcome,
    TargetRevision,
};
use crate::http::content::part;
use crate::http::problem::Problem;
use crate::http::schema::{Note, TargetScope};
use crate::http::validation::Faults;
use crate::resources::measures::{Promise, Trajectory};

/// The most proposals or decisions of one request.
const MOST: usize = 500;

impl NewTargetProposals {
    /// The day, and each proposal.
    pub(super) fn read(self) -> Result<(Option<NaiveDate>, Vec<NewProposal>), Problem> {
        let Self { proposed_on, proposals } = self;
        let mut faults = Faults::default();
        at_least_one(&mut faults, "/proposals", proposals.len());
        let proposals = faults.each("/proposals", MOST, proposals, |faults, new| new.read(faults));
        Ok((proposed_on, faults.finish(proposals)?))
    }
}

impl NewTargetProposal {
    fn read(self, faults: &mut Faults) -> Option<NewProposal> {
        let Self { measure, component, target, trajectory, rationale, scope, review_on } = self;
        let measure = measure.read(faults, "/measure");
        let component = part(component, |component| component.read(faults, "/component"));
        let terms = read_terms(faults, (target, trajectory), rationale, scope, review_on);
        Some(NewProposal { measure: measure?, component: component?, terms: terms? })
    }
}

impl TargetRevision {
    /// The day, and what is proposed.
    pub(super) fn read(self) -> Result<(Option<NaiveDate>, Terms), Problem> {
        let Self { proposed_on, target, trajectory, rationale, scope, review_on } = self;
        let mut faults = Faults::default();
        let terms = read_terms(&mut faults, (target, trajectory), rationale, scope, review_on);
        Ok((proposed_on, faults.finish(terms)?))
    }
}

fn read_terms(
    faults: &mut Faults,
    (target, trajectory): (Promise, Option<Trajectory>),
    rationale: Note,
    scope: TargetScope,
    review_on: Option<NaiveDate>,
) -> Option<Terms> {
    let promise = faults.within("/target", |faults| target.read(faults));
    let trajectory = part(trajectory, |way| faults.within("/trajectory", |faults| way.read(faults)));
    let rationale = rationale.read(faults, "/rationale");
    let (condition, period) = promise?;
    Some(Terms {
        condition,
        period,
        trajectory: trajectory?,
        rationale: rationale?,
        scope: scope.into(),
        review_on,
    })
}

impl NewTargetDecisions {
    /// What the meeting has in common, recorded by the actor, and what it decided of each proposal.
    pub(super) fn read(self, actor: &Actor) -> Result<(Decision, Vec<Verdict>), Problem> {
        let Self { body, meeting_date, minute, note, decisions } = self;
        let mut faults = Faults::default();
        let body = body.read(&mut faults, "/body");
        let minute = minute.read(&mut faults, "/minute");
        let note = part(note, |note| note.read(&mut faults, "/note"));
        at_least_one(&mut faults, "/decisions", decisions.len());
        let verdicts = faults.each("/decisions", MOST, decisions, |faults, one| one.read(faults));
        let recorded_by = actor.name.clone();
        let decision = body.zip(minute).zip(note).map(|((body, minute), note)| Decision {
            body,
            meeting: meeting_date,
            minute,
            note,
            recorded_by,
        });
        faults.finish(decision.zip(verdicts))
    }
}

impl NewTargetDecision {
    fn read(self, faults: &mut Faults) -> Option<Verdict> {
        let Self { proposal, revision, outcome, comment } = self;
        let comment = part(comment, |comment| comment.read(faults, "/comment"))?;
        let outcome = match (outcome, comment) {
            (TargetOutcome::Agreed, comment) => Outcome::Agreed { comment },
            (TargetOutcome::SentBack, Some(comment)) => Outcome::SentBack { comment },
            (TargetOutcome::SentBack, None) => {
                faults.note(
                    "/comment",
                    "missing_field",
                    "what is sent back has a comment that says what is wanted",
                );
                return None;
            }
        };
        Some(Verdict { proposal, revision, outcome })
    }
}

fn at_least_one(faults: &mut Faults, field: &str, count: usize) {
    if count == 0 {
        faults.note(field, "too_few", "at least one item");
    }
}
