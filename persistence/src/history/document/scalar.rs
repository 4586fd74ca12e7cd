//! The small things that documents are made of: texts, names of cases, values.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use waymark_domain::decimal::Decimal;
use waymark_domain::named::Named;
use waymark_domain::value::{Ratio, RatioError, Value};

use super::{Stored, document};

/// Something that is stored as its own text form, and checked by its own parser when it is read.
#[derive(Debug)]
pub(super) struct Text<T>(T);

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

impl<T: Clone> Stored<T> for Text<T> {
    fn store(value: &T) -> Self {
        Self(value.clone())
    }

    fn restore(self) -> T {
        self.0
    }
}

/// A case of an enumeration that is stored as its name.
#[derive(Debug)]
pub(super) struct Case<T>(T);

impl<T: Named> Serialize for Case<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de, T: Named> Deserialize<'de> for Case<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        T::from_name(&name)
            .map(Self)
            .ok_or_else(|| D::Error::custom(format_args!("no case is named {name:?}")))
    }
}

impl<T: Named> Stored<T> for Case<T> {
    fn store(value: &T) -> Self {
        Self(*value)
    }

    fn restore(self) -> T {
        self.0
    }
}

document! {
    /// A value: `{"number": "7.5"}` or `{"ratio": {"numerator": "3", "denominator": "40"}}`.
    pub(super) enum ValueDocument of Value {
        Number(Text<Decimal>),
        Ratio(RatioDocument),
    }
}

#[derive(Clone, Serialize, Deserialize)]
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

impl Stored<Ratio> for RatioDocument {
    fn store(value: &Ratio) -> Self {
        Self(*value)
    }

    fn restore(self) -> Ratio {
        self.0
    }
}
