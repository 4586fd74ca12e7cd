//! An export on the wire: how each result is written.

use std::borrow::Cow;
use std::io::{BufWriter, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;
use waymark_domain::code;
use waymark_persistence::results::Texts;

use super::query::Format;
use super::{PIECE, Pipe, Stop};
use crate::http::problem::Problem;

/// The columns of the CSV: those of a push, and what became of each row.
const COLUMNS: [&str; 20] = [
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
    "unread",
    "unread_reason",
    "suppressed",
    "state",
    "id",
    "submission",
    "recorded_at",
    "superseded_at",
];

/// Writes results, one after the other.
pub(super) enum Writer {
    Csv(Box<csv::Writer<Pipe>>),
    Ndjson(BufWriter<Pipe>),
}

impl Writer {
    /// Begins the file.
    pub(super) fn begin(format: Format, pipe: Pipe) -> Result<Self, Stop> {
        Ok(match format {
            Format::Csv => {
                let mut rows = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .buffer_capacity(PIECE)
                    .from_writer(pipe);
                rows.write_record(COLUMNS)?;
                Self::Csv(Box::new(rows))
            }
            Format::Ndjson => Self::Ndjson(BufWriter::with_capacity(PIECE, pipe)),
        })
    }

    /// Writes a result of the indicator of that code; its figure is left out where it is withheld.
    pub(super) fn tell(
        &mut self,
        code: &code::Code,
        texts: &Texts<'_>,
        is_withheld: bool,
    ) -> Result<(), Stop> {
        let mut texts = *texts;
        if is_withheld {
            (texts.value, texts.numerator, texts.denominator) = (None, None, None);
            // What was said of a figure may repeat it.
            (texts.unread, texts.note) = (None, None);
        }
        match self {
            Self::Csv(rows) => write_row(rows, code, &texts, is_withheld)?,
            Self::Ndjson(lines) => {
                let line = Line::of(code, &texts, is_withheld).map_err(Problem::internal)?;
                serde_json::to_writer(&mut *lines, &line).map_err(std::io::Error::from)?;
                lines.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Sends what is left.
    pub(super) fn end(self) -> Result<(), Stop> {
        match self {
            Self::Csv(mut rows) => rows.flush()?,
            Self::Ndjson(mut lines) => lines.flush()?,
        }
        Ok(())
    }
}

/// Nothing else can fail: the cells are texts, and each row has as many.
impl From<csv::Error> for Stop {
    fn from(_: csv::Error) -> Self {
        Self::Gone
    }
}

fn write_row(
    rows: &mut csv::Writer<Pipe>,
    code: &code::Code,
    texts: &Texts<'_>,
    is_withheld: bool,
) -> Result<(), csv::Error> {
    let truth = |is: bool| if is { "true" } else { "false" };
    let mut id = Uuid::encode_buffer();
    let mut submission = Uuid::encode_buffer();
    rows.write_record([
        code.as_str(),
        texts.period,
        texts.value.unwrap_or_default(),
        texts.numerator.unwrap_or_default(),
        texts.denominator.unwrap_or_default(),
        texts.breakdown,
        &harmless(texts.component),
        &texts.definition_version.to_string(),
        texts.standing,
        texts.quality.unwrap_or_default(),
        &harmless(texts.note.unwrap_or_default()),
        truth(texts.is_baseline),
        &harmless(texts.unread.unwrap_or_default()),
        &harmless(texts.unread_reason.unwrap_or_default()),
        truth(is_withheld),
        if texts.superseded_at.is_none() { "current" } else { "superseded" },
        texts.id.hyphenated().encode_lower(&mut id),
        texts.submission.hyphenated().encode_lower(&mut submission),
        &moment(texts.recorded_at),
        &texts.superseded_at.map(moment).unwrap_or_default(),
    ])
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    match text.starts_with(['=', '+', '-', '@']) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// A result as the list returns it.
#[derive(Serialize)]
struct Line<'a> {
    id: Uuid,
    indicator: &'a str,
    period: &'a str,
    breakdown: Option<&'a str>,
    component: Option<&'a str>,
    value: Option<&'a RawValue>,
    numerator: Option<&'a RawValue>,
    denominator: Option<&'a RawValue>,
    suppressed: bool,
    unread: Option<&'a str>,
    unread_reason: Option<&'a str>,
    definition_version: i32,
    standing: &'a str,
    quality: Option<&'a str>,
    note: Option<&'a str>,
    is_baseline: bool,
    submission: Uuid,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
}

impl<'a> Line<'a> {
    fn of(code: &'a code::Code, texts: &Texts<'a>, suppressed: bool) -> serde_json::Result<Self> {
        let part = |text: &'a str| (!text.is_empty()).then_some(text);
        let number = |digits: Option<&'a str>| digits.map(serde_json::from_str::<&RawValue>).transpose();
        Ok(Self {
            id: texts.id,
            indicator: code.as_str(),
            period: texts.period,
            breakdown: part(texts.breakdown),
            component: part(texts.component),
            value: number(texts.value)?,
            numerator: number(texts.numerator)?,
            denominator: number(texts.denominator)?,
            suppressed,
            unread: texts.unread,
            unread_reason: texts.unread_reason,
            definition_version: texts.definition_version,
            standing: texts.standing,
            quality: texts.quality,
            note: texts.note,
            is_baseline: texts.is_baseline,
            submission: texts.submission,
            recorded_at: texts.recorded_at,
            superseded_at: texts.superseded_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("1 - 1 = 0"), "1 - 1 = 0");
    }
}
