//! The plan that items belong to, and its organisation.

use waymark_domain::organisation::Organisation;
use waymark_domain::period::Period;
use waymark_domain::plan::Plan;
use waymark_persistence::plan_item::{self, Filed, PlanPlace};
use waymark_persistence::{Connection, Record};

use super::item::{Item, PlanCodes};
use crate::http::known::Moment;
use crate::http::problem::Problem;
use crate::store::entities::{self, FIRST, recorded_at};
use crate::store::organisations;

/// A plan of an organisation.
#[derive(Clone)]
pub(crate) struct PlanScope {
    pub(crate) organisation: Record<Organisation>,
    pub(crate) plan: Record<Plan>,
}

impl PlanScope {
    /// The plan, as it is or as it was known at a moment.
    ///
    /// # Errors
    /// 404 if there is no such organisation or plan, or if the plan was created after the moment.
    pub(crate) fn find(
        connection: &mut Connection,
        (organisation, code): &PlanCodes,
        known_at: Moment,
    ) -> Result<Self, Problem> {
        let organisation = organisations::find(connection, organisation)?;
        let owner = organisation.versioned.id;
        let plan = entities::find_plan(connection, owner, code, known_at)?;
        Ok(Self { organisation, plan })
    }

    /// The plan, locked for a change: other changes in its organisation wait until this transaction ends, so that
    /// what is checked here stays true until then.
    ///
    /// # Errors
    /// 404 if there is no such organisation or plan.
    pub(crate) fn hold(connection: &mut Connection, codes: &PlanCodes) -> Result<Self, Problem> {
        organisations::hold(connection, &codes.0)?;
        Self::find(connection, codes, None)
    }

    /// The ids under which its items are stored.
    pub(crate) fn place(&self) -> PlanPlace {
        PlanPlace { organisation: self.organisation.versioned.id, plan: self.plan.versioned.id }
    }

    /// The days of the plan.
    pub(crate) fn span(&self) -> Period {
        self.plan.versioned.content.span
    }

    /// The item with this key, as it is or as it was known at a moment.
    ///
    /// # Errors
    /// 404 if there is none, or if it was created after the moment.
    pub(crate) fn item<T: Item>(
        &self,
        connection: &mut Connection,
        key: &str,
        known_at: Moment,
    ) -> Result<Filed<T>, Problem> {
        let place = self.place();
        let find = |connection: &mut _, known_at| plan_item::find(connection, place, key, known_at);
        entities::found(connection, T::NAME, known_at, find, |connection, item: &Filed<T>| {
            plan_item::history::<T>(connection, item.versioned.id, FIRST, 1).map(recorded_at)
        })
    }
}
