//! The improvement notices that name a measure, in short.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::code;
use waymark_domain::notice as domain;
use waymark_persistence::plan_item::Filed;

use crate::http::schema::{Code, Name, Number, Period, Title, Unit};
use crate::position::PlanPosition;
use crate::resources::notices::{
    JudgedCondition, NoticeComparison, NoticeOutcome, NoticeState, NoticeVerdict, state,
};

/// An improvement notice that names a measure in a requirement or a condition.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedNotice {
    /// The notice's code.
    notice: Code,
    /// Its title.
    title: Title,
    /// Who issued it.
    authority: Name,
    state: NoticeState,
    /// Its outcome; null while it is in force.
    outcome: Option<NoticeOutcome>,
    /// The codes of its requirements that name the measure.
    #[schema(max_items = 200)]
    requirements: Vec<Name>,
    /// Its conditions on the measure, each as it is judged at the date.
    #[schema(max_items = 200)]
    conditions: Vec<LinkedCondition>,
    /// The path of the whole resource.
    #[schema(max_length = 1000)]
    href: String,
}

/// A condition of a notice with its judgement. Every value is in `unit`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedCondition {
    /// Its code, unique in the notice.
    code: Code,
    condition: NoticeComparison,
    /// The number that is required.
    value: Number,
    /// The unit of all numbers.
    unit: Option<Unit>,
    /// The period for which it must hold.
    period: Period,
    judgement: NoticeVerdict,
    /// The judgement and its figures in one or two sentences, with what is still needed.
    #[schema(max_length = 2000)]
    explanation: String,
    /// The distance of the latest comparable result from the requirement.
    gap: Option<Number>,
    /// How much the numerator would have to grow (shrink, if negative).
    numerator_needed: Option<Number>,
    /// The day on which the result is due, if it is pending.
    due_on: Option<NaiveDate>,
    /// Whether that day has passed.
    overdue: bool,
    /// Whether the figures are withheld because a count behind them is small.
    suppressed: bool,
}

impl LinkedNotice {
    /// A notice in short. `address` is that of its plan.
    pub(super) fn of(
        filed: &Filed<domain::Notice>,
        measure: &code::Code,
        position: &PlanPosition,
        sees_small_counts: bool,
        address: &str,
    ) -> Option<Self> {
        let code = code::Code::new(filed.key.as_str()).ok()?;
        let notice = &filed.versioned.content;
        let domain::Terms { title, authority, issued_on: _, requirements, conditions } = &notice.terms;
        let (state, outcome) = state(notice.state());
        let naming = requirements.iter().filter(|requirement| requirement.measures.contains(measure));
        let on_it = conditions.iter().filter(|condition| condition.measure == *measure);
        Some(Self {
            notice: Code::from(&code),
            title: title.into(),
            authority: authority.into(),
            state,
            outcome,
            requirements: naming.map(|requirement| Name::from(&requirement.code)).collect(),
            conditions: on_it
                .map(|condition| LinkedCondition::of(condition, position, sees_small_counts))
                .collect(),
            href: format!("{address}/notices/{code}"),
        })
    }
}

impl LinkedCondition {
    fn of(condition: &domain::Condition, position: &PlanPosition, sees_small_counts: bool) -> Self {
        let domain::Condition { code, measure: _, component: _, required, period, requirement: _, note: _ } =
            condition;
        let JudgedCondition {
            unit,
            judgement,
            explanation,
            gap,
            numerator_needed,
            due_on,
            overdue,
            suppressed,
            ..
        } = JudgedCondition::of(condition, position, sees_small_counts);
        Self {
            code: code.into(),
            condition: (*required).into(),
            value: required.value().into(),
            unit,
            period: (*period).into(),
            judgement,
            explanation,
            gap,
            numerator_needed,
            due_on,
            overdue,
            suppressed,
        }
    }
}
