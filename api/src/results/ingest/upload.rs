//! The body of a push: held in memory if it is processed within its request, else written to a file as it arrives.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::{Decompress, Payload};
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use waymark_persistence::new_id;
use waymark_persistence::submission::Format;

use super::formats::format_of;
use crate::http::body::{Body, names_another_charset};
use crate::http::idempotency::BodyHash;
use crate::http::prefer;
use crate::http::problem::{Kind, Problem};
use crate::http::runtime::{blocking, now};
use crate::results::jobs::{PushQueue, Receiving};

/// A file is written in pieces of about so many bytes.
const PIECE: usize = 1024 * 1024;

/// A body before it is received.
pub(crate) struct Upload {
    payload: Decompress<Payload>,
    media_type: String,
    has_another_charset: bool,
    /// The size in `Content-Length`.
    announced: Option<u64>,
    /// Whether the caller prefers not to wait.
    pub(crate) responds_async: bool,
}

/// A body that was received.
pub(crate) enum Uploaded {
    /// To be processed within the request.
    Small(Body),
    /// To be queued.
    Large { received: Receiving, format: Format, hash: BodyHash },
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let responds_async = match prefer::responds_async(headers) {
            Ok(responds_async) => responds_async,
            Err(problem) => return ready(Err(problem)),
        };
        ready(Ok(Self {
            payload: Decompress::from_headers(payload.take(), headers),
            media_type: request.content_type().trim().to_ascii_lowercase(),
            has_another_charset: headers.get(CONTENT_TYPE).is_some_and(names_another_charset),
            announced: headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok()),
            responds_async,
        }))
    }
}

impl Upload {
    /// The media type in lower case, without parameters.
    pub(crate) fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Receives all of it.
    ///
    /// # Errors
    /// 413 if it is over the limit of its format, 415 for a media type that is not supported, 503 if there is no space.
    pub(crate) async fn receive(
        mut self,
        large: &Arc<PushQueue>,
        most: usize,
        hash: BodyHash,
    ) -> Result<Uploaded, Problem> {
        if self.has_another_charset {
            return Err(Problem::new(Kind::UnsupportedMediaType).detail(
                "only UTF-8 is supported: save the file as UTF-8, and omit `charset` or send charset=utf-8",
            ));
        }
        let format = match format_of(&self.media_type) {
            Ok(format @ (Format::Ndjson | Format::Csv)) => format,
            // Other formats are read as a whole, or rejected.
            Ok(Format::Json | Format::Table) | Err(_) => return self.receive_small(most).await,
        };
        if self.announced.is_some_and(|size| size > large.most_bytes) {
            return Err(too_large(large));
        }
        let most_lines = large.rows_at_once + usize::from(format == Format::Csv);
        let mut bytes = BytesMut::new();
        if !self.responds_async {
            let mut lines = 0;
            while let Some(part) = self.payload.next().await {
                let part = part?;
                lines += part.iter().filter(|byte| **byte == b'\n').count();
                bytes.extend_from_slice(&part);
                let unended = usize::from(bytes.last().is_some_and(|byte| *byte != b'\n'));
                if lines + unended > most_lines || bytes.len() > most {
                    return self.receive_large(large, format, hash, bytes).await;
                }
            }
            return Ok(Uploaded::Small(Body::of(bytes.freeze(), self.media_type)));
        }
        self.receive_large(large, format, hash, bytes).await
    }

    async fn receive_small(mut self, most: usize) -> Result<Uploaded, Problem> {
        let too_large = || {
            let detail = format_args!(
                "the body has more than {most} bytes, decompressed: send it as application/x-ndjson or text/csv"
            );
            Problem::new(Kind::BodyTooLarge).detail(detail)
        };
        if self.announced.is_some_and(|size| size > most as u64) {
            return Err(too_large());
        }
        let mut bytes = BytesMut::new();
        while let Some(part) = self.payload.next().await {
            let part = part?;
            if bytes.len() + part.len() > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Uploaded::Small(Body::of(bytes.freeze(), self.media_type)))
    }

    async fn receive_large(
        mut self,
        large: &Arc<PushQueue>,
        format: Format,
        hash: BodyHash,
        mut bytes: BytesMut,
    ) -> Result<Uploaded, Problem> {
        let limit = large.most_bytes;
        let beginning = Arc::clone(large);
        let mut state = blocking(move || Ok((beginning.receive(new_id(now()))?, hash))).await?;
        loop {
            let part = self.payload.next().await.transpose()?;
            let is_end = part.is_none();
            bytes.extend_from_slice(&part.unwrap_or_default());
            if state.0.bytes() + bytes.len() as u64 > limit {
                return Err(too_large(large));
            }
            if is_end || bytes.len() >= PIECE {
                let piece: Bytes = bytes.split().freeze();
                state = blocking(move || {
                    let (mut received, mut hash) = state;
                    hash.add(&piece);
                    received.write(&piece)?;
                    if is_end {
                        received.finish()?;
                    }
                    Ok((received, hash))
                })
                .await?;
            }
            if is_end {
                let (received, hash) = state;
                return Ok(Uploaded::Large { received, format, hash });
            }
        }
    }
}

fn too_large(large: &PushQueue) -> Problem {
    let detail =
        format_args!("the body has more than {} bytes, decompressed: send it in parts", large.most_bytes);
    Problem::new(Kind::BodyTooLarge).detail(detail)
}
