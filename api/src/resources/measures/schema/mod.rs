//! Measures on the wire.

mod amount;
mod line;
mod origin;
mod promise;
mod read;
mod target;
#[cfg(test)]
mod tests;
mod trajectory;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::indicator::Indicator;
use waymark_domain::rating::{self, Case};
use waymark_domain::{code, measure as domain};
use waymark_persistence::Versioned;

use super::place::View;
use crate::http::content::content;
use crate::http::list::{History, Page};
use crate::http::schema::{Breakdown, Code, Name, Note, Polarity, PolaritySource};
use crate::resources::deletions::Departure;
use line::MeasureLine;
pub(crate) use promise::TargetTerms;
pub(super) use read::Surroundings;
pub(crate) use target::TargetState;
pub(crate) use trajectory::Trajectory;

content! {
    /// A measure, as it is created.
    new NewMeasure {
        /// Unique in the plan.
        code: Code,
        /// The indicator that it measures. It never changes.
        indicator: IndicatorReference,
    }
    /// The content of a measure.
    content MeasureContent {
        /// The code of its theme.
        theme: Code,
        /// The priority under that theme, if any.
        #[serde(default)]
        priority: Option<Code>,
        /// The category that is measured; null for the whole.
        #[serde(default)]
        breakdown: Option<Breakdown>,
        /// The post of the officer who leads on it.
        #[serde(default)]
        lead: Option<Name>,
        /// The post to ask.
        #[serde(default)]
        contact: Option<Name>,
        /// Baseline, target and trajectory: one line for the whole, or one for each component, or both.
        #[schema(min_items = 1, max_items = 51)]
        lines: Vec<MeasureLine>,
        /// How the ratings of components are combined. Defaults to the worst.
        #[serde(default)]
        composite: Composite,
        /// A note.
        #[serde(default)]
        note: Option<Note>,
    }
}

/// The indicator of a measure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicatorReference {
    /// The organisation that defines it: the plan's own, or the catalogue `national`. If omitted, the plan's
    /// own indicator of that code is taken, else the catalogue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organisation: Option<Code>,
    /// The indicator's code.
    code: Code,
}

/// How the ratings of several components make one.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Composite {
    rule: CompositeRule,
    /// The component that decides, for the rule `headline`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    component: Option<Name>,
}

/// The worst component counts, or the best one, or one that is named.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CompositeRule {
    #[default]
    Worst,
    Best,
    Headline,
}

/// An indicator's place in a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Measure {
    /// Unique in the plan.
    code: Code,
    /// The indicator that it measures.
    indicator: IndicatorReference,
    #[serde(flatten)]
    content: MeasureContent,
    /// The polarity in effect: of the whole, or of the first component with one. If it is
    /// null, the measure is not rated until the indicator states it.
    polarity: Option<EffectivePolarity>,
    /// When and why it left the plan, in the order in which that was decided. Only decisions on deletions add to them.
    #[schema(max_items = 1000, required = false)]
    departures: Vec<Departure>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

/// The polarity in effect, and how it was determined.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EffectivePolarity {
    polarity: Polarity,
    source: PolaritySource,
    /// Why, for the officer who may confirm it.
    #[schema(max_length = 500)]
    reason: String,
}

pub(crate) type MeasurePage = Page<Measure>;

pub(crate) type MeasureHistory = History<Measure>;

impl Measure {
    /// A revision as the viewer may see it.
    pub(super) fn of(code: &code::Code, revision: &Versioned<domain::Measure>, view: &View) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content } = revision;
        Self {
            code: code.into(),
            indicator: IndicatorReference {
                organisation: Some((&view.indicator_owner).into()),
                code: (&view.indicator.code).into(),
            },
            content: MeasureContent::of(content, &view.indicator.versioned.content, view.threshold),
            polarity: effective_polarity(content, view),
            departures: content.departures.iter().map(Departure::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl MeasureContent {
    /// As it is returned; without `threshold`, to a caller who may see small counts.
    fn of(measure: &domain::Measure, indicator: &Indicator, threshold: Option<u32>) -> Self {
        let domain::Measure {
            theme,
            priority,
            breakdown,
            lead,
            contact,
            lines,
            composite,
            note,
            departures: _,
        } = measure;
        Self {
            theme: theme.into(),
            priority: priority.as_ref().map(Code::from),
            breakdown: breakdown.as_ref().map(Breakdown::from),
            lead: lead.as_ref().map(Name::from),
            contact: contact.as_ref().map(Name::from),
            lines: lines.iter().map(|line| MeasureLine::of(line, indicator, threshold)).collect(),
            composite: composite.into(),
            note: note.as_ref().map(Note::from),
        }
    }
}

/// The polarity of the first line that has one.
fn effective_polarity(measure: &domain::Measure, view: &View) -> Option<EffectivePolarity> {
    let of_line = |line| {
        let (indicator, plan) = (&view.indicator.versioned.content, view.plan);
        rating::effective_polarity(Case {
            plan: plan.span,
            scheme: &plan.scheme,
            indicator,
            line,
            result: None,
        })
    };
    let whole = measure.lines.iter().filter(|line| line.component.is_none());
    let (polarity, source) = whole.chain(&measure.lines).find_map(of_line)?;
    Some(EffectivePolarity {
        polarity: polarity.into(),
        source: source.into(),
        reason: source.reason().to_owned(),
    })
}

impl From<&domain::Composite> for Composite {
    fn from(composite: &domain::Composite) -> Self {
        match composite {
            domain::Composite::Worst => Self { rule: CompositeRule::Worst, component: None },
            domain::Composite::Best => Self { rule: CompositeRule::Best, component: None },
            domain::Composite::Headline(component) => {
                Self { rule: CompositeRule::Headline, component: Some(component.into()) }
            }
        }
    }
}
