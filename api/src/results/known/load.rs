//! How all that is made anew from what is stored.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::{Breakdown, Indicator};
use waymark_domain::judgement::Judgement;
use waymark_domain::organisation::Organisation;
use waymark_domain::status::Received;
use waymark_persistence::measure::measures_of_plan;
use waymark_persistence::{Connection, Record, indicator, judgement, organisation, plan, result};

use super::{Framework, Known, Measured, note};
use crate::problem::Problem;

impl Known {
    /// Reads what is known of an organisation, which the caller holds.
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
        let latest = latest(connection, organisation, &framework)?;
        Ok(Self { framework: Arc::new(framework), latest })
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

/// Of each measure the latest result of each component.
fn latest(
    connection: &mut Connection,
    organisation: Uuid,
    framework: &Framework,
) -> Result<Vec<Arc<Vec<Received>>>, Problem> {
    let contents = framework.measures.iter().map(|measured| &measured.of_plan.measure.versioned.content);
    let breakdowns: HashSet<&Breakdown> = contents.filter_map(|measure| measure.breakdown.as_ref()).collect();
    let breakdowns: Vec<Breakdown> = breakdowns.into_iter().cloned().collect();
    let ids: Vec<Uuid> = framework.of_indicator.keys().copied().collect();
    let stored = result::latest(connection, organisation, &ids, &breakdowns, framework.day)?;
    let mut latest: Vec<Arc<Vec<Received>>> = framework.measures.iter().map(|_| Arc::default()).collect();
    for stored in stored {
        for place in framework.of_indicator.get(&stored.indicator).into_iter().flatten() {
            let (Some(measured), Some(latest)) = (framework.measures.get(*place), latest.get_mut(*place))
            else {
                continue;
            };
            if measured.counts(&stored.observation, framework.day) {
                let (result, on) = (&stored.observation, framework.day);
                note(latest, || Received { result: result.clone(), on, is_suppressed: false });
            }
        }
    }
    Ok(latest)
}
