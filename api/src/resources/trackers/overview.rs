//! What is computed from many trackers: status and direction over the quarters, and the exceptions of one quarter.

use std::collections::HashMap;

use actix_web::get;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::plan::{Plan, Priority};
use waymark_domain::rating;
use waymark_domain::tracker::{self as domain, Quarter, Tracker, tally};
use waymark_persistence::plan_item::{self, Filed};

use super::query::{MOST_QUARTERS, TrackerExceptionsQuery, TrackerHistoryQuery};
use super::schema;
use crate::http::params::{Path, Query};
use crate::http::path::PlanPath;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::response::Response;
use crate::http::schema::{Code, Colour, Direction, Name, Title, TrackerState};
use crate::resources::plans::ExceptionRule;
use crate::workflow::read::Read;

/// Returns the status and direction of every priority of a plan over the quarters, with the number of each status.
///
/// Only submitted, agreed and published trackers count; a draft or a returned tracker counts as missing. Shares are whole
/// percentages of the trackers of a quarter, half rounded up; they need not add up to 100.
#[utoipa::path(
    tag = "trackers", operation_id = "get_tracker_history",
    params(PlanPath, TrackerHistoryQuery),
    responses((status = 200, description = "The timeline", body = TrackerTimeline))
)]
#[get("/organisations/{organisation}/plans/{plan}/tracker-history")]
pub(crate) async fn get_tracker_history(
    Path(path): Path<PlanPath>,
    Query(query): Query<TrackerHistoryQuery>,
    request: Read,
) -> Result<Response, Problem> {
    let ((from, to), known_at) = query.read()?;
    request
        .report(path.codes(), known_at, move |connection, scope, viewer| {
            let plan = &scope.plan.versioned.content;
            let quarters = quarters(plan, from, to, viewer.today)?;
            let stored = plan_item::all(connection, scope.place(), viewer.known_at)?;
            Ok(TrackerTimeline::of(plan, &quarters, &stored))
        })
        .await
}

/// Returns the action trackers of a quarter that are exceptions by the plan's rules, each with the rule.
///
/// Unless the plan has rules of its own, the exceptions are all red trackers, and the amber ones that are static or
/// deteriorating. Only submitted, agreed and published trackers count.
#[utoipa::path(
    tag = "trackers", operation_id = "get_tracker_exceptions",
    params(PlanPath, TrackerExceptionsQuery),
    responses((status = 200, description = "The exceptions", body = TrackerExceptions))
)]
#[get("/organisations/{organisation}/plans/{plan}/tracker-exceptions")]
pub(crate) async fn get_tracker_exceptions(
    Path(path): Path<PlanPath>,
    Query(query): Query<TrackerExceptionsQuery>,
    request: Read,
) -> Result<Response, Problem> {
    let (quarter, known_at) = query.read()?;
    request
        .report(path.codes(), known_at, move |connection, scope, viewer| {
            let stored = plan_item::all(connection, scope.place(), viewer.known_at)?;
            Ok(TrackerExceptions::of(&scope.plan.versioned.content, quarter, &stored))
        })
        .await
}

/// Status and direction over the quarters: a row for each priority, a cell for each quarter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackerTimeline {
    /// The quarters, in order.
    #[schema(max_items = 40)]
    quarters: Vec<schema::Quarter>,
    /// The priorities of the plan, in its order.
    #[schema(max_items = 1000)]
    priorities: Vec<PriorityTimeline>,
    /// The number of trackers of each status, for each of the quarters.
    #[schema(max_items = 40)]
    tallies: Vec<QuarterTally>,
}

/// A priority over the quarters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriorityTimeline {
    /// The priority's code.
    priority: Code,
    /// Its title.
    title: Title,
    /// What other plans call this priority.
    #[schema(max_items = 20)]
    cross_references: Vec<Name>,
    /// The position in each of the quarters; null if no tracker was submitted.
    #[schema(max_items = 40)]
    cells: Vec<Option<TrackerPosition>>,
}

/// The status and direction of a priority in a quarter.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct TrackerPosition {
    /// The overall status.
    status: Colour,
    /// The direction of travel.
    direction: Direction,
    /// The state of the tracker.
    state: TrackerState,
}

/// The number of trackers of a quarter with each status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuarterTally {
    /// The quarter.
    quarter: schema::Quarter,
    /// The number of submitted, agreed and published trackers.
    #[schema(minimum = 0, maximum = 1000)]
    total: usize,
    green: StatusShare,
    amber: StatusShare,
    red: StatusShare,
}

/// The number and share of trackers with a status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusShare {
    /// The number.
    #[schema(minimum = 0, maximum = 1000)]
    count: usize,
    /// The share in whole per cent, half rounded up.
    #[schema(minimum = 0, maximum = 100)]
    percent: usize,
}

