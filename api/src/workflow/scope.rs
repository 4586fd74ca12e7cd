//! The plan that items belong to, and its organisation.

use chrono::{DateTime, Utc};
use waymark_domain::organisation::Organisation;
use waymark_domain::period::Period;
use waymark_domain::plan::Plan;
use waymark_persistence::plan_item::{self, Filed, PlanPlace};
use waymark_persistence::{Connection, Record, plan};

use super::item::{Item, PlanCodes};
use crate::http::list_query::Moment;
use crate::http::problem::Problem;
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
        if let Some(plan) = plan::find(connection, owner, code, known_at)? {
            return Ok(Self { organisation, plan });
        }
        let later = known_at.map(|_| plan::find(connection, owner, code, None)).transpose()?.flatten();
        let Some(later) = later else { return Err(Problem::not_found("plan")) };
        let first = plan::history(connection, later.versioned.id, Some(2), 1)?;
        Err(created_later("plan", first.first().map(|revision| revision.recorded_at)))
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
        if let Some(found) = plan_item::find(connection, self.place(), key, known_at)? {
            return Ok(found);
        }
        let mut find_now = |_| plan_item::find::<T>(connection, self.place(), key, None);
        let later = known_at.map(&mut find_now).transpose()?.flatten();
        let Some(later) = later else { return Err(Problem::not_found(T::NAME)) };
        let first = plan_item::history::<T>(connection, later.versioned.id, Some(2), 1)?;
        Err(created_later(T::NAME, first.first().map(|revision| revision.recorded_at)))
    }
}

/// 404 for something that was created after the moment that was asked for.
fn created_later(what: &str, created: Option<DateTime<Utc>>) -> Problem {
    created.map_or_else(|| Problem::not_found(what), |created| Problem::not_yet_known(what, created))
}
