//! Rows of CSV (RFC 4180): a header row that names the columns in any order, then one result in each row.

use std::io::BufRead;

use super::text_rows::{TextRow, TextRows};
use super::{from_one, not_text, refuse, too_long};
use crate::http::problem::{Fault, Problem};
use crate::results::ingest::message::{one_of, quoted};
use crate::results::ingest::raw_row::{Cell, Cells, FIELDS, RawRow};

/// Some programs write this mark at the beginning of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// The columns that every CSV has.
const REQUIRED: [&str; 2] = ["indicator", "period"];

/// What is said of a CSV without a header row.
const NO_HEADER: &str = "the file is empty: the first row must be a header row with the names of the columns";

/// The rows below the header row.
pub(crate) struct Rows<R> {
    rows: TextRows<R>,
    /// The header row as it was sent.
    header: String,
    names: Vec<String>,
    read: usize,
}

impl<R: BufRead> Rows<R> {
    /// Reads the header row.
    pub(super) fn begin(source: R) -> Result<Self, Problem> {
        let mut rows = TextRows::csv(source);
        let refused = |code, detail: &str| Err(refuse(vec![Fault::at("", code, detail)]));
        let Some(first) = rows.next()? else { return refused("empty", NO_HEADER) };
        if first.is_cut {
            return refused(
                "too_long",
                "the first line has more than 64 KiB: it must be a header row with the names of the columns",
            );
        }
        let text = first.text.map_err(|()| not_text(first.line))?;
        let header = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).to_owned();
        if header.is_empty() {
            return refused("empty", NO_HEADER);
        }
        let Some(names) = split(&header) else {
            return refused(
                "bad_quotes",
                "the header row has a quotation mark that is not closed, or not doubled",
            );
        };
        let faults = faults_of_header(&names);
        if !faults.is_empty() {
            return Err(refuse(faults));
        }
        Ok(Self { rows, header, names, read: 0 })
    }

    /// The header row, exactly as it was sent.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<RawRow>, Problem> {
        let Some(TextRow { text, line, is_cut }) = self.rows.next()? else { return Ok(None) };
        let text = text.map_err(|()| not_text(line))?;
        let cells = if is_cut { too_long() } else { cells(&self.names, &text) };
        let number = from_one(self.read);
        self.read += 1;
        Ok(Some(RawRow::of_cells(number, Some(line), text, cells)))
    }

    /// The bytes that were read.
    pub(super) fn place(&self) -> u64 {
        self.rows.place()
    }
}

fn faults_of_header(names: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (name, number) in names.iter().map(String::as_str).zip(1..) {
        let first = seen.iter().position(|other| *other == name).map(|index| index + 1);
        match first {
            _ if !FIELDS.contains(&name) => {
                faults.push(Fault::at("", "unknown_column", unknown_column(name, number)));
            }
            Some(first) => {
                let detail = format_args!("columns {first} and {number} are both named `{name}`: remove one");
                faults.push(Fault::at(format!("/{name}"), "duplicate_column", detail));
            }
            None => {}
        }
        seen.push(name);
    }
    for name in REQUIRED.into_iter().filter(|name| !seen.contains(name)) {
        let detail = format_args!("there is no column `{name}`: add it to the header row");
        faults.push(Fault::at(format!("/{name}"), "missing_column", detail));
    }
    faults
}

fn unknown_column(name: &str, number: usize) -> String {
    let lower = name.trim().to_lowercase();
    if lower.is_empty() {
        return format!("column {number} has no name: name it, or remove it; {}", one_of(FIELDS));
    }
    match FIELDS.into_iter().find(|field| *field == lower) {
        Some(field) => format!("found the column {}: write `{field}`", quoted(name)),
        None => format!("found the column {}: rename or remove it; {}", quoted(name), one_of(FIELDS)),
    }
}

