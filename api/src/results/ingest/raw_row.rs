//! A row of a push as it was sent: its cells, before they are parsed.

use std::borrow::Cow;

use super::formats::cells_of_json;
use super::message::{one_of, quoted};
use crate::http::problem::Fault;

/// The fields of a row: the names in JSON, and of the columns in CSV.
pub(crate) const FIELDS: [&str; 12] = [
    "indicator",
    "period",
    "value",
    "numerator",
    "denominator",
    "breakdown",
    "component",
    "definition_version",
    "standing",
    "quality",
    "note",
    "is_baseline",
];

/// The most rows of a push.
pub(crate) const MOST_ROWS: usize = 50_000;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawRow {
    /// Its place among the rows, from 1.
    pub(crate) number: u32,
    /// The line on which it begins, from 1, where rows are lines.
    pub(crate) line: Option<u32>,
    /// Its text, exactly as it was sent, so that it can be returned.
    pub(crate) text: String,
    /// Its cells, if they were read already.
    read: Option<Cells>,
}

/// The cells of a row: each field at most once, and only those that are present.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cells {
    known: Vec<(&'static str, Cell)>,
    /// The faults of the row that do not depend on the meaning of its cells.
    pub(crate) faults: Vec<Fault>,
}

/// The content of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text of a format that has texts only.
    Untyped(String),
    /// A text.
    Text(String),
    /// A number with the digits as they were sent.
    Number(String),
    /// True or false.
    Truth(bool),
    /// An array or an object.
    Nested,
}

impl RawRow {
    /// A row whose cells were read.
    pub(crate) fn of_cells(number: u32, line: Option<u32>, text: String, cells: Cells) -> Self {
        Self { number, line, text, read: Some(cells) }
    }

    /// A row of JSON. Its cells are read on demand, so that the database need not wait until all are read.
    pub(crate) fn of_json(number: u32, line: Option<u32>, text: String) -> Self {
        Self { number, line, text, read: None }
    }

    /// Its cells.
    pub(crate) fn cells(&self) -> Cow<'_, Cells> {
        match &self.read {
            Some(cells) => Cow::Borrowed(cells),
            None => Cow::Owned(cells_of_json(&self.text)),
        }
    }
}

impl Cells {
    /// A row that cannot be read at all.
    pub(crate) fn broken(code: &str, detail: &str) -> Self {
        Self { known: Vec::new(), faults: vec![Fault::at("", code, detail)] }
    }

    /// Adds the content of a field; `None` if it is empty.
    pub(crate) fn add(&mut self, name: &str, cell: Option<Cell>) {
        let Some(field) = FIELDS.into_iter().find(|field| *field == name) else {
            self.faults.push(Fault::at(place(name), "unknown_field", unknown_field(name)));
            return;
        };
        match cell {
            Some(_) if self.get(field).is_some() => {
                let detail = format_args!("the row has the field {} twice: send it once", quoted(name));
                self.faults.push(Fault::at(place(name), "duplicate_field", detail));
            }
            Some(cell) => self.known.push((field, cell)),
            None => {}
        }
    }

    /// The content of a field.
    pub(crate) fn get(&self, field: &str) -> Option<&Cell> {
        self.known.iter().find(|(name, _)| *name == field).map(|(_, cell)| cell)
    }
}

fn unknown_field(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    match FIELDS.into_iter().find(|field| *field == lower) {
        Some(field) => format!("found the field {}: write `{field}`", quoted(name)),
        None => format!("found the field {}: rename or remove it; {}", quoted(name), one_of(FIELDS)),
    }
}

/// The JSON pointer of a field of a row.
fn place(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
