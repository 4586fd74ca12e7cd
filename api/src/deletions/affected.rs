//! What a deletion would affect: whatever leans on the measure or on its indicator, found in a fixed number of queries
//! for all measures of a plan.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::code;
use waymark_domain::deletion as domain;
use waymark_domain::plan::Plan;
use waymark_domain::workflow::Actor;
use waymark_persistence::measure::{self, MeasureOfPlan, PlacedMeasure, measures_of_plan};
use waymark_persistence::{Connection, Record, Versioned, plan};

use super::wire::{Around, Deletion};
use crate::etag::ETag;
use crate::framework::Moment;
use crate::in_plan::InPlan;
use crate::problem::Problem;
use crate::wire::{Code, Title};

/// What leans on a measure or on its indicator.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Affected {
    /// Other plans of the organisation that measure the same indicator, and go on to do so.
    #[schema(max_items = 10000)]
    other_plans: Vec<AffectedThing>,
}

/// Something with a code and a title.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AffectedThing {
    /// Its code.
    code: Code,
    /// What it is called.
    title: Title,
}

/// What the deletions of a plan are shown with.
pub(crate) struct Surroundings {
    measures: HashMap<code::Code, MeasureOfPlan>,
    plans: HashMap<Uuid, Record<Plan>>,
    /// The measures of the same indicators in other plans, by indicator.
    elsewhere: HashMap<Uuid, Vec<PlacedMeasure>>,
}

impl Surroundings {
    pub(crate) fn load(connection: &mut Connection, at: &InPlan, known_at: Moment) -> Result<Self, Problem> {
        let (own, organisation) = (at.plan.versioned.id, at.organisation.versioned.id);
        let measures = measures_of_plan(connection, own, known_at)?;
        let mut indicators: Vec<Uuid> = measures.iter().map(|of| of.indicator.versioned.id).collect();
        indicators.sort_unstable();
        indicators.dedup();
        let mut elsewhere: HashMap<Uuid, Vec<PlacedMeasure>> = HashMap::new();
        for found in measure::of_indicators(connection, organisation, &indicators, known_at)? {
            if found.place.plan != own && !found.versioned.content.is_deleted() {
                elsewhere.entry(found.place.indicator).or_default().push(found);
            }
        }
        let plans = plan::list(connection, organisation, None, i64::MAX, known_at)?;
        Ok(Self {
            measures: measures.into_iter().map(|of| (of.measure.code.clone(), of)).collect(),
            plans: plans.into_iter().map(|plan| (plan.versioned.id, plan)).collect(),
            elsewhere,
        })
    }

    /// The measure that a deletion is about.
    ///
    /// # Errors
    /// 500 where it is gone: measures are never removed.
    pub(super) fn measure(&self, code: &code::Code) -> Result<&MeasureOfPlan, Problem> {
        let found = self.measures.get(code);
        found.ok_or_else(|| Problem::internal(format_args!("a deletion without its measure {code}")))
    }

    /// A revision of a deletion, as somebody sees it.
    pub(super) fn show(
        &self,
        revision: &Versioned<domain::Deletion>,
        actor: Option<&Actor>,
    ) -> Result<Deletion, Problem> {
        let indicator = &self.measure(&revision.content.measure)?.indicator;
        let title = &indicator.versioned.content.title;
        let affected = self.affected(indicator.versioned.id);
        Ok(Deletion::of(revision, Around { indicator: &indicator.code, title, affected, actor }))
    }

    /// The entity tag of a deletion. What is told of it leans on other things as well, so a change of any of them is a
    /// change of the answer. It is the same for every caller.
    pub(super) fn tag(&self, revision: &Versioned<domain::Deletion>) -> Result<ETag, Problem> {
        let indicator = &self.measure(&revision.content.measure)?.indicator.versioned;
        let told = (revision.id, revision.revision, indicator.revision, self.affected(indicator.id));
        Ok(ETag::of_bytes(&serde_json::to_vec(&told).map_err(Problem::internal)?))
    }

    fn affected(&self, indicator: Uuid) -> Affected {
        let mut plans: Vec<&Record<Plan>> = self
            .elsewhere
            .get(&indicator)
            .into_iter()
            .flatten()
            .filter_map(|measure| self.plans.get(&measure.place.plan))
            .collect();
        plans.sort_by(|a, b| a.code.cmp(&b.code));
        plans.dedup_by(|a, b| a.code == b.code);
        Affected { other_plans: plans.into_iter().map(AffectedThing::from).collect() }
    }
}

impl From<&Record<Plan>> for AffectedThing {
    fn from(plan: &Record<Plan>) -> Self {
        Self { code: (&plan.code).into(), title: (&plan.versioned.content.title).into() }
    }
}
