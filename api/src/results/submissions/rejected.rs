//! The rejected rows of a submission: how they are kept, and the file that they are given back in.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_persistence::StoreError;
use waymark_persistence::submission::{Format, RejectedRow};

use crate::http::problem::Problem;
use crate::http::response::Response;

/// The name under which the text of a row is kept.
const TEXT: &str = "text";
/// The name under which the header row of its CSV is kept.
const HEADER: &str = "header";

/// The rejected rows of a JSON push, each as it was sent.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code, reason = "the contract's form of a file that is put together from the rows' own text")]
pub(super) struct RejectedRows {
    /// The rows.
    #[schema(max_items = 50000)]
    results: Vec<Value>,
}

/// A row as it is kept: its text, and the header row that tells what its cells are.
pub(crate) fn content_of(text: &str, header: Option<&str>) -> Value {
    match header {
        Some(header) => json!({TEXT: text, HEADER: header}),
        None => json!({TEXT: text}),
    }
}

/// The file with the rejected rows of a submission.
pub(super) fn file(id: Uuid, format: Format, rows: &[RejectedRow]) -> Result<Response, Problem> {
    let texts: Vec<&str> = rows.iter().map(|row| kept(row, TEXT)).collect::<Result<_, StoreError>>()?;
    let (media_type, ending, text) = match format {
        Format::Json => ("application/json", "json", format!("{{\"results\":[{}]}}", texts.join(","))),
        Format::Ndjson => ("application/x-ndjson", "ndjson", in_lines(&texts, "\n")),
        Format::Csv | Format::Table => {
            let header = rows.first().map(|row| kept(row, HEADER)).transpose()?;
            let lines: Vec<&str> = header.into_iter().chain(texts).collect();
            ("text/csv", "csv", in_lines(&lines, "\r\n"))
        }
    };
    Ok(Response::file(media_type, &format!("rejected-{id}.{ending}"), text.into_bytes()))
}

fn kept<'a>(row: &'a RejectedRow, name: &str) -> Result<&'a str, StoreError> {
    let text = row.content.get(name).and_then(Value::as_str);
    text.ok_or_else(|| StoreError::Corrupt { what: "rejected row", detail: format!("it has no {name}") })
}

fn in_lines(lines: &[&str], end: &str) -> String {
    lines.iter().flat_map(|line| [*line, end]).collect()
}
