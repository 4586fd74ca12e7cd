//! The files of large pushes until they are written. The service that processes a push holds the lock of its file. When a
//! service stops, its locks are released, and another one takes over its files.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use crate::http::problem::{Kind, Problem};
use crate::http::runtime::later;

/// An unlocked file of this age was left by a service that stopped while it received it.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);
/// Seconds after which there may be space again.
const WAIT: u64 = 30;
/// A file is read in pieces of so many bytes.
const PIECE: usize = 256 * 1024;

/// The directory of the files.
pub(super) struct Spool {
    directory: PathBuf,
    most: u64,
    used: AtomicU64,
}

/// A file of the spool, locked by this service. Dropping it removes the file, unless it is to stay.
pub(crate) struct Spooled {
    /// The push in it.
    pub(super) id: Uuid,
    /// Its size.
    pub(super) bytes: u64,
    file: File,
    path: PathBuf,
    stays: bool,
    spool: Arc<Spool>,
}

/// The state of a file that this service did not create.
pub(super) enum Found {
    /// It is this service's now.
    Taken(Spooled),
    /// Another service has it.
    Elsewhere,
    /// It is not here.
    Missing,
}

impl Spool {
    /// Removes files that were left behind. The directory is created when it is first needed.
    pub(super) fn open(directory: PathBuf, most: u64) -> Self {
        let mut used = 0;
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            let age = about.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
            let is_free = || File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
            let is_one = entry.path().extension().is_some_and(|ending| ending == ENDING);
            if is_one && age > LEFT_BEHIND && is_free() && fs::remove_file(entry.path()).is_ok() {
                continue;
            }
            used += about.len();
        }
        Self { directory, most, used: AtomicU64::new(used) }
    }

    fn path(&self, id: Uuid) -> PathBuf {
        self.directory.join(format!("{id}.{ENDING}"))
    }

    /// Begins a file.
    pub(super) fn begin(self: &Arc<Self>, id: Uuid) -> Result<Spooled, Problem> {
        fs::create_dir_all(&self.directory).map_err(Problem::internal)?;
        let path = self.path(id);
        let options = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = options.map_err(Problem::internal)?;
        let spool = Arc::clone(self);
        let spooled = Spooled { id, bytes: 0, file, path, stays: false, spool };
        spooled.file.try_lock().map_err(Problem::internal)?;
        Ok(spooled)
    }

    /// Looks for the file of a push that another service accepted, or this one before a restart.
    pub(super) fn find(self: &Arc<Self>, id: Uuid) -> io::Result<Found> {
        let path = self.path(id);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Missing),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Found::Elsewhere),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // It may have been removed before it was locked.
        let bytes = match fs::metadata(&path) {
            Ok(about) => about.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Missing),
            Err(error) => return Err(error),
        };
        Ok(Found::Taken(Spooled { id, bytes, file, path, stays: true, spool: Arc::clone(self) }))
    }
}

const ENDING: &str = "push";

impl Spooled {
    /// Adds to the file.
    ///
    /// # Errors
    /// 503 if there is no space for more.
    pub(super) fn write(&mut self, part: &[u8]) -> Result<(), Problem> {
        let more = part.len() as u64;
        let full = || {
            later(Kind::Unavailable, WAIT).detail("the space for large pushes is full: send it again later")
        };
        if self.spool.used.fetch_add(more, Ordering::Relaxed) + more > self.spool.most {
            self.spool.used.fetch_sub(more, Ordering::Relaxed);
            return Err(full());
        }
        self.bytes += more;
        self.file.write_all(part).map_err(|error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => full(),
            _ => Problem::internal(error),
        })
    }

    /// Makes sure that the file survives a crash of the machine.
    pub(super) fn sync(&mut self) -> Result<(), Problem> {
        self.file.sync_all().map_err(Problem::internal)?;
        let directory = File::open(&self.spool.directory).map_err(Problem::internal)?;
        directory.sync_all().map_err(Problem::internal)
    }

    /// The file stays when this is dropped.
    pub(super) fn stay(&mut self) {
        self.stays = true;
    }

    /// Removes the file.
    pub(super) fn go(mut self) {
        self.stays = false;
    }

    /// Reads it from its beginning.
    pub(super) fn read(&self) -> Result<BufReader<File>, Problem> {
        let file = File::open(&self.path).map_err(Problem::internal)?;
        Ok(BufReader::with_capacity(PIECE, file))
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if self.stays {
            return;
        }
        match fs::remove_file(&self.path) {
            Ok(()) => {
                self.spool.used.fetch_sub(self.bytes, Ordering::Relaxed);
            }
            Err(error) => tracing::warn!(%error, "a file of the spool could not be removed"),
        }
    }
}
