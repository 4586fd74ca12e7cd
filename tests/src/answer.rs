//! Answers, as a caller sees them.

use serde_json::Value;
use ureq::Body;
use ureq::http::{HeaderMap, Response};

/// The status, the headers and the whole body of an answer.
#[derive(Debug)]
#[must_use]
pub struct Answer {
    request: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    pub(crate) fn read(request: String, response: Response<Body>) -> Self {
        let (parts, mut body) = response.into_parts();
        let text = match body.read_to_string() {
            Ok(text) => text,
            Err(error) => panic!("{request}: {error}"),
        };
        Self { request, status: parts.status.as_u16(), headers: parts.headers, text }
    }

    /// The same answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}: {}", self.request, self.status, self.text);
        self
    }

    /// The same answer, which must be this problem, complete in all its parts.
    #[track_caller]
    pub fn problem(self, status: u16, name: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.request);
        let body = answer.json();
        let reported = (&body["type"], &body["status"], &body["request_id"]);
        let id = Value::from(answer.header("x-request-id").unwrap());
        let kind = Value::from(format!("/problems/{name}"));
        assert_eq!(reported, (&kind, &Value::from(status), &id), "{}: {}", answer.request, answer.text);
        assert!(body["title"].is_string() && body["instance"].is_string(), "{}", answer.text);
        answer
    }

    /// The faults that a problem lists: where (a pointer, or the name of a parameter) and what, in the response's order.
    pub fn faults(&self) -> Vec<(String, String)> {
        let body = self.json();
        let listed = body["errors"].as_array().cloned().unwrap_or_default();
        let place = |fault: &Value| {
            fault["pointer"].as_str().or_else(|| fault["parameter"].as_str()).unwrap().to_owned()
        };
        listed.iter().map(|fault| (place(fault), fault["code"].as_str().unwrap().to_owned())).collect()
    }

    /// Checks the faults that a problem lists, in any order.
    #[track_caller]
    pub fn has_faults(&self, expected: &[(&str, &str)]) {
        let mut reported = self.faults();
        reported.sort();
        let mut expected: Vec<(String, String)> =
            expected.iter().map(|(place, code)| ((*place).to_owned(), (*code).to_owned())).collect();
        expected.sort();
        assert_eq!(reported, expected, "{}: {}", self.request, self.text);
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.text) {
            Ok(value) => value,
            Err(error) => panic!("{}: {error}: {}", self.request, self.text),
        }
    }

    /// The value at a JSON pointer of the body.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> Value {
        match self.json().pointer(pointer) {
            Some(value) => value.clone(),
            None => panic!("{}: nothing at {pointer}: {}", self.request, self.text),
        }
    }

    /// A header, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The entity tag.
    #[track_caller]
    pub fn etag(&self) -> String {
        match self.header("etag") {
            Some(etag) => etag.to_owned(),
            None => panic!("{}: no entity tag", self.request),
        }
    }
}
