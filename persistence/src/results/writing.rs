//! Writing results in bulk: each is created, supersedes an earlier one, or changes nothing.

use uuid::Uuid;
use waymark_domain::observation::Observation;

use super::current::{Current, current, is_new};
use super::row::{Origin, Row};
use super::store::{close, insert, insert_new};
use crate::db::types::{Instant, new_ids};
use crate::history::revision::Change;
use crate::locks;
use crate::locks::Locked;
use crate::submission::{self, Counts, Format, Mode, RejectedRow, Submission};
use crate::{Connection, StoreError, new_id, versions};

/// A result to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResult {
    /// The indicator that it is a result of.
    pub indicator: Uuid,
    /// What was measured.
    pub observation: Observation,
}

/// The outcome of a result that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// No result had its key.
    Created,
    /// It replaces another result of its key.
    Superseded,
    /// The same result existed already.
    Unchanged,
}

/// The outcome of one result, and the id under which it is current now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The outcome.
    pub fate: Fate,
    /// The new result's id, or that of the one that existed already.
    pub id: Uuid,
}

/// A submission of results that is being written: begun once, then given any number of chunks, then ended, all in one
/// transaction. Those of one organisation are written one after the other. Superseded results remain readable as they
/// were known before.
#[derive(Debug)]
pub struct Writing {
    submission: Submission,
    change: Change,
    recorded_at: Instant,
    state: State,
}

/// The state of an organisation before or after a submission. Equal states mean equal contents: results change by
/// submissions only, and nothing else without another version of the framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct State {
    /// The organisation.
    pub organisation: Uuid,
    /// The version of its framework.
    pub framework: i64,
    /// The submission that was committed last.
    pub submission: Option<Uuid>,
}

impl Writing {
    /// Begins a submission, once no other transaction writes results of the organisation. That is the first thing that
    /// the transaction waits for. The caller guarantees that the indicators of what follows exist.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such organisation, [`StoreError::Unavailable`] after five seconds.
    pub fn begin(
        connection: &mut Connection,
        organisation: Uuid,
        format: Format,
        mode: Mode,
        change: &Change,
    ) -> Result<Self, StoreError> {
        locks::write_exclusive(connection, organisation)?;
        let lock = locks::lock(connection, organisation)?;
        submission::defer_keys(connection)?;
        // A result is superseded after it was recorded, even if the clocks of two instances differ.
        let recorded_at = lock.after(change.at.into());
        let submission = draft(organisation, (format, mode), recorded_at, change);
        Ok(Self::locked(submission, change, recorded_at, &lock))
    }

    /// A submission of a locked organisation: it is received after all that were committed before.
    pub(super) fn locked(
        submission: Submission,
        change: &Change,
        recorded_at: Instant,
        lock: &Locked,
    ) -> Self {
        let Locked { framework, submission: latest, .. } = *lock;
        let state = State { organisation: submission.organisation, framework, submission: latest };
        let submission = Submission { received_at: lock.after(recorded_at).into(), ..submission };
        Self { submission, change: change.clone(), recorded_at, state }
    }

    /// Gives the submission an id that was chosen before.
    pub fn named(mut self, id: Uuid) -> Self {
        self.submission.id = id;
        self
    }

    /// Gives the submission the sender's own name for it.
    pub fn labelled(mut self, label: Option<String>) -> Self {
        self.submission.label = label;
        self
    }

    /// The id that the submission will have.
    pub fn id(&self) -> Uuid {
        self.submission.id
    }

