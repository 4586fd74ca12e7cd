//! Requests about many things: all faults are told at once, and the gravest says what kind of problem it is.

use waymark_domain::workflow::Refusal;

use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::workflow;

/// The faults found so far, each with the kind of problem that it would be alone.
#[derive(Debug, Default)]
pub(super) struct Refused(Vec<(Kind, Fault)>);

impl Refused {
    /// Notes a fault; once, where it is about what all have in common.
    pub(super) fn note(&mut self, kind: Kind, fault: Fault) {
        if self.0.len() < MAX_FAULTS && self.0.iter().all(|(_, noted)| *noted != fault) {
            self.0.push((kind, fault));
        }
    }

    /// Notes a refusal of the domain at a pointer.
    pub(super) fn refusal(&mut self, refusal: &Refusal, pointer: String) {
        self.note(workflow::kind(refusal), Fault::at(pointer, refusal.rule(), refusal));
    }

    /// Nothing, where nothing is at fault.
    ///
    /// # Errors
    /// Every fault: 403 where one is about who asks, else 422 where one is about what was sent, else 412 where
    /// something was changed in the meantime, else 409.
    pub(super) fn finish(self) -> Result<(), Problem> {
        let weight = |kind: Kind| match kind {
            Kind::Forbidden => 3,
            Kind::InvalidBody => 2,
            Kind::PreconditionFailed => 1,
            _ => 0,
        };
        let Some(kind) = self.0.iter().map(|(kind, _)| *kind).max_by_key(|kind| weight(*kind)) else {
            return Ok(());
        };
        let problem = Problem::new(kind).detail("nothing was kept, because of what is listed");
        Err(problem.faults(self.0.into_iter().map(|(_, fault)| fault)))
    }
}
