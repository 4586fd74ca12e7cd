//! What bears on a measure, on the wire.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::code;
use waymark_domain::commitment::{Commitment, Standing};
use waymark_persistence::judgement::GivenJudgement;
use waymark_persistence::measure::MeasureOfPlan;
use waymark_persistence::plan_item::Filed;

use crate::commitment::{CommitmentState, CommitmentStatus};
use crate::judgement::Judgement;
use crate::status::position::{PlanPosition, When};
use crate::status::{DeletedMeasure, MeasureStatus};
use crate::wire::{Code, Direction, Name, Note, Period, Rating, Title};

/// What is filed in the plan of a measure.
pub(super) struct Found {
    pub(super) judgements: HashMap<Uuid, Vec<GivenJudgement>>,
    pub(super) commitments: Vec<Filed<Commitment>>,
}

/// All that bears on a measure at a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureLinks {
    /// The measure's code, unique in its plan.
    measure: Code,
    /// The indicator's title.
    title: Title,
    /// The date of the position.
    as_at: NaiveDate,
    /// The moment whose knowledge counts; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// How it is rated, and why.
    rating: LinkedRating,
    /// By which decision it left the plan; null where it is in it.
    deleted: Option<DeletedMeasure>,
    /// What officers said of it, in the order in which they said it.
    #[schema(max_items = 100000)]
    judgements: Vec<Judgement>,
    /// The commitments that lean on it, in the order of their codes.
    #[schema(max_items = 100000)]
    commitments: Vec<LinkedCommitment>,
}

/// How a measure is rated, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedRating {
    /// The rating to be shown: an officer's override, else the computed one.
    rating: Rating,
    /// The rating that the rules compute.
    computed_rating: Rating,
    /// The rule and the figures in a sentence or two.
    #[schema(max_length = 2000)]
    explanation: String,
    /// Which way the results go.
    direction: Option<Direction>,
    /// Whether figures are withheld because a count behind them is small.
    suppressed: bool,
    /// Where the whole position is.
    #[schema(max_length = 1000)]
    href: String,
}

/// A commitment that leans on a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedCommitment {
    /// Its code.
    commitment: Code,
    /// The promise itself.
    text: Note,
    /// The post that answers for it.
    responsible: Name,
    /// Whether it is still worked on.
    state: CommitmentState,
    /// What its latest report says whose period had begun by the date.
    status: CommitmentStatus,
    /// What the status means.
    #[schema(max_length = 200)]
    status_meaning: &'static str,
    /// What qualifies the status.
    qualifier: Option<Title>,
    /// The period of that report.
    status_period: Option<Period>,
    /// Where the whole is.
    #[schema(max_length = 1000)]
    href: String,
}

impl MeasureLinks {
    /// What bears on the measure, as a caller may see it. `address` is that of its plan.
    pub(super) fn of(
        (position, of_plan, when): (&PlanPosition, &MeasureOfPlan, When),
        found: &Found,
        address: &str,
        sees_small_counts: bool,
    ) -> Self {
        let Found { judgements, commitments } = found;
        let measure = &of_plan.measure;
        let status = MeasureStatus::of(position, of_plan, sees_small_counts);
        let given = judgements.get(&measure.versioned.id).map(Vec::as_slice).unwrap_or_default();
        let leaning = commitments
            .iter()
            .filter(|filed| filed.versioned.content.promise.measures.contains(&measure.code));
        Self {
            measure: Code::from(&measure.code),
            title: Title::from(&of_plan.indicator.versioned.content.title),
            as_at: when.as_at,
            as_known_at: when.known_at,
            rating: LinkedRating::of(status, when, address),
            deleted: DeletedMeasure::of(position, of_plan),
            judgements: given.iter().map(Judgement::from).collect(),
            commitments: leaning.filter_map(|filed| LinkedCommitment::of(filed, when, address)).collect(),
        }
    }
}

impl LinkedRating {
    fn of(status: MeasureStatus, when: When, address: &str) -> Self {
        let MeasureStatus { rating, computed_rating, figures, .. } = status;
        Self {
            rating,
            computed_rating,
            explanation: figures.explanation,
            direction: figures.direction,
            suppressed: figures.suppressed,
            href: format!("{address}/status?as_at={}", when.as_at),
        }
    }
}

impl LinkedCommitment {
    /// None for a key that is no code, which none is.
    fn of(filed: &Filed<Commitment>, when: When, address: &str) -> Option<Self> {
        let code = code::Code::new(filed.key.as_str()).ok()?;
        let Commitment { promise, reports: _, state } = &filed.versioned.content;
        let report = filed.versioned.content.latest_at(when.as_at);
        let status = CommitmentStatus::from(Standing::of(report));
        Some(Self {
            commitment: Code::from(&code),
            text: Note::from(&promise.text),
            responsible: Name::from(&promise.responsible),
            state: CommitmentState::from(state),
            status,
            status_meaning: status.meaning(),
            qualifier: report.and_then(|report| report.qualifier.as_ref()).map(Title::from),
            status_period: report.map(|report| Period::from(report.period)),
            href: format!("{address}/commitments/{code}"),
        })
    }
}
