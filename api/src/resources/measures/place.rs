//! Where measures stand: their organisation, their plan and their indicator, loaded in one transaction.

use std::collections::HashMap;

use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;
use waymark_domain::organisation::Organisation;
use waymark_domain::plan::Plan;
use waymark_persistence::measure::PlacedMeasure;
use waymark_persistence::{Connection, Record, Versioned, indicator};

use super::schema;
use crate::http::etag::ETag;
use crate::http::known::Moment;
use crate::http::problem::Problem;
use crate::store::{entities, organisations};

/// The plan of an organisation, as one caller sees it.
pub(super) struct PlanOf {
    pub(super) organisation: Record<Organisation>,
    pub(super) plan: Record<Plan>,
    known_at: Moment,
    sees_small_counts: bool,
}

/// The context that a measure is returned in.
pub(super) struct View<'a> {
    pub(super) plan: &'a Plan,
    pub(super) indicator: &'a Record<Indicator>,
    /// The code of the indicator's organisation.
    pub(super) indicator_owner: Code,
    /// Counts below this are suppressed; `None` for a caller who may see them.
    pub(super) threshold: Option<u32>,
}

impl PlanOf {
    /// The plan as it was known at a moment.
    ///
    /// # Errors
    /// 404 if there is no such organisation or plan.
    pub(super) fn find(
        connection: &mut Connection,
        (organisation, code): (&Code, &Code),
        known_at: Moment,
        sees_small_counts: bool,
    ) -> Result<Self, Problem> {
        let organisation = organisations::find(connection, organisation)?;
        let plan = entities::find_plan(connection, organisation.versioned.id, code, known_at)?;
        Ok(Self { organisation, plan, known_at, sees_small_counts })
    }

    /// A measure of the plan, and its indicator.
    ///
    /// # Errors
    /// 404 if there is no such measure.
    pub(super) fn measure(
        &self,
        connection: &mut Connection,
        code: &Code,
    ) -> Result<(PlacedMeasure, Record<Indicator>), Problem> {
        let found = entities::find_measure(connection, self.plan.versioned.id, code, self.known_at)?;
        let mut indicators = self.indicators(connection, std::slice::from_ref(&found))?;
        let indicator =
            indicators.remove(&found.place.indicator).ok_or_else(|| Problem::not_found("measure"))?;
        Ok((found, indicator))
    }

    /// The indicators of measures, by id.
    pub(super) fn indicators(
        &self,
        connection: &mut Connection,
        measures: &[PlacedMeasure],
    ) -> Result<HashMap<Uuid, Record<Indicator>>, Problem> {
        let mut ids: Vec<Uuid> = measures.iter().map(|measure| measure.place.indicator).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = indicator::of_ids(connection, &ids, self.known_at)?;
        Ok(found.into_iter().map(|record| (record.versioned.id, record)).collect())
    }

    /// The indicator that a new measure names: of the organisation that is named with it, else the plan's own, else
    /// the catalogue's.
    pub(super) fn named_indicator(
        &self,
        connection: &mut Connection,
        (owner, code): (Option<Code>, Code),
    ) -> Result<Option<Record<Indicator>>, Problem> {
        let own = &self.organisation;
        let is_named = |organisation: &str| owner.as_ref().is_none_or(|owner| owner.as_str() == organisation);
        if is_named(own.code.as_str())
            && let Some(found) = indicator::find(connection, own.versioned.id, &code, None)?
        {
            return Ok(Some(found));
        }
        match is_named(Organisation::CATALOGUE).then(|| Code::new(Organisation::CATALOGUE)) {
            Some(Ok(catalogue)) => {
                let catalogue = organisations::find(connection, &catalogue)?;
                Ok(indicator::find(connection, catalogue.versioned.id, &code, None)?)
            }
            Some(Err(error)) => Err(Problem::internal(error)),
            None => Ok(None),
        }
    }

    /// A revision of a measure, as the caller may see it.
    pub(super) fn show(
        &self,
        code: &Code,
        revision: &Versioned<waymark_domain::measure::Measure>,
        indicator: &Record<Indicator>,
    ) -> Result<schema::Measure, Problem> {
        let own = &self.organisation;
        let indicator_owner = match indicator.organisation == own.versioned.id {
            true => own.code.clone(),
            false => Code::new(Organisation::CATALOGUE).map_err(Problem::internal)?,
        };
        let threshold = own.versioned.content.small_count_threshold;
        let view = View {
            plan: &self.plan.versioned.content,
            indicator,
            indicator_owner,
            threshold: (!self.sees_small_counts).then_some(threshold),
        };
        Ok(schema::Measure::of(code, revision, &view))
    }

    /// The entity tag of a measure. The response depends on the measure, its plan, its indicator and the threshold of
    /// its organisation as well, so a change of any of them is a change of the answer. It is the same for every caller.
    pub(super) fn tag(&self, measure: &PlacedMeasure, indicator: &Record<Indicator>) -> ETag {
        let revisions = [
            measure.versioned.revision,
            self.plan.versioned.revision,
            indicator.versioned.revision,
            self.organisation.versioned.revision,
        ];
        ETag::of_bytes(format!("{} {revisions:?}", measure.versioned.id).as_bytes())
    }
}
