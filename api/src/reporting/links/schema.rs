//! What bears on a measure, on the wire.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::code;
use waymark_domain::commitment::{Commitment, Standing};
use waymark_domain::deletion::Deletion;
use waymark_domain::notice::Notice;
use waymark_domain::target_setting::TargetProposal;
use waymark_domain::tracker::Tracker;
use waymark_persistence::Versioned;
use waymark_persistence::judgement::GivenJudgement;
use waymark_persistence::measure::MeasureOfPlan;
use waymark_persistence::plan_item::Filed;

use super::decision::LinkedDecision;
use super::notice::LinkedNotice;
use super::proposal::{LinkedDeletion, LinkedQualityCheck, LinkedTargetProposal};
use super::tracker::LinkedTracker;
use crate::http::schema::{Code, Direction, Name, Note, Period, Rating, Title};
use crate::position::{PlanPosition, When};
use crate::reporting::status::{DeletedMeasure, MeasureStatus};
use crate::resources::commitments::{CommitmentState, CommitmentStatus};
use crate::resources::judgements::Judgement;

/// The items of the plan that concern one measure.
pub(super) struct Found {
    /// By the measure's id, those of the whole plan.
    pub(super) judgements: HashMap<Uuid, Vec<GivenJudgement>>,
    pub(super) commitments: Vec<Filed<Commitment>>,
    pub(super) trackers: Vec<Filed<Tracker>>,
    pub(super) notices: Vec<Filed<Notice>>,
    pub(super) target_proposals: Vec<Filed<TargetProposal>>,
    /// Every revision of those proposals: one that was sent back and proposed again has the decision in an earlier
    /// one only.
    pub(super) target_revisions: Vec<Versioned<TargetProposal>>,
    pub(super) deletions: Vec<Filed<Deletion>>,
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
    /// The moment as of which the data were known; null for now.
    as_known_at: Option<DateTime<Utc>>,
    /// How it is rated, and why.
    rating: LinkedRating,
    /// The decision by which it left the plan; null if it has not left.
    deleted: Option<DeletedMeasure>,
    /// The judgements of officers, in the order in which they were recorded.
    #[schema(max_items = 100000)]
    judgements: Vec<Judgement>,
    /// The commitments that reference it, by code.
    #[schema(max_items = 100000)]
    commitments: Vec<LinkedCommitment>,
    /// The action trackers that it is aligned in, in the order of their priorities' codes and of their quarters.
    #[schema(max_items = 100000)]
    trackers: Vec<LinkedTracker>,
    /// The improvement notices that name it, in the order of their codes.
    #[schema(max_items = 100000)]
    notices: Vec<LinkedNotice>,
    /// The targets that were proposed for it, in that order.
    #[schema(max_items = 100000)]
    target_proposals: Vec<LinkedTargetProposal>,
    /// The proposals that it leaves the plan, in that order.
    #[schema(max_items = 100000)]
    deletions: Vec<LinkedDeletion>,
    /// Every decision that touched it, in the order of the meetings.
    #[schema(max_items = 100000)]
    decisions: Vec<LinkedDecision>,
    /// The checks of its data, in the order of their periods.
    #[schema(max_items = 100000)]
    quality_checks: Vec<LinkedQualityCheck>,
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
    /// The direction of travel.
    direction: Option<Direction>,
    /// Whether figures are withheld because a count behind them is small.
    suppressed: bool,
    /// The path of the whole status.
    #[schema(max_length = 1000)]
    href: String,
}

/// A commitment that references a measure.
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
    /// The status of its latest report whose period had begun by the date.
    status: CommitmentStatus,
    /// The status as text.
    #[schema(max_length = 200)]
    status_meaning: &'static str,
    /// The qualifier of the status.
    qualifier: Option<Title>,
    /// The period of that report.
    status_period: Option<Period>,
    /// The path of the whole resource.
    #[schema(max_length = 1000)]
    href: String,
}

impl MeasureLinks {
    /// The links of the measure, as a caller may see them. `address` is that of its plan.
    pub(super) fn of(
        (position, of_plan, when): (&PlanPosition, &MeasureOfPlan, When),
        found: &Found,
        address: &str,
        sees_small_counts: bool,
    ) -> Self {
        let Found {
            judgements,
            commitments,
            trackers,
            notices,
            target_proposals,
            target_revisions,
            deletions,
        } = found;
        let measure = &of_plan.measure;
        let status = MeasureStatus::of(position, of_plan, sees_small_counts);
        let given = judgements.get(&measure.versioned.id).map(Vec::as_slice).unwrap_or_default();
        let named = |filed| LinkedNotice::of(filed, &measure.code, position, sees_small_counts, address);
        let on_targets =
            target_revisions.iter().filter_map(|revision| LinkedDecision::on_target(revision, address));
        let on_deletions = deletions.iter().flat_map(|filed| LinkedDecision::on_deletion(filed, address));
        let on_notices = notices.iter().flat_map(|filed| LinkedDecision::on_notice(filed, address));
        let mut decisions: Vec<LinkedDecision> = on_targets.chain(on_deletions).chain(on_notices).collect();
        LinkedDecision::sort(&mut decisions);
        let mut checks: Vec<_> = position.checks(&measure.code).iter().collect();
        checks.sort_by_key(|check| check.period);
        Self {
            measure: Code::from(&measure.code),
            title: Title::from(&of_plan.indicator.versioned.content.title),
            as_at: when.as_at,
            as_known_at: when.known_at,
            rating: LinkedRating::of(status, when, address),
            deleted: DeletedMeasure::of(position, of_plan),
            judgements: given.iter().map(Judgement::from).collect(),
            commitments: commitments
                .iter()
                .filter_map(|filed| LinkedCommitment::of(filed, when, address))
                .collect(),
            trackers: trackers.iter().map(|filed| LinkedTracker::of(filed, when.as_at, address)).collect(),
            notices: notices.iter().filter_map(named).collect(),
            target_proposals: target_proposals
                .iter()
                .map(|filed| LinkedTargetProposal::of(filed, address))
                .collect(),
            deletions: deletions.iter().map(|filed| LinkedDeletion::of(filed, address)).collect(),
            decisions,
            quality_checks: checks.into_iter().map(|check| LinkedQualityCheck::of(check, address)).collect(),
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
    /// `None` for a key that is not a code.
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
