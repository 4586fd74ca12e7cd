//! The action trackers that a measure is aligned in, in short.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::tracker as domain;
use waymark_persistence::plan_item::Filed;

use crate::http::schema::{ActionStatus, Code, Colour, Direction, Name, Title, TrackerState};
use crate::resources::trackers::TrackerQuarter;

/// An action tracker that a measure is aligned in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedTracker {
    /// The priority.
    priority: Code,
    /// The quarter that it accounts for.
    quarter: TrackerQuarter,
    state: TrackerState,
    /// The overall status that the accountable officer assigned.
    status: Option<Colour>,
    /// The direction of the priority.
    direction: Option<Direction>,
    /// Its key actions.
    #[schema(max_items = 100)]
    key_actions: Vec<LinkedAction>,
    /// The path of the whole resource.
    #[schema(max_length = 1000)]
    href: String,
}

/// A key action of a tracker.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedAction {
    /// The action.
    title: Title,
    /// The post of who does it.
    owner: Name,
    /// The last day on which it is in time.
    due_on: NaiveDate,
    status: ActionStatus,
    /// Whether it was due before, and is neither done nor dropped: at the date of the position while the tracker is
    /// written, on the day of the submission after that.
    overdue: bool,
}

impl LinkedTracker {
    /// A tracker in short. `address` is that of its plan.
    pub(super) fn of(filed: &Filed<domain::Tracker>, as_at: NaiveDate, address: &str) -> Self {
        let tracker = &filed.versioned.content;
        let domain::Tracker { priority, quarter, content, progress: _ } = tracker;
        let day = tracker.day(as_at);
        Self {
            priority: priority.into(),
            quarter: (*quarter).into(),
            state: tracker.state().into(),
            status: content.status.map(Into::into),
            direction: content.direction.map(Into::into),
            key_actions: content.key_actions.iter().map(|action| LinkedAction::of(action, day)).collect(),
            href: format!("{address}/trackers/{priority}/{quarter}"),
        }
    }
}

impl LinkedAction {
    fn of(action: &domain::KeyAction, day: NaiveDate) -> Self {
        let domain::KeyAction { title, owner, due, progress: _, status } = action;
        Self {
            title: title.into(),
            owner: owner.into(),
            due_on: *due,
            status: (*status).into(),
            overdue: action.is_overdue(day),
        }
    }
}
