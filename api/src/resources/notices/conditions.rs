//! The conditions of a notice with the judgement of each, as a caller may see it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::code;
use waymark_domain::notice::{self as domain, Evidence, Judged, Latest, Verdict, judge};
use waymark_domain::period::day_in_words;
use waymark_domain::value::Value;
use waymark_persistence::measure::MeasureOfPlan;
use waymark_persistence::plan_item::Filed;

use super::schema::{NoticeCondition, NoticeOutcome, NoticeState, state};
use crate::http::problem::Problem;
use crate::http::schema::{Breakdown, Code, Number, Period, Standing, Unit, words};
use crate::position::withheld;
use crate::position::{PlanPosition, When};

words! {
    /// The judgement of a condition: the result of its period meets it or does not, or there is no result yet.
    NoticeVerdict = domain::Verdict
}

/// The conditions of a notice at a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeConditions {
    /// The notice's code.
    notice: Code,
    state: NoticeState,
    /// The outcome, if the notice is closed.
    outcome: Option<NoticeOutcome>,
    /// The date of the judgement.
    as_at: NaiveDate,
    /// The requested `as_known_at`; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// The number of conditions that are met.
    #[schema(minimum = 0, maximum = 200)]
    met: usize,
    /// The number of conditions that are not met.
    #[schema(minimum = 0, maximum = 200)]
    not_met: usize,
    /// The number of conditions without a result yet.
    #[schema(minimum = 0, maximum = 200)]
    pending: usize,
    /// The conditions, in the notice's order.
    #[schema(max_items = 200)]
    items: Vec<JudgedCondition>,
}

/// A condition and its judgement. Every number is in `unit`.
///
/// If `suppressed` is true, a count behind the figures is too small for the caller to see: the figures are null, but the
/// judgement is shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JudgedCondition {
    /// The condition as the authority set it.
    #[serde(flatten)]
    condition: NoticeCondition,
    /// The indicator's code; null if the measure was not known at that moment.
    indicator: Option<Code>,
    /// The category that the measure is about; null for the whole population.
    breakdown: Option<Breakdown>,
    /// The unit of all numbers.
    pub(crate) unit: Option<Unit>,
    pub(crate) judgement: NoticeVerdict,
    /// The judgement with its figures, and what is still needed, in one or two sentences.
    #[schema(max_length = 2000)]
    pub(crate) explanation: String,
    /// The result of the condition's own period.
    actual_value: Option<Number>,
    /// The standing of that result.
    actual_standing: Option<Standing>,
    /// The latest comparable result, if the condition is not met or pending.
    latest_value: Option<Number>,
    /// The period of the latest comparable result.
    latest_period: Option<Period>,
    /// The standing of the latest comparable result.
    latest_standing: Option<Standing>,
    /// How far the latest comparable result is from what is required; zero if it would meet the condition.
    pub(crate) gap: Option<Number>,
    /// Whether the latest comparable result would meet the condition.
    latest_would_meet: Option<bool>,
    /// The denominator of the latest comparable result, if it is a ratio.
    latest_denominator: Option<Number>,
    /// How much the numerator would have to change (less if negative) at that denominator to meet the condition.
    pub(crate) numerator_needed: Option<Number>,
    /// The date on which the result is due, by the indicator's usual lag, if the condition is pending.
    pub(crate) due_on: Option<NaiveDate>,
    /// Whether that date has passed.
    pub(crate) overdue: bool,
    /// Whether the figures are withheld because a count behind them is too small.
    pub(crate) suppressed: bool,
}

/// The judgement of a condition, with the measure that it was judged by; none if the measure was not known.
/// Results after a measure has left the plan do not count.
type Ruled<'a> = Option<(&'a MeasureOfPlan, Judged<'a>)>;

fn ruled<'a>(condition: &domain::Condition, position: &'a PlanPosition) -> Ruled<'a> {
    let of_plan = position.find(&condition.measure)?;
    let known = position.of(of_plan);
    let evidence = Evidence {
        indicator: known.indicator,
        measure: known.measure,
        results: known.results,
        as_at: known.as_at,
    };
    Some((of_plan, judge(condition, evidence)))
}

/// The verdicts on the conditions of a notice, in their order.
pub(super) fn verdicts(notice: &domain::Notice, position: &PlanPosition) -> Vec<Verdict> {
    let verdict = |ruled: Ruled<'_>| ruled.map_or(Verdict::Pending, |(_, judged)| judged.verdict);
    notice.terms.conditions.iter().map(|condition| verdict(ruled(condition, position))).collect()
}

