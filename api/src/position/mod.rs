//! The position of a plan: all that its status is made of, loaded in one snapshot and rated by the domain.

mod query;

pub(crate) use query::{PositionQuery, known, when};

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use waymark_domain::{
    code::Code,
    disclosure::suppressed,
    indicator::{Breakdown, Indicator},
    judgement::Judgement,
    observation::Observation,
    organisation::Organisation,
    period::Period,
    plan::Plan,
    quality::{self, QualityCheck},
    status::{Position, Received, Status, status},
    value::Unit,
};
use waymark_persistence::measure::{MeasureOfPlan, measures_of_plan};
use waymark_persistence::plan_item::{self, PlanPlace};
use waymark_persistence::results::{self, RatedResult, ResultKey};
use waymark_persistence::{Connection, Record, StoreError, judgement};

use crate::http::known::Moment;
use crate::http::problem::Problem;
use crate::http::runtime::now;
use crate::store::{entities, organisations};

/// A plan with its measures, their results and judgements.
pub(crate) struct PlanPosition {
    pub(crate) plan: Record<Plan>,
    /// Those that are in the plan on its date, in the order of the plan's themes and priorities, then of their codes.
    pub(crate) measures: Vec<MeasureOfPlan>,
    /// Those that have left it by then, in the same order.
    pub(crate) left: Vec<MeasureOfPlan>,
    pub(crate) as_at: NaiveDate,
    previous_report: Option<NaiveDate>,
    threshold: u32,
    results: HashMap<Uuid, Vec<Received>>,
    judgements: HashMap<Uuid, Vec<Judgement>>,
    checks: HashMap<Code, Vec<QualityCheck>>,
    known_at: Option<DateTime<Utc>>,
}

/// The date of a position, and the moment as of which it was known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    /// The date of the position.
    pub(crate) as_at: NaiveDate,
    /// The moment; `None` for now.
    pub(crate) known_at: Option<DateTime<Utc>>,
    /// The date of the report before this one.
    pub(crate) previous_report: Option<NaiveDate>,
}

impl When {
    /// The position on a date, which defaults to today, as it was known at a moment.
    pub(crate) fn of(as_at: Option<NaiveDate>, known_at: Moment) -> Self {
        let as_at = as_at.unwrap_or_else(|| now().date_naive());
        Self { as_at, known_at, previous_report: None }
    }
}

impl PlanPosition {
    /// The lead officers of its measures, including those that have left.
    pub(crate) fn leads(&self) -> impl Iterator<Item = &str> {
        let all = self.measures.iter().chain(&self.left);
        all.filter_map(|of| of.measure.versioned.content.lead.as_ref().map(|lead| lead.as_str()))
    }

    /// Loads the position of a plan, in a fixed number of queries however many measures it has.
    pub(crate) fn load(
        connection: &mut Connection,
        organisation: &Record<Organisation>,
        plan: Record<Plan>,
        when: When,
    ) -> Result<Self, StoreError> {
        let mut measures = measures_of_plan(connection, plan.versioned.id, when.known_at)?;
        let themes = &plan.versioned.content.themes;
        let priorities = &plan.versioned.content.priorities;
        measures.sort_by_cached_key(|of_plan| {
            let measure = &of_plan.measure.versioned.content;
            let theme = themes.iter().position(|theme| theme.code == measure.theme);
            let priority =
                priorities.iter().position(|priority| Some(&priority.code) == measure.priority.as_ref());
            (theme, priority, of_plan.measure.code.clone())
        });
        let threshold = organisation.versioned.content.small_count_threshold;
        let results = results(connection, &measures, organisation, when)?;
        let given = judgement::of_plan(connection, plan.organisation, plan.versioned.id, when.known_at)?;
        let judgements = given
            .into_iter()
            .map(|(measure, given)| (measure, given.into_iter().map(|given| given.judgement).collect()))
            .collect();
        let place = PlanPlace { organisation: plan.organisation, plan: plan.versioned.id };
        let mut checks: HashMap<Code, Vec<QualityCheck>> = HashMap::new();
        for filed in plan_item::all::<QualityCheck>(connection, place, when.known_at)? {
            let check = filed.versioned.content;
            checks.entry(check.measure.clone()).or_default().push(check);
        }
        let When { as_at, previous_report, known_at } = when;
        let has_left = |of: &MeasureOfPlan| of.measure.versioned.content.has_left(as_at);
        let (left, measures) = measures.into_iter().partition(has_left);
        Ok(Self {
            plan,
            measures,
            left,
            as_at,
            previous_report,
            threshold,
            results,
            judgements,
            checks,
            known_at,
        })
    }

    /// Dates each result by the day on which it first came, whatever it was corrected to since: whether it came in
    /// time is a matter of its first record, and what is new is one of its last.
    pub(crate) fn date_by_first_record(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = self.results.keys().copied().collect();
        let owner = self.plan.organisation;
        let first = results::first_recorded(connection, owner, &ids, self.as_at, self.known_at)?;
        for (indicator, received) in &mut self.results {
            for received in received {
                let (period, breakdown, component) = received.result.key();
                let key = ResultKey { indicator: *indicator, period, breakdown, component };
                if let Some(recorded_at) = first.get(&key) {
                    received.on = recorded_at.date_naive();
                }
            }
        }
        Ok(())
    }

    /// The checks of the data of one measure.
    pub(crate) fn checks(&self, measure: &Code) -> &[QualityCheck] {
        self.checks.get(measure).map_or(&[], Vec::as_slice)
    }

