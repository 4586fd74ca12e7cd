//! The status of a measure: one flat row, with the parts that it was computed from.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::rating::{DatedFigure, Goal};
use waymark_domain::target::Target;
use waymark_domain::{calendar, judgement, status};
use waymark_persistence::measure::MeasureOfPlan;

use super::deleted::DeletedMeasure;
use super::query::Filter;
use super::rule::RatingRule;
use crate::http::schema::{
    Breakdown, Code, Colour, Direction, Name, Note, Number, Period, Polarity, PolaritySource, QualityGrade,
    Rating, Standing, TargetScope, Title, Unit,
};
use crate::position::{PlanPosition, When, withheld};
use crate::resources::measures::TargetState;

/// The status of a plan at a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanStatus {
    /// The plan's code.
    plan: Code,
    /// The date of the position.
    as_at: NaiveDate,
    /// The moment as of which the data were known; null for now.
    as_known_at: Option<DateTime<Utc>>,
    /// The code of the rating scheme.
    scheme: Code,
    /// The measures, in the order of the plan's themes and priorities.
    #[schema(max_items = 100000)]
    measures: Vec<MeasureStatus>,
    /// The measures that have left the plan by that date, in the same order. The filter `rating` does not apply to them.
    #[schema(max_items = 100000)]
    deleted: Vec<DeletedMeasure>,
}

/// The status of one measure. Every value is in `unit`.
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
    /// The code of its theme.
    pub theme: Code,
    /// The code of its priority.
    pub priority: Option<Code>,
    /// The post of the officer who leads on it.
    pub lead: Option<Name>,
    /// The unit of all values.
    pub unit: Unit,
    /// The rating to display: an officer's override, else the computed rating.
    pub rating: Rating,
    /// The rating by the rules. An override does not change it.
    pub computed_rating: Rating,
    /// The figures of the component that decided.
    #[serde(flatten)]
    pub figures: Figures,
    /// Whether its latest result is up to date.
    pub freshness: Freshness,
    /// The day on which the missing result was due, or on which the first result is due.
    pub due_on: Option<NaiveDate>,
    /// Days since `due_on`, if it is overdue.
    #[schema(minimum = 0, maximum = 200000)]
    pub days_late: Option<i64>,
    /// The grade of the quality check for `actual_period`; null if there is none.
    pub data_quality: Option<QualityGrade>,
    /// The score of that check, in whole per cent.
    #[schema(minimum = 0, maximum = 100)]
    pub data_quality_score: Option<u32>,
    /// The officer's override in force on this date.
    pub override_judgement: Option<JudgementSummary>,
    /// The officer's prediction of the year-end rating in force on this date.
    pub prediction: Option<JudgementSummary>,
    /// The status of each component; empty if the indicator has none.
    #[schema(max_items = 200)]
    pub parts: Vec<PartStatus>,
}

/// The status of one component of a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartStatus {
    /// The component; null for a result of the whole.
    pub component: Option<Name>,
    /// Its computed rating.
    pub rating: Rating,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The rule behind a rating, and the figures that it compared.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Figures {
    /// The rule that decided, or because of which there is no rating.
    pub rule: RatingRule,
    /// The rule and the figures in one or two sentences.
    #[schema(max_length = 2000)]
    pub explanation: String,
    /// The latest result's value.
    pub actual_value: Option<Number>,
    /// Its period.
    pub actual_period: Option<Period>,
    /// The value that was expected.
    pub expected_value: Option<Number>,
    /// The day for which it was expected.
    pub expected_on: Option<NaiveDate>,
    /// The baseline's value.
    pub baseline_value: Option<Number>,
    /// Its period.
    pub baseline_period: Option<Period>,
    /// The target as text.
    #[schema(max_length = 200)]
    pub target: Option<String>,
    /// The state of the target; null if the measure has none.
    pub target_state: Option<TargetState>,
    /// The period of the target; null for the plan's end.
    pub target_period: Option<Period>,
    /// The day on which a board agreed the target, if known.
    pub target_agreed_on: Option<NaiveDate>,
    /// The scope of the target, if known.
    pub target_scope: Option<TargetScope>,
    /// The least value that meets the target, if there is one. For `above`, the limit itself.
    pub target_at_least: Option<Number>,
    /// The greatest value that meets the target, if there is one. For `below`, the limit itself.
    pub target_at_most: Option<Number>,
    /// Which direction is better.
    pub polarity: Option<Polarity>,
    /// How the polarity was determined.
    pub polarity_source: Option<PolaritySource>,
    /// The direction of travel against the previous comparable result.
    pub direction: Option<Direction>,
    /// The previous comparable result's value.
    pub previous_value: Option<Number>,
    /// Its period.
    pub previous_period: Option<Period>,
    /// The value at the end of the year if the trend of the comparable results continues.
    pub forecast_value: Option<Number>,
    /// The last day of that year.
    pub forecast_on: Option<NaiveDate>,
    /// The rating of the forecast.
    pub forecast_rating: Option<Rating>,
    /// The standing of the latest result.
    pub standing: Option<Standing>,
    /// The data-quality grade that was sent with it.
    pub quality: Option<QualityGrade>,
    /// Whether the figures are suppressed because a count behind them is small.
    pub suppressed: bool,
}

/// Whether the latest result is the latest that was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Freshness {
    /// The latest result that was due is there.
    Current,
    /// A later result was due.
    Overdue,
    /// There is no result, and none was due.
    NotDue,
    /// The indicator has no frequency.
    Unknown,
}

