//! The history of everything that is kept as a document: an append-only list of revisions.
//!
//! The highest revision is the current one; what was known at a moment is the highest that was recorded
//! by then. A change names the revision that it was made from, and of two changes made from the same one
//! exactly one succeeds.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::schema::revisions;
use crate::db::types::{Id, Instant, from_document, to_document};
use crate::{Connection, StoreError, versions};

/// Who changes something, when, and in which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The subject of the token, or the name of the command.
    pub author: String,
    /// The roles of who changes it, as they stood in the token: `performance_officer:leicestershire`, with spaces
    /// between them; empty for commands.
    pub roles: String,
    /// The id of the request, as in the log.
    pub request_id: String,
    /// The time of the change.
    pub at: DateTime<Utc>,
}

/// Something that has a history, at one of its revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The id of the thing, the same in all its revisions.
    pub id: Uuid,
    /// 1 for the first, then one more for each change.
    pub revision: i64,
    /// When this revision was recorded, to the microsecond.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub author: String,
    /// What it says.
    pub content: T,
}

impl<T> Versioned<T> {
    /// The same revision with its content converted.
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Versioned<U> {
        let Self { id, revision, recorded_at, author, content } = self;
        Versioned { id, revision, recorded_at, author, content: convert(content) }
    }
}

/// What a revision belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The thing that has the history.
    pub id: Uuid,
    /// The organisation that it belongs to.
    pub organisation: Uuid,
    /// The noun, for example `plan`.
    pub kind: &'static str,
}

#[derive(Insertable)]
#[diesel(table_name = revisions, treat_none_as_default_value = false)]
struct NewRow<'a> {
    entity_id: Id,
    revision: i64,
    organisation_id: Id,
    kind: &'a str,
    recorded_at: Instant,
    author: &'a str,
    roles: &'a str,
    request_id: &'a str,
    document: &'a str,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = revisions)]
struct Row {
    entity_id: Id,
    revision: i64,
    recorded_at: Instant,
    author: String,
    document: String,
}

/// Ids per query and rows per statement, well below the parameters that each engine allows.
pub(crate) const BATCH: usize = 1000;

/// Records the next revision of a thing whose current revision is `expected` (0 where it is new).
/// It counts from the time of the change, or from that of the last revision where that is later.
///
/// # Errors
/// [`StoreError::Stale`] where the current revision is another one.
pub fn append<D: Serialize>(
    connection: &mut Connection,
    subject: Subject,
    expected: i64,
    change: &Change,
    document: &D,
) -> Result<Versioned<()>, StoreError> {
    let added = note(connection, subject, expected, change, document)?;
    versions::changed(connection, subject.organisation)?;
    Ok(added)
}

/// [`append`] for what no answer about the organisation is made of: it neither waits for others who change something of
/// it, nor makes them wait.
pub(crate) fn note<D: Serialize>(
    connection: &mut Connection,
    subject: Subject,
    expected: i64,
    change: &Change,
    document: &D,
) -> Result<Versioned<()>, StoreError> {
    let last: Option<(i64, Instant)> = revisions::table
        .filter(revisions::entity_id.eq(Id(subject.id)))
        .order(revisions::revision.desc())
        .select((revisions::revision, revisions::recorded_at))
        .first(connection)
        .optional()?;
    let (revision, earliest) = last.unwrap_or((0, change.at.into()));
    if revision != expected {
        return Err(StoreError::Stale);
    }
    let recorded_at = earliest.max(change.at.into());
    let text = to_document(subject.kind, document)?;
    let row = NewRow {
        entity_id: Id(subject.id),
        revision: revision + 1,
        organisation_id: Id(subject.organisation),
        kind: subject.kind,
        recorded_at,
        author: &change.author,
        roles: &change.roles,
        request_id: &change.request_id,
        document: &text,
    };
    // Two that read the same last revision insert the same key: the second waits for the first, and fails.
    diesel::insert_into(revisions::table)
        .values(row)
        .execute(connection)
        .map_err(|error| StoreError::from(error).on_conflict(StoreError::Stale))?;
    Ok(Versioned {
        id: subject.id,
        revision: revision + 1,
        recorded_at: recorded_at.into(),
        author: change.author.clone(),
        content: (),
    })
}

