//! Responses: what a handler returns when nothing failed.

use std::io::Write;

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{
            ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, LOCATION,
            VARY,
        },
    },
    web::Bytes,
};
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;

use crate::http::etag::{Conditions, ETag};
use crate::http::problem::Problem;

/// The header of a stored answer.
pub(crate) const REPLAYED: &str = "idempotency-replayed";

/// A status, a JSON body, and the headers that belong to them.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// The bytes compressed: well enough for answers of some ten thousand bytes, and in a millisecond.
pub(crate) fn gzipped(bytes: &[u8]) -> Result<Bytes, Problem> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(Problem::internal)?;
    encoder.finish().map(Bytes::from).map_err(Problem::internal)
}

impl Response {
    /// 200 with this body.
    ///
    /// # Errors
    /// 500 if the body cannot be written.
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self {
            status: StatusCode::OK,
            content_type: Some("application/json".to_owned()),
            headers: Vec::new(),
            body: serde_json::to_vec(body).map_err(Problem::internal)?.into(),
        })
    }

    /// 200 with a file of this name.
    pub(crate) fn file(media_type: &str, name: &str, body: Vec<u8>) -> Self {
        let disposition = format!("attachment; filename=\"{name}\"");
        Self {
            status: StatusCode::OK,
            content_type: Some(media_type.to_owned()),
            headers: vec![(CONTENT_DISPOSITION.to_string(), disposition)],
            body: body.into(),
        }
    }

    /// 200 with a body of JSON that is cached.
    pub(crate) fn ready(body: Bytes, etag: &ETag) -> Self {
        let content_type = Some("application/json".to_owned());
        let headers = vec![(VARY.to_string(), ACCEPT_ENCODING.to_string())];
        Self { status: StatusCode::OK, content_type, headers, body }.tagged(etag)
    }

    /// 304 with this tag.
    pub(crate) fn not_modified(etag: &ETag) -> Self {
        Self::ready(Bytes::new(), etag).unless(true)
    }

    /// The body is compressed with gzip.
    pub(crate) fn compressed(mut self) -> Self {
        self.headers.push((CONTENT_ENCODING.to_string(), "gzip".to_owned()));
        self
    }

    /// 201 with this body, and the address of what was created.
    ///
    /// # Errors
    /// 500 if the body cannot be written.
    pub(crate) fn created(location: String, body: &impl Serialize) -> Result<Self, Problem> {
        let mut answer = Self::ok(body)?;
        answer.status = StatusCode::CREATED;
        answer.headers.push((LOCATION.to_string(), location));
        Ok(answer)
    }

    /// 202 with this body, and the address at which to follow the work.
    ///
    /// # Errors
    /// 500 if the body cannot be written.
    pub(crate) fn accepted(location: String, body: &impl Serialize) -> Result<Self, Problem> {
        let mut answer = Self::created(location, body)?;
        answer.status = StatusCode::ACCEPTED;
        Ok(answer)
    }

    /// With this header.
    pub(crate) fn with(mut self, name: &HeaderName, value: impl ToString) -> Self {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    /// With this entity tag.
    pub(crate) fn tagged(mut self, etag: &ETag) -> Self {
        self.headers.push((ETAG.to_string(), etag.to_string()));
        self
    }

    /// For lists and computed responses: tagged with the hash of the body, or 304 if the caller has it.
    pub(crate) fn unless_known(self, conditions: &Conditions) -> Self {
        let etag = ETag::of_bytes(&self.body);
        self.tagged(&etag).unless(conditions.has_already(&etag))
    }

    /// For a thing with revisions: tagged with its revision, or 304 if the caller has it.
    pub(crate) fn revision_unless_known(self, etag: &ETag, conditions: &Conditions) -> Self {
        self.tagged(etag).unless(conditions.has_already(etag))
    }

    fn unless(mut self, known: bool) -> Self {
        if known {
            self.status = StatusCode::NOT_MODIFIED;
            self.content_type = None;
            self.body = Bytes::new();
        }
        self
    }

    /// Marked as the stored answer to an earlier request with the same key.
    pub(crate) fn replayed(mut self) -> Self {
        self.headers.push((REPLAYED.to_owned(), "true".to_owned()));
        self
    }
}

impl Responder for Response {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(content_type) = self.content_type {
            response.insert_header((CONTENT_TYPE, content_type));
        }
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        response.body(self.body)
    }
}
