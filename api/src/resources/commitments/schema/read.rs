//! Commitments from the wire into the domain, with a pointer for every fault.

use std::collections::HashSet;

use waymark_domain::code::Code;
use waymark_domain::{commitment as domain, text};

use super::{
    CommitmentContent, CommitmentMilestone, NewCommitment, NewCommitmentClosure, NewCommitmentProgress,
    NewCommitmentReopening, PartCounts,
};
use crate::http::content::{at_most, names, once, part};
use crate::http::problem::Problem;
use crate::http::validation::Faults;

/// The most deputies.
const MOST_DEPUTIES: usize = 20;
/// The most measures.
const MOST_MEASURES: usize = 100;

impl NewCommitment {
    /// Into the domain, with the code. `known` are the measures that it may reference.
    pub(in crate::resources::commitments) fn read(
        self,
        known: &HashSet<Code>,
    ) -> Result<(Code, domain::Promise), Problem> {
        let ((code,), content) = self.apart();
        let mut faults = Faults::default();
        let code = code.read(&mut faults, "/code");
        let promise = content.read_with(&mut faults, known);
        faults.finish(code.zip(promise))
    }
}

impl CommitmentContent {
    /// Into the domain. `known` are the measures that it may reference.
    pub(in crate::resources::commitments) fn read(
        self,
        known: &HashSet<Code>,
    ) -> Result<domain::Promise, Problem> {
        let mut faults = Faults::default();
        let promise = self.read_with(&mut faults, known);
        faults.finish(promise)
    }

    fn read_with(self, faults: &mut Faults, known: &HashSet<Code>) -> Option<domain::Promise> {
        let Self { theme, text, responsible, deputies, measures, milestone } = self;
        let theme = theme.read(faults, "/theme");
        let text = text.read(faults, "/text");
        let responsible = responsible.read(faults, "/responsible");
        let deputies = names(faults, "/deputies", MOST_DEPUTIES, deputies);
        let mut seen = HashSet::new();
        let measures = faults.each("/measures", MOST_MEASURES, measures, |faults, measure| {
            let measure = measure.read(faults, "")?;
            let measure = once(faults, "", &mut seen, measure)?;
            if !known.contains(&measure) {
                faults.note("", "unknown_measure", "the plan has no such measure");
                return None;
            }
            Some(measure)
        });
        let milestone =
            part(milestone, |milestone| faults.within("/milestone", |faults| milestone.read(faults)));
        Some(domain::Promise {
            theme: theme?,
            text: text?,
            responsible: responsible?,
            deputies: deputies?,
            measures: measures?,
            milestone: milestone?,
        })
    }
}

impl CommitmentMilestone {
    fn read(self, faults: &mut Faults) -> Option<domain::Milestone> {
        let Self { count, what, due } = self;
        if count == 0 {
            faults.note("/count", "too_small", "at least 1");
        }
        let count = at_most(faults, "/count", count, domain::Milestone::MOST);
        let what = what.read(faults, "/what");
        let due = due.read(faults, "/due");
        Some(domain::Milestone { count: count?, what: what?, by: due? })
    }
}

impl NewCommitmentProgress {
    /// Into the domain.
    pub(in crate::resources::commitments) fn read(self) -> Result<domain::Progress, Problem> {
        let Self { period, status, qualifier, commentary, parts } = self;
        let mut faults = Faults::default();
        let period = period.read(&mut faults, "/period");
        let qualifier = part(qualifier, |qualifier| qualifier.read(&mut faults, "/qualifier"));
        let commentary = commentary.read(&mut faults, "/commentary");
        let parts = part(parts, |parts| faults.within("/parts", |faults| parts.read(faults)));
        let read = || {
            Some(domain::Progress {
                period: period?,
                status: status.map(Into::into),
                qualifier: qualifier?,
                commentary: commentary?,
                parts: parts?,
            })
        };
        let read = read();
        faults.finish(read)
    }
}

impl PartCounts {
    fn read(self, faults: &mut Faults) -> Option<domain::Parts> {
        let Self { green, amber, red } = self;
        let green = at_most(faults, "/green", green, domain::Milestone::MOST);
        let amber = at_most(faults, "/amber", amber, domain::Milestone::MOST);
        let red = at_most(faults, "/red", red, domain::Milestone::MOST);
        Some(domain::Parts { green: green?, amber: amber?, red: red? })
    }
}

impl NewCommitmentClosure {
    /// The outcome, the day, and the reason.
    pub(in crate::resources::commitments) fn read(
        self,
    ) -> Result<(domain::Outcome, chrono::NaiveDate, text::Note), Problem> {
        let Self { outcome, closed_on, reason } = self;
        let mut faults = Faults::default();
        let reason = reason.read(&mut faults, "/reason");
        Ok((outcome.into(), closed_on, faults.finish(reason)?))
    }
}

impl NewCommitmentReopening {
    /// Into the domain.
    pub(in crate::resources::commitments) fn read(self) -> Result<text::Note, Problem> {
        let mut faults = Faults::default();
        let reason = self.reason.read(&mut faults, "/reason");
        faults.finish(reason)
    }
}
