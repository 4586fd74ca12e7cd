//! The rows of a spooled push, chunk by chunk, so that at most one chunk is in memory.

use super::spool::Spooled;
use super::{Running, Stopped};
use crate::http::problem::{Fault, Kind, Problem};
use crate::results::ingest::formats::{NO_ROW, Rows};
use crate::results::ingest::raw_row::RawRow;

/// The most rows of a chunk.
const ROWS: usize = 5_000;
/// About the most bytes of a chunk.
const BYTES: usize = 4 * 1024 * 1024;

/// Rows that follow each other.
pub(super) struct Chunk<'a> {
    pub(super) rows: Vec<RawRow>,
    /// The header row of a CSV.
    pub(super) header: Option<&'a str>,
    /// The position in the file after them.
    pub(super) place: u64,
}

/// Passes every chunk to `each`, which returns an error to stop.
pub(super) fn read(
    running: &Running,
    spooled: &Spooled,
    mut each: impl FnMut(Chunk<'_>) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let mut source = Rows::begin(running.push.format, spooled.read()?)?;
    let mut any = false;
    loop {
        let (mut rows, mut bytes) = (Vec::with_capacity(ROWS), 0);
        while rows.len() < ROWS && bytes < BYTES {
            let Some(row) = source.next()? else { break };
            bytes += row.text.len();
            rows.push(row);
        }
        if rows.is_empty() {
            break;
        }
        any = true;
        running.goes_on()?;
        each(Chunk { rows, header: source.header(), place: source.place() })?;
    }
    if any {
        return Ok(());
    }
    Err(Problem::new(Kind::InvalidBody).faults([Fault::at("", "empty", NO_ROW)]).into())
}