    /// The check of the data of one measure and period.
    pub(crate) fn check(&self, measure: &Code, period: Option<Period>) -> Option<&QualityCheck> {
        quality::of_period(self.checks(measure), period?)
    }

    /// A measure by its code, whether or not it has left the plan.
    pub(crate) fn find(&self, code: &Code) -> Option<&MeasureOfPlan> {
        self.measures.iter().chain(&self.left).find(|of_plan| of_plan.measure.code == *code)
    }

    /// Its measure of that code.
    ///
    /// # Errors
    /// 404 if there is none, or if it was created after the moment of the position.
    pub(crate) fn measure(
        &self,
        connection: &mut Connection,
        code: &Code,
    ) -> Result<&MeasureOfPlan, Problem> {
        if let Some(found) = self.find(code) {
            return Ok(found);
        }
        entities::find_measure(connection, self.plan.versioned.id, code, self.known_at)?;
        // Known, but its indicator is not.
        Err(Problem::not_found("measure"))
    }

    /// What the domain needs of one measure. For one that has left, the position on the day before: later
    /// results do not count in the plan.
    pub(crate) fn of<'a>(&'a self, measure: &'a MeasureOfPlan) -> Position<'a> {
        let content = &measure.measure.versioned.content;
        let last_day = content.departure_on(self.as_at).and_then(|departure| departure.from.pred_opt());
        let listed = |results: Option<&'a Vec<Received>>| results.map_or(&[] as &[_], Vec::as_slice);
        Position {
            plan: &self.plan.versioned.content,
            indicator: &measure.indicator.versioned.content,
            measure: content,
            results: listed(self.results.get(&measure.indicator.versioned.id)),
            judgements: self.judgements.get(&measure.measure.versioned.id).map_or(&[], Vec::as_slice),
            as_at: last_day.unwrap_or(self.as_at),
            previous_report: self.previous_report,
        }
    }

    /// The status of one measure.
    pub(crate) fn status<'a>(&'a self, measure: &'a MeasureOfPlan) -> Status<'a> {
        status(self.of(measure), self.threshold)
    }

    /// The threshold of small counts of the plan's organisation.
    pub(crate) fn threshold(&self) -> u32 {
        self.threshold
    }
}

/// The results by which the measures are rated. What is suppressed is weighed over whole breakdowns: where one of them
/// has a small count, the categories without a measure are considered as well.
fn results(
    connection: &mut Connection,
    measures: &[MeasureOfPlan],
    organisation: &Record<Organisation>,
    when: When,
) -> Result<HashMap<Uuid, Vec<Received>>, StoreError> {
    let When { as_at, known_at, .. } = when;
    let indicators: HashMap<Uuid, &Indicator> =
        measures.iter().map(|of| (of.indicator.versioned.id, &of.indicator.versioned.content)).collect();
    let measured: HashSet<Option<Breakdown>> =
        measures.iter().map(|of| of.measure.versioned.content.breakdown.clone()).collect();
    let breakdowns: Vec<Option<Breakdown>> = measured.iter().cloned().collect();
    let ids: Vec<Uuid> = indicators.keys().copied().collect();
    let is_counted = |id: &Uuid| indicators.get(id).is_some_and(|indicator| indicator.unit == Unit::Count);
    let counted: Vec<Uuid> = ids.iter().copied().filter(is_counted).collect();
    let threshold = organisation.versioned.content.small_count_threshold;
    let own = organisation.versioned.id;
    let rated = results::for_rating(connection, own, &ids, &breakdowns, as_at, known_at)?;
    let beside = results::beside_small_counts(connection, own, (&ids, &counted), threshold, as_at, known_at)?;
    let beside = beside.into_iter().filter(|result| !measured.contains(&result.observation.breakdown));
    let mut by_indicator: HashMap<Uuid, (Vec<RatedResult>, Vec<Observation>)> = HashMap::new();
    for result in rated {
        by_indicator.entry(result.indicator).or_default().0.push(result);
    }
    for result in beside {
        by_indicator.entry(result.indicator).or_default().1.push(result.observation);
    }
    let received = |(id, (rated, beside)): (Uuid, (Vec<RatedResult>, Vec<Observation>))| {
        let observations = rated.iter().map(|result| &result.observation).chain(&beside);
        let hidden = match indicators.get(&id) {
            Some(indicator) => suppressed(&observations.collect::<Vec<_>>(), indicator.unit, threshold),
            None => Vec::new(),
        };
        let received = rated.into_iter().zip(hidden).map(|(rated, is_suppressed)| Received {
            on: rated.recorded_at.date_naive(),
            result: rated.observation,
            is_suppressed,
        });
        (id, received.collect())
    };
    Ok(by_indicator.into_iter().map(received).collect())
}

/// The position of a plan of an organisation, or 404 if it was not known.
pub(crate) fn load(
    connection: &mut Connection,
    organisation: &Code,
    code: &Code,
    when: When,
) -> Result<PlanPosition, Problem> {
    let organisation: Record<Organisation> = organisations::find(connection, organisation)?;
    let plan = entities::find_plan(connection, organisation.versioned.id, code, when.known_at)?;
    Ok(PlanPosition::load(connection, &organisation, plan, when)?)
}

/// The explanation without its figures, for a caller to whom they would reveal a small count.
pub(crate) fn withheld(rating: &str, threshold: u32) -> String {
    format!(
        "{rating}. The figures are suppressed, because a count behind them is below {threshold} or would reveal one."
    )
}
