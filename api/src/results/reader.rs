//! Reads the body of a push into rows. Where a body as a whole is not of its format it is refused; a row that
//! is at fault only spoils itself.

mod csv;
mod json;

use waymark_persistence::submission::Format;

use super::sent::{MOST_ROWS, SentRow};
use crate::body::Body;
use crate::problem::{Fault, Kind, Problem};

/// A body in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) format: Format,
    /// The header row of a CSV, letter by letter.
    pub(super) header: Option<String>,
    pub(super) rows: Vec<SentRow>,
}

/// Reads a body by its media type.
///
/// # Errors
/// 415 for a media type that is not taken, 400 where the body is not what it says it is, 422 where it has no
/// rows, too many, or unknown columns.
pub(super) fn read(body: &Body) -> Result<Sent, Problem> {
    let format = match body.media_type() {
        "application/json" => Format::Json,
        "application/x-ndjson" => Format::Ndjson,
        "text/csv" => Format::Csv,
        _ => {
            let detail = "send application/json, application/x-ndjson or text/csv";
            return Err(Problem::new(Kind::UnsupportedMediaType).detail(detail));
        }
    };
    read_text(format, body.text()?)
}

fn read_text(format: Format, text: &str) -> Result<Sent, Problem> {
    let (header, rows) = match format {
        Format::Json => (None, json::document(text)?),
        Format::Ndjson => (None, json::lines(text)),
        Format::Csv | Format::Table => csv::read(text).map(|(header, rows)| (Some(header), rows))?,
    };
    let at = if format == Format::Json { "/results" } else { "" };
    let refused = |code, detail: String| Err(refuse(vec![Fault::at(at, code, detail)]));
    match rows.len() {
        0 => refused("empty", "there is no row".to_owned()),
        1..=MOST_ROWS => Ok(Sent { format, header, rows }),
        _ => refused("too_many", format!("at most {MOST_ROWS} rows")),
    }
}

fn refuse(faults: Vec<Fault>) -> Problem {
    Problem::new(Kind::InvalidBody).faults(faults)
}

/// The number of the row or line at an index.
fn from_one(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::super::sent::Cell;
    use super::*;
    use proptest::prelude::*;

    fn codes(format: Format, text: &str) -> Result<Vec<Vec<String>>, (Kind, Vec<String>)> {
        let told = |faults: &[Fault]| faults.iter().map(|fault| fault.code.clone()).collect();
        match read_text(format, text) {
            Ok(sent) => Ok(sent.rows.iter().map(|row| told(&row.cells.faults)).collect()),
            Err(problem) => Err((problem.kind(), told(problem.errors()))),
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
        let json = read_text(Format::Json, &format!(r#"{{"results": [{row}]}}"#)).unwrap();
        let lines = read_text(Format::Ndjson, row).unwrap();
        let csv = read_text(Format::Csv, "indicator,period,value,breakdown\nNI1,2010-06,82.40,\n").unwrap();
        assert_eq!(json.rows[0].cells, lines.rows[0].cells);
        for sent in [&json, &csv] {
            let cells = &sent.rows[0].cells;
            assert!(cells.get("breakdown").is_none() && cells.faults.is_empty());
            let value = cells.get("value").unwrap();
            assert!([Cell::Number("82.40".into()), Cell::Untyped("82.40".into())].contains(value));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in "(?s).{0,300}", format in 0_usize..3) {
            let format = [Format::Json, Format::Ndjson, Format::Csv][format];
            drop(read_text(format, &text));
        }

        #[test]
        fn nothing_that_nearly_fits_makes_a_reader_panic(
            text in r#"(indicator|period|,|"|\r|\n|\{|\}|\[|\]|:|results|1e9|null|\x00|é){0,60}"#,
            format in 0_usize..3,
        ) {
            let format = [Format::Json, Format::Ndjson, Format::Csv][format];
            drop(read_text(format, &text));
        }

        #[test]
        fn rows_of_a_csv_come_back_letter_by_letter(
            rows in proptest::collection::vec("[a-z]{1,4},\"([a-z,\n]|\"\"){0,6}\"", 1..6),
        ) {
            let rows: Vec<String> = rows.iter().map(|row| format!("NI1,{row}")).collect();
            let text = format!("indicator,period,note\r\n{}\r\n", rows.join("\r\n"));
            let sent = read_text(Format::Csv, &text).unwrap();
            let kept: Vec<String> = sent.rows.iter().map(|row| row.text.clone()).collect();
            prop_assert_eq!(kept, rows);
        }
    }
}
