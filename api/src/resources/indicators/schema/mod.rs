//! Indicators on the wire.

mod read;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use waymark_domain::decimal::Decimal;
use waymark_domain::{code, indicator as domain};
use waymark_persistence::{Record, Versioned};

use crate::http::content::content;
use crate::http::list::{History, Page};
use crate::http::params::PathCode;
use crate::http::schema::{Code, Frequency, Name, Note, Number, Polarity, Title, Unit};

/// Which indicator.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct IndicatorPath {
    /// The organisation's code.
    #[param(value_type = Code)]
    organisation: PathCode,
    /// The indicator's code.
    #[param(value_type = Code)]
    indicator: PathCode,
}

content! {
    /// An indicator, as it is created.
    new NewIndicator {
        /// Unique in the organisation.
        code: Code,
    }
    /// The content of an indicator.
    content IndicatorContent {
        /// Its title.
        title: Title,
        unit: Unit,
        /// At how many decimal places results are compared.
        #[schema(minimum = 0, maximum = 6)]
        precision: u32,
        /// Which direction is better. If omitted, it is derived from the target of each measure where possible.
        #[serde(default)]
        polarity: Option<Polarity>,
        /// How often a result is due; null if unknown.
        #[serde(default)]
        frequency: Option<Frequency>,
        /// Days from the end of a period until its result is usually published.
        #[serde(default)]
        #[schema(minimum = 0, maximum = 1000, default = 0)]
        lag_days: u32,
        /// A change of at most this much, in the indicator's unit, counts as no change in the direction of travel.
        #[serde(default = "zero")]
        #[schema(value_type = f64, format = "decimal", minimum = 0.0, maximum = 999999999999999.0, default = 0)]
        static_threshold: Number,
        /// The source of its results.
        #[serde(default)]
        source: Option<Note>,
        /// Its codes in national sets.
        #[serde(default)]
        #[schema(max_items = 50)]
        references: Vec<Name>,
        /// Its methods of measuring, numbered 1, 2, 3 in order. Results under different ones are never compared.
        #[serde(default = "first_version")]
        #[schema(min_items = 1, max_items = 100)]
        versions: Vec<DefinitionVersion>,
        /// The named parts of one result, each once: dose 1, dose 2, dose 3.
        #[serde(default)]
        #[schema(max_items = 50)]
        components: Vec<Name>,
        /// The ways in which its results are broken down.
        #[serde(default)]
        #[schema(max_items = 20)]
        dimensions: Vec<Dimension>,
    }
}

/// One method of measuring an indicator.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefinitionVersion {
    /// 1, 2, 3 in order.
    #[schema(minimum = 1, maximum = 100)]
    number: u32,
    /// The first day measured by this method, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<NaiveDate>,
    /// What changed against the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
}

/// A dimension by which results are broken down: ethnic group, district.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BreakdownDimension)]
pub(crate) struct Dimension {
    /// Unique in the indicator.
    code: Code,
    /// Its title.
    title: Title,
    /// Its categories, each once.
    #[schema(max_items = 500)]
    categories: Vec<Name>,
}

/// A definition of what is measured.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Indicator {
    /// Unique in the organisation.
    code: Code,
    #[serde(flatten)]
    content: IndicatorContent,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

pub(crate) type IndicatorPage = Page<Indicator>;

pub(crate) type IndicatorHistory = History<Indicator>;

fn zero() -> Number {
    Decimal::ZERO.into()
}

fn first_version() -> Vec<DefinitionVersion> {
    vec![DefinitionVersion { number: 1, from: None, note: None }]
}

impl IndicatorPath {
    /// The codes of the organisation and of the indicator.
    pub(super) fn codes(self) -> (code::Code, code::Code) {
        (self.organisation.0, self.indicator.0)
    }
}

impl Indicator {
    /// One of its revisions.
    pub(super) fn of(code: &code::Code, revision: &Versioned<domain::Indicator>) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content } = revision;
        Self { code: code.into(), content: content.into(), revision: *revision, recorded_at: *recorded_at }
    }
}

impl From<&Record<domain::Indicator>> for Indicator {
    fn from(record: &Record<domain::Indicator>) -> Self {
        let Record { organisation: _, code, versioned } = record;
        Self::of(code, versioned)
    }
}

impl From<&domain::Indicator> for IndicatorContent {
    fn from(indicator: &domain::Indicator) -> Self {
        let domain::Indicator {
            title,
            unit,
            precision,
            polarity,
            frequency,
            lag_days,
            static_threshold,
            source,
            references,
            versions,
            components,
            dimensions,
        } = indicator;
        Self {
            title: title.into(),
            unit: (*unit).into(),
            precision: *precision,
            polarity: polarity.map(Into::into),
            frequency: frequency.map(Into::into),
            lag_days: *lag_days,
            static_threshold: (*static_threshold).into(),
            source: source.as_ref().map(Note::from),
            references: references.iter().map(Name::from).collect(),
            versions: versions.iter().map(DefinitionVersion::from).collect(),
            components: components.iter().map(Name::from).collect(),
            dimensions: dimensions.iter().map(Dimension::from).collect(),
        }
    }
}

impl From<&domain::DefinitionVersion> for DefinitionVersion {
    fn from(version: &domain::DefinitionVersion) -> Self {
        let domain::DefinitionVersion { number, from, note } = version;
        Self { number: *number, from: *from, note: note.as_ref().map(Note::from) }
    }
}

impl From<&domain::Dimension> for Dimension {
    fn from(dimension: &domain::Dimension) -> Self {
        let domain::Dimension { code, title, categories } = dimension;
        Self {
            code: code.into(),
            title: title.into(),
            categories: categories.iter().map(Name::from).collect(),
        }
    }
}
