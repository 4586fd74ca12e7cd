//! Exact arithmetic: decimals as whole numbers of billionths.
//!
//! A [`Decimal`] has at most 24 digits and a whole number of 128 bits has 38. So a rounding, a share and a point on a
//! straight line are a multiplication and a division of whole numbers, exact to the last digit. The tests hold each
//! of them against `rust_decimal`, which does what needs more digits: compound steps and trends.

use crate::number::decimal::Decimal;
use rust_decimal::Decimal as Raw;

/// One, in billionths.
pub(crate) const ONE: i128 = 1_000_000_000;

/// No [`Decimal`] has so many ones.
const TOO_LARGE: i128 = 10_i128.pow(Decimal::INTEGER_DIGITS as u32);

/// From a whole one down to a billionth.
const UNITS: [i128; 10] = [ONE, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

/// How many billionths one unit of the last of so many places is.
pub(crate) fn unit(places: u32) -> i128 {
    UNITS.get(places as usize).copied().unwrap_or(1)
}

/// A number in billionths; `None` where it has more decimal places than that.
pub(crate) fn billionths(number: Raw) -> Option<i128> {
    // A mantissa has 96 bits and a billion 30.
    (number.scale() <= Decimal::PLACES).then(|| number.mantissa() * unit(number.scale()))
}

/// How many units of the last of so many places are one: looked up as well, because dividing takes longer.
fn units_in_one(places: u32) -> i128 {
    unit(Decimal::PLACES.saturating_sub(places))
}

/// Billionths in units of the last of so many places; those that make no unit fall away.
pub(crate) fn units(billionths: i128, places: u32) -> i128 {
    divided(billionths, unit(places)).0
}

/// Billionths as whole ones and units of the last of so many places; those that make no unit fall away.
pub(crate) fn apart(billionths: i128, places: u32) -> (i64, i64) {
    let (ones, rest) = divided(billionths, ONE);
    // Both are shorter than the billionths by far.
    (ones as i64, (rest / unit(places)) as i64)
}

/// Billionths rounded at so many places, halves away from zero.
pub(crate) fn rounded(billionths: i128, places: u32) -> i128 {
    match unit(places) {
        1 => billionths,
        unit => nearest(billionths, unit).0 * unit,
    }
}

/// `per * numerator / denominator` at `places` decimal places, halves away from zero; the denominator is more than
/// zero. `None` where it is too large for a [`Decimal`].
pub(crate) fn share(numerator: Decimal, denominator: Decimal, per: u32, places: u32) -> Option<Decimal> {
    if numerator == Decimal::ZERO {
        return Some(Decimal::ZERO);
    }
    let (dividend, divisor) = (numerator.billionths() * i128::from(per), denominator.billionths());
    // Whole ones first: the rest is less than the divisor and so has room for more digits.
    let (whole, rest) = divided(dividend, divisor);
    if whole >= TOO_LARGE {
        return None;
    }
    let (fraction, is_exact) = nearest(rest * units_in_one(places), divisor);
    let written = is_exact.then_some(numerator.places().saturating_sub(denominator.places()));
    decimal(whole * ONE + fraction * unit(places), places, written)
}

/// The number after `elapsed` of `whole` days on the straight line from one to another, at no more than `places` decimal
/// places, halves away from zero; `None` where it is too large for a [`Decimal`].
pub(crate) fn on_line(from: Decimal, to: Decimal, elapsed: i32, whole: i32, places: u32) -> Option<Decimal> {
    if from == to {
        return from.at(places);
    }
    let (start, way, unit) = (from.billionths(), (to - from).billionths(), unit(places));
    let (elapsed, whole) = (i128::from(elapsed), i128::from(whole));
    let (units, is_exact) = nearest(start * whole + way * elapsed, whole * unit);
    decimal(units * unit, places, is_exact.then_some(from.places().max(to.places())))
}

/// A number that was calculated at so many places. An exact one has no more of them than it needs, or than
/// the numbers that it was made of were `written` with: the middle of 30 and 31.0 is 30.5, not 30.500.
fn decimal(billionths: i128, places: u32, written: Option<u32>) -> Option<Decimal> {
    let needed = match written {
        Some(written) => (written..places).find(|fewer| rounded(billionths, *fewer) == billionths),
        None => None,
    };
    Decimal::from_billionths(billionths, needed.unwrap_or(places))
}

/// The whole number nearest to a quotient, halves away from zero, and whether it is the quotient itself. The
/// divisor is more than zero.
fn nearest(dividend: i128, divisor: i128) -> (i128, bool) {
    let (quotient, rest) = divided(dividend, divisor);
    let is_half = rest.abs() >= divisor - rest.abs();
    (if is_half { quotient + rest.signum() } else { quotient }, rest == 0)
}

/// Quotient and rest. Most numbers are small, and dividing 64 bits is several times as fast as dividing 128.
fn divided(dividend: i128, divisor: i128) -> (i128, i128) {
    match (i64::try_from(dividend), i64::try_from(divisor)) {
        (Ok(dividend), Ok(divisor)) => ((dividend / divisor).into(), (dividend % divisor).into()),
        (Err(_), _) | (_, Err(_)) => {
            let quotient = dividend / divisor;
            (quotient, dividend - quotient * divisor)
        }
    }
}

#[cfg(test)]
mod tests;
