//! The kinds of plan items, as the API serves them.

use chrono::NaiveDate;
use serde::Serialize;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::workflow::Actor;
use waymark_persistence::plan_item::PlanItem;
use waymark_persistence::{Connection, Versioned};

use super::scope::PlanScope;
use crate::auth::Caller;
use crate::http::etag::ETag;
use crate::http::known::Moment;
use crate::http::problem::Problem;
use crate::http::runtime::now;

/// A kind of plan item: its noun, its path, how it is shown, and its entity tag. What the API does with all kinds
/// alike is in `read` and `write`.
pub(crate) trait Item: PlanItem + Send + Sync + 'static {
    /// The noun in problem texts: `target proposal`.
    const NAME: &'static str;
    /// The path of the collection below the plan: `target-proposals`.
    const COLLECTION: &'static str;
    /// An item in a response.
    type View: Serialize;
    /// What is loaded before items can be shown.
    type Context;

    /// Loads what is needed to show items of a plan.
    fn context(
        connection: &mut Connection,
        scope: &PlanScope,
        viewer: &Viewer,
    ) -> Result<Self::Context, Problem>;

    /// A revision of an item in a response.
    fn view(
        context: &mut Self::Context,
        connection: &mut Connection,
        shown: &Shown<'_, Self>,
    ) -> Result<Self::View, Problem>;

    /// The path of an item below the plan.
    fn path(key: &str) -> String {
        format!("{}/{key}", Self::COLLECTION)
    }

    /// The entity tag of a revision. It is the same for every caller.
    fn etag(_: &Self::Context, revision: &Versioned<Self>) -> Result<ETag, Problem> {
        Ok(ETag::of(revision))
    }

    /// Whether the view changes only when its entity tag does, so that a caller who has it need not read it again.
    fn is_settled(_: &Self::View) -> bool {
        true
    }
}

/// The codes of an organisation and of one of its plans.
pub(crate) type PlanCodes = (Code, Code);

/// The plan of an item, and its key among the items of its kind.
#[derive(Debug, Clone)]
pub(crate) struct ItemPath {
    pub(crate) plan: PlanCodes,
    pub(crate) key: String,
}

/// The path of something below a plan.
pub(crate) fn url((organisation, plan): &PlanCodes, path: &str) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/{path}")
}

/// The caller who is shown items, and at which moment.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    pub(crate) actor: Actor,
    pub(crate) sees_small_counts: bool,
    /// The moment whose knowledge is shown; none for now.
    pub(crate) known_at: Moment,
    /// The day of that moment.
    pub(crate) today: NaiveDate,
}

impl Viewer {
    /// A caller who reads what is known now.
    ///
    /// # Errors
    /// 500 for a caller without a name.
    pub(crate) fn now(caller: &Caller, organisation: &Code) -> Result<Self, Problem> {
        Ok(Self {
            actor: caller.actor(organisation)?,
            sees_small_counts: caller.may(Action::ReadSmallCounts, organisation),
            known_at: None,
            today: now().date_naive(),
        })
    }

    /// The same caller, who reads what was known at a moment.
    pub(crate) fn at(self, known_at: Moment) -> Self {
        let today = known_at.map_or(self.today, |moment| moment.date_naive());
        Self { known_at, today, ..self }
    }
}

/// A revision of an item that is shown.
#[derive(Debug)]
pub(crate) struct Shown<'a, T> {
    pub(crate) key: &'a str,
    pub(crate) revision: &'a Versioned<T>,
    pub(crate) viewer: &'a Viewer,
    /// Whether it is shown among the revisions of the item.
    pub(crate) in_history: bool,
    /// Whether it is the current revision, read as it is now, so that the viewer can act on it.
    pub(crate) is_current: bool,
}

impl<T> Shown<'_, T> {
    /// The viewer, if they can act on this revision.
    pub(crate) fn actor(&self) -> Option<&Actor> {
        self.is_current.then_some(&self.viewer.actor)
    }
}
