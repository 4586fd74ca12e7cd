//! How the framework's content is written down: one document type for each domain type, converted by
//! naming every field, so that a new field in the domain does not compile until it is kept.

mod commitment;
mod decision;
mod deletion;
mod indicator;
mod judgement;
mod measure;
mod notice;
mod organisation;
mod plan;
mod quality;
mod scalar;
mod target;
mod target_proposal;
mod tracker;

pub(crate) use indicator::IndicatorDocument;
pub(crate) use judgement::JudgementDocument;
pub(crate) use measure::MeasureDocument;
pub(crate) use organisation::OrganisationDocument;
pub(crate) use plan::PlanDocument;
pub(crate) use scalar::{Named, names};

/// Every document of a list as its domain type, or the other way round.
fn each<A, B: From<A>>(list: impl IntoIterator<Item = A>) -> Vec<B> {
    list.into_iter().map(B::from).collect()
}
