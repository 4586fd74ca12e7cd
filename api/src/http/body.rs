//! Request bodies: received up to a limit, checked for their media type, and read as JSON with a pointer to every value
//! that is not as declared.
//!
//! A handler takes a [`Body`] and reads it after the permission check, so that a caller without the role learns that, and
//! not what else is wrong with the request.

use std::future::Future;
use std::pin::Pin;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_LENGTH, CONTENT_TYPE},
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use utoipa::ToSchema;

use crate::http::encoding::text_of;
use crate::http::json_error::{not_json, reason};
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::sentence::quoted;
use crate::http::shape::body_faults;
use crate::http::strict_json::Objects;

/// The largest bodies, in bytes; among the application's data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) body: usize,
    pub(crate) push: usize,
}

/// A body within the limit for ordinary requests.
#[derive(Debug)]
pub(crate) struct Body {
    bytes: Bytes,
    media_type: String,
}

/// A body within the limit for imports.
#[derive(Debug)]
pub(crate) struct PushBody(pub Body);

impl Body {
    /// A body that was received.
    pub(crate) fn of(bytes: Bytes, media_type: String) -> Self {
        Self { bytes, media_type }
    }

    /// The bytes as received, decompressed.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The media type in lower case, without parameters; empty if none was sent.
    pub(crate) fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Checks the media type.
    ///
    /// # Errors
    /// 415 for any other.
    pub(crate) fn require_media_type(&self, expected: &str) -> Result<(), Problem> {
        if self.media_type == expected {
            return Ok(());
        }
        Err(Problem::new(Kind::UnsupportedMediaType)
            .detail(format_args!("found {}, expected {expected}", found(&self.media_type))))
    }

    /// The body as text.
    ///
    /// # Errors
    /// 400 if it is not UTF-8.
    pub(crate) fn text(&self) -> Result<&str, Problem> {
        text_of(&self.bytes).map_err(|detail| Problem::new(Kind::MalformedBody).detail(detail))
    }

    /// Reads `application/json`.
    ///
    /// # Errors
    /// 415 for another media type, 400 if it is not JSON, 422 with a pointer to everything that is not as declared.
    pub(crate) fn json<T: DeserializeOwned + ToSchema>(&self) -> Result<T, Problem> {
        self.require_media_type("application/json")?;
        let text = self.text()?;
        read_json(text).map_err(|error| match error {
            JsonError::Malformed(detail) => Problem::new(Kind::MalformedBody).detail(detail),
            JsonError::Unfit(fault) => {
                // What serde finds first is one of all the faults, or one that no declaration could say.
                let all = body_faults::<T>(text).unwrap_or_default();
                let all = if all.is_empty() { vec![fault] } else { all };
                Problem::new(Kind::InvalidBody).faults(all)
            }
        })
    }
}

/// A media type in a message.
fn found(media_type: &str) -> String {
    if media_type.is_empty() { "no Content-Type".to_owned() } else { quoted(media_type) }
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// It is not JSON.
    Malformed(String),
    /// It is JSON, but not as declared.
    Unfit(Fault),
}

/// Reads one JSON text into a type.
///
/// # Errors
/// Whether it is not JSON, or the first place where it does not fit the type.
pub(crate) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(Objects(&mut json)).map_err(|error| {
        let inner = error.inner();
        let theirs = inner.to_string();
        // Valid JSON, whatever serde calls it: `1e400` where a whole number is expected.
        let is_number = theirs.starts_with("number out of range");
        match inner.classify() {
            Category::Syntax | Category::Eof | Category::Io if !is_number => {
                JsonError::Malformed(not_json(inner))
            }
            _ => {
                let (code, detail) = reason(&theirs);
                JsonError::Unfit(Fault::at(pointer(error.path()), code, detail))
            }
        }
    })?;
    json.end().map_err(|error| JsonError::Malformed(not_json(&error)))?;
    Ok(read)
}

/// The JSON pointer of a place.
pub(crate) fn pointer(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                text.push('/');
                text.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    text
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        receive(request, payload, |limits| limits.body)
    }
}

impl FromRequest for PushBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = receive(request, payload, |limits| limits.push);
        Box::pin(async { body.await.map(Self) })
    }
}

