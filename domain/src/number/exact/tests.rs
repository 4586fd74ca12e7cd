//! Each calculation against `rust_decimal`, and where that rounds on the way, against what a rounding means.

use super::*;
use proptest::prelude::*;
use rust_decimal::RoundingStrategy;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// As it was written, zeros and all: two decimals are equal by value whatever they are written with.
fn written(number: Option<Decimal>) -> Option<String> {
    number.map(|number| number.to_string())
}

/// The same by the library: a calculation with 28 digits, rounded. It leaves a zero at the end of some numbers and
/// not of others (17.50 for a half of 35), so that only values are compared with what it divides.
fn by_library(calculated: Option<Raw>, places: u32) -> Option<Decimal> {
    let rounded = calculated?.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    Decimal::new(rounded).ok()
}

fn line_by_library(from: Decimal, to: Decimal, elapsed: i32, whole: i32, places: u32) -> Option<Decimal> {
    let (from, to) = (from.raw(), to.raw());
    by_library(Some((to - from) * Raw::from(elapsed) / Raw::from(whole) + from), places)
}

const LARGEST: i128 = 999_999_999_999_999_999_999_999;

/// Any number at all, at the places that it is written with.
fn any() -> impl Strategy<Value = Decimal> {
    let billionths = prop_oneof![
        4 => -LARGEST..=LARGEST,
        1 => Just(LARGEST),
        1 => Just(-LARGEST),
        1 => -10_000_i128..10_000,
    ];
    (billionths, 0_u32..=9)
        .prop_map(|(billionths, places)| {
            Decimal::from_billionths(billionths, 9).unwrap().raw().trunc_with_scale(places)
        })
        .prop_map(|raw| Decimal::new(raw).unwrap())
}

/// Numbers as the reports have them: up to a million, with up to four places.
fn usual() -> impl Strategy<Value = Decimal> {
    (-1_000_000_i64..1_000_000, 0_u32..=4)
        .prop_map(|(number, places)| Decimal::new(Raw::new(number, places)).unwrap())
}

fn a_number() -> impl Strategy<Value = Decimal> {
    prop_oneof![usual(), any()]
}

fn more_than_zero(number: Decimal) -> Decimal {
    if number == Decimal::ZERO { Decimal::HUNDRED } else { number.abs() }
}

/// Days on a way of up to three hundred years.
fn days() -> impl Strategy<Value = (i32, i32)> {
    (2_i32..109_000).prop_flat_map(|whole| (1..whole, Just(whole)))
}

/// Whether a whole number of units is the nearest to a quotient, halves away from zero: said without dividing.
fn is_nearest(units: i128, dividend: i128, divisor: i128) -> bool {
    let twice_off = 2 * (dividend - units * divisor);
    let is_half = twice_off.abs() == divisor;
    let is_away = (units > 0) == (dividend > 0) && units != 0;
    twice_off.abs() < divisor || is_half && is_away && twice_off.signum() == -dividend.signum()
}

/// By hand: 26 to 33, 640 of 1,095 days: 26 + 7 * 640 / 1095 = 30.0913...; a third of the way from 30 to 33 is 31.
#[test]
fn a_line_has_the_places_that_it_needs() {
    let at = |from: &str, to: &str, elapsed, whole, places| {
        written(on_line(d(from), d(to), elapsed, whole, places))
    };
    assert_eq!(at("26", "33", 640, 1095, 1).as_deref(), Some("30.1"));
    assert_eq!(at("30", "33", 1, 3, 2).as_deref(), Some("31"));
    assert_eq!(at("30", "33.0", 1, 3, 2).as_deref(), Some("31.0"));
    assert_eq!(at("30", "31.0", 1, 2, 3).as_deref(), Some("30.5"));
    assert_eq!(at("70.0", "70", 1, 2, 3).as_deref(), Some("70.0"));
    assert_eq!(at("0", "0.05", 1, 2, 2).as_deref(), Some("0.03"));
    assert_eq!(at("0", "-0.05", 1, 2, 2).as_deref(), Some("-0.03"));
    let (low, high) = ("-999999999999999.123456789", "999999999999999.123456789");
    assert_eq!(at(low, high, 1, 2, 1).as_deref(), Some("0.0"));
    assert_eq!(at(low, high, 1, 2, 9).as_deref(), Some("0.000000000"));
}