fn cells(names: &[String], row: &str) -> Cells {
    let Some(texts) = split(row) else {
        let detail = "the row has a quotation mark that is not closed, or not doubled: put a cell with quotation marks or \
                      commas in quotation marks, and write each of them inside twice, as in \"so-called \"\"good\"\" results\"";
        return Cells::broken("bad_quotes", detail);
    };
    let (expected, there) = (names.len(), texts.len());
    if expected != there {
        let detail = format!(
            "the header row has {expected} columns, and this row has {there} cells: put cells that have commas in \
             quotation marks, and write missing cells as empty ones"
        );
        return Cells::broken("wrong_number_of_cells", &detail);
    }
    let mut cells = Cells::default();
    for (name, text) in names.iter().zip(texts) {
        cells.add(name, (!text.is_empty()).then_some(Cell::Untyped(text)));
    }
    cells
}

/// The cells of a row; `None` if its quotation marks do not follow RFC 4180. If one is not closed, the rest of the file
/// would be read as one cell, so nothing is guessed.
fn split(row: &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (cell, after) = rest.split_at(rest.find([',', '"']).unwrap_or(rest.len()));
                (cell.to_owned(), after)
            }
        };
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return after.is_empty().then_some(cells),
        }
    }
}

/// The text in quotation marks, from after the first of them, and what follows the last.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let (text, after) = rest.split_once('"')?;
        cell.push_str(text);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((cell, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Vec<RawRow>), Problem> {
        let mut rows = Rows::begin(text.as_bytes())?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(row);
        }
        Ok((rows.header, all))
    }

    fn places(text: &str) -> Vec<(u32, Option<u32>, String)> {
        let (_, rows) = read(text).unwrap();
        rows.into_iter().map(|row| (row.number, row.line, row.text)).collect()
    }

    fn codes(text: &str) -> Vec<String> {
        let (_, rows) = read(text).unwrap();
        rows.into_iter().flat_map(|row| row.cells().into_owned().faults).map(|fault| fault.code).collect()
    }

    #[test]
    fn rows_have_a_number_and_a_line() {
        for end in ["\n", "\r\n"] {
            let text =
                ["\u{feff}indicator,period,note", "A,2010-06,", "", "B,2010-06,\"x\ny\"", "C,2010-06,z", ""];
            let expected = [
                (1, Some(2), "A,2010-06,".to_owned()),
                (2, Some(4), "B,2010-06,\"x\ny\"".to_owned()),
                (3, Some(6), "C,2010-06,z".to_owned()),
            ];
            assert_eq!(places(&text.join(end)), expected);
        }
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_reported() {
        assert_eq!(
            codes("indicator,period,note\nA,2010-06,\"open\nB,2010-06,\nC,2010-06,\n"),
            ["bad_quotes"]
        );
        assert_eq!(codes("indicator,period,note\nA,2010-06,a\"b\n"), ["bad_quotes"]);
        assert_eq!(codes("indicator,period,note\nA,2010-06,\"a\"b\n"), ["bad_quotes"]);
        assert_eq!(codes("indicator,period,note\nA,2010-06,\"a \"\"b\"\"\"\n"), [""; 0]);
        assert_eq!(codes("indicator,period\nA\nA,2010-06,1\n"), ["wrong_number_of_cells"; 2]);
    }

    #[test]
    fn columns_exist_and_are_named_once() {
        let code = |text: &str| {
            read(text).unwrap_err().errors().iter().map(|fault| fault.code.clone()).collect::<Vec<_>>()
        };
        assert_eq!(code(""), ["empty"]);
        assert_eq!(code("indicator,period,colour\n"), ["unknown_column"]);
        assert_eq!(code("indicator,period,value,,\n"), ["unknown_column"; 2]);
        assert_eq!(code("indicator,period,period\n"), ["duplicate_column"]);
        assert_eq!(code("note\n"), ["missing_column", "missing_column"]);
        assert_eq!(code("indicator,\"period\n"), ["bad_quotes"]);
    }
}