/// The exceptions of a quarter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackerExceptions {
    /// The quarter.
    quarter: schema::Quarter,
    /// The rules of the plan. A tracker is an exception by the first that fits it.
    #[schema(max_items = 10)]
    rules: Vec<ExceptionRule>,
    /// The exceptions, in the order of the plan's priorities.
    #[schema(max_items = 1000)]
    items: Vec<TrackerException>,
}

/// An action tracker that is an exception.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackerException {
    /// The priority's code.
    priority: Code,
    /// Its title.
    title: Title,
    /// Its status and direction.
    #[serde(flatten)]
    position: TrackerPosition,
    /// The rule that fits it.
    rule: ExceptionRule,
}

/// The quarters of a timeline. What is not given is taken from the plan and the day.
fn quarters(
    plan: &Plan,
    from: Option<Quarter>,
    to: Option<Quarter>,
    today: NaiveDate,
) -> Result<Vec<Quarter>, Problem> {
    let last = match to {
        Some(to) => to,
        None => Quarter::of(today.min(plan.last_day())).map_err(Problem::internal)?,
    };
    let Some(from) = from else {
        let first = Quarter::of(plan.first_day()).map_err(Problem::internal)?;
        let all = first.until(last, usize::MAX);
        return Ok(all.iter().copied().skip(all.len().saturating_sub(MOST_QUARTERS)).collect());
    };
    let named = from.until(last, MOST_QUARTERS + 1);
    if named.len() > MOST_QUARTERS {
        let detail = format_args!("at most {MOST_QUARTERS} quarters").to_string();
        let fault = Fault::in_parameter("from", "too_many", detail);
        return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
    }
    Ok(named)
}

impl TrackerTimeline {
    fn of(plan: &Plan, quarters: &[Quarter], filed: &[Filed<Tracker>]) -> Self {
        let trackers = filed.iter().map(|filed| &filed.versioned.content);
        let given: HashMap<_, _> =
            trackers.map(|tracker| ((&tracker.priority, tracker.quarter), tracker)).collect();
        let row = |priority: &Priority| {
            let Priority { code, theme: _, title, cross_references } = priority;
            let cell = |quarter: &Quarter| TrackerPosition::of(given.get(&(code, *quarter))?);
            PriorityTimeline {
                priority: code.into(),
                title: title.into(),
                cross_references: cross_references.iter().map(Name::from).collect(),
                cells: quarters.iter().map(cell).collect(),
            }
        };
        let count = |quarter: &Quarter| {
            let of_quarter = given.values().filter(|tracker| tracker.quarter == *quarter);
            let statuses: Vec<rating::Colour> =
                of_quarter.filter_map(|tracker| Some(tracker.position()?.0)).collect();
            QuarterTally::of(*quarter, tally(&statuses))
        };
        Self {
            quarters: quarters.iter().map(|quarter| (*quarter).into()).collect(),
            priorities: plan.priorities.iter().map(row).collect(),
            tallies: quarters.iter().map(count).collect(),
        }
    }
}

impl TrackerExceptions {
    fn of(plan: &Plan, quarter: Quarter, filed: &[Filed<Tracker>]) -> Self {
        let rules = &plan.exception_rules;
        let trackers: HashMap<_, _> = filed
            .iter()
            .map(|filed| &filed.versioned.content)
            .filter(|tracker| tracker.quarter == quarter)
            .map(|tracker| (&tracker.priority, tracker))
            .collect();
        let exception = |priority: &Priority| {
            let tracker = trackers.get(&priority.code)?;
            let rule = tracker.exception(rules)?;
            Some(TrackerException {
                priority: Code::from(&priority.code),
                title: Title::from(&priority.title),
                position: TrackerPosition::of(tracker)?,
                rule: rule.into(),
            })
        };
        Self {
            quarter: quarter.into(),
            rules: rules.iter().map(ExceptionRule::from).collect(),
            items: plan.priorities.iter().filter_map(exception).collect(),
        }
    }
}

impl TrackerPosition {
    fn of(tracker: &Tracker) -> Option<Self> {
        let (status, direction) = tracker.position()?;
        Some(Self { status: status.into(), direction: direction.into(), state: tracker.state().into() })
    }
}

impl QuarterTally {
    fn of(quarter: Quarter, tally: domain::Tally) -> Self {
        let domain::Tally { total, green, amber, red } = tally;
        Self { quarter: quarter.into(), total, green: green.into(), amber: amber.into(), red: red.into() }
    }
}

impl From<waymark_domain::summary::Share> for StatusShare {
    fn from(share: waymark_domain::summary::Share) -> Self {
        let waymark_domain::summary::Share { count, percent } = share;
        Self { count, percent }
    }
}
