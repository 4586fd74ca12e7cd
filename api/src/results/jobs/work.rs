//! The work on one large push: all of it is checked first, then all of it is written in one transaction.

use std::sync::mpsc::sync_channel;
use std::thread;

use chrono::NaiveDate;
use waymark_persistence::jobs::{self, Ending, State};
use waymark_persistence::results::{NewResult, Writing};
use waymark_persistence::submission::{Counts, Mode, RejectedRow};
use waymark_persistence::{Change, Connection, Store};

use super::chunks::{self, Chunk};
use super::repeats::{Keys, Repeats};
use super::spool::Spooled;
use super::{Refused, Running, Stopped};
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::http::runtime::now;
use crate::results::ingest::parse::Reading;
use crate::results::ingest::raw_row::{MOST_ROWS, RawRow};
use crate::results::ingest::reply::{rejected, with_row};
use crate::results::ingest::snapshot::ValidationSnapshot;
use crate::results::ingest::validate::{ValidatedRow, readings_with, validate};

/// The most invalid rows of a push. They are stored, and can be fetched as one file.
const MOST_REJECTED: u64 = MOST_ROWS as u64;

/// Checks and writes a push.
pub(super) fn perform(store: &Store, running: &Running, spooled: &Spooled) -> Result<(), Stopped> {
    let push = &running.push;
    store.write(|connection| jobs::enter(connection, push, State::Checking, running.progress(), now()))?;
    let repeats = check(store, running, spooled)?;
    running.goes_on()?;
    running.writes();
    store.write(|connection| jobs::enter(connection, push, State::Writing, running.progress(), now()))?;
    match store.write(|connection| write(connection, running, spooled, &repeats)) {
        Err(Stopped::Tried(counts)) => {
            store.write(|connection| complete(connection, running, counts))?;
            Ok(())
        }
        written => written,
    }
}

fn snapshot(store: &Store, running: &Running) -> Result<ValidationSnapshot, Stopped> {
    let day = now().date_naive();
    Ok(store.read(|connection| ValidationSnapshot::load(connection, running.push.organisation, day))?)
}

/// Validates rows; `note_others` adds the faults that concern several rows.
fn validated(
    snapshot: &ValidationSnapshot,
    rows: Vec<RawRow>,
    today: NaiveDate,
    note_others: impl FnOnce(&[RawRow], &mut [Reading]),
) -> Vec<ValidatedRow> {
    let readings = readings_with(&rows, today, note_others);
    validate(snapshot, rows, readings)
}

/// Reads and validates all rows, without a lock.
fn check(store: &Store, running: &Running, spooled: &Spooled) -> Result<Repeats, Stopped> {
    let (snapshot, today) = (snapshot(store, running)?, now().date_naive());
    let (mut keys, mut rejected) = (Keys::default(), 0);
    chunks::read(running, spooled, |Chunk { rows, header: _, place }| {
        let validated = validated(&snapshot, rows, today, |_, readings| keys.add(readings));
        let invalid = validated.iter().filter(|row| row.result.is_err()).count();
        rejected += invalid as u64;
        running.checked(place, validated.len() - invalid, invalid);
        Ok(())
    })?;
    let mut repeats = keys.repeats();
    if !repeats.is_empty() {
        rejected = 0;
        chunks::read(running, spooled, |Chunk { rows, .. }| {
            validated(&snapshot, rows, today, |rows, readings| repeats.find(rows, readings));
            Ok(())
        })?;
        chunks::read(running, spooled, |Chunk { rows, .. }| {
            let validated = validated(&snapshot, rows, today, |rows, readings| repeats.note(rows, readings));
            rejected += validated.iter().filter(|row| row.result.is_err()).count() as u64;
            Ok(())
        })?;
        running.found(rejected);
    }
    let most = if running.push.mode == Mode::Atomic { 0 } else { MOST_REJECTED };
    if rejected > most {
        return Err(refuse(running, spooled, &snapshot, &repeats)?);
    }
    Ok(repeats)
}

