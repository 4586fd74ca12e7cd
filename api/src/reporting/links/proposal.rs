//! What was proposed for a measure, and how its data were checked, in short.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::deletion::{self, Grounds};
use waymark_domain::quality;
use waymark_domain::target_setting;
use waymark_persistence::plan_item::Filed;

use crate::http::schema::{Name, Note, Period, QualityGrade};
use crate::resources::data_quality::in_path;
use crate::resources::deletions::{Category, DeletionState};
use crate::resources::targets::ProposalState;

/// A target that was proposed for a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedTargetProposal {
    id: Uuid,
    /// The component of its indicator; null for the whole.
    component: Option<Name>,
    state: ProposalState,
    /// Why this target and no other.
    reason: Note,
    /// The day on which it was put forward in this form.
    proposed_on: NaiveDate,
    /// The path of the whole resource.
    #[schema(max_length = 1000)]
    href: String,
}

/// A proposal that a measure leaves its plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedDeletion {
    id: Uuid,
    #[schema(inline)]
    state: DeletionState,
    /// The category of the reason.
    category: Category,
    /// The reason.
    reason: Note,
    /// The day of the proposal.
    proposed_on: NaiveDate,
    /// The path of the whole resource.
    #[schema(max_length = 1000)]
    href: String,
}

/// A check of the data of a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedQualityCheck {
    /// The period whose data were checked.
    period: Period,
    /// The grade.
    grade: QualityGrade,
    /// The score of the answers, in whole per cent.
    #[schema(minimum = 0, maximum = 100)]
    score: u32,
    /// The path of the whole resource.
    #[schema(max_length = 1000)]
    href: String,
}

impl LinkedTargetProposal {
    /// A proposal in short. `address` is that of its plan.
    pub(super) fn of(filed: &Filed<target_setting::TargetProposal>, address: &str) -> Self {
        let id = filed.versioned.id;
        let target_setting::TargetProposal { measure: _, component, terms, proposed_on, proposer: _, state } =
            &filed.versioned.content;
        Self {
            id,
            component: component.as_ref().map(Name::from),
            state: state.into(),
            reason: Note::from(&terms.rationale),
            proposed_on: *proposed_on,
            href: format!("{address}/target-proposals/{id}"),
        }
    }
}

impl LinkedDeletion {
    /// A proposal in short. `address` is that of its plan.
    pub(super) fn of(filed: &Filed<deletion::Deletion>, address: &str) -> Self {
        let id = filed.versioned.id;
        let content = &filed.versioned.content;
        let Grounds { category, reason, as_written: _ } = &content.grounds;
        Self {
            id,
            state: content.state().into(),
            category: category.into(),
            reason: reason.into(),
            proposed_on: content.proposed_on,
            href: format!("{address}/deletions/{id}"),
        }
    }
}

impl LinkedQualityCheck {
    /// A check in short. `address` is that of its plan.
    pub(super) fn of(check: &quality::QualityCheck, address: &str) -> Self {
        let quality::QualityCheck {
            measure,
            period,
            checklist: _,
            answers: _,
            graded,
            note: _,
            checked_by: _,
        } = check;
        let href = format!("{address}/measures/{measure}/quality-checks/{}", in_path(*period));
        Self { period: (*period).into(), grade: graded.grade.into(), score: graded.score, href }
    }
}
