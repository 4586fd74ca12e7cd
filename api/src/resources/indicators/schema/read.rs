//! Indicators from the wire into the domain, with the place of every fault.

use std::collections::HashSet;

use waymark_domain::decimal::Decimal;
use waymark_domain::{code, indicator as domain};

use super::{DefinitionVersion, Dimension, IndicatorContent, NewIndicator};
use crate::http::content::{at_most, names, once, part};
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::schema::Number;
use crate::http::validation::{Coded, Faults};

/// The longest usual publication lag, in days.
const MOST_LAG_DAYS: u32 = 1000;
/// The most references.
const MOST_REFERENCES: usize = 50;
/// The most definition versions.
const MOST_VERSIONS: usize = 100;
/// The most components.
const MOST_COMPONENTS: usize = 50;
/// The most dimensions.
const MOST_DIMENSIONS: usize = 20;
/// The most categories of a dimension.
const MOST_CATEGORIES: usize = 500;

impl NewIndicator {
    /// Into the domain, with the code.
    pub(in crate::resources::indicators) fn read(self) -> Result<(code::Code, domain::Indicator), Problem> {
        let ((code,), content) = self.apart();
        let mut faults = Faults::default();
        let code = code.read(&mut faults, "/code");
        let content = content.read_with(&mut faults);
        let (code, content) = faults.finish(code.zip(content))?;
        Ok((code, sound(content)?))
    }
}

impl IndicatorContent {
    /// Into the domain.
    pub(in crate::resources::indicators) fn read(self) -> Result<domain::Indicator, Problem> {
        let mut faults = Faults::default();
        let content = self.read_with(&mut faults);
        sound(faults.finish(content)?)
    }

    fn read_with(self, faults: &mut Faults) -> Option<domain::Indicator> {
        let Self {
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
        } = self;
        let title = title.read(faults, "/title");
        let unit = unit.read(faults, "/unit");
        let precision = at_most(faults, "/precision", precision, domain::Indicator::MOST_PLACES);
        let lag_days = at_most(faults, "/lag_days", lag_days, MOST_LAG_DAYS);
        let threshold = threshold(faults, &static_threshold);
        let source = part(source, |source| source.read(faults, "/source"));
        let references =
            faults.each("/references", MOST_REFERENCES, references, |faults, name| name.read(faults, ""));
        let versions = read_versions(faults, versions);
        let components = names(faults, "/components", MOST_COMPONENTS, components);
        let dimensions = read_dimensions(faults, dimensions);
        Some(domain::Indicator {
            title: title?,
            unit: unit?,
            precision: precision?,
            polarity: polarity.map(Into::into),
            frequency: frequency.map(Into::into),
            lag_days: lag_days?,
            static_threshold: threshold?,
            source: source?,
            references: references?,
            versions: versions?,
            components: components?,
            dimensions: dimensions?,
        })
    }
}

fn threshold(faults: &mut Faults, number: &Number) -> Option<Decimal> {
    let threshold = number.read(faults, "/static_threshold")?;
    if threshold < Decimal::ZERO {
        faults.note("/static_threshold", "too_small", domain::IndicatorError::Threshold);
        return None;
    }
    Some(threshold)
}

fn read_versions(
    faults: &mut Faults,
    versions: Vec<DefinitionVersion>,
) -> Option<Vec<domain::DefinitionVersion>> {
    if versions.is_empty() {
        faults.note("/versions", "too_few", domain::IndicatorError::Versions);
        return None;
    }
    let mut numbers = 1_u32..;
    faults.each("/versions", MOST_VERSIONS, versions, |faults, DefinitionVersion { number, from, note }| {
        if numbers.next() != Some(number) {
            faults.note("/number", "out_of_order", domain::IndicatorError::Versions);
        }
        let note = part(note, |note| note.read(faults, "/note"))?;
        Some(domain::DefinitionVersion { number, from, note })
    })
}

fn read_dimensions(faults: &mut Faults, dimensions: Vec<Dimension>) -> Option<Vec<domain::Dimension>> {
    let mut seen = HashSet::new();
    faults.each(
        "/dimensions",
        MOST_DIMENSIONS,
        dimensions,
        |faults, Dimension { code, title, categories }| {
            let code = code.read(faults, "/code").and_then(|code| once(faults, "/code", &mut seen, code));
            let title = title.read(faults, "/title");
            let categories = names(faults, "/categories", MOST_CATEGORIES, categories);
            Some(domain::Dimension { code: code?, title: title?, categories: categories? })
        },
    )
}

/// The domain has the last word on the whole.
fn sound(indicator: domain::Indicator) -> Result<domain::Indicator, Problem> {
    match indicator.check() {
        Ok(()) => Ok(indicator),
        Err(error) => Err(Problem::new(Kind::InvalidBody).faults([Fault::at("", error.code(), error)])),
    }
}

impl Coded for domain::IndicatorError {
    fn code(&self) -> &'static str {
        match self {
            Self::Precision => "too_large",
            Self::Versions => "out_of_order",
            Self::Duplicate => "duplicate",
            Self::Threshold => "too_small",
        }
    }
}
