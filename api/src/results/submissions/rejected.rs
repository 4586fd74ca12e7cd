//! The rejected rows of a submission: how they are stored, and the file that returns them.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_persistence::StoreError;
use waymark_persistence::submission::{Format, RejectedRow};

use crate::http::problem::Problem;
use crate::http::response::Response;

/// The name of the text of a row in its document.
const TEXT: &str = "text";
/// The name of the header row of its CSV.
const HEADER: &str = "header";

/// The rejected rows of a JSON push, each exactly as it was sent.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code, reason = "the contract's form of a file that is put together from the rows' own text")]
pub(super) struct RejectedRows {
    /// The rows.
    #[schema(max_items = 50000)]
    results: Vec<Value>,
}

/// The document of a row: its text, and the header row with the names of its columns.
pub(crate) fn content_of(text: &str, header: Option<&str>) -> Value {
    match header {
        Some(header) => json!({TEXT: text, HEADER: header}),
        None => json!({TEXT: text}),
    }
}

/// The file with the rejected rows of a submission.
pub(super) fn file(id: Uuid, format: Format, rows: &[RejectedRow]) -> Result<Response, Problem> {
    let texts: Vec<&str> = rows.iter().map(|row| part_of(row, TEXT)).collect::<Result<_, StoreError>>()?;
    let (media_type, ending, text) = match format {
        Format::Json => ("application/json", "json", format!("{{\"results\":[{}]}}", texts.join(","))),
        Format::Ndjson => ("application/x-ndjson", "ndjson", in_lines(&texts, "\n")),
        Format::Csv | Format::Table => {
            let header = rows.first().map(|row| part_of(row, HEADER)).transpose()?;
            let lines: Vec<&str> = header.into_iter().chain(texts).collect();
            ("text/csv", "csv", in_lines(&lines, "\r\n"))
        }
    };
    Ok(Response::file(media_type, &format!("rejected-{id}.{ending}"), text.into_bytes()))
}

fn part_of<'a>(row: &'a RejectedRow, name: &str) -> Result<&'a str, StoreError> {
    let text = row.content.get(name).and_then(Value::as_str);
    text.ok_or_else(|| StoreError::Corrupt { what: "rejected row", detail: format!("it has no {name}") })
}

fn in_lines(lines: &[&str], end: &str) -> String {
    lines.iter().flat_map(|line| [*line, end]).collect()
}
