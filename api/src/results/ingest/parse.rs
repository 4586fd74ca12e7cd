//! Parses the cells of a row, with every fault that can be found without the database.

use std::fmt::{self, Display, Write as _};
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use waymark_domain::code::Code;
use waymark_domain::decimal::{Decimal, DecimalError};
use waymark_domain::indicator::Breakdown;
use waymark_domain::observation::{QualityGrade, Standing};
use waymark_domain::period::Period;
use waymark_domain::text::{Name, Note};
use waymark_domain::value::{Ratio, RatioError, Value};

use super::message::{not_a_number, not_a_text, not_a_truth, number_hint, period_hint, quoted, unknown_word};
use super::raw_row::{Cell, Cells};
use crate::http::schema;
use crate::http::validation::{Coded, Faults};

/// An optional part: `None` if it is present and cannot be read.
pub(crate) type Part<T> = Option<Option<T>>;

/// The natural key of a row, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct RowKey {
    pub(crate) indicator: Option<Code>,
    pub(crate) period: Option<Period>,
    pub(crate) breakdown: Part<Breakdown>,
    pub(crate) component: Part<Name>,
}

/// A row, as far as it could be read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) key: RowKey,
    pub(crate) value: Option<Value>,
    pub(crate) version: Part<u32>,
    pub(crate) standing: Option<Standing>,
    pub(crate) quality: Part<QualityGrade>,
    pub(crate) note: Part<Note>,
    pub(crate) is_baseline: Option<bool>,
    pub(crate) faults: Faults,
}

impl RowKey {
    /// Whether all of it could be read.
    pub(crate) fn is_whole(&self) -> bool {
        self.indicator.is_some()
            && self.period.is_some()
            && self.breakdown.is_some()
            && self.component.is_some()
    }
}

impl Reading {
    /// Reads the cells of a row that was sent on `today`.
    pub(crate) fn of(cells: &Cells, today: NaiveDate) -> Self {
        let mut faults = Faults::default();
        for fault in &cells.faults {
            faults.note(fault.pointer.as_deref().unwrap_or_default(), &fault.code, &fault.detail);
        }
        // Of a row that cannot be read at all, no fields are reported as missing.
        if cells.faults.iter().any(|fault| fault.pointer.as_deref() == Some("")) {
            return Self { faults, ..Self::default() };
        }
        let mut row = RowReader { cells, faults };
        Self {
            key: RowKey {
                indicator: row.indicator(),
                period: row.period(today),
                breakdown: row.text("breakdown"),
                component: row.text("component"),
            },
            value: row.value(),
            version: row.version(),
            standing: row
                .word::<schema::Standing>("standing")
                .map(|word| word.map_or(Standing::Final, Standing::from)),
            quality: row.word::<schema::QualityGrade>("quality").map(|word| word.map(QualityGrade::from)),
            note: row.text("note"),
            is_baseline: row.truth("is_baseline"),
            faults: row.faults,
        }
    }
}

struct RowReader<'a> {
    cells: &'a Cells,
    faults: Faults,
}