fn receive(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: impl FnOnce(&Limits) -> usize,
) -> Pin<Box<dyn Future<Output = Result<Body, Problem>>>> {
    let Some(limits) = request.app_data::<Limits>() else {
        return Box::pin(async { Err(Problem::internal("the limits are not among the application's data")) });
    };
    let limit = limit(limits);
    let declared =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let media_type = request.content_type().trim().to_ascii_lowercase();
    let charset = request.headers().get(CONTENT_TYPE).is_some_and(names_another_charset);
    let mut payload = actix_web::dev::Decompress::from_headers(payload.take(), request.headers());
    Box::pin(async move {
        let too_large = || {
            Problem::new(Kind::BodyTooLarge)
                .detail(format_args!("at most {limit} bytes are allowed, decompressed"))
        };
        if charset {
            return Err(
                Problem::new(Kind::UnsupportedMediaType).detail("the charset of the body must be UTF-8")
            );
        }
        if declared.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut bytes = BytesMut::with_capacity(declared.unwrap_or(0).min(64 * 1024));
        while let Some(chunk) = payload.next().await {
            let chunk = chunk?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Body { bytes: bytes.freeze(), media_type })
    })
}

pub(crate) fn names_another_charset(value: &actix_web::http::header::HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let named = text.split(';').skip(1).find_map(|part| part.trim().strip_prefix("charset="));
    named.is_some_and(|charset| !matches!(charset.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        items: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        #[serde(rename = "a/b")]
        slashed: u8,
    }

    fn fault(text: &str) -> (String, String) {
        match read_json::<Outer>(text) {
            Err(JsonError::Unfit(fault)) => (fault.pointer.unwrap(), fault.code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn points_to_the_fault() {
        assert_eq!(
            fault(r#"{"items":[{"a/b":1},{"a/b":"x"}]}"#),
            ("/items/1/a~1b".into(), "wrong_type".into())
        );
        assert_eq!(fault(r#"{"items":[{}]}"#), ("/items/0".into(), "missing_field".into()));
        assert_eq!(fault(r#"{"items":[],"more":1}"#), ("/more".into(), "unknown_field".into()));
        assert_eq!(fault(r#"{"items":[{"a/b":300}]}"#), ("/items/0/a~1b".into(), "invalid_value".into()));
    }

    #[test]
    fn tells_what_is_no_json_from_what_does_not_fit() {
        for text in ["", "{", "{\"items\":[]} x", "{\"items\":[NaN]}", "\u{0}"] {
            assert!(matches!(read_json::<Outer>(text), Err(JsonError::Malformed(_))), "{text:?}");
        }
        let deep = "[".repeat(100_000);
        assert!(matches!(read_json::<serde_json::Value>(&deep), Err(JsonError::Malformed(_))));
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Plan {
        code: crate::http::schema::Code,
        start: chrono::NaiveDate,
        cycle: Cycle,
        #[schema(max_items = 2)]
        points: Vec<Point>,
        small_count: Option<u32>,
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Point {
        value: crate::http::schema::Number,
        note: Option<crate::http::schema::Note>,
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    enum Cycle {
        Monthly,
        Yearly,
    }

    fn faults(text: &str) -> Vec<(String, String, String)> {
        let body = Body::of(text.to_owned().into(), "application/json".to_owned());
        let problem = body.json::<Plan>().unwrap_err();
        let of_body = problem.errors().iter().cloned();
        of_body.map(|fault| (fault.pointer.unwrap(), fault.code, fault.detail)).collect()
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let found = faults(
            r#"{"code":"b c","start":"31/03/2010","cycle":"Monthly","pionts":1,"cycle":"yearly",
                "points":[{"value":"70.5"},{"value":0.0000000001,"note":7},{}],"small_count":-1}"#,
        );
        let found: Vec<(&str, &str)> =
            found.iter().map(|(at, code, _)| (at.as_str(), code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("/code", "bad_character"),
                ("/start", "invalid_value"),
                ("/cycle", "unknown_value"),
                ("/pionts", "unknown_field"),
                ("", "duplicate_field"),
                ("/points", "too_many"),
                ("/small_count", "invalid_value"),
            ]
        );
        let found = faults(r#"{"code":"a","start":"2010-02-30","points":[{"value":"70.5"},{"note":7}]}"#);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(at, _, detail)| (at.as_str(), detail.as_str())).collect();
        assert_eq!(
            found,
            [
                ("/start", "there is no date `2010-02-30`"),
                (
                    "/points/0/value",
                    "found the text `70.5`, expected a number: write the number without quotation marks"
                ),
                ("/points/1/note", "found the number `7`, expected a text: write it in quotation marks"),
                ("/points/1", "the required field `value` is missing"),
                ("", "the required field `cycle` is missing"),
            ]
        );
    }

    #[test]
    fn a_list_in_place_of_an_object_is_explained() {
        let expected = r#"found an array, expected an object such as {"points": ...}"#;
        assert_eq!(faults("[]"), [("".to_owned(), "wrong_type".to_owned(), expected.to_owned())]);
    }
}
