//! Writing results in bulk: each is created, supersedes an earlier one, or changes nothing.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::observation::Observation;

use super::row::{Origin, Row, text_of};
use crate::revision::{BATCH, Change};
use crate::schema::results;
use crate::submission::{self, Counts, Format, Mode, RejectedRow, Submission};
use crate::types::{Id, Instant};
use crate::{Connection, StoreError, new_id, organisation, version};

/// A result to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResult {
    /// The indicator that it is a result of.
    pub indicator: Uuid,
    /// What was measured.
    pub observation: Observation,
}

/// What becomes of a result that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// There was none of its key.
    Created,
    /// It takes the place of another one of its key.
    Superseded,
    /// The same one was there already.
    Unchanged,
}

/// What became of one result, and the id under which it is current now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// What became of it.
    pub fate: Fate,
    /// The new result's id, or that of the one that was there already.
    pub id: Uuid,
}

/// The results of one organisation that were sent together.
#[derive(Debug, Clone, Copy)]
pub struct Push<'a> {
    /// Whose results.
    pub organisation: Uuid,
    /// In which form they came.
    pub format: Format,
    /// All or none, or the sound ones.
    pub mode: Mode,
    /// The sound ones, no two with one key.
    pub results: &'a [NewResult],
    /// The others, kept with the submission.
    pub rejected: &'a [RejectedRow],
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The submission, with its counts.
    pub submission: Submission,
    /// What became of each result, in the order sent.
    pub outcomes: Vec<Outcome>,
}

type Key = (Uuid, String, String, String);

/// The current result of a key.
struct Current {
    id: Uuid,
    recorded_at: Instant,
    observation: Observation,
}

/// What to do with one result.
enum Decision {
    Create,
    Supersede { id: Uuid, recorded_at: Instant },
    Keep { id: Uuid },
}

/// What would become of each result if it were pushed now, in the order given.
///
/// # Errors
/// [`StoreError::Corrupt`] where a stored result cannot be read.
pub fn compare(
    connection: &mut Connection,
    organisation: Uuid,
    sent: &[NewResult],
) -> Result<Vec<Fate>, StoreError> {
    let decisions = decide(connection, organisation, sent)?;
    Ok(decisions.iter().map(Decision::fate).collect())
}

/// Writes results and the submission that brought them. Pushes of one organisation are written one after the
/// other. A result that is superseded stays readable as it was known before.
///
/// # Errors
/// [`StoreError::Conflict`] (`result`) where two of the results have one key.
pub fn push(connection: &mut Connection, push: Push<'_>, change: &Change) -> Result<Pushed, StoreError> {
    organisation::lock(connection, push.organisation)?;
    let decisions = decide(connection, push.organisation, push.results)?;
    let replaced: Vec<(Uuid, Instant)> = decisions.iter().filter_map(Decision::replaced).collect();
    // Nothing is superseded before it was known, whatever the clocks of two instances say.
    let earliest = replaced.iter().map(|(_, recorded_at)| recorded_at.next()).max();
    let recorded_at = Instant::from(change.at).max(earliest.unwrap_or(change.at.into()));
    let submission = Submission {
        id: new_id(change.at),
        organisation: push.organisation,
        received_at: recorded_at.into(),
        author: change.author.clone(),
        format: push.format,
        mode: push.mode,
        counts: counted(&decisions, push.rejected.len()),
    };
    submission::add(connection, &submission, change, push.rejected)?;

    let origin = Origin { organisation: push.organisation, submission: submission.id, recorded_at };

    let mut outcomes = Vec::with_capacity(decisions.len());
    let mut rows = Vec::with_capacity(decisions.len());
    for (new, decision) in push.results.iter().zip(&decisions) {
        let id = match decision {
            Decision::Keep { id } => *id,
            Decision::Create | Decision::Supersede { .. } => {
                let id = new_id(change.at);
                rows.push(Row::new(origin, id, new.indicator, &new.observation)?);
                id
            }
        };
        outcomes.push(Outcome { fate: decision.fate(), id });
    }
    close(connection, push.organisation, &replaced, recorded_at)?;
    insert(connection, &rows)?;
    if !rows.is_empty() {
        version::changed(connection, push.organisation)?;
    }
    Ok(Pushed { submission, outcomes })
}

