//! Loading a snapshot from the database.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::{Breakdown, Indicator};
use waymark_domain::judgement::Judgement;
use waymark_domain::organisation::Organisation;
use waymark_persistence::measure::measures_of_plan;
use waymark_persistence::{
    Connection, Record, indicator, judgement, organisation, plan, results, submission,
};

use super::{Framework, Measured, ValidationSnapshot};
use crate::http::problem::Problem;

/// A snapshot that lacks more submissions than this is loaded again.
const MAX_BEHIND: u32 = 50;

impl ValidationSnapshot {
    /// Loads the snapshot of an organisation. The caller has locked it, or accepts an outdated snapshot.
    pub(in crate::results) fn load(
        connection: &mut Connection,
        organisation: Uuid,
        day: NaiveDate,
    ) -> Result<Self, Problem> {
        let indicators = indicators(connection, organisation)?;
        let plans = plan::list(connection, organisation, None, i64::MAX, None)?;
        let mut measures = Vec::new();
        for (place, record) in plans.iter().enumerate() {
            let id = record.versioned.id;
            let mut given = judgement::of_plan(connection, organisation, id, None)?;
            for of_plan in measures_of_plan(connection, id, None)? {
                let given = given.remove(&of_plan.measure.versioned.id).unwrap_or_default();
                let judgements: Vec<Judgement> = given.into_iter().map(|given| given.judgement).collect();
                measures.push(Measured { plan: place, of_plan, judgements });
            }
        }
        let mut of_indicator: HashMap<Uuid, Vec<usize>> = HashMap::new();
        for (place, measured) in measures.iter().enumerate() {
            of_indicator.entry(measured.of_plan.indicator.versioned.id).or_default().push(place);
        }
        let framework = Framework { day, indicators, plans, measures, of_indicator };
        let ids: Vec<Uuid> = framework.of_indicator.keys().copied().collect();
        let results =
            results::for_rating(connection, organisation, &ids, &framework.breakdowns(), day, None)?;
        let latest = framework.measures.iter().map(|_| Arc::default()).collect();
        let mut snapshot = Self { framework: Arc::new(framework), latest };
        snapshot.note(results.iter().map(|result| (result.indicator, &result.observation)));
        Ok(snapshot)
    }

    /// Adds what an organisation, which the caller has locked, received after a submission; `None` if that cannot be
    /// determined.
    pub(in crate::results) fn caught_up(
        mut self,
        connection: &mut Connection,
        organisation: Uuid,
        after: Uuid,
    ) -> Result<Option<Self>, Problem> {
        let Some(submissions) = submission::since(connection, organisation, after, MAX_BEHIND)? else {
            return Ok(None);
        };
        let Framework { day, .. } = *self.framework;
        let breakdowns = self.framework.breakdowns();
        let results = results::brought_for_rating(connection, organisation, &submissions, &breakdowns, day)?;
        self.note(results.iter().map(|result| (result.indicator, &result.observation)));
        Ok(Some(self))
    }
}

impl Framework {
    /// The breakdowns by which measures are rated; `None` is the whole.
    fn breakdowns(&self) -> Vec<Option<Breakdown>> {
        let measured = self.measures.iter().map(|measured| &measured.of_plan.measure.versioned.content);
        let breakdowns: HashSet<&Option<Breakdown>> = measured.map(|measure| &measure.breakdown).collect();
        breakdowns.into_iter().cloned().collect()
    }
}

/// The indicators that results may be of: the organisation's own, and the catalogue's of other codes.
fn indicators(
    connection: &mut Connection,
    organisation: Uuid,
) -> Result<HashMap<Code, Record<Indicator>>, Problem> {
    let code = Code::new(Organisation::CATALOGUE).map_err(Problem::internal)?;
    let catalogue = organisation::find(connection, &code, None)?.map(|record| record.versioned.id);
    let mut known = HashMap::new();
    for owner in catalogue.into_iter().chain([organisation]) {
        let indicators = indicator::list(connection, owner, None, i64::MAX, None)?;
        known.extend(indicators.into_iter().map(|record| (record.code.clone(), record)));
    }
    Ok(known)
}
