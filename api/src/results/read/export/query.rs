//! What is asked to be exported, and in which form.

use actix_web::http::header::{ACCEPT, HeaderMap};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::schema::{Code, Period, Standing};
use crate::results::ResultQuery;

/// Which results.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportQuery {
    /// Only of this indicator.
    #[param(value_type = Code, required = false)]
    indicator: Option<String>,
    /// Only of this period.
    #[param(value_type = Period, required = false)]
    period: Option<String>,
    /// Only of periods that begin on this day or later.
    #[param(nullable = false)]
    from: Option<NaiveDate>,
    /// Only of periods that end on this day or earlier.
    #[param(nullable = false)]
    to: Option<NaiveDate>,
    /// Only of this category, as `dimension=category`; only of the whole where it is empty.
    #[param(
        max_length = 185,
        nullable = false,
        pattern = r"^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}=[^\s\u0000-\u001f\u007f-\u009f](?:[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]{0,118}[^\s\u0000-\u001f\u007f-\u009f])?)?$"
    )]
    breakdown: Option<String>,
    /// Only of this part; only results of one part where it is empty.
    #[param(
        max_length = 120,
        nullable = false,
        pattern = r"^(?:[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?)?$"
    )]
    component: Option<String>,
    /// Only of this standing.
    #[param(nullable = false, inline)]
    standing: Option<Standing>,
    /// Only those that this submission brought.
    #[param(nullable = false)]
    submission: Option<Uuid>,
    /// The position on this date: only of periods that had ended by then.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// The moment as of which the data were known. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

impl From<ExportQuery> for ResultQuery {
    fn from(query: ExportQuery) -> Self {
        let ExportQuery {
            indicator,
            period,
            from,
            to,
            breakdown,
            component,
            standing,
            submission,
            as_at,
            as_known_at,
        } = query;
        Self {
            indicator,
            period,
            from,
            to,
            breakdown,
            component,
            standing,
            submission,
            as_at,
            as_known_at,
            limit: None,
            cursor: None,
        }
    }
}

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Ndjson,
}

impl Format {
    /// The first of the two that the caller names; CSV where none is.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let listed = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        let named = listed.flat_map(|value| value.split(',')).find_map(|range| {
            match range.split(';').next()?.trim().to_ascii_lowercase().as_str() {
                "text/csv" => Some(Self::Csv),
                "application/x-ndjson" => Some(Self::Ndjson),
                _ => None,
            }
        });
        named.unwrap_or(Self::Csv)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn the_caller_says_which_form() {
        for (accept, format) in [
            ("", Format::Csv),
            ("*/*", Format::Csv),
            ("text/csv", Format::Csv),
            ("application/x-ndjson", Format::Ndjson),
            ("application/json, Application/X-NDJSON;q=0.9, text/csv;q=0.1", Format::Ndjson),
            ("text/csv, application/x-ndjson", Format::Csv),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
            assert_eq!(Format::accepted(&headers), format, "{accept}");
        }
    }
}
