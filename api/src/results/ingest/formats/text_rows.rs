//! Rows as texts, one after the other, from a source of any size: where each begins and ends, without regard to its
//! cells.

use std::io::BufRead;

use super::MOST_BYTES;
use crate::http::problem::Problem;

/// Splits a source into rows.
pub(super) struct TextRows<R> {
    source: R,
    /// Whether a line may end inside a cell in quotes.
    has_quotes: bool,
    line: u32,
    place: u64,
}

/// A row without the end of its line.
pub(super) struct TextRow {
    /// Its text; an error if it is not UTF-8.
    pub(super) text: Result<String, ()>,
    /// The line on which it begins, from 1.
    pub(super) line: u32,
    /// Whether it is longer than a row may be: this is its beginning.
    pub(super) is_cut: bool,
}

/// The position of a byte in a row of CSV.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// At the start of a cell.
    Start,
    /// In a cell, or behind one in quotes.
    Plain,
    /// In quotes.
    Quoted,
    /// Behind a quote in quotes: the end of the cell, or the first of two.
    Quote,
}

impl At {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Quote,
            (Self::Quoted, _) | (Self::Start | Self::Quote, b'"') => Self::Quoted,
            (Self::Start | Self::Plain | Self::Quote, b',') => Self::Start,
            (Self::Start | Self::Plain | Self::Quote, _) => Self::Plain,
        }
    }
}

impl<R: BufRead> TextRows<R> {
    /// Every line is a row.
    pub(super) fn lines(source: R) -> Self {
        Self { source, has_quotes: false, line: 1, place: 0 }
    }

    /// Rows of CSV; empty lines are none.
    pub(super) fn csv(source: R) -> Self {
        Self { source, has_quotes: true, line: 1, place: 0 }
    }

    /// The bytes that were read.
    pub(super) fn place(&self) -> u64 {
        self.place
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<TextRow>, Problem> {
        let mut row: Vec<u8> = Vec::new();
        let mut begun_on = self.line;
        let mut at = At::Start;
        let mut is_cut = false;
        loop {
            let buffer = self.source.fill_buf().map_err(Problem::internal)?;
            if buffer.is_empty() {
                let is_there = !row.is_empty();
                // A quotation mark that is not closed is reported as such, however much follows it.
                let is_cut = is_cut && at != At::Quoted;
                return Ok(is_there.then(|| finished(row, begun_on, is_cut)));
            }
            let mut end = None;
            for (index, byte) in buffer.iter().enumerate() {
                let ends = *byte == b'\n' || (*byte == b'\r' && self.has_quotes);
                if ends && at != At::Quoted {
                    end = Some(index);
                    break;
                }
                // Lines are counted inside of cells as well.
                self.line = self.line.saturating_add(u32::from(*byte == b'\n'));
                if self.has_quotes {
                    at = at.after(*byte);
                }
            }
            let (part, used) = match end {
                Some(index) => (buffer.get(..index), index + 1),
                None => (Some(buffer), buffer.len()),
            };
            let part = part.unwrap_or_default();
            let room = MOST_BYTES.saturating_sub(row.len());
            is_cut |= part.len() > room;
            row.extend_from_slice(part.get(..room).unwrap_or(part));
            let newline = end.is_some_and(|index| buffer.get(index) == Some(&b'\n'));
            self.source.consume(used);
            self.place = self.place.saturating_add(used as u64);
            self.line = self.line.saturating_add(u32::from(newline));
            if end.is_some() {
                if row.is_empty() && self.has_quotes {
                    begun_on = self.line;
                    continue;
                }
                return Ok(Some(finished(row, begun_on, is_cut)));
            }
        }
    }
}

fn finished(mut row: Vec<u8>, line: u32, is_cut: bool) -> TextRow {
    while row.last() == Some(&b'\r') {
        row.pop();
    }
    let text = match String::from_utf8(row) {
        Ok(text) => Ok(text),
        // Cut in the middle of a character.
        Err(error) if is_cut => Ok(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        Err(_) => Err(()),
    };
    TextRow { text, line, is_cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_end_takes_no_memory() {
        let text = format!("a,b\n{}\nc,d\n", "x".repeat(MOST_BYTES + 5));
        let mut rows = TextRows::csv(std::io::BufReader::with_capacity(7, text.as_bytes()));
        let read: Vec<TextRow> = std::iter::from_fn(|| rows.next().unwrap()).collect();
        let lengths: Vec<(usize, u32, bool)> =
            read.iter().map(|row| (row.text.as_ref().unwrap().len(), row.line, row.is_cut)).collect();
        assert_eq!(lengths, [(3, 1, false), (MOST_BYTES, 2, true), (3, 3, false)]);
        assert_eq!(rows.place(), text.len() as u64);
    }
}
