//! The form of an export.

use actix_web::http::header::{ACCEPT, HeaderMap};

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