/// Why the push is rejected as a whole, with its invalid rows.
fn refuse(
    running: &Running,
    spooled: &Spooled,
    snapshot: &ValidationSnapshot,
    repeats: &Repeats,
) -> Result<Stopped, Stopped> {
    let today = now().date_naive();
    let (mut stored, mut listed): (Vec<RejectedRow>, Vec<Fault>) = (Vec::new(), Vec::new());
    let most = usize::try_from(MOST_REJECTED).unwrap_or(usize::MAX);
    chunks::read(running, spooled, |Chunk { rows, header, .. }| {
        let validated = validated(snapshot, rows, today, |rows, readings| repeats.note(rows, readings));
        for row in validated.iter().filter(|row| row.result.is_err()) {
            if stored.len() < most {
                stored.extend(rejected(row, header));
            }
            if listed.len() < MAX_FAULTS {
                listed.extend(with_row(row.raw.number, row.result.as_ref().err().map_or(&[], Vec::as_slice)));
            }
        }
        Ok(())
    })?;
    let progress = running.progress();
    let (faults, all) = (progress.rows_rejected, progress.rows_read);
    let limit = match running.push.mode {
        Mode::Atomic => String::new(),
        Mode::Partial => format!(": more than {MOST_REJECTED} are too many to write the others"),
    };
    let stored_only = if faults > MOST_REJECTED {
        format!("; the first {MOST_REJECTED} of them are stored, and can be fetched and corrected")
    } else {
        String::new()
    };
    let detail =
        format_args!("{faults} of {all} rows are invalid, and nothing was written{limit}{stored_only}");
    let problem = Problem::new(Kind::RowsRejected).detail(detail).faults(listed);
    Ok(Stopped::Refused(Box::new(Refused { problem, rows: stored })))
}

/// The results and rejected rows of a chunk.
struct Batch {
    results: Vec<NewResult>,
    rejected: Vec<RejectedRow>,
    place: u64,
}

/// Writes all rows while the organisation is locked. They are validated again, because the first validation may be
/// outdated. The next chunk is read while the database writes this one.
fn write(
    connection: &mut Connection,
    running: &Running,
    spooled: &Spooled,
    repeats: &Repeats,
) -> Result<(), Stopped> {
    let push = &running.push;
    let change = Change {
        author: push.author.clone(),
        roles: push.roles.clone(),
        request_id: push.request_id.clone(),
        at: now(),
    };
    let writing = Writing::begin(connection, push.organisation, push.format, push.mode, &change)?;
    let mut writing = writing.named(push.id).labelled(push.label.clone());
    let today = change.at.date_naive();
    let snapshot = ValidationSnapshot::load(connection, push.organisation, today)?;
    let snapshot = &snapshot;
    thread::scope(|scope| {
        let (give, batches) = sync_channel::<Batch>(1);
        let reader = scope.spawn(move || {
            chunks::read(running, spooled, |Chunk { rows, header, place }| {
                let validated =
                    validated(snapshot, rows, today, |rows, readings| repeats.note(rows, readings));
                let rejected = validated.iter().filter_map(|row| rejected(row, header)).collect();
                let results = validated.into_iter().filter_map(|row| row.result.ok()).collect();
                // If the receiver is gone, it returns the reason.
                give.send(Batch { results, rejected, place }).map_err(|_| Stopped::Leaving)
            })
        });
        for Batch { results, rejected, place } in batches {
            running.goes_on()?;
            if push.mode == Mode::Atomic && !rejected.is_empty() {
                return Err(Stopped::Outdated);
            }
            writing.reject(connection, &rejected)?;
            writing.write(connection, &results)?;
            running.wrote(place, results.len());
        }
        reader.join().map_err(|_| Problem::internal("the reader of a large push broke"))?
    })?;
    running.goes_on()?;
    let counts = writing.end(connection)?.counts;
    if push.validate_only {
        return Err(Stopped::Tried(counts));
    }
    complete(connection, running, counts)
}

fn complete(connection: &mut Connection, running: &Running, counts: Counts) -> Result<(), Stopped> {
    let ending = Ending { state: State::Completed, progress: running.progress(), counts, problem: None };
    Ok(jobs::end(connection, &running.push, &ending, now())?)
}
