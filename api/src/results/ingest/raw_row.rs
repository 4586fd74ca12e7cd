//! A row of a push as it was sent: which cells it has, before anybody asks what they mean.

use std::borrow::Cow;

use super::formats::cells_of_json;
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
pub(crate) struct SentRow {
    /// Its place among the rows, from 1.
    pub(crate) number: u32,
    /// The line on which it begins, from 1, where rows are lines.
    pub(crate) line: Option<u32>,
    /// Its text, letter by letter, so that it can be given back.
    pub(crate) text: String,
    /// Its cells, where they were read already.
    read: Option<Cells>,
}

/// The cells of a row: each field at most once, and only those that are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cells {
    known: Vec<(&'static str, Cell)>,
    /// What is wrong with the row whatever its cells mean.
    pub(crate) faults: Vec<Fault>,
}

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text of a format in which everything is a text.
    Untyped(String),
    /// A text.
    Text(String),
    /// A number with the digits that it was written with.
    Number(String),
    /// True or false.
    Truth(bool),
    /// A list or an object.
    Nested,
}

impl SentRow {
    /// A row whose cells were read.
    pub(crate) fn of_cells(number: u32, line: Option<u32>, text: String, cells: Cells) -> Self {
        Self { number, line, text, read: Some(cells) }
    }

    /// A row of JSON. Its cells are read when they are asked for, so that the database need not wait until all are.
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

    /// Adds what stands in a field; none for nothing.
    pub(crate) fn add(&mut self, name: &str, cell: Option<Cell>) {
        let Some(field) = FIELDS.into_iter().find(|field| *field == name) else {
            let detail = format_args!("a row has no field `{name}`");
            self.faults.push(Fault::at(place(name), "unknown_field", detail));
            return;
        };
        match cell {
            Some(_) if self.get(field).is_some() => {
                self.faults.push(Fault::at(place(name), "duplicate_field", "the field is there twice"));
            }
            Some(cell) => self.known.push((field, cell)),
            None => {}
        }
    }

    /// What stands in a field.
    pub(crate) fn get(&self, field: &str) -> Option<&Cell> {
        self.known.iter().find(|(name, _)| *name == field).map(|(_, cell)| cell)
    }
}

/// The JSON pointer of a field of a row.
fn place(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
