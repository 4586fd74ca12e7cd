//! Request bodies: received up to a limit, checked for their media type, and read as JSON with a pointer
//! to the place where they do not fit.
//!
//! A handler takes a [`Body`] and reads it after it has asked for permission, so that whoever may not do a
//! thing is told that, and not what was wrong with the attempt.

use std::future::Future;
use std::pin::Pin;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_LENGTH, CONTENT_TYPE},
    web::{Bytes, BytesMut, Data},
};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::http::problem::{Fault, Kind, Problem};
use crate::http::strict_json::Objects;
use crate::state::AppState;

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

    /// The media type in lower case, without parameters; empty where none was sent.
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
        Err(Problem::new(Kind::UnsupportedMediaType).detail(format_args!("send {expected}")))
    }

    /// The body as text.
    ///
    /// # Errors
    /// 400 where it is not UTF-8.
    pub(crate) fn text(&self) -> Result<&str, Problem> {
        let text = std::str::from_utf8(&self.bytes);
        text.map_err(|error| Problem::new(Kind::MalformedBody).detail(format_args!("not UTF-8: {error}")))
    }

    /// Reads `application/json`.
    ///
    /// # Errors
    /// 415 for another media type, 400 where it is no JSON, 422 with a pointer where it does not fit.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.require_media_type("application/json")?;
        read_json(self.text()?).map_err(|error| match error {
            JsonError::Malformed(detail) => Problem::new(Kind::MalformedBody).detail(detail),
            JsonError::Unfit(fault) => Problem::new(Kind::InvalidBody).faults([fault]),
        })
    }
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// It is no JSON.
    Malformed(String),
    /// It is JSON, but not what was asked for.
    Unfit(Fault),
}

/// Reads one JSON text into a type.
///
/// # Errors
/// Whether it is no JSON, or where it does not fit the type.
pub(crate) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(Objects(&mut json)).map_err(|error| {
        let inner = error.inner();
        let text = inner.to_string();
        let told = text.rsplit_once(" at line ").map_or(&*text, |(told, _)| told);
        let (code, detail) = match inner.classify() {
            Category::Data => reason(told),
            // Sound JSON, whatever serde calls it: `1e400` where a whole number is expected.
            Category::Syntax if told == "number out of range" => ("too_large", told.to_owned()),
            Category::Syntax | Category::Eof | Category::Io => return JsonError::Malformed(text),
        };
        JsonError::Unfit(Fault::at(pointer(error.path()), code, detail))
    })?;
    json.end().map_err(|error| JsonError::Malformed(error.to_string()))?;
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

/// The stable code for what serde says, and what it says without the names of Rust types.
pub(crate) fn reason(told: &str) -> (&'static str, String) {
    let codes = [
        ("unknown field", "unknown_field"),
        ("missing field", "missing_field"),
        ("duplicate field", "duplicate_field"),
        ("invalid type", "wrong_type"),
        ("unknown variant", "unknown_value"),
    ];
    let code =
        codes.iter().find(|(begin, _)| told.starts_with(begin)).map_or("invalid_value", |(_, code)| code);
    let shown = match told.rsplit_once(", expected ") {
        Some((before, expected)) => format!("{before}, expected {}", in_words(expected)),
        None => told.to_owned(),
    };
    (code, shown)
}

/// What a type of Rust is in JSON; other words stay as they are.
fn in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        _ if expected.starts_with("struct ") => "an object",
        _ => expected,
    }
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        receive(request, payload, |service| service.limits.body)
    }
}

impl FromRequest for PushBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = receive(request, payload, |service| service.limits.push);
        Box::pin(async { body.await.map(Self) })
    }
}

fn receive(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: impl FnOnce(&AppState) -> usize,
) -> Pin<Box<dyn Future<Output = Result<Body, Problem>>>> {
    let Some(service) = request.app_data::<Data<AppState>>() else {
        return Box::pin(async { Err(Problem::internal("the service is not among the application's data")) });
    };
    let limit = limit(service);
    let told =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let media_type = request.content_type().trim().to_ascii_lowercase();
    let charset = request.headers().get(CONTENT_TYPE).is_some_and(names_another_charset);
    let mut payload = actix_web::dev::Decompress::from_headers(payload.take(), request.headers());
    Box::pin(async move {
        let too_large =
            || Problem::new(Kind::BodyTooLarge).detail(format_args!("at most {limit} bytes, decompressed"));
        if charset {
            return Err(Problem::new(Kind::UnsupportedMediaType).detail("send UTF-8"));
        }
        if told.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut bytes = BytesMut::with_capacity(told.unwrap_or(0).min(64 * 1024));
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

    #[test]
    fn says_nothing_of_rust_types() {
        assert_eq!(
            reason("invalid type: string \"x\", expected struct Outer").1,
            "invalid type: string \"x\", expected an object"
        );
        assert_eq!(
            reason("invalid value: integer `-1`, expected u32").1,
            "invalid value: integer `-1`, expected a whole number"
        );
        assert_eq!(
            reason("unknown variant `x`, expected `a` or `b`").1,
            "unknown variant `x`, expected `a` or `b`"
        );
    }
}
