//! How the refusals of workflows are told: who asks, 403; the state, 409; what was sent, 422.

use waymark_domain::workflow::{Concern, Refusal};

use crate::problem::{Fault, Kind, Problem};

/// The problem that a refusal is, with the name of its rule; `pointer` is the place in the body that it is about, or
/// empty where it is about the thing itself.
pub(crate) fn refused(refusal: &Refusal, pointer: &str) -> Problem {
    let kind = match refusal.concern() {
        Concern::Actor => Kind::Forbidden,
        Concern::State => Kind::WrongState,
        Concern::Content => Kind::InvalidBody,
    };
    Problem::new(kind).detail(refusal).faults([Fault::at(pointer, refusal.rule(), refusal)])
}