/// An officer's judgement of a measure, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JudgementSummary {
    /// The officer's rating.
    pub rating: Colour,
    /// The officer's reason.
    pub reason: Note,
    /// Who recorded it.
    pub judged_by: Name,
    /// The first day on which it applies.
    pub from: NaiveDate,
    /// The last day on which it applies; null for no end.
    pub until: Option<NaiveDate>,
}

impl PlanStatus {
    /// The status of the selected measures, as a caller may see it.
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
        let status = position.status(of_plan);
        let measure = &of_plan.measure.versioned.content;
        let indicator = &of_plan.indicator.versioned.content;
        let hide = |part: &status::Part<'_>| part.is_suppressed && !sees_small_counts;
        let part_status = |part: &status::Part<'_>| PartStatus {
            component: part.component.map(Name::from),
            rating: part.explanation.rating().into(),
            figures: Figures::of(part, hide(part), position.threshold()),
        };
        let (freshness, due_on, days_late) = freshness(status.freshness);
        let actual = status.decisive.latest.map(|received| received.result.period);
        let check = position.check(&of_plan.measure.code, actual);
        let has_components = status.parts.iter().any(|part| part.component.is_some());
        Self {
            measure: Code::from(&of_plan.measure.code),
            indicator: Code::from(&of_plan.indicator.code),
            title: Title::from(&indicator.title),
            breakdown: measure.breakdown.as_ref().map(Breakdown::from),
            theme: Code::from(&measure.theme),
            priority: measure.priority.as_ref().map(Code::from),
            lead: measure.lead.as_ref().map(Name::from),
            unit: Unit::from(indicator.unit),
            rating: status.rating().into(),
            computed_rating: status.computed.into(),
            figures: Figures::of(&status.decisive, hide(&status.decisive), position.threshold()),
            freshness,
            due_on,
            days_late,
            data_quality: check.map(|check| check.graded.grade.into()),
            data_quality_score: check.map(|check| check.graded.score),
            override_judgement: status.overridden.map(JudgementSummary::of),
            prediction: status.predicted.map(JudgementSummary::of),
            parts: if has_components { status.parts.iter().map(part_status).collect() } else { Vec::new() },
        }
    }
}

impl Figures {
    fn of(part: &status::Part<'_>, hidden: bool, threshold: u32) -> Self {
        let explained = &part.explanation;
        let latest = part.latest.map(|received| &received.result);
        let seen = |figure: Option<DatedFigure>| figure.filter(|_| !hidden);
        let value = |figure: Option<DatedFigure>| seen(figure).map(|seen| Number::from(seen.figure));
        let previous = part.travel.map(|travel| travel.previous);
        let forecast = part.forecast.as_ref();
        let (at_least, at_most) = explained.goal.map_or((None, None), bounds);
        let origin = part.target.and_then(Target::origin);
        let target_period = match part.target {
            Some(Target::Set { period, .. }) => *period,
            Some(Target::ToBeSet { .. } | Target::Unread { .. }) | None => None,
        };
        Self {
            rule: explained.rule.into(),
            explanation: if hidden {
                withheld(explained.rating().words(), threshold)
            } else {
                explained.to_string()
            },
            actual_value: value(explained.actual),
            actual_period: latest.map(|result| Period::from(result.period)),
            expected_value: explained.expected.filter(|_| !hidden).map(|(figure, _)| Number::from(figure)),
            expected_on: explained.expected.map(|(_, on)| on),
            baseline_value: value(explained.baseline),
            baseline_period: explained.baseline.and_then(|baseline| baseline.period).map(Period::from),
            target: explained.condition.map(|condition| condition.show(explained.unit)),
            target_state: part.target.map(TargetState::from),
            target_period: target_period.map(Period::from),
            target_agreed_on: origin.map(|origin| origin.agreed_on),
            target_scope: origin.map(|origin| origin.scope.into()),
            target_at_least: at_least,
            target_at_most: at_most,
            polarity: explained.polarity.map(|(polarity, _)| polarity.into()),
            polarity_source: explained.polarity.map(|(_, source)| source.into()),
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

/// The least and the greatest value that meet a goal.
pub(super) fn bounds(goal: Goal) -> (Option<Number>, Option<Number>) {
    match goal {
        Goal::AtLeast(bound) | Goal::Above(bound) => (Some(bound.into()), None),
        Goal::AtMost(bound) | Goal::Below(bound) => (None, Some(bound.into())),
        Goal::Between { low, high } => (Some(low.into()), Some(high.into())),
    }
}

impl JudgementSummary {
    fn of(judgement: &judgement::Judgement) -> Self {
        let judgement::Judgement { kind: _, rating, reason, author, from, until } = judgement;
        Self {
            rating: (*rating).into(),
            reason: Note::from(reason),
            judged_by: Name::from(author),
            from: *from,
            until: *until,
        }
    }
}

fn freshness(freshness: calendar::Freshness) -> (Freshness, Option<NaiveDate>, Option<i64>) {
    match freshness {
        calendar::Freshness::Current => (Freshness::Current, None, None),
        calendar::Freshness::Overdue { period: _, due, days_late } => {
            (Freshness::Overdue, Some(due), Some(days_late))
        }
        calendar::Freshness::NotDue { due } => (Freshness::NotDue, Some(due), None),
        calendar::Freshness::Unknown => (Freshness::Unknown, None, None),
    }
}
