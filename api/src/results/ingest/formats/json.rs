//! Rows of JSON: in a list of one document, or one on each line.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::text_rows::{TextRow, TextRows};
use super::{from_one, not_text, too_long};
use crate::http::body::{JsonError, read_json};
use crate::http::problem::{Fault, Kind, Problem};
use crate::results::ingest::raw_row::{Cell, Cells, RawRow};

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
pub(super) fn document(text: &str) -> Result<Vec<RawRow>, Problem> {
    let row = |(index, raw): (usize, &RawValue)| RawRow::of_json(from_one(index), None, raw.get().to_owned());
    if let Ok(Document { results }) = serde_json::from_str(text) {
        return Ok(results.into_iter().enumerate().map(row).collect());
    }
    // Read again, slowly, to find what is wrong and where.
    let BadDocument { results } = read_json(text).map_err(|error| match error {
        JsonError::Malformed(detail) => Problem::new(Kind::MalformedBody).detail(detail),
        JsonError::Unfit(_) if text.trim_start().starts_with('[') => {
            let detail = "the body is an array, expected an object: send {\"results\": [...]}";
            super::refuse(vec![Fault::at("", "wrong_type", detail)])
        }
        JsonError::Unfit(fault) => super::refuse(vec![fault]),
    })?;
    Ok(results.iter().map(AsRef::as_ref).enumerate().map(row).collect())
}

/// One row on each line; blank lines are skipped.
pub(crate) struct Lines<R> {
    rows: TextRows<R>,
    read: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn begin(source: R) -> Self {
        Self { rows: TextRows::lines(source), read: 0 }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<RawRow>, Problem> {
        while let Some(TextRow { text, line, is_cut }) = self.rows.next()? {
            let text = text.map_err(|()| not_text(line))?;
            if text.trim().is_empty() && !is_cut {
                continue;
            }
            let number = from_one(self.read);
            self.read += 1;
            return Ok(Some(match is_cut {
                true => RawRow::of_cells(number, Some(line), text, too_long()),
                false => RawRow::of_json(number, Some(line), text),
            }));
        }
        Ok(None)
    }

    /// The bytes that were read.
    pub(super) fn place(&self) -> u64 {
        self.rows.place()
    }
}

/// The cells of an object. Each value is read on its own, so that all faults are reported at once.
pub(crate) fn cells(text: &str) -> Cells {
    match serde_json::from_str(text) {
        Ok(Plain(cells)) => cells,
        // Read again, slowly: something is wrong, or the row has escapes.
        Err(_) => any_cells(text),
    }
}

fn any_cells(text: &str) -> Cells {
    if !text.trim_start().starts_with('{') && serde_json::from_str::<&RawValue>(text).is_ok() {
        return Cells::broken("wrong_type", NOT_AN_OBJECT);
    }
    let Fields(fields) = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(error) => return Cells::broken("malformed", &malformed(text, &error)),
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

/// The cells of an object without escapes, arrays and objects in it: read without building a tree of values first.
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

/// The cell of a value that needs no further parsing; `None` for any other value.
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

/// What is said of a row that is another JSON value.
const NOT_AN_OBJECT: &str = "found a value that is not an object; a row is an object such as \
                             {\"indicator\":\"NI52\",\"period\":\"FY2009-10\",\"value\":29}";

/// Why a row is not JSON, with its column: the answer has the line beside it.
fn malformed(row: &str, error: &serde_json::Error) -> String {
    let column = error.column();
    // Each line of a pretty-printed document is a part of an object.
    if error.is_eof() || !row.trim_start().starts_with('{') {
        return format!(
            "the line is not a whole JSON object (character {column}): in NDJSON each object is on a line of its own; \
             send a document of several lines as application/json"
        );
    }
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    format!("the line is not JSON: {reason} at character {column}")
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
        let place_and_code =
            |fault: crate::http::problem::Fault| (fault.pointer.unwrap_or_default(), fault.code);
        cells(line).faults.into_iter().map(place_and_code).collect()
    }

    fn fault(pointer: &str, code: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), code.to_owned())]
    }

    #[test]
    fn an_invalid_row_says_where() {
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
        assert_eq!(refused("[{}]"), (Kind::InvalidBody, Some(String::new())));
        let rows = document(r#"{"results": [{"note": "a"}, 7]}"#).unwrap();
        assert_eq!((rows[0].text.as_str(), rows[1].text.as_str()), (r#"{"note": "a"}"#, "7"));
    }

    #[test]
    fn lines_are_counted_with_the_blank_ones() {
        let mut lines = Lines::begin("{}\r\n\n{\"note\":\"a\"}\n\n".as_bytes());
        let rows: Vec<RawRow> = std::iter::from_fn(|| lines.next().unwrap()).collect();
        let places: Vec<_> = rows.iter().map(|row| (row.number, row.line, row.text.as_str())).collect();
        assert_eq!(places, [(1, Some(1), "{}"), (2, Some(3), "{\"note\":\"a\"}")]);
    }
}
