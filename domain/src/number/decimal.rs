//! Exact decimal numbers: what results, baselines and targets are made of.

use crate::number::exact;
use rust_decimal::{Decimal as Raw, RoundingStrategy};
use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    iter::successors,
    ops::{Add, Neg, Sub},
    str::FromStr,
};

/// An exact decimal number with at most [`Decimal::INTEGER_DIGITS`] digits before the point and
/// [`Decimal::PLACES`] after it.
///
/// It keeps the zeros that were written (`70.0`), and compares by value (`70.0 == 70`). A sum or a difference may have
/// a digit more; [`Decimal::at`] bounds it again.
// A whole number of billionths, above the four bits that hold how many places were written: so that it compares, adds
// and subtracts as whole numbers do, in two words of memory.
#[derive(Clone, Copy)]
pub struct Decimal(i128);

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
    /// Zero.
    pub const ZERO: Self = Self::of(0, 0);
    /// One hundred.
    pub const HUNDRED: Self = Self::of(100_000_000_000, 0);
    /// The first number that is too large, in billionths.
    const BOUND: u128 = 10_u128.pow(Self::INTEGER_DIGITS as u32 + Self::PLACES);

    const fn of(billionths: i128, places: u32) -> Self {
        Self((billionths << 4) | places as i128)
    }

    /// A number of billionths, with so many places; `None` where it is too large.
    pub(crate) fn from_billionths(billionths: i128, places: u32) -> Option<Self> {
        (billionths.unsigned_abs() < Self::BOUND).then_some(Self::of(billionths, places.min(Self::PLACES)))
    }

    /// The number that is written with these digits before and after the point.
    fn of_digits(whole: &str, fraction: &str) -> Result<Self, DecimalError> {
        let (ones, parts) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        if ones.len() > Self::INTEGER_DIGITS {
            return Err(DecimalError::TooLarge);
        }
        if parts.len() > Self::PLACES as usize {
            return Err(DecimalError::TooPrecise);
        }
        // Zeros at the end are kept as far as there is room for all of them.
        let places = if fraction.len() > Self::PLACES as usize { parts.len() } else { fraction.len() } as u32;
        let read = |digits: &str| digits.bytes().fold(0, |number, b| 10 * number + i64::from(b - b'0'));
        let parts = i128::from(read(parts)) * exact::unit(parts.len() as u32);
        Ok(Self::of(i128::from(read(ones)) * exact::ONE + parts, places))
    }

    /// How many billionths it is.
    pub(crate) fn billionths(self) -> i128 {
        self.0 >> 4
    }

    /// Checks the bounds of a number that was calculated or read elsewhere.
    pub fn new(raw: Raw) -> Result<Self, DecimalError> {
        let raw = if raw.scale() > Self::PLACES { raw.normalize() } else { raw };
        let billionths = exact::billionths(raw).ok_or(DecimalError::TooPrecise)?;
        Self::from_billionths(billionths, raw.scale()).ok_or(DecimalError::TooLarge)
    }

    /// The nearest number that fits, at `places` decimal places; `None` where it is too large.
    pub fn rounded(raw: Raw, places: u32) -> Option<Self> {
        let places = places.min(Self::PLACES);
        Self::new(raw.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)).ok()
    }

    /// This number at no more than `places` decimal places, halves away from zero; `None` where it is too large.
    pub fn at(self, places: u32) -> Option<Self> {
        match self.places() <= places {
            true => Self::from_billionths(self.billionths(), self.places()),
            false => Self::from_billionths(exact::rounded(self.billionths(), places), places),
        }
    }

    /// The number for calculations whose steps may need more digits than a result has.
    pub fn raw(self) -> Raw {
        // 25 digits at the most, where a number of the library has 28.
        Raw::from_i128_with_scale(exact::units(self.billionths(), self.places()), self.places())
    }

    /// How many decimal places it was written with.
    pub fn places(self) -> u32 {
        // The lowest four bits.
        (self.0 & 0b1111) as u32
    }

    /// Whether it is a whole number.
    pub fn is_whole(self) -> bool {
        self.whole().is_some()
    }

    /// The number where it is a whole one.
    pub fn whole(self) -> Option<i64> {
        let ones = exact::units(self.billionths(), 0);
        if ones * exact::ONE == self.billionths() { ones.try_into().ok() } else { None }
    }

    /// The number without its sign.
    pub fn abs(self) -> Self {
        Self::of(self.billionths().abs(), self.places())
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.billionths().cmp(&other.billionths())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.billionths() == other.billionths()
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.billionths().hash(state);
    }
}

impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self::of(i128::from(number) * exact::ONE, 0)
    }
}

impl Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        Self::of(-self.billionths(), self.places())
    }
}

impl Add for Decimal {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::of(self.billionths() + other.billionths(), self.places().max(other.places()))
    }
}

impl Sub for Decimal {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads what JSON calls a number (`-12.50`, `1.5e3`); a leading `+` is refused like any other sign
    /// that JSON does not know.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let exponent_at = text.bytes().position(|b| matches!(b, b'e' | b'E'));
        let (mantissa, exponent) = match exponent_at.and_then(|at| text.split_at_checked(at)) {
            Some((mantissa, exponent)) => (mantissa, exponent.get(1..)),
            None => (text, None),
        };
        let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !fraction.is_none_or(all_digits) {
            return Err(DecimalError::NotANumber);
        }
        let Some(exponent) = exponent else {
            let number = Self::of_digits(whole, fraction.unwrap_or_default())?;
            return Ok(if mantissa.starts_with('-') { -number } else { number });
        };
        let exponent: i32 = exponent.parse().map_err(|_| DecimalError::NotANumber)?;
        let zero = digits.bytes().all(|b| matches!(b, b'0' | b'.'));
        if zero {
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
        let (ones, parts) = exact::apart(self.billionths().abs(), self.places());
        let digit = |number: i64| b'0' + (number % 10) as u8;
        // From the last digit to the first.
        let parts = successors(Some(parts), |rest| Some(rest / 10)).take(self.places() as usize);
        let ones = successors(Some(ones), |rest| (*rest > 9).then_some(rest / 10));
        let point = (self.places() > 0).then_some(b'.');
        let mut text = [0; 1 + Self::INTEGER_DIGITS + 1 + Self::PLACES as usize];
        let mut free = text.len();
        for (slot, byte) in text.iter_mut().rev().zip(parts.map(digit).chain(point).chain(ones.map(digit))) {
            *slot = byte;
            free -= 1;
        }
        let text = text.get(free..).and_then(|text| std::str::from_utf8(text).ok()).ok_or(fmt::Error)?;
        f.pad_integral(self.billionths() >= 0, "", text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
        assert_eq!(read("-0.50").unwrap().to_string(), "-0.50");
        assert_eq!(read("007.5000000000").unwrap().to_string(), "7.5");
        assert_eq!(read("999999999999999.00000000000000000000").unwrap().to_string(), "999999999999999");
        assert_eq!(read("1.5e3").unwrap().to_string(), "1500");
        assert_eq!(read("0e999"), Ok(Decimal::ZERO));
    }

    #[test]
    fn says_what_is_wrong_with_what_it_refuses() {
        for text in ["", "-", ".5", "5.", "+5", "1,000", "NaN", "inf", "1e", "0x10", "1 ", "\u{0663}"] {
            assert_eq!(read(text), Err(DecimalError::NotANumber), "{text:?}");
        }
        assert_eq!(read("999999999999999.5").unwrap().at(0), None);
        for text in ["1000000000000000", "1e15", "1e999", "-1e29"] {
            assert_eq!(read(text), Err(DecimalError::TooLarge), "{text:?}");
        }
        for text in ["0.0000000001", "1e-10", "1e-99"] {
            assert_eq!(read(text), Err(DecimalError::TooPrecise), "{text:?}");
        }
    }

    #[test]
    fn rounds_halves_away_from_zero() {
        assert_eq!(read("30.665").unwrap().at(2).unwrap().to_string(), "30.67");
        assert_eq!(read("-30.665").unwrap().at(2).unwrap().to_string(), "-30.67");
    }
}
