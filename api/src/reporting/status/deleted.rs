//! Measures that have left the plan, as a status reports them.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::deletion;
use waymark_domain::workflow::Decision;
use waymark_persistence::measure::MeasureOfPlan;

use crate::http::schema::{Breakdown, Code, Name, Note, Rating, Title};
use crate::position::PlanPosition;
use crate::resources::deletions::{Category, superseded_by};

/// A measure that has left the plan, with the decision. Its results and history remain.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeletedMeasure {
    /// The measure's code, unique in its plan.
    measure: Code,
    /// The indicator's code.
    indicator: Code,
    /// The indicator's title.
    title: Title,
    /// The category that was measured; null for the whole.
    breakdown: Option<Breakdown>,
    /// The code of its theme.
    theme: Code,
    /// The first day on which it is not in the plan.
    effective_from: NaiveDate,
    /// The category of the reason.
    category: Category,
    /// The indicator that replaces it; null if none is named.
    superseded_by: Option<Code>,
    /// The reason.
    reason: Note,
    /// The deletion that was agreed.
    deletion: Uuid,
    /// The body that agreed it.
    body: Name,
    /// The day of its meeting.
    decided_on: NaiveDate,
    /// The reference of the minute.
    minute: Name,
    /// Its rating on the day before it left.
    last_rating: Rating,
}

impl DeletedMeasure {
    /// `None` for a measure that has not left.
    pub(crate) fn of(position: &PlanPosition, of_plan: &MeasureOfPlan) -> Option<Self> {
        let measure = &of_plan.measure.versioned.content;
        let departure = measure.departure_on(position.as_at)?;
        let deletion::Departure { from, until: _, category, reason, proposal, decision } = departure;
        let Decision { body, meeting, minute, note: _, recorded_by: _ } = decision;
        Some(Self {
            measure: Code::from(&of_plan.measure.code),
            indicator: Code::from(&of_plan.indicator.code),
            title: Title::from(&of_plan.indicator.versioned.content.title),
            breakdown: measure.breakdown.as_ref().map(Breakdown::from),
            theme: Code::from(&measure.theme),
            effective_from: *from,
            category: category.into(),
            superseded_by: superseded_by(category),
            reason: Note::from(reason),
            deletion: *proposal,
            body: Name::from(body),
            decided_on: *meeting,
            minute: Name::from(minute),
            last_rating: position.status(of_plan).rating().into(),
        })
    }
}
