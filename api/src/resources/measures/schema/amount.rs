//! A number, or so many out of so many, as fields that stand side by side.

use waymark_domain::value::{Ratio, RatioError, Value};

use crate::http::schema::Number;
use crate::http::validation::Faults;

/// The fields of a value: either the first, or the other two.
pub(super) struct Amount {
    pub(super) value: Option<Number>,
    pub(super) numerator: Option<Number>,
    pub(super) denominator: Option<Number>,
}

impl Amount {
    /// Into the domain: exactly one of a value, and a numerator with a denominator.
    pub(super) fn read(self, faults: &mut Faults) -> Option<Value> {
        let missing = "there is a value, or a numerator and a denominator";
        match (self.value, self.numerator, self.denominator) {
            (Some(value), None, None) => value.read(faults, "/value").map(Value::Number),
            (None, Some(numerator), Some(denominator)) => {
                ratio(faults, ("/numerator", numerator), ("/denominator", denominator))
            }
            (None, None, None) => note(faults, "/value", "missing_field", missing),
            (None, Some(_), None) => note(faults, "/denominator", "missing_field", missing),
            (None, None, Some(_)) => note(faults, "/numerator", "missing_field", missing),
            (Some(_), _, _) => {
                note(faults, "/value", "ambiguous", "a value stands alone, without numerator and denominator")
            }
        }
    }
}

impl From<Value> for Amount {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => Self { value: Some(number.into()), numerator: None, denominator: None },
            Value::Ratio(ratio) => Self {
                value: None,
                numerator: Some(ratio.numerator().into()),
                denominator: Some(ratio.denominator().into()),
            },
        }
    }
}

/// A bound of a range: a number, or a numerator with its denominator.
pub(super) fn read_bound(
    faults: &mut Faults,
    (field, bound): (&str, Option<Number>),
    (denominator_field, denominator): (&str, Option<Number>),
) -> Option<Value> {
    let Some(bound) = bound else {
        return note(faults, field, "missing_field", "a range has a lower and an upper bound");
    };
    match denominator {
        None => bound.read(faults, field).map(Value::Number),
        Some(denominator) => ratio(faults, (field, bound), (denominator_field, denominator)),
    }
}

/// A bound and its denominator.
pub(super) fn show_bound(value: Value) -> (Option<Number>, Option<Number>) {
    let Amount { value, numerator, denominator } = value.into();
    (value.or(numerator), denominator)
}

fn ratio(
    faults: &mut Faults,
    (numerator_field, numerator): (&str, Number),
    (denominator_field, denominator): (&str, Number),
) -> Option<Value> {
    let numerator = numerator.read(faults, numerator_field);
    let denominator = denominator.read(faults, denominator_field);
    match Ratio::new(numerator?, denominator?) {
        Ok(ratio) => Some(Value::Ratio(ratio)),
        Err(error @ RatioError::NegativeNumerator) => {
            note(faults, numerator_field, "too_small", &error.to_string())
        }
        Err(error @ RatioError::NoDenominator) => {
            note(faults, denominator_field, "too_small", &error.to_string())
        }
    }
}

fn note<T>(faults: &mut Faults, field: &str, code: &str, detail: &str) -> Option<T> {
    faults.note(field, code, detail);
    None
}

/// Notes each field that is present and does not belong with the others.
pub(super) fn refuse(faults: &mut Faults, fields: &[(&str, bool)], allowed: &[&str]) {
    for (field, _) in fields.iter().filter(|(field, is_there)| *is_there && !allowed.contains(field)) {
        faults.note(field, "superfluous", "it has no place beside the other fields");
    }
}
