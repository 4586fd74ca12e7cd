//! Values and the units in which they are compared.

use crate::number::decimal::Decimal;
use crate::number::exact;
use std::{fmt, str::FromStr};

/// What a number of an indicator counts.
///
/// Text form: `percent`, `count`, `points`, `number`, `per_1000` (a rate).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A share of a hundred. A ratio is compared as `100 * numerator / denominator`.
    Percent,
    /// A count of people or things. A small one can identify a child.
    Count,
    /// A score.
    Points,
    /// Any other number. A ratio is compared as `numerator / denominator`.
    Number,
    /// A rate per so many, 1 to [`Unit::MOST_PER`]. A ratio is compared as `per * numerator / denominator`.
    Rate {
        /// Per how many.
        per: u32,
    },
}

impl Unit {
    /// The largest base of a rate.
    pub const MOST_PER: u32 = 1_000_000;

    /// What a ratio is multiplied by.
    pub(crate) fn scale(self) -> u32 {
        match self {
            Unit::Percent => 100,
            Unit::Count | Unit::Points | Unit::Number => 1,
            Unit::Rate { per } => per,
        }
    }

    /// A figure as people write it: `82.4%`, `16 points`, `104.3 per 10,000`.
    pub fn show(self, figure: Decimal) -> String {
        match self {
            Unit::Percent => format!("{figure}%"),
            Unit::Points => format!("{figure} points"),
            Unit::Count | Unit::Number => figure.to_string(),
            Unit::Rate { per } => format!("{figure} per {per}"),
        }
    }
}

/// A text that names no [`Unit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a unit: percent, count, points, number, or per_ and a number from 1 to {}, as in per_1000",
    Unit::MOST_PER
)]
pub struct UnitError;

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unit::Percent => f.write_str("percent"),
            Unit::Count => f.write_str("count"),
            Unit::Points => f.write_str("points"),
            Unit::Number => f.write_str("number"),
            Unit::Rate { per } => write!(f, "per_{per}"),
        }
    }
}

impl FromStr for Unit {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        match text {
            "percent" => Ok(Unit::Percent),
            "count" => Ok(Unit::Count),
            "points" => Ok(Unit::Points),
            "number" => Ok(Unit::Number),
            _ => {
                let per = text.strip_prefix("per_").ok_or(UnitError)?;
                if per.starts_with('0') || !per.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(UnitError);
                }
                let per = per.parse().map_err(|_| UnitError)?;
                if per > Self::MOST_PER { Err(UnitError) } else { Ok(Unit::Rate { per }) }
            }
        }
    }
}

/// So many out of so many. The denominator is more than zero, the numerator zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: Decimal,
    denominator: Decimal,
}

/// Why two numbers are no [`Ratio`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RatioError {
    /// The numerator is below zero.
    #[error("a numerator is zero or more")]
    NegativeNumerator,
    /// The denominator is zero or below.
    #[error("a denominator is more than zero")]
    NoDenominator,
}

impl Ratio {
    /// Checks the signs.
    pub fn new(numerator: Decimal, denominator: Decimal) -> Result<Self, RatioError> {
        if numerator < Decimal::ZERO {
            return Err(RatioError::NegativeNumerator);
        }
        if denominator <= Decimal::ZERO {
            return Err(RatioError::NoDenominator);
        }
        Ok(Self { numerator, denominator })
    }

    /// The count in question.
    pub fn numerator(self) -> Decimal {
        self.numerator
    }

    /// The count of all.
    pub fn denominator(self) -> Decimal {
        self.denominator
    }
}

/// What was measured or aimed at: a number, or so many out of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number in the indicator's unit.
    Number(Decimal),
    /// A numerator and a denominator.
    Ratio(Ratio),
}

impl Value {
    /// The number that is compared: in `unit`, at `precision` decimal places, halves away from zero.
    /// `None` where it passes the bounds of [`Decimal`].
    pub fn figure(self, unit: Unit, precision: u32) -> Option<Decimal> {
        match self {
            Value::Number(number) => number.at(precision),
            Value::Ratio(Ratio { numerator, denominator }) => {
                exact::share(numerator, denominator, unit.scale(), precision)
            }
        }
    }

    /// The value as people write it: `82.4%`, `2 out of 15`.
    pub fn show(self, unit: Unit) -> String {
        match self {
            Value::Number(number) => unit.show(number),
            Value::Ratio(Ratio { numerator, denominator }) => format!("{numerator} out of {denominator}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// 2 of 15 is 13.33..., 4 of 12 is 33.33..., 1043 of 100,000 is 104.3 per 10,000.
    #[test]
    fn a_ratio_is_compared_in_the_unit_of_its_indicator() {
        let ratio = |n, m| Value::Ratio(Ratio::new(d(n), d(m)).unwrap());
        assert_eq!(ratio("2", "15").figure(Unit::Percent, 2), Some(d("13.33")));
        assert_eq!(ratio("4", "12").figure(Unit::Percent, 0), Some(d("33")));
        assert_eq!(ratio("1043", "100000").figure(Unit::Rate { per: 10_000 }, 1), Some(d("104.3")));
        assert_eq!(ratio("3", "2").figure(Unit::Number, 1), Some(d("1.5")));
        assert_eq!(ratio("999999999999999", "0.000000001").figure(Unit::Percent, 1), None);
        assert_eq!(ratio("2", "15").show(Unit::Percent), "2 out of 15");
    }

    #[test]
    fn a_ratio_has_a_denominator() {
        assert_eq!(Ratio::new(d("1"), d("0")), Err(RatioError::NoDenominator));
        assert_eq!(Ratio::new(d("-1"), d("2")), Err(RatioError::NegativeNumerator));
    }

    #[test]
    fn units_have_a_text() {
        for text in ["percent", "count", "points", "number", "per_1000"] {
            assert_eq!(text.parse::<Unit>().unwrap().to_string(), text);
        }
        for text in ["%", "per_0", "per_", "per_+1", "per_01", "per_1000001", "per_99999999999"] {
            assert_eq!(text.parse::<Unit>(), Err(UnitError), "{text}");
        }
    }
}
