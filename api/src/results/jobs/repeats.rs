//! Keys that occur in more than one row of a large push, found with 16 bytes per row.
//!
//! A hash of 128 bits is stored for each key, with new random secrets for each push. A collision is less likely than a
//! hardware error; if one happened, the push would be rejected and nothing lost.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::results::ingest::parse::{Reading, RowKey};
use crate::results::ingest::raw_row::RawRow;
use crate::results::ingest::validate::of_the_same_key;

/// The most row numbers that are stored of a key: those that a fault names, and one more.
const MAX_NUMBERS: usize = 7;

/// The hashes of all keys.
#[derive(Default)]
pub(super) struct Keys {
    secrets: (RandomState, RandomState),
    seen: Vec<u128>,
}

/// The keys that occur in more than one row, and the rows.
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
    /// Adds the keys of some rows.
    pub(super) fn add(&mut self, readings: &[Reading]) {
        let whole = readings.iter().filter(|reading| reading.key.is_whole());
        self.seen.extend(whole.map(|reading| hash(&self.secrets, &reading.key)));
    }

    /// The keys that occur more than once.
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

    /// Adds the rows that have these keys.
    pub(super) fn find(&mut self, rows: &[RawRow], readings: &[Reading]) {
        for (row, reading) in rows.iter().zip(readings).filter(|(_, reading)| reading.key.is_whole()) {
            if let Some(found) = self.rows.get_mut(&hash(&self.secrets, &reading.key)) {
                found.count += 1;
                if found.first.len() < MAX_NUMBERS {
                    found.first.push(row.number);
                }
            }
        }
    }

    /// Notes the fault of each of the rows.
    pub(super) fn note(&self, rows: &[RawRow], readings: &mut [Reading]) {
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