impl RowReader<'_> {
    fn fault<T>(&mut self, field: &str, code: &str, detail: &str) -> Option<T> {
        self.faults.note(&place(field), code, detail);
        None
    }

    /// Parses the text of a field, or notes the fault.
    fn parse<T: FromStr<Err: Coded>>(
        &mut self,
        field: &str,
        text: &str,
        hint: impl FnOnce(&T::Err) -> String,
    ) -> Option<T> {
        text.parse()
            .map_err(|error: T::Err| {
                let detail = format_args!("found {}: {}", quoted(text), hint(&error));
                self.faults.note(&place(field), error.code(), detail);
            })
            .ok()
    }

    fn text<T: FromStr<Err: Coded> + Display>(&mut self, field: &str) -> Part<T> {
        self.text_with(field, ToString::to_string)
    }

    fn text_with<T: FromStr<Err: Coded> + Display>(
        &mut self,
        field: &str,
        hint: impl FnOnce(&T::Err) -> String,
    ) -> Part<T> {
        match self.cells.get(field) {
            None => Some(None),
            Some(Cell::Text(text) | Cell::Untyped(text)) => {
                let read: T = self.parse(field, text, hint)?;
                if is_written(&read, text) {
                    return Some(Some(read));
                }
                let detail = format!("found {}: remove the white space at its ends", quoted(text));
                self.fault(field, "not_trimmed", &detail)
            }
            Some(cell @ (Cell::Number(_) | Cell::Truth(_) | Cell::Nested)) => {
                self.fault(field, "wrong_type", &not_a_text(cell))
            }
        }
    }

    fn indicator(&mut self) -> Option<Code> {
        match self.text("indicator")? {
            Some(code) => Some(code),
            None => {
                let detail = "the row has no `indicator`: add the code of an indicator, such as NI52";
                self.fault("indicator", "missing_field", detail)
            }
        }
    }

    fn period(&mut self, today: NaiveDate) -> Option<Period> {
        let text = match self.cells.get("period") {
            Some(Cell::Text(text) | Cell::Untyped(text)) => text.as_str(),
            _ => "",
        };
        let hint = |error: &_| period_hint(text).unwrap_or_else(|| format!("{error}"));
        let Some(period): Option<Period> = self.text_with("period", hint)? else {
            let detail =
                "the row has no `period`: add the period that the result is about, such as FY2009-10";
            return self.fault("period", "missing_field", detail);
        };
        if period.first_day() > today {
            let detail = format!(
                "found `{period}`, which begins after today: correct the period, or send the row later"
            );
            return self.fault("period", "not_begun", &detail);
        }
        Some(period)
    }

    fn number(&mut self, field: &str) -> Part<Decimal> {
        match self.cells.get(field) {
            None => Some(None),
            Some(Cell::Number(text) | Cell::Untyped(text)) => {
                let hint = |error: &DecimalError| match error {
                    DecimalError::NotANumber => format!("{error}{}", number_hint(text)),
                    _ => error.to_string(),
                };
                self.parse(field, text, hint).map(Some)
            }
            Some(cell @ (Cell::Text(_) | Cell::Truth(_) | Cell::Nested)) => {
                self.fault(field, "wrong_type", &not_a_number(cell))
            }
        }
    }

    /// Exactly one of a value, and a numerator with a denominator.
    fn value(&mut self) -> Option<Value> {
        let (value, numerator, denominator) =
            (self.number("value")?, self.number("numerator")?, self.number("denominator")?);
        match (value, numerator, denominator) {
            (Some(value), None, None) => Some(Value::Number(value)),
            (None, Some(numerator), Some(denominator)) => match Ratio::new(numerator, denominator) {
                Ok(ratio) => Some(Value::Ratio(ratio)),
                Err(error @ RatioError::NegativeNumerator) => {
                    self.fault("numerator", "too_small", &error.to_string())
                }
                Err(error @ RatioError::NoDenominator) => {
                    self.fault("denominator", "too_small", &error.to_string())
                }
            },
            (None, None, None) => {
                let detail = "the row has no figure: add a `value`, or a `numerator` and a `denominator`";
                self.fault("value", "no_figure", detail)
            }
            (Some(_), _, _) => self.fault(
                "value",
                "ambiguous",
                "found a `value` beside a `numerator` or `denominator`: send the value, or the other two",
            ),
            (None, Some(_), None) => self.fault(
                "denominator",
                "no_denominator",
                "found a `numerator` alone: add the `denominator`",
            ),
            (None, None, Some(_)) => {
                self.fault("numerator", "no_numerator", "found a `denominator` alone: add the `numerator`")
            }
        }
    }

    fn version(&mut self) -> Part<u32> {
        let Some(number) = self.number("definition_version")? else { return Some(None) };
        match number.whole().and_then(|number| u32::try_from(number).ok()) {
            Some(version) => Some(Some(version)),
            None => {
                let detail = format!("found `{number}`, expected the number of a version: 1, 2, 3 and so on");
                self.fault("definition_version", "invalid_value", &detail)
            }
        }
    }

    fn word<T: for<'de> Deserialize<'de>>(&mut self, field: &str) -> Part<T> {
        match self.cells.get(field) {
            None => Some(None),
            Some(Cell::Text(text) | Cell::Untyped(text)) => {
                let word: StrDeserializer<'_, Error> = text.as_str().into_deserializer();
                match T::deserialize(word) {
                    Ok(read) => Some(Some(read)),
                    Err(error) => {
                        // unknown variant `x`, expected one of `a`, `b`
                        let error = error.to_string();
                        let (_, expected) = error.rsplit_once(", expected ").unwrap_or_default();
                        let detail = unknown_word(text, expected.split('`').skip(1).step_by(2));
                        self.fault(field, "unknown_value", &detail)
                    }
                }
            }
            Some(cell @ (Cell::Number(_) | Cell::Truth(_) | Cell::Nested)) => {
                self.fault(field, "wrong_type", &not_a_text(cell))
            }
        }
    }

    fn truth(&mut self, field: &str) -> Option<bool> {
        match self.cells.get(field) {
            None => Some(false),
            Some(Cell::Truth(truth)) => Some(*truth),
            Some(Cell::Untyped(text)) if text == "true" => Some(true),
            Some(Cell::Untyped(text)) if text == "false" => Some(false),
            Some(cell @ (Cell::Untyped(_) | Cell::Text(_) | Cell::Number(_) | Cell::Nested)) => {
                self.fault(field, "wrong_type", &not_a_truth(cell))
            }
        }
    }
}

