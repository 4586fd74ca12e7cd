//! What a deletion would affect: everything that depends on the measure or its indicator, read in a fixed number of
//! queries for all measures of a plan.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::code;
use waymark_domain::commitment::Commitment;
use waymark_domain::deletion as domain;
use waymark_domain::notice::Notice;
use waymark_domain::plan::Plan;
use waymark_domain::target_setting::TargetProposal;
use waymark_domain::tracker::Tracker;
use waymark_domain::workflow::Actor;
use waymark_persistence::measure::{self, MeasureOfPlan, PlacedMeasure, measures_of_plan};
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Connection, Record, Versioned, plan};

use super::schema::{Around, Deletion};
use crate::http::etag::ETag;
use crate::http::known::Moment;
use crate::http::problem::Problem;
use crate::http::schema::{Code, Title};
use crate::resources::trackers::TrackerQuarter;
use crate::workflow::scope::PlanScope;

/// What depends on a measure or its indicator.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Affected {
    /// Other plans of the organisation that have the same indicator and keep it.
    #[schema(max_items = 10000)]
    other_plans: Vec<AffectedThing>,
    /// The action trackers of the plan that the measure is aligned in, published or not, in the order of their
    /// priorities' codes and of their quarters.
    #[schema(max_items = 100000)]
    trackers: Vec<AffectedTracker>,
    /// The codes of the commitments that reference the measure, in their order.
    #[schema(max_items = 100000)]
    commitments: Vec<Code>,
    /// The improvement notices that reference the measure in a requirement or a condition, in the order of their codes.
    #[schema(max_items = 100000)]
    notices: Vec<AffectedThing>,
    /// The ids of the open target proposals for the measure, in the order in which they were made.
    #[schema(max_items = 100000)]
    target_proposals: Vec<Uuid>,
}

/// An action tracker that a measure is aligned in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AffectedTracker {
    /// The priority.
    priority: Code,
    /// The quarter that it reports on.
    quarter: TrackerQuarter,
}

/// A plan or notice.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AffectedThing {
    /// Its code.
    code: Code,
    /// Its title.
    title: Title,
}

/// What the deletions of a plan are shown with.
pub(crate) struct Surroundings {
    measures: HashMap<code::Code, MeasureOfPlan>,
    plans: HashMap<Uuid, Record<Plan>>,
    /// The measures of the same indicators in other plans, by indicator.
    elsewhere: HashMap<Uuid, Vec<PlacedMeasure>>,
    trackers: Vec<Filed<Tracker>>,
    commitments: Vec<Filed<Commitment>>,
    notices: Vec<Filed<Notice>>,
    target_proposals: Vec<Filed<TargetProposal>>,
}

impl Surroundings {
    pub(crate) fn load(
        connection: &mut Connection,
        at: &PlanScope,
        known_at: Moment,
    ) -> Result<Self, Problem> {
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
            trackers: plan_item::all(connection, at.place(), known_at)?,
            commitments: plan_item::all(connection, at.place(), known_at)?,
            notices: plan_item::all(connection, at.place(), known_at)?,
            target_proposals: plan_item::all(connection, at.place(), known_at)?,
        })
    }

    /// The measure that a deletion is about.
    ///
    /// # Errors
    /// 500 if it does not exist: measures are never removed.
    pub(super) fn measure(&self, code: &code::Code) -> Result<&MeasureOfPlan, Problem> {
        let found = self.measures.get(code);
        found.ok_or_else(|| Problem::internal(format_args!("a deletion without its measure {code}")))
    }

    /// A revision of a deletion as it is shown.
    pub(super) fn show(
        &self,
        revision: &Versioned<domain::Deletion>,
        actor: Option<&Actor>,
    ) -> Result<Deletion, Problem> {
        let of_plan = self.measure(&revision.content.measure)?;
        let indicator = &of_plan.indicator;
        let title = &indicator.versioned.content.title;
        let affected = self.affected(of_plan);
        Ok(Deletion::of(revision, Around { indicator: &indicator.code, title, affected, actor }))
    }

    /// The entity tag of a deletion. Its view depends on other items as well, so a change of any of them changes the
    /// tag. It is the same for every caller.
    pub(super) fn tag(&self, revision: &Versioned<domain::Deletion>) -> Result<ETag, Problem> {
        let of_plan = self.measure(&revision.content.measure)?;
        let indicator = of_plan.indicator.versioned.revision;
        let shown = (revision.id, revision.revision, indicator, self.affected(of_plan));
        Ok(ETag::of_bytes(&serde_json::to_vec(&shown).map_err(Problem::internal)?))
    }

    fn affected(&self, of_plan: &MeasureOfPlan) -> Affected {
        let measure = &of_plan.measure.code;
        let mut plans: Vec<&Record<Plan>> = self
            .elsewhere
            .get(&of_plan.indicator.versioned.id)
            .into_iter()
            .flatten()
            .filter_map(|measure| self.plans.get(&measure.place.plan))
            .collect();
        plans.sort_by(|a, b| a.code.cmp(&b.code));
        plans.dedup_by(|a, b| a.code == b.code);
        let aligned = self.trackers.iter().map(|filed| &filed.versioned.content);
        let aligned = aligned.filter(|tracker| tracker.content.aligned_measures.contains(measure));
        let referencing = self.commitments.iter().filter(|filed| {
            let Commitment { promise, reports: _, state: _ } = &filed.versioned.content;
            promise.measures.contains(measure)
        });
        let naming = self.notices.iter().filter(|filed| filed.versioned.content.uses(measure));
        let open = self.target_proposals.iter().filter(|filed| {
            let proposal = &filed.versioned.content;
            proposal.measure == *measure && proposal.state.is_open()
        });
        Affected {
            other_plans: plans.into_iter().map(AffectedThing::from).collect(),
            trackers: aligned.map(AffectedTracker::from).collect(),
            commitments: referencing.filter_map(|filed| code_of(&filed.key)).collect(),
            notices: naming.filter_map(AffectedThing::notice).collect(),
            target_proposals: open.map(|filed| filed.versioned.id).collect(),
        }
    }
}

impl From<&Record<Plan>> for AffectedThing {
    fn from(plan: &Record<Plan>) -> Self {
        Self { code: (&plan.code).into(), title: (&plan.versioned.content.title).into() }
    }
}

impl AffectedThing {
    /// None for a key that is not a code; every key is one.
    fn notice(filed: &Filed<Notice>) -> Option<Self> {
        Some(Self { code: code_of(&filed.key)?, title: (&filed.versioned.content.terms.title).into() })
    }
}

impl From<&Tracker> for AffectedTracker {
    fn from(tracker: &Tracker) -> Self {
        Self { priority: (&tracker.priority).into(), quarter: tracker.quarter.into() }
    }
}

/// The code of an item; none for a key that is not a code; every key is one.
fn code_of(key: &str) -> Option<Code> {
    code::Code::new(key).ok().as_ref().map(Code::from)
}