impl NoticeConditions {
    /// The conditions as a caller may see them.
    pub(super) fn of(
        item: &Filed<domain::Notice>,
        position: &PlanPosition,
        when: When,
        sees_small_counts: bool,
    ) -> Result<Self, Problem> {
        let code = code::Code::new(item.key.as_str()).map_err(Problem::internal)?;
        let notice = &item.versioned.content;
        let verdicts = verdicts(notice, position);
        let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
        let judged = |condition| JudgedCondition::of(condition, position, sees_small_counts);
        let (state, outcome) = state(notice.state());
        Ok(Self {
            notice: (&code).into(),
            state,
            outcome,
            as_at: when.as_at,
            as_known_at: when.known_at,
            met: count(Verdict::Met),
            not_met: count(Verdict::NotMet),
            pending: count(Verdict::Pending),
            items: notice.terms.conditions.iter().map(judged).collect(),
        })
    }
}

impl JudgedCondition {
    /// A condition as a caller may see it.
    pub(crate) fn of(
        condition: &domain::Condition,
        position: &PlanPosition,
        sees_small_counts: bool,
    ) -> Self {
        match ruled(condition, position) {
            Some((of_plan, judged)) => {
                let hidden = judged.is_suppressed() && !sees_small_counts;
                let mut shown =
                    Self::judged(condition, of_plan, &judged, hidden.then(|| position.threshold()));
                if let Some(departure) = of_plan.measure.versioned.content.departure_on(position.as_at) {
                    let from = day_in_words(departure.from);
                    shown.explanation.push_str(&format!(
                        " The measure left the plan on {from}: later results do not count."
                    ));
                }
                shown
            }
            None => Self::unknown(condition),
        }
    }

    /// `withheld_below` is the threshold, if the figures are withheld.
    fn judged(
        condition: &domain::Condition,
        of_plan: &MeasureOfPlan,
        judged: &Judged<'_>,
        withheld_below: Option<u32>,
    ) -> Self {
        let Judged { verdict, result, latest, due_on, overdue, .. } = judged;
        let indicator = &of_plan.indicator.versioned.content;
        let seen = latest.filter(|_| withheld_below.is_none());
        let denominator = |latest: Latest<'_>| match latest.received.result.value()? {
            Value::Ratio(ratio) => Some(Number::from(ratio.denominator())),
            Value::Number(_) => None,
        };
        Self {
            indicator: Some(Code::from(&of_plan.indicator.code)),
            breakdown: of_plan.measure.versioned.content.breakdown.as_ref().map(Breakdown::from),
            unit: Some(indicator.unit.into()),
            judgement: (*verdict).into(),
            explanation: match withheld_below {
                Some(threshold) => withheld(verdict.words(), threshold),
                None => judged.to_string(),
            },
            actual_value: result.filter(|_| withheld_below.is_none()).map(|(_, figure)| figure.into()),
            actual_standing: result.map(|(received, _)| received.result.standing.into()),
            latest_value: seen.map(|latest| latest.figure.into()),
            latest_period: latest.map(|latest| latest.received.result.period.into()),
            latest_standing: latest.map(|latest| latest.received.result.standing.into()),
            gap: seen.map(|latest| latest.gap.into()),
            latest_would_meet: seen.map(|latest| latest.would_meet()),
            latest_denominator: seen.and_then(denominator),
            numerator_needed: seen.and_then(|latest| latest.numerator_needed).map(Number::from),
            due_on: *due_on,
            overdue: *overdue,
            suppressed: withheld_below.is_some(),
            condition: condition.into(),
        }
    }

    /// A condition whose measure was not known at that moment, so that it cannot be judged.
    fn unknown(condition: &domain::Condition) -> Self {
        let verdict = Verdict::Pending;
        Self {
            indicator: None,
            breakdown: None,
            unit: None,
            judgement: verdict.into(),
            explanation: format!("{}: the measure {} was not known.", verdict.words(), condition.measure),
            actual_value: None,
            actual_standing: None,
            latest_value: None,
            latest_period: None,
            latest_standing: None,
            gap: None,
            latest_would_meet: None,
            latest_denominator: None,
            numerator_needed: None,
            due_on: None,
            overdue: false,
            suppressed: false,
            condition: condition.into(),
        }
    }
}
