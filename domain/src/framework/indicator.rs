//! Indicators: definitions of what is measured, kept in a catalogue.

pub use crate::framework::frequency::Frequency;

use crate::code::Code;
use crate::framework::polarity::Polarity;
use crate::number::decimal::Decimal;
use crate::number::value::Unit;
use crate::text::{Name, Note, Title};
use chrono::NaiveDate;
use std::collections::HashSet;

/// A definition: what is measured, in which unit, which way is better, how often it is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// What it is called.
    pub title: Title,
    /// What its numbers count.
    pub unit: Unit,
    /// At how many decimal places it is compared, 0 to [`Indicator::MOST_PLACES`].
    pub precision: u32,
    /// Which way is better, where that is stated.
    pub polarity: Option<Polarity>,
    /// How often a result is due, where that is known.
    pub frequency: Option<Frequency>,
    /// Days from the end of a period until its result is usually published.
    pub lag_days: u32,
    /// A change of at most this much counts as no change in the direction of travel, in the indicator's unit.
    pub static_threshold: Decimal,
    /// Where its results come from.
    pub source: Option<Note>,
    /// What national sets call it.
    pub references: Vec<Name>,
    /// Its methods in order; results under different ones are never compared.
    pub versions: Vec<DefinitionVersion>,
    /// The named parts of one result: dose 1, dose 2, dose 3.
    pub components: Vec<Name>,
    /// The ways in which its results are broken down.
    pub dimensions: Vec<Dimension>,
}

/// One method of measuring an indicator. A change of method breaks comparability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionVersion {
    /// 1, 2, 3 ... in order.
    pub number: u32,
    /// The first day measured by this method, where that is known.
    pub from: Option<NaiveDate>,
    /// What changed.
    pub note: Option<Note>,
}

/// A way of breaking results down: by ethnic group, by district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Its code, unique in the indicator.
    pub code: Code,
    /// What it is called.
    pub title: Title,
    /// Its categories.
    pub categories: Vec<Name>,
}

/// One category of one dimension of an indicator.
///
/// Text form: `group=White group`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Breakdown {
    /// The dimension's code.
    pub dimension: Code,
    /// The category.
    pub category: Name,
}

impl std::fmt::Display for Breakdown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.dimension, self.category)
    }
}

/// A text that is no [`Breakdown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a breakdown: write dimension=category, as in group=White group")]
pub struct BreakdownError;

impl std::str::FromStr for Breakdown {
    type Err = BreakdownError;
    fn from_str(text: &str) -> Result<Self, BreakdownError> {
        let (dimension, category) = text.split_once('=').ok_or(BreakdownError)?;
        Ok(Self {
            dimension: Code::new(dimension).map_err(|_| BreakdownError)?,
            category: Name::new(category).map_err(|_| BreakdownError)?,
        })
    }
}

/// A part of a definition that results depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The definition version of that number.
    Version(u32),
    /// A component.
    Component(Name),
    /// A category of a dimension.
    Category(Breakdown),
}

/// What is wrong with a definition as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IndicatorError {
    /// More decimal places than can be compared at.
    #[error("an indicator is compared at no more than {} decimal places", Indicator::MOST_PLACES)]
    Precision,
    /// The versions are not numbered 1, 2, 3 ...
    #[error("definition versions are numbered 1, 2, 3 in order, and there is at least one")]
    Versions,
    /// Two components of one name, or two dimensions or categories.
    #[error("two components, dimensions or categories have the same name")]
    Duplicate,
    /// The threshold for no change is below zero.
    #[error("the threshold for no change is zero or more")]
    Threshold,
}

impl Indicator {
    /// The most decimal places at which results are compared.
    pub const MOST_PLACES: u32 = 6;

    /// A definition with a title, a unit and a precision, and nothing else known.
    pub fn new(title: Title, unit: Unit, precision: u32) -> Self {
        Self {
            title,
            unit,
            precision,
            polarity: None,
            frequency: None,
            lag_days: 0,
            static_threshold: Decimal::ZERO,
            source: None,
            references: Vec::new(),
            versions: vec![DefinitionVersion { number: 1, from: None, note: None }],
            components: Vec::new(),
            dimensions: Vec::new(),
        }
    }

