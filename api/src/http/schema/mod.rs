//! The schema types that every resource is made of: codes, texts, numbers, periods and enumerations.
//!
//! Each is a schema of the contract under its own name. `read(faults, field)` converts it to the domain type, `From`
//! converts back. The bounds are the domain's.

mod forms;
mod period;
pub(crate) mod words;

pub(crate) use forms::{Breakdown, Unit};
pub(crate) use period::Period;
pub(crate) use words::words;
pub(crate) use words::{
    ActionStatus, Colour, Direction, Frequency, JudgementKind, Polarity, PolaritySource, QualityGrade,
    Rating, Standing, TargetScope, TrackerAction, TrackerState,
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::{code, decimal::Decimal, text};

use crate::http::validation::Faults;

/// A code: letters, digits, `.`, `_` and `-`, beginning with a letter or digit. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", max_length = 64, example = "leicestershire")]
pub(crate) struct Code(String);

/// A short name, without white space at its ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    as = NameText,
    pattern = r"^[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
    min_length = 1,
    max_length = 120,
    example = "Head of performance"
)]
pub(crate) struct Name(String);

/// A title or one line of explanation, without white space at its ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    as = TitleText,
    pattern = r"^[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
    min_length = 1,
    max_length = 500,
    example = "Take-up of school lunches"
)]
pub(crate) struct Title(String);

/// A note of some paragraphs, without white space at its ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    as = NoteText,
    pattern = r"^[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
    min_length = 1,
    max_length = 4000,
    example = "Recalculated after the change of method."
)]
pub(crate) struct Note(String);

/// An account of a quarter in Markdown, without white space at its ends. Line ends are single line feeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    as = NarrativeText,
    pattern = r"^[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
    min_length = 1,
    max_length = 20000,
    example = "The rate fell for the *third* quarter."
)]
pub(crate) struct Narrative(String);

/// An exact decimal: a JSON number with at most 15 digits before the point and 9 after it. It returns with the digits it was
/// sent with: read it with a decimal type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DecimalNumber, value_type = f64, format = "decimal", minimum = -999999999999999.0, maximum = 999999999999999.0, example = 70.5)]
pub(crate) struct Number(serde_json::Number);

impl Code {
    /// Converts to the domain type.
    pub(crate) fn read(&self, faults: &mut Faults, field: &str) -> Option<code::Code> {
        faults.take(field, code::Code::new(self.0.as_str()))
    }
}

impl From<&code::Code> for Code {
    fn from(code: &code::Code) -> Self {
        Self(code.as_str().to_owned())
    }
}

/// Text is trimmed by its author, not by the service: it returns as it was sent.
fn read_text<const MAX: usize>(text: &str, faults: &mut Faults, field: &str) -> Option<text::Text<MAX>> {
    let read = text::Text::new(text);
    if read.is_ok() && text.trim() != text {
        faults.note(field, "not_trimmed", "the text has white space at its ends");
        return None;
    }
    faults.take(field, read)
}

macro_rules! texts {
    ($($wire:ident),*) => {$(
        impl $wire {
            /// Converts to the domain type.
            pub(crate) fn read(&self, faults: &mut Faults, field: &str) -> Option<text::$wire> {
                read_text(&self.0, faults, field)
            }
        }

        impl From<&text::$wire> for $wire {
            fn from(text: &text::$wire) -> Self {
                Self(text.as_str().to_owned())
            }
        }
    )*};
}

texts!(Name, Title, Note, Narrative);

impl Number {
    /// Converts to the domain type.
    pub(crate) fn read(&self, faults: &mut Faults, field: &str) -> Option<Decimal> {
        faults.take(field, self.0.as_str().parse())
    }
}

impl From<Decimal> for Number {
    fn from(decimal: Decimal) -> Self {
        // A decimal's text is a JSON number: digits, a point, a sign.
        Self(serde_json::Number::from_string_unchecked(decimal.to_string()))
    }
}

/// Checks a text by a rule of the domain.
pub(crate) type TextCheck = fn(&mut Faults, &str);

/// The rule of the schema with this name, if the domain has one for it.
pub(crate) fn text_check(name: &str) -> Option<TextCheck> {
    macro_rules! rules {
        ($($wire:ident),*) => {
            [$(($wire::name(), (|faults, text| { let _ = $wire(text.to_owned()).read(faults, ""); }) as TextCheck)),*]
        };
    }
    let rules = rules!(Code, Name, Title, Note, Narrative, Period, Unit, Breakdown);
    rules.into_iter().find(|(of, _)| of == name).map(|(_, check)| check)
}

/// Whether the schema with this name is that of exact decimal numbers.
pub(crate) fn is_decimal(name: &str) -> bool {
    Number::name() == name
}

/// Checks the digits of an exact decimal number.
pub(crate) fn read_decimal(faults: &mut Faults, digits: &str) {
    let _ = faults.take("", digits.parse::<Decimal>());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of_fault<T>(read: impl FnOnce(&mut Faults) -> Option<T>) -> Option<String> {
        let mut faults = Faults::default();
        read(&mut faults);
        faults.into_found().pop().map(|fault| fault.code)
    }

    #[test]
    fn a_number_comes_back_as_it_was_sent() {
        for sent in ["70.0", "-22.80", "999999999999999.123456789", "0.000000001", "12"] {
            let number: Number = serde_json::from_str(sent).unwrap();
            let decimal = number.read(&mut Faults::default(), "").unwrap();
            assert_eq!(serde_json::to_string(&Number::from(decimal)).unwrap(), sent);
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_named() {
        let code = |json: &str| {
            let number: Number = serde_json::from_str(json).unwrap();
            code_of_fault(|faults| number.read(faults, "/value"))
        };
        assert_eq!(code("1e15"), Some("too_large".into()));
        assert_eq!(code("0.0000000001"), Some("too_precise".into()));
        assert!(serde_json::from_str::<Number>("\"70\"").is_err());
        assert!(serde_json::from_str::<Number>("NaN").is_err());
    }

    #[test]
    fn a_text_is_sent_trimmed_and_without_null_bytes() {
        let code = |text: &str| code_of_fault(|faults| Title(text.to_owned()).read(faults, ""));
        assert_eq!(code("School lunches"), None);
        assert_eq!(code(" "), Some("empty".into()));
        assert_eq!(code(" a"), Some("not_trimmed".into()));
        assert_eq!(code("a\0b"), Some("bad_character".into()));
    }
}
