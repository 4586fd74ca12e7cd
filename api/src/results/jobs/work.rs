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
use crate::results::ingest::apply::rejected;
use crate::results::ingest::parse::Reading;
use crate::results::ingest::raw_row::{MOST_ROWS, SentRow};
use crate::results::ingest::snapshot::Known;
use crate::results::ingest::validate::{Judged, judge, readings_with};
use crate::state::now;

/// The most rows at fault of a push. They are kept, and can be had back as one file.
const MOST_REJECTED: u64 = MOST_ROWS as u64;

/// Does all of it.
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

fn known(store: &Store, running: &Running) -> Result<Known, Stopped> {
    let day = now().date_naive();
    Ok(store.read(|connection| Known::load(connection, running.push.organisation, day))?)
}

/// Judges rows; what they have in common with others is for `note_others` to say.
fn judged(
    known: &Known,
    rows: Vec<SentRow>,
    today: NaiveDate,
    note_others: impl FnOnce(&[SentRow], &mut [Reading]),
) -> Vec<Judged> {
    let readings = readings_with(&rows, today, note_others);
    judge(known, rows, readings)
}

/// Reads all rows. Nobody waits for that: it holds nothing.
fn check(store: &Store, running: &Running, spooled: &Spooled) -> Result<Repeats, Stopped> {
    let (known, today) = (known(store, running)?, now().date_naive());
    let (mut keys, mut rejected) = (Keys::default(), 0);
    chunks::read(running, spooled, |Chunk { rows, header: _, place }| {
        let judged = judged(&known, rows, today, |_, readings| keys.add(readings));
        let at_fault = judged.iter().filter(|row| row.verdict.is_err()).count();
        rejected += at_fault as u64;
        running.checked(place, judged.len() - at_fault, at_fault);
        Ok(())
    })?;
    let mut repeats = keys.repeats();
    if !repeats.is_empty() {
        rejected = 0;
        chunks::read(running, spooled, |Chunk { rows, .. }| {
            judged(&known, rows, today, |rows, readings| repeats.find(rows, readings));
            Ok(())
        })?;
        chunks::read(running, spooled, |Chunk { rows, .. }| {
            let judged = judged(&known, rows, today, |rows, readings| repeats.note(rows, readings));
            rejected += judged.iter().filter(|row| row.verdict.is_err()).count() as u64;
            Ok(())
        })?;
        running.found(rejected);
    }
    let most = if running.push.mode == Mode::Atomic { 0 } else { MOST_REJECTED };
    if rejected > most {
        return Err(refuse(running, spooled, &known, &repeats)?);
    }
    Ok(repeats)
}

/// Why it is refused as a whole, with the rows at fault.
fn refuse(
    running: &Running,
    spooled: &Spooled,
    known: &Known,
    repeats: &Repeats,
) -> Result<Stopped, Stopped> {
    let today = now().date_naive();
    let (mut kept, mut listed): (Vec<RejectedRow>, Vec<Fault>) = (Vec::new(), Vec::new());
    let most = usize::try_from(MOST_REJECTED).unwrap_or(usize::MAX);
    chunks::read(running, spooled, |Chunk { rows, header, .. }| {
        let judged = judged(known, rows, today, |rows, readings| repeats.note(rows, readings));
        for row in judged.iter().filter(|row| row.verdict.is_err()) {
            if kept.len() < most {
                kept.extend(rejected(row, header));
            }
            if listed.len() < MAX_FAULTS {
                listed.extend(sentences(row));
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
    let kept_only = if faults > MOST_REJECTED {
        format!("; the first {MOST_REJECTED} of them are kept to be mended")
    } else {
        String::new()
    };
    let detail =
        format_args!("{faults} of {all} rows are at fault, and nothing was written{limit}{kept_only}");
    let problem = Problem::new(Kind::RowsRejected).detail(detail).faults(listed);
    Ok(Stopped::Refused(Box::new(Refused { problem, rows: kept })))
}

/// The faults of a row for a list in which nothing else names the row.
fn sentences(row: &Judged) -> impl Iterator<Item = Fault> {
    let (number, faults) = (row.sent.number, row.verdict.as_ref().err());
    faults.into_iter().flatten().map(move |fault| {
        let pointer = fault.pointer.as_deref().unwrap_or_default();
        Fault::at(pointer, &fault.code, format_args!("row {number}: {}", fault.detail))
    })
}

/// What is to be written of a chunk.
struct Batch {
    results: Vec<NewResult>,
    rejected: Vec<RejectedRow>,
    place: u64,
}

/// Writes all rows while nobody else changes what they are judged by. They are judged once more: what they were judged
/// by before may have changed. The next chunk is read while the database writes this one.
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
    let mut writing = writing.named(push.id);
    let today = change.at.date_naive();
    let known = Known::load(connection, push.organisation, today)?;
    let known = &known;
    thread::scope(|scope| {
        let (give, batches) = sync_channel::<Batch>(1);
        let reader = scope.spawn(move || {
            chunks::read(running, spooled, |Chunk { rows, header, place }| {
                let judged = judged(known, rows, today, |rows, readings| repeats.note(rows, readings));
                let rejected = judged.iter().filter_map(|row| rejected(row, header)).collect();
                let results = judged.into_iter().filter_map(|row| row.verdict.ok()).collect();
                // Where nobody takes it any more, the other side knows why.
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