    /// What no single field can show.
    pub fn check(&self) -> Result<(), IndicatorError> {
        if self.precision > Self::MOST_PLACES {
            return Err(IndicatorError::Precision);
        }
        if self.static_threshold < Decimal::ZERO {
            return Err(IndicatorError::Threshold);
        }
        let in_order = self.versions.iter().zip(1..).all(|(version, number)| version.number == number);
        if self.versions.is_empty() || !in_order {
            return Err(IndicatorError::Versions);
        }
        let mut names = HashSet::new();
        let unique = self.components.iter().all(|component| names.insert(component.as_str()));
        let mut codes = HashSet::new();
        let dimensions = self.dimensions.iter().all(|dimension| {
            let mut categories = HashSet::new();
            codes.insert(&dimension.code)
                && dimension.categories.iter().all(|c| categories.insert(c.as_str()))
        });
        if unique && dimensions { Ok(()) } else { Err(IndicatorError::Duplicate) }
    }

    /// Whether results may be broken down in this way.
    pub fn has(&self, breakdown: &Breakdown) -> bool {
        self.dimensions.iter().any(|dimension| {
            dimension.code == breakdown.dimension && dimension.categories.contains(&breakdown.category)
        })
    }

    /// What of this definition is gone in the one that takes its place, though results may depend on it: a
    /// replacement adds versions, components and categories, and drops none.
    pub fn dropped_by(&self, next: &Indicator) -> Vec<Part> {
        let has_version = |number| next.versions.iter().any(|version| version.number == number);
        let versions = self.versions.iter().filter(|version| !has_version(version.number));
        let components = self.components.iter().filter(|component| !next.components.contains(component));
        let categories = self.breakdowns().filter(|breakdown| !next.has(breakdown));
        versions
            .map(|version| Part::Version(version.number))
            .chain(components.cloned().map(Part::Component))
            .chain(categories.map(Part::Category))
            .collect()
    }

    /// Every category of every dimension.
    pub fn breakdowns(&self) -> impl Iterator<Item = Breakdown> {
        self.dimensions.iter().flat_map(|dimension| {
            let of = |category| Breakdown { dimension: dimension.code.clone(), category };
            dimension.categories.iter().cloned().map(of)
        })
    }

    /// The number of the method in force on a day: the last one that had begun.
    pub fn version_on(&self, day: NaiveDate) -> u32 {
        let begun = |version: &&DefinitionVersion| version.from.is_none_or(|from| from <= day);
        self.versions.iter().rev().find(begun).map_or(1, |version| version.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator() -> Indicator {
        Indicator::new(Title::new("Immunisation").unwrap(), Unit::Percent, 1)
    }

    #[test]
    fn a_version_is_in_force_from_its_first_day() {
        let mut changed = indicator();
        let from = "2009-01-01".parse().ok();
        changed.versions.push(DefinitionVersion { number: 2, from, note: None });
        assert_eq!(changed.version_on("2008-12-31".parse().unwrap()), 1);
        assert_eq!(changed.version_on("2009-01-01".parse().unwrap()), 2);
        assert_eq!(changed.check(), Ok(()));
        changed.versions.remove(0);
        assert_eq!(changed.check(), Err(IndicatorError::Versions));
    }

    #[test]
    fn names_of_parts_are_unique() {
        let mut doses = indicator();
        doses.components = vec![Name::new("Dose 1").unwrap(), Name::new("Dose 1").unwrap()];
        assert_eq!(doses.check(), Err(IndicatorError::Duplicate));
    }

    #[test]
    fn a_replacement_adds_and_drops_nothing() {
        let name = |text| Name::new(text).unwrap();
        let (code, title) = (Code::new("group").unwrap(), Title::new("Ethnic group").unwrap());
        let dimension = |categories| Dimension { code: code.clone(), title: title.clone(), categories };
        let mut before = indicator();
        before.components = vec![name("Dose 1")];
        before.dimensions = vec![dimension(vec![name("White"), name("Other")])];
        let mut after = before.clone();
        after.versions.push(DefinitionVersion { number: 2, from: None, note: None });
        after.components.push(name("Dose 2"));
        assert_eq!(before.dropped_by(&after), []);
        before.dimensions = vec![dimension(vec![name("White")])];
        let gone = Breakdown { dimension: code.clone(), category: name("Other") };
        assert_eq!(
            after.dropped_by(&before),
            [Part::Version(2), Part::Component(name("Dose 2")), Part::Category(gone)]
        );
    }

    #[test]
    fn a_breakdown_reads_back() {
        let breakdown: Breakdown = "group=White group".parse().unwrap();
        assert_eq!(breakdown.to_string(), "group=White group");
        assert_eq!("White group".parse::<Breakdown>(), Err(BreakdownError));
        assert!(!indicator().has(&breakdown));
    }
}
