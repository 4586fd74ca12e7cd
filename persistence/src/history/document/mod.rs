//! How the framework's content is stored: one document for each type of the domain, declared by [`document!`], which
//! writes both conversions and does not compile while a field of the domain is not stored.

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
mod stored;
mod target;
mod target_proposal;
mod tracker;

pub(crate) use judgement::JudgementDocument;
pub(crate) use stored::Stored;
use stored::document;
