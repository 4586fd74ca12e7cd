//! The document of an indicator.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::{DefinitionVersion, Dimension, Frequency, Indicator};
use waymark_domain::polarity::Polarity;
use waymark_domain::text::{Name, Note, Title};
use waymark_domain::value::Unit;

use super::each;
use super::scalar::{Case, Text, of_text, of_texts, text, texts};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicatorDocument {
    title: Text<Title>,
    unit: Text<Unit>,
    precision: u32,
    polarity: Option<Case<Polarity>>,
    frequency: Option<Case<Frequency>>,
    lag_days: u32,
    static_threshold: Text<Decimal>,
    source: Option<Text<Note>>,
    references: Vec<Text<Name>>,
    versions: Vec<VersionDocument>,
    components: Vec<Text<Name>>,
    dimensions: Vec<DimensionDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionDocument {
    number: u32,
    from: Option<Text<NaiveDate>>,
    note: Option<Text<Note>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DimensionDocument {
    code: Text<Code>,
    title: Text<Title>,
    categories: Vec<Text<Name>>,
}

impl From<&Indicator> for IndicatorDocument {
    fn from(indicator: &Indicator) -> Self {
        let Indicator {
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
            unit: unit.into(),
            precision: *precision,
            polarity: polarity.map(Case),
            frequency: frequency.map(Case),
            lag_days: *lag_days,
            static_threshold: static_threshold.into(),
            source: text(source),
            references: texts(references),
            versions: each(versions),
            components: texts(components),
            dimensions: each(dimensions),
        }
    }
}

impl From<IndicatorDocument> for Indicator {
    fn from(document: IndicatorDocument) -> Self {
        let IndicatorDocument {
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
        } = document;
        Self {
            title: title.0,
            unit: unit.0,
            precision,
            polarity: polarity.map(|case| case.0),
            frequency: frequency.map(|case| case.0),
            lag_days,
            static_threshold: static_threshold.0,
            source: of_text(source),
            references: of_texts(references),
            versions: each(versions),
            components: of_texts(components),
            dimensions: each(dimensions),
        }
    }
}

impl From<&DefinitionVersion> for VersionDocument {
    fn from(version: &DefinitionVersion) -> Self {
        let DefinitionVersion { number, from, note } = version;
        Self { number: *number, from: text(from), note: text(note) }
    }
}

impl From<VersionDocument> for DefinitionVersion {
    fn from(document: VersionDocument) -> Self {
        let VersionDocument { number, from, note } = document;
        Self { number, from: of_text(from), note: of_text(note) }
    }
}

impl From<&Dimension> for DimensionDocument {
    fn from(dimension: &Dimension) -> Self {
        let Dimension { code, title, categories } = dimension;
        Self { code: code.into(), title: title.into(), categories: texts(categories) }
    }
}

impl From<DimensionDocument> for Dimension {
    fn from(document: DimensionDocument) -> Self {
        let DimensionDocument { code, title, categories } = document;
        Self { code: code.0, title: title.0, categories: of_texts(categories) }
    }
}
