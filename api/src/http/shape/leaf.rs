//! Texts, words and numbers, in bodies and in queries alike.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Form, Text};
use crate::http::json_error::EXPECTED_UUID;
use crate::http::sentence::quoted;
use crate::http::validation::Faults;

/// The largest number up to which every integer is a number of its own.
const LARGEST_INTEGER: f64 = 9_007_199_254_740_991.0;

/// A text without a rule of its own.
pub(super) fn text(faults: &mut Faults, rule: &Text, text: &str) {
    match rule.form {
        Form::Date if text.parse::<NaiveDate>().is_err() => {
            faults.note("", "invalid_value", not_a_date(text));
        }
        Form::DateTime if text.parse::<DateTime<Utc>>().is_err() => {
            faults.note("", "invalid_value", not_an_instant(text));
        }
        Form::Uuid if text.parse::<Uuid>().is_err() => {
            faults.note("", "invalid_value", format_args!("found {}; {EXPECTED_UUID}", quoted(text)));
        }
        Form::Free => free(faults, rule, text),
        Form::Date | Form::DateTime | Form::Uuid => {}
    }
}

fn free(faults: &mut Faults, rule: &Text, text: &str) {
    let length = text.chars().count();
    if rule.no_null && text.contains('\0') {
        faults.note("", "bad_character", "the text contains a null byte: remove it");
    } else if length > rule.most {
        faults.note(
            "",
            "too_long",
            format_args!("the text has {length} characters, at most {} are allowed", rule.most),
        );
    } else if length < rule.least {
        let detail = match length {
            0 => "the text is empty".to_owned(),
            _ => format!("the text has {length} characters, at least {} are needed", rule.least),
        };
        faults.note("", if length == 0 { "empty" } else { "too_short" }, detail);
    }
}

/// What to say of a text that is not a date.
pub(crate) fn not_a_date(text: &str) -> String {
    let found = quoted(text);
    if let Some(date) = day_first(text) {
        return format!("found {found}; a date is written year-month-day, here {date}");
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && [year, month, day].into_iter().all(|part| digits(part)) => {
            format!("there is no date {found}")
        }
        _ if text.parse::<DateTime<Utc>>().is_ok() => {
            format!("found {found}, a date with a time; expected the date only, such as 2010-03-31")
        }
        _ => format!("found {found}; expected a date, year-month-day, such as 2010-03-31"),
    }
}

/// The date of a text that is written day first, as in the United Kingdom.
pub(crate) fn day_first(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split(['/', '.', '-']);
    let mut part = || parts.next()?.parse::<u32>().ok();
    let (day, month, year) = (part()?, part()?, part()?);
    if parts.next().is_some() || !(1900..2200).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// What to say of a text that is not a moment in time.
pub(crate) fn not_an_instant(text: &str) -> String {
    let found = quoted(text);
    // In a query string `+` is a space, unless it is escaped.
    if text.contains(' ') && text.replacen(' ', "+", 1).parse::<DateTime<Utc>>().is_ok() {
        return format!(
            "found {found}: in a query string write `+` as `%2B`, or use UTC with `Z` at the end"
        );
    }
    if text.parse::<NaiveDate>().is_ok() {
        return format!(
            "found {found}, a date without a time; expected a date and time such as {text}T00:00:00Z"
        );
    }
    if format!("{text}Z").parse::<DateTime<Utc>>().is_ok() {
        return format!("found {found} without a time zone; add `Z` for UTC, or an offset such as `+01:00`");
    }
    format!("found {found}; expected a date and time with a time zone, such as 2010-03-31T09:00:00Z")
}

/// A whole number within bounds, given by its digits.
pub(super) fn integer(faults: &mut Faults, digits: &str, least: Option<i64>, most: Option<i64>) {
    let number: f64 = digits.parse().unwrap_or(f64::NAN);
    if number.is_nan() || (number.is_finite() && number.fract() != 0.0) {
        return faults.note(
            "",
            "invalid_value",
            format_args!("found {}, expected a whole number", quoted(digits)),
        );
    }
    let bounds = match (least, most) {
        (Some(least), Some(most)) => format!("expected a whole number from {least} to {most}"),
        (Some(least), None) => format!("expected a whole number, at least {least}"),
        (None, Some(most)) => format!("expected a whole number, at most {most}"),
        (None, None) => "expected a whole number that can be stored".to_owned(),
    };
    if number.is_infinite() || number > most.map_or(LARGEST_INTEGER, |most| most as f64) {
        faults.note("", "too_large", format_args!("found {}, {bounds}", quoted(digits)));
    } else if number < least.map_or(-LARGEST_INTEGER, |least| least as f64) {
        let code = if least == Some(0) { "invalid_value" } else { "too_small" };
        faults.note("", code, format_args!("found {}, {bounds}", quoted(digits)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_another_form_is_shown_in_the_right_one() {
        assert_eq!(
            not_a_date("31/03/2010"),
            "found `31/03/2010`; a date is written year-month-day, here 2010-03-31"
        );
        assert_eq!(not_a_date("2010-02-30"), "there is no date `2010-02-30`");
        assert_eq!(not_a_date("2010"), "found `2010`; expected a date, year-month-day, such as 2010-03-31");
    }

    #[test]
    fn an_unescaped_plus_is_recognised() {
        assert!(not_an_instant("2011-01-01T00:00:00 01:00").contains("`%2B`"));
        assert!(not_an_instant("2011-01-01").contains("2011-01-01T00:00:00Z"));
        assert!(not_an_instant("2011-01-01T00:00:00").contains("without a time zone"));
    }
}
