//! Where everything that belongs to a plan is looked for: its organisation and the plan itself.

use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_domain::plan::Plan;
use waymark_persistence::plan_item::{self, Filed, PlanItem, PlanPlace};
use waymark_persistence::{Connection, Record, plan};

use crate::http::list_query::Moment;
use crate::http::problem::Problem;
use crate::resources::organisations;

/// A plan of an organisation.
pub(crate) struct PlanScope {
    pub(crate) organisation: Record<Organisation>,
    pub(crate) plan: Record<Plan>,
}

impl PlanScope {
    /// The plan, as it is or as it was known at a moment.
    ///
    /// # Errors
    /// 404 where there is no such organisation or plan.
    pub(crate) fn find(
        connection: &mut Connection,
        (organisation, code): &(Code, Code),
        known_at: Moment,
    ) -> Result<Self, Problem> {
        let organisation = organisations::find(connection, organisation)?;
        let plan = plan::find(connection, organisation.versioned.id, code, known_at)?;
        Ok(Self { organisation, plan: plan.ok_or_else(|| Problem::not_found("plan"))? })
    }

    /// The plan, held for a change: whoever else changes something of its organisation waits until this transaction
    /// ends, so that what is checked here stays true until then.
    ///
    /// # Errors
    /// 404 where there is no such organisation or plan.
    pub(crate) fn hold(connection: &mut Connection, codes: &(Code, Code)) -> Result<Self, Problem> {
        organisations::hold(connection, &codes.0)?;
        Self::find(connection, codes, None)
    }

    /// What belongs to it is filed here.
    pub(crate) fn place(&self) -> PlanPlace {
        PlanPlace { organisation: self.organisation.versioned.id, plan: self.plan.versioned.id }
    }

    /// What is filed under the key.
    ///
    /// # Errors
    /// 404 where there is nothing; `what` is what is told to be missing.
    pub(crate) fn item<T: PlanItem>(
        &self,
        connection: &mut Connection,
        what: &str,
        key: &str,
        known_at: Moment,
    ) -> Result<Filed<T>, Problem> {
        let found = plan_item::find(connection, self.place(), key, known_at)?;
        found.ok_or_else(|| Problem::not_found(what))
    }
}
