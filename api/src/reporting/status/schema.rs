//! The status of a measure on the wire: one flat row, with the parts that made it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::rating::{Goal, Told};
use waymark_domain::target::Target;
use waymark_domain::{calendar, judgement, status};
use waymark_persistence::measure::MeasureOfPlan;

use super::deleted::DeletedMeasure;
use super::position::{PlanPosition, When};
use super::query::Filter;
use super::rule::Rule;
use crate::http::schema::{
    Breakdown, Code, Colour, Direction, Name, Note, Number, Period, Polarity, PolaritySource, QualityGrade,
    Rating, Standing, TargetScope, Title, Unit,
};
use crate::resources::measures::TargetState;

/// The status of a plan at a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanStatus {
    /// The plan's code.
    plan: Code,
    /// The date of the position.
    as_at: NaiveDate,
    /// The moment whose knowledge counts; null for what is known now.
    as_known_at: Option<DateTime<Utc>>,
    /// The code of the rating scheme.
    scheme: Code,
    /// The measures, in the order of the plan's themes and priorities.
    #[schema(max_items = 100000)]
    measures: Vec<MeasureStatus>,
    /// The measures that have left the plan by that date, in the same order, whatever rating is asked for.
    #[schema(max_items = 100000)]
    deleted: Vec<DeletedMeasure>,
}

/// The status of one measure. Every number is in `unit`.
///
/// Where `suppressed` is true, a count behind the figures is too small for the caller to see: the figures are
/// null, and the rating stands without them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasureStatus {
    /// The measure's code, unique in its plan.
    pub measure: Code,
    /// The indicator's code.
    pub indicator: Code,
    /// The indicator's title.
    pub title: Title,
    /// The category that is measured; null for the whole.
    pub breakdown: Option<Breakdown>,
    /// The theme under which it stands.
    pub theme: Code,
    /// The priority under which it stands.
    pub priority: Option<Code>,
    /// The post of the officer who leads on it.
    pub lead: Option<Name>,
    /// The unit of all numbers.
    pub unit: Unit,
    /// The rating to be shown: an officer's override, else the computed one.
    pub rating: Rating,
    /// The rating that the rules compute. An override never hides it.
    pub computed_rating: Rating,
    /// The rest of the row: the figures of the part that decided.
    #[serde(flatten)]
    pub figures: Figures,
    /// How fresh its results are.
    pub freshness: Freshness,
    /// The day on which the result that is missing was due, or on which the first one will be.
    pub due_on: Option<NaiveDate>,
    /// Days since then, where it is overdue.
    #[schema(minimum = 0, maximum = 200000)]
    pub days_late: Option<i64>,
    /// The grade of the check of the data of `actual_period`; null where nobody has checked them.
    pub data_quality: Option<QualityGrade>,
    /// What that check scored, in whole per cent.
    #[schema(minimum = 0, maximum = 100)]
    pub data_quality_score: Option<u32>,
    /// An officer's override that stands on this date.
    pub override_judgement: Option<JudgementTold>,
    /// An officer's prediction of the year-end that stands on this date.
    pub prediction: Option<JudgementTold>,
    /// Each part that was rated by itself, where the indicator has components; else empty.
    #[schema(max_items = 200)]
    pub parts: Vec<PartStatus>,
}

/// The status of one component of a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartStatus {
    /// The component; null for a result of the whole beside components.
    pub component: Option<Name>,
    /// Its computed rating.
    pub rating: Rating,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Why a rating is what it is, and the figures that were compared.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Figures {
    /// The rule that decided, or that stopped the rating.
    pub rule: Rule,
    /// The rule and the figures in a sentence or two.
    #[schema(max_length = 2000)]
    pub explanation: String,
    /// The result.
    pub actual_value: Option<Number>,
    /// Its period.
    pub actual_period: Option<Period>,
    /// What was expected of it.
    pub expected_value: Option<Number>,
    /// The day for which that was expected.
    pub expected_on: Option<NaiveDate>,
    /// The baseline.
    pub baseline_value: Option<Number>,
    /// Its period.
    pub baseline_period: Option<Period>,
    /// The target in words.
    #[schema(max_length = 200)]
    pub target: Option<String>,
    /// How far the target is settled, or what stands in its place; null where nothing is said of a target.
    pub target_state: Option<TargetState>,
    /// The period that the target is for; null for the plan's end.
    pub target_period: Option<Period>,
    /// The day on which a board agreed the target, where that is known.
    pub target_agreed_on: Option<NaiveDate>,
    /// Whose target it is, where that is known.
    pub target_scope: Option<TargetScope>,
    /// The least that meets the target, where there is one; a limit that must be passed is told as that limit.
    pub target_at_least: Option<Number>,
    /// The most that meets the target, where there is one; a limit that must not be reached is told as that limit.
    pub target_at_most: Option<Number>,
    /// Which way is better.
    pub polarity: Option<Polarity>,
    /// How that is known.
    pub polarity_source: Option<PolaritySource>,
    /// Which way the results go.
    pub direction: Option<Direction>,
    /// The previous comparable result.
    pub previous_value: Option<Number>,
    /// Its period.
    pub previous_period: Option<Period>,
    /// Where the trend of the comparable results leads by the end of the year.
    pub forecast_value: Option<Number>,
    /// The last day of that year.
    pub forecast_on: Option<NaiveDate>,
    /// How the forecast would be rated.
    pub forecast_rating: Option<Rating>,
    /// How settled the result is.
    pub standing: Option<Standing>,
    /// How good its data are.
    pub quality: Option<QualityGrade>,
    /// Whether the figures are withheld because a count behind them is small.
    pub suppressed: bool,
}

