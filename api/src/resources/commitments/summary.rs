//! The commitments of a plan counted, in total and by theme.

use actix_web::get;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::commitment::{self as domain, Closed, Position, roll_up};
use waymark_domain::plan::{Plan, Theme};
use waymark_domain::summary::Share;
use waymark_persistence::plan_item;

use super::query::CommitmentSummaryQuery;
use super::schema::CommitmentStatus;
use crate::http::known::Moment;
use crate::http::params::{Path, Query};
use crate::http::path::PlanPath;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::http::schema::{Code, Period, Title};
use crate::workflow::read::Read;

/// The number of commitments of a plan by status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentSummary {
    /// The plan's code.
    plan: Code,
    /// The date of the position; null if `period` was requested.
    as_at: Option<NaiveDate>,
    /// The requested period.
    period: Option<Period>,
    /// The requested `as_known_at`; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// All commitments.
    all: CommitmentCounts,
    /// The same by theme, in the plan's order.
    #[schema(max_items = 100)]
    themes: Vec<ThemeCommitments>,
}

/// The number of commitments of a theme by status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThemeCommitments {
    /// The theme's code.
    theme: Code,
    /// Its title.
    title: Title,
    /// Its commitments.
    counts: CommitmentCounts,
}

/// Counts of commitments. Closed commitments are counted by outcome, and not by status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentCounts {
    /// The number of open commitments.
    #[schema(minimum = 0, maximum = 100000)]
    total: usize,
    /// Every status with its share of the open commitments.
    #[schema(max_items = 5)]
    statuses: Vec<CommitmentShare>,
    /// The closed commitments by outcome.
    closed: ClosedCommitments,
    /// The sums of the milestones of the open commitments.
    milestones: MilestoneCounts,
}

/// A status and its share.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentShare {
    /// The status.
    status: CommitmentStatus,
    /// What it means.
    #[schema(max_length = 200)]
    status_meaning: &'static str,
    /// The number of open commitments with this status.
    #[schema(minimum = 0, maximum = 100000)]
    count: usize,
    /// The share of the open commitments in whole per cent, half rounded up. The shares need not add up to 100.
    #[schema(minimum = 0, maximum = 100)]
    percent: usize,
}

/// The number of closed commitments by outcome.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClosedCommitments {
    /// Commitments that were kept.
    #[schema(minimum = 0, maximum = 100000)]
    kept: usize,
    /// Commitments that were not kept.
    #[schema(minimum = 0, maximum = 100000)]
    not_kept: usize,
    /// Commitments that were dropped.
    #[schema(minimum = 0, maximum = 100000)]
    dropped: usize,
}

/// The parts of milestones by colour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MilestoneCounts {
    /// The number promised.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    promised: u64,
    /// On course.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    green: u64,
    /// Off course, but recoverable.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    amber: u64,
    /// Off course, and unlikely to recover.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    red: u64,
    /// Those that are not reported on.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    not_reported: u64,
}

/// Counts the commitments of a plan by status, in total and by theme, at a date or for a period.
///
/// Shares are whole percentages of the commitments that were open, half rounded up; they need not add up to 100. A
/// commitment whose report has parts and no colour is `not_assigned`, whatever its parts are. One that was closed by
/// the date, or before the period began, is counted by its outcome.
#[utoipa::path(
    tag = "commitments", operation_id = "get_commitment_summary",
    params(PlanPath, CommitmentSummaryQuery),
    responses((status = 200, description = "The summary", body = CommitmentSummary))
)]
#[get("/organisations/{organisation}/plans/{plan}/commitment-summary")]
pub(crate) async fn get_commitment_summary(
    Path(path): Path<PlanPath>,
    Query(query): Query<CommitmentSummaryQuery>,
    request: Read,
) -> Result<Response, Problem> {
    let (position, known_at) = query.read()?;
    request
        .report(path.codes(), known_at, move |connection, scope, viewer| {
            let stored = plan_item::all(connection, scope.place(), viewer.known_at)?;
            let commitments: Vec<_> = stored.into_iter().map(|filed| filed.versioned.content).collect();
            let plan = (&Code::from(&scope.plan.code), &scope.plan.versioned.content);
            Ok(CommitmentSummary::of(plan, &commitments, position, viewer.known_at))
        })
        .await
}

impl CommitmentSummary {
    fn of(
        (code, plan): (&Code, &Plan),
        commitments: &[domain::Commitment],
        position: Position,
        as_known_at: Moment,
    ) -> Self {
        let theme = |theme: &Theme| {
            let own = commitments.iter().filter(|commitment| commitment.promise.theme == theme.code);
            ThemeCommitments {
                theme: Code::from(&theme.code),
                title: Title::from(&theme.title),
                counts: roll_up(own, position).into(),
            }
        };
        let (as_at, period) = match position {
            Position::AsAt(date) => (Some(date), None),
            Position::In(period) => (None, Some(Period::from(period))),
        };
        Self {
            plan: code.clone(),
            as_at,
            period,
            as_known_at,
            all: roll_up(commitments, position).into(),
            themes: plan.themes.iter().map(theme).collect(),
        }
    }
}

impl From<domain::RollUp> for CommitmentCounts {
    fn from(counted: domain::RollUp) -> Self {
        let domain::RollUp { total, standings, closed, promised, parts: (green, amber, red) } = counted;
        let Closed { kept, not_kept, dropped } = closed;
        let statuses = standings.map(|(standing, Share { count, percent })| {
            let status = CommitmentStatus::from(standing);
            CommitmentShare { status, status_meaning: status.meaning(), count, percent }
        });
        // No report has more parts than its milestone counts.
        let not_reported = promised.saturating_sub(green + amber + red);
        Self {
            total,
            statuses: statuses.into(),
            closed: ClosedCommitments { kept, not_kept, dropped },
            milestones: MilestoneCounts { promised, green, amber, red, not_reported },
        }
    }
}
