//! Rows of CSV (RFC 4180): a header row that names the columns in any order, then a result a row.

use std::io::BufRead;

use super::raw::{Raw, RawRow};
use super::{from_one, not_text, refuse, too_long};
use crate::http::problem::{Fault, Problem};
use crate::results::ingest::raw_row::{Cell, Cells, FIELDS, SentRow};

/// Some programs begin a file with this mark.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Without these there is no result.
const NEEDED: [&str; 2] = ["indicator", "period"];

/// The rows below the header row.
pub(crate) struct Rows<R> {
    raw: Raw<R>,
    /// The header row as it was sent.
    header: String,
    names: Vec<String>,
    read: usize,
}

impl<R: BufRead> Rows<R> {
    /// Reads the header row.
    pub(super) fn begin(source: R) -> Result<Self, Problem> {
        let mut raw = Raw::csv(source);
        let refused = |code, detail: &str| Err(refuse(vec![Fault::at("", code, detail)]));
        let Some(first) = raw.next()? else { return refused("empty", "there is no header row") };
        if first.is_cut {
            return refused("too_long", "the header row is too long");
        }
        let text = first.text.map_err(|()| not_text(first.line))?;
        let header = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).to_owned();
        if header.is_empty() {
            return refused("empty", "there is no header row");
        }
        let Some(names) = split(&header) else {
            return refused("bad_quotes", "the quotes of the header row do not fit");
        };
        let faults = faults_of_header(&names);
        if !faults.is_empty() {
            return Err(refuse(faults));
        }
        Ok(Self { raw, header, names, read: 0 })
    }

    /// The header row, letter by letter.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<SentRow>, Problem> {
        let Some(RawRow { text, line, is_cut }) = self.raw.next()? else { return Ok(None) };
        let text = text.map_err(|()| not_text(line))?;
        let cells = if is_cut { too_long() } else { cells(&self.names, &text) };
        let number = from_one(self.read);
        self.read += 1;
        Ok(Some(SentRow::of_cells(number, Some(line), text, cells)))
    }

    /// The bytes that were read.
    pub(super) fn place(&self) -> u64 {
        self.raw.place()
    }
}

fn faults_of_header(names: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for name in names.iter().map(String::as_str) {
        if !FIELDS.contains(&name) {
            let detail = format_args!("there is no column `{name}`; the columns are {}", FIELDS.join(", "));
            faults.push(Fault::at("", "unknown_column", detail));
        } else if seen.contains(&name) {
            faults.push(Fault::at(format!("/{name}"), "duplicate_column", "the column is there twice"));
        }
        seen.push(name);
    }
    for name in NEEDED.into_iter().filter(|name| !seen.contains(name)) {
        faults.push(Fault::at(format!("/{name}"), "missing_column", "the column is missing"));
    }
    faults
}

fn cells(names: &[String], row: &str) -> Cells {
    let Some(texts) = split(row) else {
        let detail = "a cell with quotes in it stands in quotes, with each of them doubled";
        return Cells::broken("bad_quotes", detail);
    };
    let (expected, there) = (names.len(), texts.len());
    if expected != there {
        let detail = format!("there are {expected} columns, and {there} cells in this row");
        return Cells::broken("wrong_number_of_cells", &detail);
    }
    let mut cells = Cells::default();
    for (name, text) in names.iter().zip(texts) {
        cells.add(name, (!text.is_empty()).then_some(Cell::Untyped(text)));
    }
    cells
}

/// The cells of a row; none where a quote stands where RFC 4180 has none. Where one is not closed, the rest of the
/// file would be read as one cell, so nothing is guessed.
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

/// What stands in quotes, from behind the first of them, and what comes after the last.
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

    fn read(text: &str) -> Result<(String, Vec<SentRow>), Problem> {
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
    fn rows_are_told_by_number_and_line() {
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
    fn a_quote_that_is_not_closed_is_not_read_over() {
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
    fn columns_are_known_and_stand_once() {
        let code = |text: &str| {
            read(text).unwrap_err().errors().iter().map(|fault| fault.code.clone()).collect::<Vec<_>>()
        };
        assert_eq!(code(""), ["empty"]);
        assert_eq!(code("indicator,period,colour\n"), ["unknown_column"]);
        assert_eq!(code("indicator,period,period\n"), ["duplicate_column"]);
        assert_eq!(code("note\n"), ["missing_column", "missing_column"]);
        assert_eq!(code("indicator,\"period\n"), ["bad_quotes"]);
    }
}
