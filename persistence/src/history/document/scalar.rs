//! The small things that documents are made of: texts, names of cases, values.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::Frequency;
use waymark_domain::polarity::Polarity;
use waymark_domain::value::{Ratio, RatioError, Value};

/// Something that is written as its own text form, and checked by its own parser when it is read.
#[derive(Debug)]
pub(super) struct Text<T>(pub(super) T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

impl<T: Clone> From<&T> for Text<T> {
    fn from(value: &T) -> Self {
        Self(value.clone())
    }
}

/// The text of something that may be missing.
pub(super) fn text<T: Clone>(value: &Option<T>) -> Option<Text<T>> {
    value.as_ref().map(Text::from)
}

/// What the text says, where there is one.
pub(super) fn of_text<T>(text: Option<Text<T>>) -> Option<T> {
    text.map(|text| text.0)
}

/// The texts of a list.
pub(super) fn texts<T: Clone>(list: &[T]) -> Vec<Text<T>> {
    list.iter().map(Text::from).collect()
}

/// What the texts of a list say.
pub(super) fn of_texts<T>(list: Vec<Text<T>>) -> Vec<T> {
    list.into_iter().map(|text| text.0).collect()
}

/// A plain enumeration whose cases have names.
pub(crate) trait Named: Copy {
    /// The name of this case.
    fn name(self) -> &'static str;
    /// The case of that name.
    fn named(name: &str) -> Option<Self>;
}

/// Gives the cases of an enumeration their names, in both directions from one list.
macro_rules! names {
    ($type:ty { $($case:ident = $name:literal),+ $(,)? }) => {
        impl $crate::history::document::Named for $type {
            fn name(self) -> &'static str {
                match self {
                    $(Self::$case => $name),+
                }
            }

            fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$case),)+
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use names;

/// A case that is written as its name.
#[derive(Debug)]
pub(super) struct Case<T>(pub(super) T);

impl<T: Named> Serialize for Case<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de, T: Named> Deserialize<'de> for Case<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        T::named(&name).map(Self).ok_or_else(|| D::Error::custom(format_args!("no case is named {name:?}")))
    }
}

names!(Polarity {
    HigherIsBetter = "higher_is_better",
    LowerIsBetter = "lower_is_better",
    WithinRange = "within_range",
    NearestToPoint = "nearest_to_point",
});

names!(Frequency {
    Monthly = "monthly",
    Quarterly = "quarterly",
    HalfYearly = "half_yearly",
    FinancialYear = "financial_year",
    AcademicYear = "academic_year",
    CalendarYear = "calendar_year",
});

/// A [`Value`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ValueDocument {
    Number(Text<Decimal>),
    Ratio(RatioDocument),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "RatioParts", into = "RatioParts")]
pub(super) struct RatioDocument(Ratio);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RatioParts {
    numerator: Text<Decimal>,
    denominator: Text<Decimal>,
}

impl TryFrom<RatioParts> for RatioDocument {
    type Error = RatioError;
    fn try_from(parts: RatioParts) -> Result<Self, RatioError> {
        Ratio::new(parts.numerator.0, parts.denominator.0).map(Self)
    }
}

impl From<RatioDocument> for RatioParts {
    fn from(ratio: RatioDocument) -> Self {
        Self { numerator: Text(ratio.0.numerator()), denominator: Text(ratio.0.denominator()) }
    }
}

impl From<Value> for ValueDocument {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(Text(number)),
            Value::Ratio(ratio) => Self::Ratio(RatioDocument(ratio)),
        }
    }
}

impl From<ValueDocument> for Value {
    fn from(document: ValueDocument) -> Self {
        match document {
            ValueDocument::Number(number) => Self::Number(number.0),
            ValueDocument::Ratio(ratio) => Self::Ratio(ratio.0),
        }
    }
}
