//! The document of an indicator.

use chrono::NaiveDate;
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::{DefinitionVersion, Dimension, Frequency, Indicator};
use waymark_domain::polarity::Polarity;
use waymark_domain::text::{Name, Note, Title};
use waymark_domain::value::Unit;

use super::document;
use super::scalar::{Case, Text};
use crate::history::noun::Noun;

impl Noun for Indicator {
    const KIND: &'static str = "indicator";
    type Document = IndicatorDocument;
}

document! {
    pub struct IndicatorDocument of Indicator {
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

    struct VersionDocument of DefinitionVersion {
        number: u32,
        from: Option<Text<NaiveDate>>,
        note: Option<Text<Note>>,
    }

    struct DimensionDocument of Dimension {
        code: Text<Code>,
        title: Text<Title>,
        categories: Vec<Text<Name>>,
    }
}