    /// Writes some results, most of which are usually new, and returns the outcome of each, in the order given.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (`result`) if two results of the submission have the same key.
    pub fn write<'a>(
        &mut self,
        connection: &mut Connection,
        sent: impl IntoIterator<Item = &'a NewResult>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let rows = self.rows(sent)?;
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        // Usually all of them are new, or all have been sent before. The first row decides which method is tried first:
        // both have the same effect.
        if !is_new(connection, self.submission.organisation, first)? || !insert_new(connection, &rows)? {
            return self.put(connection, rows);
        }
        let created = rows.iter().map(|row| Outcome { fate: Fate::Created, id: row.id.0 });
        let outcomes: Vec<Outcome> = created.collect();
        self.count(&outcomes);
        Ok(outcomes)
    }

    /// The same for results of which most usually exist already, perhaps with other values.
    ///
    /// # Errors
    /// Those of [`Writing::write`].
    pub fn write_again<'a>(
        &mut self,
        connection: &mut Connection,
        sent: impl IntoIterator<Item = &'a NewResult>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let rows = self.rows(sent)?;
        self.put(connection, rows)
    }

    fn rows<'a>(&self, sent: impl IntoIterator<Item = &'a NewResult>) -> Result<Vec<Row>, StoreError> {
        let Submission { id: submission, organisation, .. } = self.submission;
        let origin = Origin { organisation, submission, recorded_at: self.recorded_at };
        let sent = sent.into_iter().zip(new_ids(self.change.at));
        sent.map(|(new, id)| Row::new(origin, id, new.indicator, &new.observation)).collect()
    }

    /// Replaces what is current under the key of each row.
    fn put(&mut self, connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<Outcome>, StoreError> {
        let organisation = self.submission.organisation;
        let known = current(connection, organisation, &rows)?;
        let mut outcomes = Vec::with_capacity(rows.len());
        let mut replaced = Vec::new();
        let mut missing = Vec::new();
        for (row, known) in rows.into_iter().zip(known) {
            let outcome = self.outcome(&row, known.as_ref())?;
            match (known, outcome.fate) {
                (None, _) => missing.push(row),
                (Some(known), Fate::Superseded) => {
                    replaced.push(known.id);
                    missing.push(row);
                }
                (Some(_), Fate::Created | Fate::Unchanged) => {}
            }
            outcomes.push(outcome);
        }
        close(connection, organisation, &replaced, self.recorded_at)?;
        if !missing.is_empty() {
            insert(connection, missing.iter().map(Ok))?;
        }
        self.count(&outcomes);
        Ok(outcomes)
    }

    /// Stores rows that were rejected.
    ///
    /// # Errors
    /// [`StoreError::Query`] if a row of that number was rejected before.
    pub fn reject(
        &mut self,
        connection: &mut Connection,
        rejected: &[RejectedRow],
    ) -> Result<(), StoreError> {
        submission::reject(connection, &self.submission, rejected)?;
        self.submission.counts.rejected += number(rejected.len());
        Ok(())
    }

    /// Ends the submission, and returns it with its counts. Nothing may be written to it afterwards.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database does not respond.
    pub fn end(&mut self, connection: &mut Connection) -> Result<Submission, StoreError> {
        submission::add(connection, &self.submission, &self.change)?;
        let Submission { id, organisation, received_at, counts, .. } = self.submission;
        let changes = counts.created + counts.superseded > 0;
        versions::submitted(connection, organisation, (id, received_at.into()), changes)?;
        self.state.submission = Some(id);
        Ok(self.submission.clone())
    }

    /// The state of the organisation: before the submission, and once the submission has ended, after it if the
    /// transaction is committed.
    pub fn state(&self) -> State {
        self.state
    }

    fn outcome(&self, row: &Row, known: Option<&Current>) -> Result<Outcome, StoreError> {
        match known {
            None => Ok(Outcome { fate: Fate::Created, id: row.id.0 }),
            // No other submission was recorded at this instant, so it belongs to this one.
            Some(known) if known.recorded_at == self.recorded_at => Err(StoreError::Conflict("result")),
            Some(known) if known.said.means(&row.said)? => {
                Ok(Outcome { fate: Fate::Unchanged, id: known.id.0 })
            }
            Some(_) => Ok(Outcome { fate: Fate::Superseded, id: row.id.0 }),
        }
    }

    pub(super) fn count(&mut self, outcomes: &[Outcome]) {
        let counts = &mut self.submission.counts;
        for outcome in outcomes {
            match outcome.fate {
                Fate::Created => counts.created += 1,
                Fate::Superseded => counts.superseded += 1,
                Fate::Unchanged => counts.unchanged += 1,
            }
        }
    }
}

/// A submission before anything of it is written.
pub(super) fn draft(
    organisation: Uuid,
    (format, mode): (Format, Mode),
    recorded_at: Instant,
    change: &Change,
) -> Submission {
    Submission {
        id: new_id(change.at),
        organisation,
        received_at: recorded_at.into(),
        author: change.author.clone(),
        format,
        mode,
        label: None,
        counts: Counts::default(),
    }
}

fn number(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
