//! Keys that stand in more than one row of a large push, found with 16 bytes a row.
//!
//! Of each key a hash of 128 bits is kept, under secrets that are drawn anew for each push. That two keys have the same
//! one is less likely than that the machine errs; if it happened, the push would be refused and nothing be lost.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::results::ingest::parse::{Reading, RowKey};
use crate::results::ingest::raw_row::SentRow;
use crate::results::ingest::validate::of_the_same_key;

/// The most row numbers that are kept of a key: those that a fault names, and one more.
const KEPT: usize = 7;

/// The hashes of all keys.
#[derive(Default)]
pub(super) struct Keys {
    secrets: (RandomState, RandomState),
    seen: Vec<u128>,
}

/// The keys that stand in more than one row, and the rows.
#[derive(Default)]
pub(super) struct Repeats {
    secrets: (RandomState, RandomState),
    rows: HashMap<u128, Rows>,
}

#[derive(Default)]
struct Rows {
    first: Vec<u32>,
    count: usize,
}

fn hash(secrets: &(RandomState, RandomState), key: &RowKey) -> u128 {
    (u128::from(secrets.0.hash_one(key)) << 64) | u128::from(secrets.1.hash_one(key))
}

impl Keys {
    /// Takes note of the keys of some rows.
    pub(super) fn add(&mut self, readings: &[Reading]) {
        let whole = readings.iter().filter(|reading| reading.key.is_whole());
        self.seen.extend(whole.map(|reading| hash(&self.secrets, &reading.key)));
    }

    /// Those that are there more than once.
    pub(super) fn repeats(mut self) -> Repeats {
        self.seen.sort_unstable();
        let pairs = self.seen.iter().zip(self.seen.iter().skip(1));
        let rows = pairs.filter(|(one, next)| one == next).map(|(one, _)| (*one, Rows::default())).collect();
        Repeats { secrets: self.secrets, rows }
    }
}

impl Repeats {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes note of the rows in which they stand.
    pub(super) fn find(&mut self, rows: &[SentRow], readings: &[Reading]) {
        for (row, reading) in rows.iter().zip(readings).filter(|(_, reading)| reading.key.is_whole()) {
            if let Some(found) = self.rows.get_mut(&hash(&self.secrets, &reading.key)) {
                found.count += 1;
                if found.first.len() < KEPT {
                    found.first.push(row.number);
                }
            }
        }
    }

    /// Notes the fault of each of the rows.
    pub(super) fn note(&self, rows: &[SentRow], readings: &mut [Reading]) {
        if self.is_empty() {
            return;
        }
        for (row, reading) in rows.iter().zip(readings).filter(|(_, reading)| reading.key.is_whole()) {
            if let Some(Rows { first, count }) = self.rows.get(&hash(&self.secrets, &reading.key)) {
                let others = first.iter().copied().filter(|other| *other != row.number);
                reading.faults.note("", "duplicate_key", of_the_same_key(others, count.saturating_sub(1)));
            }
        }
    }
}