fn place(field: &str) -> String {
    format!("/{field}")
}

/// Whether the text is exactly how the value is written.
fn is_written(what: &impl Display, text: &str) -> bool {
    struct Rest<'a>(&'a str);

    impl fmt::Write for Rest<'_> {
        fn write_str(&mut self, written: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
            Ok(())
        }
    }

    let mut rest = Rest(text);
    write!(rest, "{what}").is_ok() && rest.0.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(fields: &[(&str, Cell)]) -> Reading {
        let mut cells = Cells::default();
        for (name, cell) in fields {
            cells.add(name, Some(cell.clone()));
        }
        Reading::of(&cells, "2010-06-30".parse().unwrap())
    }

    /// The faults of a row that is valid except for this field.
    fn faults_of(field: &str, cell: Cell) -> Vec<(String, String)> {
        let (indicator, period, value) =
            (Cell::Text("NI1".into()), Cell::Text("2010-05".into()), Cell::Number("1".into()));
        let mut fields = vec![("indicator", indicator), ("period", period), ("value", value)];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, cell));
        let found = reading(&fields).faults.into_found();
        found.into_iter().map(|fault| (fault.pointer.unwrap_or_default(), fault.code)).collect()
    }

    #[test]
    fn each_bad_cell_has_its_own_code() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let number = |text: &str| Cell::Number(text.to_owned());
        let untyped = |text: &str| Cell::Untyped(text.to_owned());
        for (field, cell, code) in [
            ("indicator", text("N I"), "bad_character"),
            ("indicator", text("a\0"), "bad_character"),
            ("indicator", number("112"), "wrong_type"),
            ("period", text("June 2010"), "bad_period"),
            ("period", text("2010-13"), "no_such_date"),
            ("period", text("FY2009-11"), "years_do_not_follow"),
            ("period", text("2010-06-30/2010-06-01"), "ends_before_it_begins"),
            ("period", text("CY1066"), "out_of_range"),
            ("period", text("2010-07"), "not_begun"),
            ("value", text("82.4"), "wrong_type"),
            ("value", untyped("NaN"), "not_a_number"),
            ("value", untyped("82,4"), "not_a_number"),
            ("value", untyped("=1+1"), "not_a_number"),
            ("value", number("1e400"), "too_large"),
            ("value", number("1e-400"), "too_precise"),
            ("value", number("0.0000000001"), "too_precise"),
            ("numerator", number("2"), "ambiguous"),
            ("breakdown", text("girls"), "not_a_breakdown"),
            ("breakdown", text("group= girls"), "not_trimmed"),
            ("component", text("a\0b"), "bad_character"),
            ("component", text(" "), "empty"),
            ("component", text("Dose 1 "), "not_trimmed"),
            ("definition_version", number("1.5"), "invalid_value"),
            ("definition_version", number("-1"), "invalid_value"),
            ("standing", text("settled"), "unknown_value"),
            ("quality", Cell::Truth(true), "wrong_type"),
            ("note", Cell::Nested, "wrong_type"),
            ("is_baseline", untyped("yes"), "wrong_type"),
            ("is_baseline", text("true"), "wrong_type"),
        ] {
            let pointer = if code == "ambiguous" { "/value".to_owned() } else { format!("/{field}") };
            assert_eq!(faults_of(field, cell.clone()), [(pointer, code.to_owned())], "{field}: {cell:?}");
        }
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let found = reading(&[("period", Cell::Text("x".into())), ("standing", Cell::Text("y".into()))]);
        let codes: Vec<String> = found.faults.into_found().into_iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["missing_field", "bad_period", "no_figure", "unknown_value"]);
    }

    #[test]
    fn results_default_to_final_and_no_baseline() {
        let plain =
            reading(&[("numerator", Cell::Number("2".into())), ("denominator", Cell::Number("15".into()))]);
        assert_eq!((plain.standing, plain.is_baseline), (Some(Standing::Final), Some(false)));
        assert_eq!((plain.version, plain.quality, plain.key.breakdown), (Some(None), Some(None), Some(None)));
        assert!(matches!(plain.value, Some(Value::Ratio(_))));
    }

    #[test]
    fn a_period_that_contains_today_has_begun() {
        assert!(faults_of("period", Cell::Text("FY2010-11".into())).is_empty());
        assert!(faults_of("period", Cell::Text("2010-06-30".into())).is_empty());
    }
}
