//! Reads a body into rows, one after the other, from memory or from a file. A body that does not have its format is
//! rejected as a whole; an invalid row does not affect the others.

mod csv;
mod json;
mod text_rows;

use std::io::BufRead;

pub(crate) use json::cells as cells_of_json;
use waymark_persistence::submission::Format;

use super::message::quoted;
use super::raw_row::{Cells, RawRow};
use crate::http::body::Body;
use crate::http::problem::{Fault, Kind, Problem};

/// The longest row, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// A body in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawPush {
    pub(crate) format: Format,
    /// The header row of a CSV, exactly as it was sent.
    pub(crate) header: Option<String>,
    pub(crate) rows: Vec<RawRow>,
}

/// The rows of a format in which they follow each other.
pub(crate) enum Rows<R> {
    Lines(json::Lines<R>),
    Csv(csv::Rows<R>),
}

impl<R: BufRead> Rows<R> {
    /// Begins to read; of a CSV the header row.
    ///
    /// # Errors
    /// 422 if the columns are not those of results.
    pub(crate) fn begin(format: Format, source: R) -> Result<Self, Problem> {
        match format {
            Format::Json => Err(Problem::internal("a JSON document is read as a whole")),
            Format::Ndjson => Ok(Self::Lines(json::Lines::begin(source))),
            Format::Csv | Format::Table => csv::Rows::begin(source).map(Self::Csv),
        }
    }

    /// The next row.
    ///
    /// # Errors
    /// 400 if it is not UTF-8.
    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, Problem> {
        match self {
            Self::Lines(lines) => lines.next(),
            Self::Csv(rows) => rows.next(),
        }
    }

    /// The header row of a CSV, exactly as it was sent.
    pub(crate) fn header(&self) -> Option<&str> {
        match self {
            Self::Lines(_) => None,
            Self::Csv(rows) => Some(rows.header()),
        }
    }

    /// The bytes that were read.
    pub(crate) fn place(&self) -> u64 {
        match self {
            Self::Lines(lines) => lines.place(),
            Self::Csv(rows) => rows.place(),
        }
    }
}

/// The format of a media type.
///
/// # Errors
/// 415 for a media type that is not supported.
pub(crate) fn format_of(media_type: &str) -> Result<Format, Problem> {
    match media_type {
        "application/json" => Ok(Format::Json),
        "application/x-ndjson" => Ok(Format::Ndjson),
        "text/csv" => Ok(Format::Csv),
        _ => {
            let detail = format_args!(
                "found {}; expected application/json, application/x-ndjson or text/csv in Content-Type",
                quoted(media_type)
            );
            Err(Problem::new(Kind::UnsupportedMediaType).detail(detail))
        }
    }
}

/// Reads a body by its media type, `most` rows of it.
///
/// # Errors
/// 415 for a media type that is not supported, 400 if the body does not have that format, 422 if it has no rows, too
/// many, or unknown columns.
pub(crate) fn read(body: &Body, most: usize) -> Result<RawPush, Problem> {
    read_text(format_of(body.media_type())?, body.text()?, most)
}

fn read_text(format: Format, text: &str, most: usize) -> Result<RawPush, Problem> {
    let (header, rows) = match format {
        Format::Json => (None, json::document(text)?),
        Format::Ndjson | Format::Csv | Format::Table => {
            let mut reader = Rows::begin(format, text.as_bytes())?;
            let mut rows = Vec::new();
            while let Some(row) = reader.next()? {
                rows.push(row);
            }
            (reader.header().map(str::to_owned), rows)
        }
    };
    let at = if format == Format::Json { "/results" } else { "" };
    let refused = |code, detail: String| Err(refuse(vec![Fault::at(at, code, detail)]));
    match rows.len() {
        0 => refused("empty", NO_ROW.to_owned()),
        rows if rows > most => refused(
            "too_many",
            format!(
                "found {rows} rows; at most {most} in one document: send more as application/x-ndjson or text/csv"
            ),
        ),
        _ => Ok(RawPush { format, header, rows }),
    }
}

/// What is said of a body without rows.
pub(crate) const NO_ROW: &str = "the body has no rows: send at least one result";

