//! Rows of JSON: in a list of one document, or one on each line.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::raw::{Raw, RawRow};
use super::{from_one, not_text, too_long};
use crate::http::body::{JsonError, read_json};
use crate::http::problem::{Kind, Problem};
use crate::results::ingest::raw_row::{Cell, Cells, SentRow};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(borrow)]
    results: Vec<&'a RawValue>,
}

/// The same, for a text in which something is wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BadDocument {
    results: Vec<Box<RawValue>>,
}

/// The rows of `{"results": [...]}`.
pub(super) fn document(text: &str) -> Result<Vec<SentRow>, Problem> {
    let row =
        |(index, raw): (usize, &RawValue)| SentRow::of_json(from_one(index), None, raw.get().to_owned());
    if let Ok(Document { results }) = serde_json::from_str(text) {
        return Ok(results.into_iter().enumerate().map(row).collect());
    }
    // Once more, slowly, to tell what is wrong and where.
    let BadDocument { results } = read_json(text).map_err(|error| match error {
        JsonError::Malformed(detail) => Problem::new(Kind::MalformedBody).detail(detail),
        JsonError::Unfit(fault) => super::refuse(vec![fault]),
    })?;
    Ok(results.iter().map(AsRef::as_ref).enumerate().map(row).collect())
}

/// One row a line; blank lines are passed over.
pub(crate) struct Lines<R> {
    raw: Raw<R>,
    read: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn begin(source: R) -> Self {
        Self { raw: Raw::lines(source), read: 0 }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<SentRow>, Problem> {
        while let Some(RawRow { text, line, is_cut }) = self.raw.next()? {
            let text = text.map_err(|()| not_text(line))?;
            if text.trim().is_empty() && !is_cut {
                continue;
            }
            let number = from_one(self.read);
            self.read += 1;
            return Ok(Some(match is_cut {
                true => SentRow::of_cells(number, Some(line), text, too_long()),
                false => SentRow::of_json(number, Some(line), text),
            }));
        }
        Ok(None)
    }

    /// The bytes that were read.
    pub(super) fn place(&self) -> u64 {
        self.raw.place()
    }
}

/// The cells of an object. Each value is read on its own, so that all that is wrong is told at once.
pub(crate) fn cells(text: &str) -> Cells {
    match serde_json::from_str(text) {
        Ok(Plain(cells)) => cells,
        // Once more, slowly: something is wrong, or not as plain as it mostly is.
        Err(_) => any_cells(text),
    }
}

fn any_cells(text: &str) -> Cells {
    if !text.trim_start().starts_with('{') && serde_json::from_str::<&RawValue>(text).is_ok() {
        return Cells::broken("wrong_type", "a row is an object");
    }
    let Fields(fields) = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(error) => return Cells::broken("malformed", &told(&error)),
    };
    let mut cells = Cells::default();
    for (name, value) in fields {
        let cell = match value {
            Value::Null => None,
            Value::String(text) => Some(Cell::Text(text)),
            Value::Number(number) => Some(Cell::Number(number.to_string())),
            Value::Bool(truth) => Some(Cell::Truth(truth)),
            Value::Array(_) | Value::Object(_) => Some(Cell::Nested),
        };
        cells.add(&name, cell);
    }
    cells
}

/// The cells of an object without escapes, lists and objects in it: read without making a tree of values first.
struct Plain(Cells);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Plain;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Plain, A::Error> {
                let mut cells = Cells::default();
                while let Some((name, value)) = map.next_entry::<&str, &RawValue>()? {
                    cells.add(name, plain(value.get()).ok_or_else(|| A::Error::custom("not plain"))?);
                }
                Ok(Plain(cells))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// What stands in a field, where that can be told without another look at the text; none where it cannot.
fn plain(value: &str) -> Option<Option<Cell>> {
    let inside = |text: &str| text.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    match (value, value.as_bytes().first()?) {
        ("null", _) => Some(None),
        ("true", _) => Some(Some(Cell::Truth(true))),
        ("false", _) => Some(Some(Cell::Truth(false))),
        (text, b'"') if !text.contains('\\') => inside(text).map(Cell::Text).map(Some),
        (number, b'-' | b'0'..=b'9') => Some(Some(Cell::Number(number.to_owned()))),
        _ => None,
    }
}

/// What serde says, with the column alone: the line is told elsewhere.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    format!("{reason} at character {}", error.column())
}

/// The fields of an object, repeated ones too.
struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(line: &str) -> Vec<(String, String)> {
        let told = |fault: crate::http::problem::Fault| (fault.pointer.unwrap_or_default(), fault.code);
        cells(line).faults.into_iter().map(told).collect()
    }

    fn fault(pointer: &str, code: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), code.to_owned())]
    }

    #[test]
    fn a_row_that_is_at_fault_says_where() {
        assert_eq!(faults(r#"{"period": "2010-06"}"#), []);
        assert_eq!(faults(r#"{"perod": "2010-06"}"#), fault("/perod", "unknown_field"));
        assert_eq!(faults(r#"{"a/b~": 1}"#), fault("/a~1b~0", "unknown_field"));
        assert_eq!(faults(r#"{"value": 1, "value": 2}"#), fault("/value", "duplicate_field"));
        for row in ["1", "[]", "\"a\"", "null", "true"] {
            assert_eq!(faults(row), fault("", "wrong_type"), "{row}");
        }
        for row in ["{", "{}{}", "{\"value\": NaN}", "{\"value\": 01}", "]", "{\"value\": +1}", "nul"] {
            assert_eq!(faults(row), fault("", "malformed"), "{row}");
        }
        let deep = format!("{{\"value\": {}1{}}}", "[".repeat(500), "]".repeat(500));
        assert_eq!(faults(&deep), fault("", "malformed"));
    }

    #[test]
    fn a_document_is_json_with_a_list_of_results() {
        let refused = |text: &str| {
            let problem = document(text).unwrap_err();
            (problem.kind(), problem.errors().first().and_then(|fault| fault.pointer.clone()))
        };
        assert_eq!(refused(r#"{"results": [}"#), (Kind::MalformedBody, None));
        assert_eq!(refused(""), (Kind::MalformedBody, None));
        assert_eq!(refused("{\"results\": [{\"value\": NaN}]}"), (Kind::MalformedBody, None));
        assert_eq!(refused(r#"{"results": {}}"#), (Kind::InvalidBody, Some("/results".into())));
        assert_eq!(refused(r#"{"results": [], "mode": 1}"#).0, Kind::InvalidBody);
        assert_eq!(refused("{}").0, Kind::InvalidBody);
        let rows = document(r#"{"results": [{"note": "a"}, 7]}"#).unwrap();
        assert_eq!((rows[0].text.as_str(), rows[1].text.as_str()), (r#"{"note": "a"}"#, "7"));
    }

    #[test]
    fn lines_are_counted_with_the_blank_ones() {
        let mut lines = Lines::begin("{}\r\n\n{\"note\":\"a\"}\n\n".as_bytes());
        let rows: Vec<SentRow> = std::iter::from_fn(|| lines.next().unwrap()).collect();
        let places: Vec<_> = rows.iter().map(|row| (row.number, row.line, row.text.as_str())).collect();
        assert_eq!(places, [(1, Some(1), "{}"), (2, Some(3), "{\"note\":\"a\"}")]);
    }
}