#[test]
fn a_share_has_room_for_the_largest_numbers() {
    let of = |numerator: &str, denominator: &str, per, places| {
        written(share(d(numerator), d(denominator), per, places))
    };
    assert_eq!(of("731", "2311", 100, 1).as_deref(), Some("31.6"));
    assert_eq!(
        of("999999999999999.123456789", "999999999999999.123456789", 1_000_000, 9).as_deref(),
        Some("1000000")
    );
    assert_eq!(of("999999999.999999999", "1", 1_000_000, 6).as_deref(), Some("999999999999999.999000"));
    assert_eq!(of("999999999999999", "0.000000001", 100, 1), None);
    assert_eq!(of("999999999999999.5", "1", 1, 0), None);
    assert_eq!(of("0", "0.5", 100, 1).as_deref(), Some("0"));
}

proptest! {
    #[test]
    fn compares_as_the_library_does(a in a_number(), b in a_number()) {
        prop_assert_eq!(a.cmp(&b), a.raw().cmp(&b.raw()));
        prop_assert_eq!(a == b, a.raw() == b.raw());
    }

    #[test]
    fn adds_and_subtracts_as_the_library_does(a in a_number(), b in a_number()) {
        prop_assert_eq!((a + b).raw(), a.raw() + b.raw());
        prop_assert_eq!((a - b).raw(), a.raw() - b.raw());
        prop_assert_eq!((-a).raw(), -a.raw());
    }

    #[test]
    fn rounds_as_the_library_does(number in a_number(), places in 0_u32..=9) {
        prop_assert_eq!(written(number.at(places)), written(by_library(Some(number.raw()), places)));
    }

    #[test]
    fn a_number_of_the_library_comes_back_as_it_was(number in a_number()) {
        prop_assert_eq!(written(Decimal::new(number.raw()).ok()), written(Some(number)));
        prop_assert_eq!(number.raw().scale(), number.places());
    }

    #[test]
    fn reads_and_writes_as_the_library_does(number in a_number()) {
        let text = number.raw().to_string();
        prop_assert_eq!(number.to_string(), text.clone());
        prop_assert_eq!(d(&text).to_string(), text);
    }

    #[test]
    fn a_line_runs_as_the_librarys_does(from in usual(), to in usual(), (elapsed, whole) in days(), places in 0_u32..=6) {
        prop_assert_eq!(on_line(from, to, elapsed, whole, places), line_by_library(from, to, elapsed, whole, places));
    }

    /// Whole shares of short ways, where halves and exact values are common.
    #[test]
    fn a_line_in_few_steps_runs_as_the_librarys_does(from in -200_i64..200, to in -200_i64..200, written_with in (0_u32..=2, 0_u32..=2), whole in 2_i32..=12, part in 1_i32..12, places in 0_u32..=3) {
        let number = |tenths, places| Decimal::new(Raw::new(tenths, places)).unwrap();
        let (from, to, elapsed) = (number(from, written_with.0), number(to, written_with.1), part.min(whole - 1));
        prop_assert_eq!(on_line(from, to, elapsed, whole, places), line_by_library(from, to, elapsed, whole, places));
    }

    /// Of the largest numbers the library keeps 28 digits of 30; a rounding is what it says all the same.
    #[test]
    fn any_line_is_rounded_to_the_nearest(from in any(), to in any(), (elapsed, whole) in days(), places in 0_u32..=9) {
        let value = on_line(from, to, elapsed, whole, places);
        let one = unit(places);
        let (start, way) = (from.billionths(), to.billionths() - from.billionths());
        let dividend = start * i128::from(whole) + way * i128::from(elapsed);
        match value {
            Some(value) => prop_assert!(is_nearest(value.billionths() / one, dividend, one * i128::from(whole))),
            None => prop_assert!(2 * dividend.abs() >= (2 * LARGEST - one) * i128::from(whole)),
        }
    }

    #[test]
    fn a_share_is_as_the_librarys_is(numerator in usual(), denominator in usual(), per in prop_oneof![Just(1), Just(100), 1_u32..=1_000_000], places in 0_u32..=6) {
        let (numerator, denominator) = (numerator.abs(), more_than_zero(denominator));
        let calculated = (numerator.raw() * Raw::from(per)).checked_div(denominator.raw());
        prop_assert_eq!(share(numerator, denominator, per, places), by_library(calculated, places));
    }

    #[test]
    fn any_share_is_rounded_to_the_nearest(numerator in any(), denominator in any(), per in 1_u32..=1_000_000) {
        let (numerator, denominator) = (numerator.abs(), more_than_zero(denominator));
        let (dividend, divisor) = (numerator.billionths() * i128::from(per), denominator.billionths());
        match share(numerator, denominator, per, 0) {
            Some(value) => prop_assert!(is_nearest(value.billionths() / ONE, dividend, divisor)),
            None => prop_assert!(dividend / divisor >= LARGEST / ONE),
        }
    }
}
