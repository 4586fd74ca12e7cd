//! The results of an organisation as a file: read and sent a piece at a time, so that it may be as long as it is.

mod query;
mod rows;
mod wire;

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, VARY};
use actix_web::rt::task::spawn_blocking;
use actix_web::web::{Bytes, Data};
use futures_util::stream::try_unfold;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;
use waymark_domain::code::Code;
use waymark_persistence::StoreError;
use waymark_persistence::result::ResultFilter;

use crate::problem::Problem;
use crate::service::Service;
pub(super) use query::{ExportQuery, Format};
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
pub(super) struct Export {
    pub(super) organisation: Code,
    pub(super) indicator: Option<Code>,
    pub(super) filter: ResultFilter,
    pub(super) sees_small_counts: bool,
    pub(super) format: Format,
}

/// How many more may begin.
#[derive(Clone)]
pub(crate) struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// A piece of the file; none is its end, so that what breaks off is never taken for the whole.
type Piece = Result<Option<Bytes>, Problem>;

/// Why the writing ends before its time.
pub(super) enum Stop {
    /// Nobody takes what is written.
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

/// Only a pipe that nobody reads from fails.
impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

impl Export {
    /// The file, from one snapshot. What goes wrong before its first piece is told as a problem; afterwards the
    /// connection is cut.
    ///
    /// # Errors
    /// 404 where there is no such organisation, 503 where as many exports run as may.
    pub(super) async fn answer(self, service: Data<Service>) -> Result<HttpResponse, Problem> {
        let Ok(turn) = Arc::clone(&service.exports.0).try_acquire_owned() else {
            return Err(
                Problem::unavailable().detail("other exports are running: try again when one has ended")
            );
        };
        let (media_type, ending) = match self.format {
            Format::Csv => ("text/csv", "csv"),
            Format::Ndjson => ("application/x-ndjson", "ndjson"),
        };
        let name = format!("attachment; filename=\"results-{}.{ending}\"", self.organisation);
        let (sender, mut pieces) = channel(WAITING);
        let (store, pipe) = (service.store.clone(), Pipe { sender, runtime: Handle::current() });
        spawn_blocking(move || {
            let _turn = turn;
            let ended = store.read(|connection| Rows::write(&self, connection, pipe.clone()));
            // Where nobody listens any more, nobody need be told.
            let _ = match ended {
                Ok(()) => pipe.send(Ok(None)),
                Err(Stop::Failed(problem)) => pipe.send(Err(problem)),
                Err(Stop::Gone) => Ok(()),
            };
        });
        let first = next(&mut pieces).await?;
        let body = try_unfold((first, pieces), |(piece, mut pieces)| async move {
            let Some(piece) = piece else { return Ok::<_, Problem>(None) };
            let following = next(&mut pieces).await?;
            Ok(Some((piece, (following, pieces))))
        });
        Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, media_type))
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header((VARY, ACCEPT.as_str()))
            .streaming(body))
    }
}

async fn next(pieces: &mut Receiver<Piece>) -> Piece {
    match pieces.recv().await {
        Some(piece) => piece,
        None => Err(Problem::internal("an export broke off")),
    }
}

/// Where what is written goes.
#[derive(Clone)]
pub(super) struct Pipe {
    sender: Sender<Piece>,
    runtime: Handle,
}

impl Pipe {
    /// Waits until there is room.
    fn send(&self, piece: Piece) -> io::Result<()> {
        let sent = self.runtime.block_on(async { timeout(PATIENCE, self.sender.send(piece)).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(Ok(Some(Bytes::copy_from_slice(bytes))))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