fn refuse(faults: Vec<Fault>) -> Problem {
    Problem::new(Kind::InvalidBody).faults(faults)
}

fn not_text(line: u32) -> Problem {
    Problem::new(Kind::MalformedBody).detail(format_args!(
        "the row that begins on line {line} is not UTF-8: save the file as UTF-8 (in Excel \"CSV UTF-8\") and send it again"
    ))
}

fn too_long() -> Cells {
    let detail =
        format!("the row has more than {MOST_BYTES} bytes: shorten its texts; only its beginning is stored");
    Cells::broken("too_long", &detail)
}

/// The number of the row or line at an index.
fn from_one(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::super::raw_row::{Cell, MOST_ROWS};
    use super::*;
    use proptest::prelude::*;

    fn codes(format: Format, text: &str) -> Result<Vec<Vec<String>>, (Kind, Vec<String>)> {
        let codes_of = |faults: &[Fault]| faults.iter().map(|fault| fault.code.clone()).collect();
        match read_text(format, text, MOST_ROWS) {
            Ok(push) => Ok(push.rows.iter().map(|row| codes_of(&row.cells().faults)).collect()),
            Err(problem) => Err((problem.kind(), codes_of(problem.errors()))),
        }
    }

    #[test]
    fn a_push_has_rows() {
        let refused = |code: &str| Err((Kind::InvalidBody, vec![code.to_owned()]));
        assert_eq!(codes(Format::Json, r#"{"results": []}"#), refused("empty"));
        assert_eq!(codes(Format::Ndjson, "\n\n"), refused("empty"));
        assert_eq!(codes(Format::Csv, "indicator,period\n"), refused("empty"));
        let many = "{}\n".repeat(MOST_ROWS + 1);
        assert_eq!(codes(Format::Ndjson, &many), refused("too_many"));
    }

    #[test]
    fn the_same_rows_are_read_from_every_format() {
        let row = r#"{"indicator":"NI1","period":"2010-06","value":82.40,"breakdown":null}"#;
        let json = read_text(Format::Json, &format!(r#"{{"results": [{row}]}}"#), MOST_ROWS).unwrap();
        let lines = read_text(Format::Ndjson, row, MOST_ROWS).unwrap();
        let csv = read_text(Format::Csv, "indicator,period,value,breakdown\nNI1,2010-06,82.40,\n", MOST_ROWS)
            .unwrap();
        assert_eq!(json.rows[0].cells(), lines.rows[0].cells());
        for sent in [&json, &csv] {
            let cells = sent.rows[0].cells();
            assert!(cells.get("breakdown").is_none() && cells.faults.is_empty());
            let value = cells.get("value").unwrap();
            assert!([Cell::Number("82.40".into()), Cell::Untyped("82.40".into())].contains(value));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in "(?s).{0,300}", format in 0_usize..3) {
            let format = [Format::Json, Format::Ndjson, Format::Csv][format];
            drop(read_text(format, &text, MOST_ROWS));
        }

        #[test]
        fn nothing_that_nearly_fits_makes_a_reader_panic(
            text in r#"(indicator|period|,|"|\r|\n|\{|\}|\[|\]|:|results|1e9|null|\x00|é){0,60}"#,
            format in 0_usize..3,
        ) {
            let format = [Format::Json, Format::Ndjson, Format::Csv][format];
            drop(read_text(format, &text, MOST_ROWS));
        }

        #[test]
        fn rows_of_a_csv_come_back_letter_by_letter(
            rows in proptest::collection::vec("[a-z]{1,4},\"([a-z,\n]|\"\"){0,6}\"", 1..6),
        ) {
            let rows: Vec<String> = rows.iter().map(|row| format!("NI1,{row}")).collect();
            let text = format!("indicator,period,note\r\n{}\r\n", rows.join("\r\n"));
            let sent = read_text(Format::Csv, &text, MOST_ROWS).unwrap();
            let kept: Vec<String> = sent.rows.iter().map(|row| row.text.clone()).collect();
            prop_assert_eq!(kept, rows);
        }
    }
}