impl Decision {
    fn fate(&self) -> Fate {
        match self {
            Self::Create => Fate::Created,
            Self::Supersede { .. } => Fate::Superseded,
            Self::Keep { .. } => Fate::Unchanged,
        }
    }

    fn replaced(&self) -> Option<(Uuid, Instant)> {
        match self {
            Self::Supersede { id, recorded_at } => Some((*id, *recorded_at)),
            Self::Create | Self::Keep { .. } => None,
        }
    }
}

fn counted(decisions: &[Decision], rejected: usize) -> Counts {
    let mut counts = Counts { rejected: u32::try_from(rejected).unwrap_or(u32::MAX), ..Counts::default() };
    for decision in decisions {
        match decision.fate() {
            Fate::Created => counts.created += 1,
            Fate::Superseded => counts.superseded += 1,
            Fate::Unchanged => counts.unchanged += 1,
        }
    }
    counts
}

fn decide(
    connection: &mut Connection,
    organisation: Uuid,
    sent: &[NewResult],
) -> Result<Vec<Decision>, StoreError> {
    let keys: Vec<Key> = sent.iter().map(NewResult::key).collect();
    let current = current(connection, organisation, &keys)?;
    let decide = |(new, key): (&NewResult, &Key)| match current.get(key) {
        None => Decision::Create,
        Some(old) if old.observation == new.observation => Decision::Keep { id: old.id },
        Some(old) => Decision::Supersede { id: old.id, recorded_at: old.recorded_at },
    };
    Ok(sent.iter().zip(&keys).map(decide).collect())
}

impl NewResult {
    fn key(&self) -> Key {
        let (period, breakdown, component) = self.observation.key();
        (self.indicator, period.to_string(), text_of(breakdown.as_ref()), text_of(component.as_ref()))
    }
}

/// The current results of these keys, loaded by sets: in the order of the keys, the indicators and periods of
/// a thousand are few, and what they have in common with other keys is all that is read in vain.
fn current(
    connection: &mut Connection,
    organisation: Uuid,
    keys: &[Key],
) -> Result<HashMap<Key, Current>, StoreError> {
    let mut ordered: Vec<&Key> = keys.iter().collect();
    ordered.sort_unstable();
    let mut found = HashMap::with_capacity(keys.len());
    for batch in ordered.chunks(BATCH) {
        let indicators: BTreeSet<Uuid> = batch.iter().map(|key| key.0).collect();
        let periods: BTreeSet<&str> = batch.iter().map(|key| key.1.as_str()).collect();
        let rows: Vec<Row> = results::table
            .filter(results::organisation_id.eq(Id(organisation)))
            .filter(results::superseded_at.is_null())
            .filter(results::indicator_id.eq_any(indicators.into_iter().map(Id)))
            .filter(results::period.eq_any(periods))
            .select(Row::as_select())
            .load(connection)?;
        for row in rows {
            let observation = row.observation()?;
            let current = Current { id: row.id.0, recorded_at: row.recorded_at, observation };
            found.insert((row.indicator_id.0, row.period, row.breakdown, row.component), current);
        }
    }
    Ok(found)
}

fn close(
    connection: &mut Connection,
    organisation: Uuid,
    replaced: &[(Uuid, Instant)],
    at: Instant,
) -> Result<(), StoreError> {
    for batch in replaced.chunks(BATCH) {
        let old = results::table
            .filter(results::organisation_id.eq(Id(organisation)))
            .filter(results::id.eq_any(batch.iter().map(|(id, _)| Id(*id))));
        diesel::update(old).set(results::superseded_at.eq(Some(at))).execute(connection)?;
    }
    Ok(())
}

fn insert(connection: &mut Connection, rows: &[Row]) -> Result<(), StoreError> {
    match connection {
        // A round trip for each thousand rows: of 21 columns, 65,535 parameters allow three thousand.
        Connection::Postgres(postgres) => {
            for batch in rows.chunks(BATCH) {
                diesel::insert_into(results::table).values(batch).execute(postgres)?;
            }
        }
        // No round trips here: one prepared statement, run for each row, is the fastest.
        Connection::Sqlite(sqlite) => {
            for row in rows {
                diesel::insert_into(results::table).values(row).execute(sqlite)?;
            }
        }
    }
    Ok(())
}
