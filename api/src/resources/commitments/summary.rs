//! How the commitments of a plan stand all together, and by theme.

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::access::Action;
use waymark_domain::commitment::{self as domain, Closed, Position, roll_up};
use waymark_domain::plan::{Plan, Theme};
use waymark_domain::summary::Share;
use waymark_persistence::plan_item;

use super::query::CommitmentSummaryQuery;
use super::schema::CommitmentStatus;
use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::list_query::Moment;
use crate::http::params::{Path, Query};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::http::schema::{Code, Period, Title};
use crate::reporting::status::PlanPath;
use crate::state::AppState;
use crate::workflow::scope::PlanScope;

/// How many commitments of a plan stand how.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentSummary {
    /// The plan's code.
    plan: Code,
    /// The date of the position; null where a period was asked for.
    as_at: Option<NaiveDate>,
    /// The period that was asked for.
    period: Option<Period>,
    /// The moment whose knowledge counts; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// All commitments together.
    all: CommitmentCounts,
    /// The same by theme, in the plan's order.
    #[schema(max_items = 100)]
    themes: Vec<ThemeCommitments>,
}

/// How many commitments of a theme stand how.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThemeCommitments {
    /// The theme's code.
    theme: Code,
    /// What it is called.
    title: Title,
    /// Its commitments.
    counts: CommitmentCounts,
}

/// Commitments, counted. Those that were closed by then are counted by how they ended, and not by status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommitmentCounts {
    /// How many were open.
    #[schema(minimum = 0, maximum = 100000)]
    total: usize,
    /// Every status with its share of those that were open.
    #[schema(max_items = 5)]
    statuses: Vec<CommitmentShare>,
    /// How those ended that were closed.
    closed: ClosedCommitments,
    /// The milestones of those that were open, summed up.
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
    /// How many commitments have it.
    #[schema(minimum = 0, maximum = 100000)]
    count: usize,
    /// In whole per cent of those that were open, half rounded up. The shares need not add up to 100.
    #[schema(minimum = 0, maximum = 100)]
    percent: usize,
}

/// How many commitments ended how.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClosedCommitments {
    /// They were kept.
    #[schema(minimum = 0, maximum = 100000)]
    kept: usize,
    /// They were not kept.
    #[schema(minimum = 0, maximum = 100000)]
    not_kept: usize,
    /// They were given up.
    #[schema(minimum = 0, maximum = 100000)]
    dropped: usize,
}

/// How many of what milestones promise are green, amber and red.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MilestoneCounts {
    /// How many are promised.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    promised: u64,
    /// On course.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    green: u64,
    /// Off course, and recoverable.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    amber: u64,
    /// Off course, and hardly recoverable.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    red: u64,
    /// Those of which the reports tell nothing.
    #[schema(minimum = 0, maximum = 100000000000_u64)]
    not_reported: u64,
}

/// Counts the commitments of a plan by status, in all and by theme, at a date or for a period.
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
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<CommitmentSummaryQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let (position, known_at) = query.read()?;
    let summary = service
        .read(move |connection| {
            let of = PlanScope::find(connection, &codes, known_at)?;
            let filed = plan_item::all(connection, of.place(), known_at)?;
            let commitments: Vec<_> = filed.into_iter().map(|filed| filed.versioned.content).collect();
            let plan = &of.plan.versioned.content;
            Ok(CommitmentSummary::of((&Code::from(&of.plan.code), plan), &commitments, position, known_at))
        })
        .await?;
    Ok(Response::ok(&summary)?.unless_known(&conditions))
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
        let told = standings.map(|(standing, Share { count, percent })| {
            let status = CommitmentStatus::from(standing);
            CommitmentShare { status, status_meaning: status.meaning(), count, percent }
        });
        // No report tells of more than its milestone counts.
        let not_reported = promised.saturating_sub(green + amber + red);
        Self {
            total,
            statuses: told.into(),
            closed: ClosedCommitments { kept, not_kept, dropped },
            milestones: MilestoneCounts { promised, green, amber, red, not_reported },
        }
    }
}
