//! Rows of CSV (RFC 4180): a header row that names the columns in any order, then a result a row.

use csv::{ReaderBuilder, StringRecord};

use super::super::sent::{Cell, Cells, FIELDS, SentRow};
use super::{from_one, refuse};
use crate::problem::{Fault, Kind, Problem};

/// Some programs begin a file with this mark.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Without these there is no result.
const NEEDED: [&str; 2] = ["indicator", "period"];

/// The header row as it was sent, and the rows below it.
pub(super) fn read(text: &str) -> Result<(String, Vec<SentRow>), Problem> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut records = Records::new(text);
    let Some(header) = records.next()? else {
        return Err(refuse(vec![Fault::at("", "empty", "there is no header row")]));
    };
    if !is_quoted_well(header.text) {
        return Err(refuse(vec![Fault::at("", "bad_quotes", "the quotes of the header row do not fit")]));
    }
    let (header, names) = (header.text.to_owned(), header.cells);
    let faults = faults_of_header(&names);
    if !faults.is_empty() {
        return Err(refuse(faults));
    }
    let mut rows = Vec::new();
    while let Some(record) = records.next()? {
        rows.push(SentRow {
            number: from_one(rows.len()),
            line: Some(record.line),
            text: record.text.to_owned(),
            cells: cells(&names, &record),
        });
    }
    Ok((header, rows))
}

fn faults_of_header(names: &StringRecord) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for name in names {
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

fn cells(names: &StringRecord, record: &Record<'_>) -> Cells {
    if !is_quoted_well(record.text) {
        let detail = "a cell with quotes in it stands in quotes, with each of them doubled";
        return Cells::broken("bad_quotes", detail);
    }
    let (expected, there) = (names.len(), record.cells.len());
    if expected != there {
        let detail = format!("there are {expected} columns, and {there} cells in this row");
        return Cells::broken("wrong_number_of_cells", &detail);
    }
    let mut cells = Cells::default();
    for (name, text) in names.iter().zip(&record.cells) {
        cells.add(name, (!text.is_empty()).then(|| Cell::Untyped(text.to_owned())));
    }
    cells
}

/// The rows of a CSV with their own text.
struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// Up to where lines have been counted, and the line there.
    counted: (usize, u32),
}

struct Record<'a> {
    text: &'a str,
    line: u32,
    cells: StringRecord,
}

impl<'a> Records<'a> {
    fn new(text: &'a str) -> Self {
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        Self { text, reader, counted: (0, 1) }
    }

    fn next(&mut self) -> Result<Option<Record<'a>>, Problem> {
        let place = |reader: &csv::Reader<_>| usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let from = place(&self.reader);
        let mut cells = StringRecord::new();
        let is_there = self
            .reader
            .read_record(&mut cells)
            .map_err(|error| Problem::new(Kind::MalformedBody).detail(format_args!("not a CSV: {error}")))?;
        if !is_there {
            return Ok(None);
        }
        let raw = self
            .text
            .get(from..place(&self.reader))
            .ok_or_else(|| Problem::internal("a CSV row without text"))?;
        let begun = raw.trim_start_matches(['\r', '\n']);
        let line = self.line_at(from + raw.len() - begun.len());
        Ok(Some(Record { text: begun.trim_end_matches(['\r', '\n']), line, cells }))
    }

    fn line_at(&mut self, place: usize) -> u32 {
        let (from, line) = self.counted;
        let breaks = self.text.get(from..place).unwrap_or_default().matches('\n').count();
        let line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.counted = (place, line);
        line
    }
}

/// Whether every quote of a row stands where RFC 4180 has it. Where one is not closed, the rest of the file
/// would be read as one cell, so nothing is guessed.
fn is_quoted_well(row: &str) -> bool {
    let mut characters = row.chars().peekable();
    loop {
        // At the start of a cell.
        if characters.next_if_eq(&'"').is_some() {
            loop {
                match characters.next() {
                    Some('"') if characters.next_if_eq(&'"').is_some() => {}
                    Some('"') => break,
                    Some(_) => {}
                    None => return false,
                }
            }
            match characters.next() {
                Some(',') => continue,
                Some(_) => return false,
                None => return true,
            }
        }
        match characters.find(|character| matches!(character, ',' | '"')) {
            Some(',') => {}
            Some(_) => return false,
            None => return true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<(u32, Option<u32>, String)> {
        let (_, rows) = read(text).unwrap();
        rows.into_iter().map(|row| (row.number, row.line, row.text)).collect()
    }

    fn codes(text: &str) -> Vec<String> {
        let (_, rows) = read(text).unwrap();
        rows.into_iter().flat_map(|row| row.cells.faults).map(|fault| fault.code).collect()
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
