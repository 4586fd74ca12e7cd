//! What a push is validated and rated against: the indicators, plans, measures and judgements of an organisation, and the
//! latest results of each measure, on one day.

mod load;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::deletion::is_no_longer_measured;
use waymark_domain::indicator::Indicator;
use waymark_domain::judgement::Judgement;
use waymark_domain::observation::Observation;
use waymark_domain::plan::Plan;
use waymark_domain::status::{self, Position, Received};
use waymark_persistence::Record;
use waymark_persistence::measure::MeasureOfPlan;
use waymark_persistence::results::NewResult;

use super::schema::{RatingChange, RowWarning, WarningCode};
use crate::http::schema;

/// Copies share what they have in common.
#[derive(Debug, Clone)]
pub(crate) struct ValidationSnapshot {
    framework: Arc<Framework>,
    /// For each measure, the latest result of each component.
    latest: Vec<Arc<Vec<Received>>>,
}

#[derive(Debug, PartialEq)]
struct Framework {
    /// The day of the ratings.
    day: NaiveDate,
    /// The organisation's own; those of other codes are the catalogue's.
    indicators: HashMap<Code, Record<Indicator>>,
    plans: Vec<Record<Plan>>,
    /// Those of all plans, by plan and code.
    measures: Vec<Measured>,
    /// The indexes in `measures` of those of an indicator.
    of_indicator: HashMap<Uuid, Vec<usize>>,
}

#[derive(Debug, PartialEq)]
struct Measured {
    /// The index of its plan in `plans`.
    plan: usize,
    of_plan: MeasureOfPlan,
    judgements: Vec<Judgement>,
}

impl ValidationSnapshot {
    /// The indicator of that code.
    pub(crate) fn indicator(&self, code: &Code) -> Option<&Record<Indicator>> {
        self.framework.indicators.get(code)
    }

    /// Whether every row has the same result or faults with another snapshot.
    pub(crate) fn validates_like(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.framework, &other.framework) || self.framework == other.framework
    }

    /// The warning that a row of this result carries, if any.
    pub(crate) fn warning(&self, result: &NewResult) -> Option<RowWarning> {
        let places = self.framework.of_indicator.get(&result.indicator)?;
        let measured = places.iter().filter_map(|place| self.framework.measures.get(*place));
        let measures = measured.map(|measured| &measured.of_plan.measure.versioned.content);
        let day = result.observation.period.last_day();
        is_no_longer_measured(measures, day).then(|| RowWarning {
            code: WarningCode::NoLongerMeasured,
            detail: format!("no plan of the organisation measures this indicator on {day} any more"),
        })
    }

    /// Adds results that were written, and returns the measures whose rating changes.
    pub(crate) fn learn<'a>(
        &mut self,
        written: impl IntoIterator<Item = &'a NewResult>,
    ) -> Vec<RatingChange> {
        let before = self.latest.clone();
        let touched = self.note(written.into_iter().map(|new| (new.indicator, &new.observation)));
        let Self { framework, latest } = self;
        let changes = touched.into_iter().filter_map(|place| {
            let measured = framework.measures.get(place)?;
            let (plan, before) = (framework.plans.get(measured.plan)?, before.get(place)?);
            let rated = |results| schema::Rating::from(measured.rating(plan, results, framework.day));
            let (before, after) = (rated(before), rated(latest.get(place)?));
            (before != after).then(|| RatingChange {
                plan: schema::Code::from(&plan.code),
                measure: schema::Code::from(&measured.of_plan.measure.code),
                before,
                after,
            })
        });
        changes.collect()
    }

    /// Adds results, and returns the indexes of the measures of which one is the latest.
    fn note<'a>(&mut self, results: impl Iterator<Item = (Uuid, &'a Observation)>) -> BTreeSet<usize> {
        let Self { framework, latest } = self;
        let mut touched = BTreeSet::new();
        for (indicator, observation) in results {
            for place in framework.of_indicator.get(&indicator).into_iter().flatten() {
                let (Some(measured), Some(latest)) = (framework.measures.get(*place), latest.get_mut(*place))
                else {
                    continue;
                };
                if measured.counts(observation, framework.day) && add(latest, observation, framework.day) {
                    touched.insert(*place);
                }
            }
        }
        touched
    }

    /// About how many entities it has.
    pub(crate) fn size(&self) -> usize {
        self.framework.indicators.len() + 2 * self.framework.measures.len()
    }
}

impl Measured {
    /// Whether the measure is rated by such a result on that day.
    fn counts(&self, result: &Observation, day: NaiveDate) -> bool {
        let measure = &self.of_plan.measure.versioned.content;
        measure.breakdown == result.breakdown && result.period.last_day() <= day && !measure.has_left(day)
    }

    fn rating(
        &self,
        plan: &Record<Plan>,
        results: &[Received],
        as_at: NaiveDate,
    ) -> waymark_domain::rating::Rating {
        status::rating(Position {
            plan: &plan.versioned.content,
            indicator: &self.of_plan.indicator.versioned.content,
            measure: &self.of_plan.measure.versioned.content,
            results,
            judgements: &self.judgements,
            as_at,
            previous_report: None,
        })
    }
}

/// Adds a result, received by that day, unless a later one of its component is present. Returns whether it was added.
fn add(latest: &mut Arc<Vec<Received>>, result: &Observation, on: NaiveDate) -> bool {
    let is_other = |present: &Received| present.result.component != result.component;
    if latest.iter().any(|present| !is_other(present) && !status::is_later(result, &present.result)) {
        return false;
    }
    let latest = Arc::make_mut(latest);
    latest.retain(is_other);
    latest.push(Received { result: result.clone(), on, is_suppressed: false });
    true
}