/// The current revision, or the one that was current at `known_at`; none where there was none yet.
///
/// # Errors
/// [`StoreError::Corrupt`] where the document cannot be read.
pub fn current<D: DeserializeOwned>(
    connection: &mut Connection,
    kind: &'static str,
    id: Uuid,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<Versioned<D>>, StoreError> {
    let row: Option<Row> = revisions::table
        .filter(revisions::entity_id.eq(Id(id)))
        .filter(revisions::recorded_at.le(Instant::by(known_at)))
        .order(revisions::revision.desc())
        .select(Row::as_select())
        .first(connection)
        .optional()?;
    row.map(|row| row.read(kind)).transpose()
}

/// [`current`] for many things at once; those that have no revision by then are left out.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn current_of_many<D: DeserializeOwned>(
    connection: &mut Connection,
    kind: &'static str,
    ids: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<HashMap<Uuid, Versioned<D>>, StoreError> {
    let until = Instant::by(known_at);
    let later = diesel::alias!(revisions as later);
    let mut found = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let superseded = later
            .filter(later.field(revisions::entity_id).eq(revisions::entity_id))
            .filter(later.field(revisions::revision).gt(revisions::revision))
            .filter(later.field(revisions::recorded_at).le(until));
        let rows: Vec<Row> = revisions::table
            .filter(revisions::entity_id.eq_any(batch.iter().copied().map(Id)))
            .filter(revisions::recorded_at.le(until))
            .filter(not(exists(superseded)))
            .select(Row::as_select())
            .load(connection)?;
        for row in rows {
            found.insert(row.entity_id.0, row.read(kind)?);
        }
    }
    Ok(found)
}

/// The revisions of one thing below `before` (all where it is none), newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history<D: DeserializeOwned>(
    connection: &mut Connection,
    kind: &'static str,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Versioned<D>>, StoreError> {
    let rows: Vec<Row> = revisions::table
        .filter(revisions::entity_id.eq(Id(id)))
        .filter(revisions::revision.lt(before.unwrap_or(i64::MAX)))
        .order(revisions::revision.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(connection)?;
    rows.into_iter().map(|row| row.read(kind)).collect()
}

/// The revisions of many things that were there at `known_at` (all where it is none), each thing's in their order.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history_of_many<D: DeserializeOwned>(
    connection: &mut Connection,
    kind: &'static str,
    ids: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Versioned<D>>, StoreError> {
    let mut found = Vec::new();
    for batch in ids.chunks(BATCH) {
        let rows: Vec<Row> = revisions::table
            .filter(revisions::entity_id.eq_any(batch.iter().copied().map(Id)))
            .filter(revisions::recorded_at.le(Instant::by(known_at)))
            .order((revisions::entity_id, revisions::revision))
            .select(Row::as_select())
            .load(connection)?;
        for row in rows {
            found.push(row.read(kind)?);
        }
    }
    Ok(found)
}

/// The ids of the things of a kind of which something was known at a moment.
#[diesel::dsl::auto_type]
pub(crate) fn known_by(kind: &'static str, moment: Instant) -> _ {
    revisions::table
        .filter(revisions::kind.eq(kind))
        .filter(revisions::revision.eq(1_i64))
        .filter(revisions::recorded_at.le(moment))
        .select(revisions::entity_id)
}

impl Row {
    fn read<D: DeserializeOwned>(self, kind: &'static str) -> Result<Versioned<D>, StoreError> {
        let Self { entity_id, revision, recorded_at, author, document } = self;
        Ok(Versioned {
            id: entity_id.0,
            revision,
            recorded_at: recorded_at.into(),
            author,
            content: from_document(kind, &document)?,
        })
    }
}
