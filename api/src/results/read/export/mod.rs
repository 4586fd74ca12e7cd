//! The results of an organisation as a file: read and sent a piece at a time, so that it may be as long as it is.

mod query;
mod rows;
mod writer;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, VARY};
use actix_web::rt::task::spawn_blocking;
use actix_web::web::{Bytes, Data};
use futures_util::stream::{Stream, try_unfold};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::results::ResultFilter;
use waymark_persistence::{Connection, StoreError, versions};

use crate::http::etag::{Conditions, ETag};
use crate::http::problem::Problem;
use crate::results::Pushes;
use crate::state::AppState;
use crate::store::consistency;
use crate::store::organisations;
pub(crate) use query::Format;
use rows::Rows;

/// Pieces that wait to be sent. What writes them waits while there are as many.
const WAITING: usize = 4;
/// The size of a piece, in bytes.
const PIECE: usize = 64 * 1024;
/// Each holds a connection of the pool for as long as it takes.
const AT_ONCE: usize = 2;
/// A caller who takes no piece for so long has gone, or holds up others.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is exported, and for whom.
pub(crate) struct Export {
    pub(crate) organisation: Code,
    pub(crate) indicator: Option<Code>,
    pub(crate) filter: ResultFilter,
    pub(crate) sees_small_counts: bool,
    pub(crate) format: Format,
    /// Path and query, as they were sent.
    pub(crate) asked: String,
    /// What the caller has already.
    pub(crate) conditions: Conditions,
}

/// How many more may begin.
#[derive(Clone)]
pub(crate) struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// The messages about a file, in this order. Only its end makes it whole: what breaks off is never taken for that.
enum Message {
    /// The caller has what has this tag.
    NotModified(ETag),
    /// It has this tag.
    Begins(ETag),
    Piece(Bytes),
    End,
}

/// Why the writing ends before its time.
pub(crate) enum Stop {
    /// The client has stopped reading.
    Gone,
    /// It cannot go on.
    Failed(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Only a pipe without a reader fails.
impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

impl Export {
    /// The file, from one snapshot, or that the caller has it already. A failure before its first piece is returned as
    /// a problem; afterwards the connection is cut.
    ///
    /// # Errors
    /// 404 where there is no such organisation, 503 where as many exports run as may.
    pub(crate) async fn answer(
        self,
        service: Data<AppState>,
        pushes: &Pushes,
    ) -> Result<HttpResponse, Problem> {
        let Ok(turn) = Arc::clone(&pushes.exports.0).try_acquire_owned() else {
            return Err(
                Problem::unavailable().detail("other exports are running: try again when one has ended")
            );
        };
        let (media_type, ending) = match self.format {
            Format::Csv => ("text/csv", "csv"),
            Format::Ndjson => ("application/x-ndjson", "ndjson"),
        };
        let name = format!("attachment; filename=\"results-{}.{ending}\"", self.organisation);
        let mut messages = self.start(service, turn);
        let mut tag = None;
        let first = loop {
            match next(&mut messages).await? {
                Message::NotModified(tag) => {
                    return Ok(HttpResponse::NotModified()
                        .insert_header((ETAG, tag.as_str()))
                        .insert_header((VARY, ACCEPT.as_str()))
                        .finish());
                }
                Message::Begins(begins) => tag = Some(begins),
                first @ (Message::Piece(_) | Message::End) => break first,
            }
        };
        let tag = tag.ok_or_else(|| Problem::internal("an export has no tag"))?;
        Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, media_type))
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header((ETAG, tag.as_str()))
            .insert_header((VARY, ACCEPT.as_str()))
            .streaming(pieces(first, messages)))
    }

    /// Writes the file on a thread of its own, which holds the turn until it has ended.
    fn start(
        self,
        service: Data<AppState>,
        turn: OwnedSemaphorePermit,
    ) -> Receiver<Result<Message, Problem>> {
        let (sender, messages) = channel(WAITING);
        let pipe = Pipe { sender, has_sent: Arc::default(), runtime: Handle::current() };
        let (store, needs) = (service.store.clone(), consistency::needs());
        spawn_blocking(move || {
            let _turn = turn;
            let ended = store.read_where(&needs, |connection| self.write(connection, &pipe));
            // If the client has gone, no one needs the outcome.
            let _ = match ended {
                Ok(()) => pipe.send(Ok(Message::End)),
                Err(Stop::Failed(problem)) => pipe.send(Err(problem)),
                Err(Stop::Gone) => Ok(()),
            };
        });
        messages
    }

    /// Writes the file. Where a replica failed, this is done again at the primary: from the beginning, as long as nothing
    /// of the file was sent.
    fn write(&self, connection: &mut Connection, pipe: &Pipe) -> Result<(), Stop> {
        if pipe.has_sent.load(Ordering::Relaxed) {
            let detail = "the read replica that it came from broke off";
            return Err(Stop::Failed(Problem::unavailable().detail(detail)));
        }
        let organisation = organisations::find(connection, &self.organisation)?;
        let tag = self.tag(connection)?;
        if self.conditions.has_already(&tag) {
            return Ok(pipe.send(Ok(Message::NotModified(tag)))?);
        }
        pipe.send(Ok(Message::Begins(tag)))?;
        Rows::write(self, &organisation, connection, pipe.clone())
    }

    /// Of two exports of one question, for callers who may see the same, the bytes are the same as long as nothing of the
    /// organisation or of the catalogue has changed.
    fn tag(&self, connection: &mut Connection) -> Result<ETag, StoreError> {
        let codes = [self.organisation.to_string(), Organisation::CATALOGUE.to_owned()];
        let versions = versions::current(connection, &codes)?;
        let versions = codes.each_ref().map(|code| versions.get(code));
        let Self { asked, format, sees_small_counts, .. } = self;
        Ok(ETag::of_bytes(format!("{asked} {format:?} {sees_small_counts} {versions:?}").as_bytes()))
    }
}

/// The pieces of a file, from the first message that is one.
fn pieces(
    first: Message,
    messages: Receiver<Result<Message, Problem>>,
) -> impl Stream<Item = Result<Bytes, Problem>> {
    try_unfold((Some(first), messages), |(first, mut messages)| async move {
        let following = match first {
            Some(first) => first,
            None => next(&mut messages).await?,
        };
        match following {
            Message::Piece(piece) => Ok::<_, Problem>(Some((piece, (None, messages)))),
            Message::End => Ok(None),
            Message::NotModified(_) | Message::Begins(_) => Err(Problem::internal("an export began twice")),
        }
    })
}

async fn next(messages: &mut Receiver<Result<Message, Problem>>) -> Result<Message, Problem> {
    match messages.recv().await {
        Some(message) => message,
        None => Err(Problem::internal("an export broke off")),
    }
}

/// Where what is written goes.
#[derive(Clone)]
pub(crate) struct Pipe {
    sender: Sender<Result<Message, Problem>>,
    /// Whether anything of the file was sent.
    has_sent: Arc<AtomicBool>,
    runtime: Handle,
}

impl Pipe {
    /// Waits until there is room.
    fn send(&self, message: Result<Message, Problem>) -> io::Result<()> {
        let sent = self.runtime.block_on(async { timeout(PATIENCE, self.sender.send(message)).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.has_sent.store(true, Ordering::Relaxed);
        self.send(Ok(Message::Piece(Bytes::copy_from_slice(bytes))))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