/// Whether the latest result is the latest that could be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Freshness {
    /// It is.
    Current,
    /// A later one was due.
    Overdue,
    /// There is none, and none was due.
    NotDue,
    /// Nobody has said how often a result is due.
    Unknown,
}

/// What an officer said of a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JudgementTold {
    /// The rating that the officer gave.
    pub rating: Colour,
    /// Why.
    pub reason: Note,
    /// Who.
    pub author: Name,
    /// From which day on it stands.
    pub from: NaiveDate,
    /// The last day on which it stands.
    pub until: Option<NaiveDate>,
}

impl PlanStatus {
    /// The status of the measures that are wanted, as a caller may see it.
    pub(super) fn of(position: &PlanPosition, when: When, filter: &Filter, sees_small_counts: bool) -> Self {
        let plan = &position.plan;
        let wanted = |of_plan: &&MeasureOfPlan| {
            let measure = &of_plan.measure.versioned.content;
            filter.theme.as_ref().is_none_or(|theme| measure.theme == *theme)
                && (filter.priority.is_none() || filter.priority == measure.priority)
                && filter
                    .lead
                    .as_ref()
                    .is_none_or(|lead| measure.lead.as_ref().is_some_and(|of| of.as_str() == lead))
        };
        let rated = position.measures.iter().filter(wanted);
        let rows = rated.map(|of_plan| MeasureStatus::of(position, of_plan, sees_small_counts));
        let left = position.left.iter().filter(wanted);
        Self {
            plan: Code::from(&plan.code),
            as_at: when.as_at,
            as_known_at: when.known_at,
            scheme: Code::from(&plan.versioned.content.scheme.code),
            measures: rows.filter(|row| filter.rating.is_none_or(|rating| row.rating == rating)).collect(),
            deleted: left.filter_map(|of_plan| DeletedMeasure::of(position, of_plan)).collect(),
        }
    }
}

impl MeasureStatus {
    /// The status of a measure as a caller may see it.
    pub(crate) fn of(position: &PlanPosition, of_plan: &MeasureOfPlan, sees_small_counts: bool) -> Self {
        let told = position.status(of_plan);
        let measure = &of_plan.measure.versioned.content;
        let indicator = &of_plan.indicator.versioned.content;
        let hide = |part: &status::Part<'_>| part.is_suppressed && !sees_small_counts;
        let part_status = |part: &status::Part<'_>| PartStatus {
            component: part.component.map(Name::from),
            rating: part.explanation.rating().into(),
            figures: Figures::of(part, hide(part), position.threshold()),
        };
        let (freshness, due_on, days_late) = freshness(told.freshness);
        let actual = told.decisive.latest.map(|received| received.result.period);
        let check = position.check(&of_plan.measure.code, actual);
        let has_components = told.parts.iter().any(|part| part.component.is_some());
        Self {
            measure: Code::from(&of_plan.measure.code),
            indicator: Code::from(&of_plan.indicator.code),
            title: Title::from(&indicator.title),
            breakdown: measure.breakdown.as_ref().map(Breakdown::from),
            theme: Code::from(&measure.theme),
            priority: measure.priority.as_ref().map(Code::from),
            lead: measure.lead.as_ref().map(Name::from),
            unit: Unit::from(indicator.unit),
            rating: told.rating().into(),
            computed_rating: told.computed.into(),
            figures: Figures::of(&told.decisive, hide(&told.decisive), position.threshold()),
            freshness,
            due_on,
            days_late,
            data_quality: check.map(|check| check.graded.grade.into()),
            data_quality_score: check.map(|check| check.graded.score),
            override_judgement: told.overridden.map(JudgementTold::of),
            prediction: told.predicted.map(JudgementTold::of),
            parts: if has_components { told.parts.iter().map(part_status).collect() } else { Vec::new() },
        }
    }
}

