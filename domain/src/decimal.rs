//! Exact decimal numbers: what results, baselines and targets are made of.

use rust_decimal::{Decimal as Raw, RoundingStrategy};
use std::{fmt, str::FromStr};

/// An exact decimal number with at most [`Decimal::INTEGER_DIGITS`] digits before the point and
/// [`Decimal::PLACES`] after it.
///
/// It keeps the zeros that were written (`70.0`), and compares by value (`70.0 == 70`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(Raw);

/// Why a text or a number is no [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not a number in digits.
    #[error("not a decimal number")]
    NotANumber,
    /// Too many digits before the point.
    #[error("a number has at most {} digits before the decimal point", Decimal::INTEGER_DIGITS)]
    TooLarge,
    /// Too many digits after the point.
    #[error("a number has at most {} decimal places", Decimal::PLACES)]
    TooPrecise,
}

impl Decimal {
    /// The most digits before the decimal point.
    pub const INTEGER_DIGITS: usize = 15;
    /// The most digits after the decimal point.
    pub const PLACES: u32 = 9;
    /// Nought.
    pub const ZERO: Self = Self(Raw::ZERO);
    /// One hundred.
    pub const HUNDRED: Self = Self(Raw::ONE_HUNDRED);

    /// Checks the bounds of a number that was calculated or read elsewhere.
    pub fn new(raw: Raw) -> Result<Self, DecimalError> {
        if raw.scale() > Self::PLACES && raw.normalize().scale() > Self::PLACES {
            return Err(DecimalError::TooPrecise);
        }
        if raw.trunc().abs() > Raw::from(10_i64.pow(Self::INTEGER_DIGITS as u32) - 1) {
            return Err(DecimalError::TooLarge);
        }
        let raw = if raw.scale() > Self::PLACES { raw.normalize() } else { raw };
        // "-0" and "0" are one number and are written one way.
        Ok(Self(if raw.is_zero() { raw.abs() } else { raw }))
    }

    /// The nearest number that fits, at `places` decimal places; `None` where it is too large.
    pub fn rounded(raw: Raw, places: u32) -> Option<Self> {
        let places = places.min(Self::PLACES);
        Self::new(raw.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)).ok()
    }

    /// This number at `places` decimal places, halves away from nought.
    pub fn round(self, places: u32) -> Self {
        Self(self.0.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The number for calculations whose steps may need more digits than a result has.
    pub fn raw(self) -> Raw {
        self.0
    }

    /// How many decimal places it was written with.
    pub fn places(self) -> u32 {
        self.0.scale()
    }

    /// Whether it is a whole number.
    pub fn is_whole(self) -> bool {
        self.0.fract().is_zero()
    }

    /// The number without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self(Raw::from(number))
    }
}

impl std::ops::Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        Self(if self.0.is_zero() { self.0 } else { -self.0 })
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads what JSON calls a number (`-12.50`, `1.5e3`); a leading `+` is refused like any other sign
    /// that JSON does not know.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(DecimalError::NotANumber);
        }
        let Some(exponent) = exponent else {
            if whole.trim_start_matches('0').len() > Self::INTEGER_DIGITS {
                return Err(DecimalError::TooLarge);
            }
            if fraction.trim_end_matches('0').len() > Self::PLACES as usize {
                return Err(DecimalError::TooPrecise);
            }
            let kept = mantissa.len().min(mantissa.len() - fraction.len() + 20);
            let short = mantissa.get(..kept).unwrap_or(mantissa);
            return Self::new(Raw::from_str_exact(short).map_err(|_| DecimalError::TooLarge)?);
        };
        let exponent: i32 = exponent.parse().map_err(|_| DecimalError::NotANumber)?;
        let nought = digits.bytes().all(|b| matches!(b, b'0' | b'.'));
        if nought {
            return Ok(Self::ZERO);
        }
        if exponent > 30 {
            return Err(DecimalError::TooLarge);
        }
        if exponent < -30 {
            return Err(DecimalError::TooPrecise);
        }
        let raw = Raw::from_scientific(text).map_err(|_| match exponent < 0 {
            true => DecimalError::TooPrecise,
            false => DecimalError::TooLarge,
        })?;
        Self::new(raw)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Decimal, DecimalError> {
        text.parse()
    }

    #[test]
    fn keeps_what_was_written_and_compares_by_value() {
        for text in ["0", "-22.80", "70.0", "104.3", "999999999999999.123456789", "0.000000001"] {
            assert_eq!(read(text).unwrap().to_string(), text);
        }
        assert_eq!(read("70.0"), read("70"));
        assert_eq!(read("-0").unwrap().to_string(), "0");
        assert_eq!(read("1.5e3").unwrap().to_string(), "1500");
        assert_eq!(read("0e999"), Ok(Decimal::ZERO));
    }

    #[test]
    fn says_what_is_wrong_with_what_it_refuses() {
        for text in ["", "-", ".5", "5.", "+5", "1,000", "NaN", "inf", "1e", "0x10", "1 ", "\u{0663}"] {
            assert_eq!(read(text), Err(DecimalError::NotANumber), "{text:?}");
        }
        for text in ["1000000000000000", "1e15", "1e999", "-1e29"] {
            assert_eq!(read(text), Err(DecimalError::TooLarge), "{text:?}");
        }
        for text in ["0.0000000001", "1e-10", "1e-99"] {
            assert_eq!(read(text), Err(DecimalError::TooPrecise), "{text:?}");
        }
    }

    #[test]
    fn rounds_halves_away_from_nought() {
        assert_eq!(read("30.665").unwrap().round(2).to_string(), "30.67");
        assert_eq!(read("-30.665").unwrap().round(2).to_string(), "-30.67");
    }
}