impl Figures {
    fn of(part: &status::Part<'_>, hidden: bool, threshold: u32) -> Self {
        let told = &part.explanation;
        let latest = part.latest.map(|received| &received.result);
        let seen = |figure: Option<Told>| figure.filter(|_| !hidden);
        let value = |figure: Option<Told>| seen(figure).map(|told| Number::from(told.figure));
        let previous = part.travel.map(|travel| travel.previous);
        let forecast = part.forecast.as_ref();
        let (at_least, at_most) = told.goal.map_or((None, None), bounds);
        let origin = part.target.and_then(Target::origin);
        let target_period = match part.target {
            Some(Target::Set { period, .. }) => *period,
            Some(Target::ToBeSet { .. } | Target::Unread { .. }) | None => None,
        };
        Self {
            rule: told.rule.into(),
            explanation: if hidden { withheld(told.rating().words(), threshold) } else { told.to_string() },
            actual_value: value(told.actual),
            actual_period: latest.map(|result| Period::from(result.period)),
            expected_value: told.expected.filter(|_| !hidden).map(|(figure, _)| Number::from(figure)),
            expected_on: told.expected.map(|(_, on)| on),
            baseline_value: value(told.baseline),
            baseline_period: told.baseline.and_then(|baseline| baseline.period).map(Period::from),
            target: told.condition.map(|condition| condition.show(told.unit)),
            target_state: part.target.map(TargetState::from),
            target_period: target_period.map(Period::from),
            target_agreed_on: origin.map(|origin| origin.agreed_on),
            target_scope: origin.map(|origin| origin.scope.into()),
            target_at_least: at_least,
            target_at_most: at_most,
            polarity: told.polarity.map(|(polarity, _)| polarity.into()),
            polarity_source: told.polarity.map(|(_, source)| source.into()),
            direction: part.travel.map(|travel| travel.direction.into()),
            previous_value: value(previous),
            previous_period: previous.and_then(|previous| previous.period).map(Period::from),
            forecast_value: forecast.filter(|_| !hidden).map(|forecast| Number::from(forecast.figure)),
            forecast_on: forecast.map(|forecast| forecast.on),
            forecast_rating: forecast.map(|forecast| forecast.explanation.rating().into()),
            standing: latest.map(|result| result.standing.into()),
            quality: latest.and_then(|result| result.quality).map(Into::into),
            suppressed: hidden,
        }
    }
}

/// The least and the most that meet a goal.
pub(super) fn bounds(goal: Goal) -> (Option<Number>, Option<Number>) {
    match goal {
        Goal::AtLeast(bound) | Goal::Above(bound) => (Some(bound.into()), None),
        Goal::AtMost(bound) | Goal::Below(bound) => (None, Some(bound.into())),
        Goal::Between { low, high } => (Some(low.into()), Some(high.into())),
    }
}

/// What stands in place of an explanation whose figures would tell a small count.
pub(crate) fn withheld(rating: &str, threshold: u32) -> String {
    format!(
        "{rating}. The figures are withheld, because a count behind them is below {threshold} or would tell one."
    )
}

impl JudgementTold {
    fn of(judgement: &judgement::Judgement) -> Self {
        let judgement::Judgement { kind: _, rating, reason, author, from, until } = judgement;
        Self {
            rating: (*rating).into(),
            reason: Note::from(reason),
            author: Name::from(author),
            from: *from,
            until: *until,
        }
    }
}

fn freshness(told: calendar::Freshness) -> (Freshness, Option<NaiveDate>, Option<i64>) {
    match told {
        calendar::Freshness::Current => (Freshness::Current, None, None),
        calendar::Freshness::Overdue { period: _, due, days_late } => {
            (Freshness::Overdue, Some(due), Some(days_late))
        }
        calendar::Freshness::NotDue { due } => (Freshness::NotDue, Some(due), None),
        calendar::Freshness::Unknown => (Freshness::Unknown, None, None),
    }
}
