//! Submissions: who sent which results and when, their outcome, and the rows that were rejected.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::schema::{rejected_rows, submissions};
use crate::db::types::{Id, Instant, from_document, to_document};
use crate::history::revision::{BATCH, Change};
use crate::{Connection, StoreError};

const KIND: &str = "submission";

/// One push or import of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Its id; later submissions have higher ones.
    pub id: Uuid,
    /// Whose results were sent.
    pub organisation: Uuid,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Who sent it.
    pub author: String,
    /// The format of the rows.
    pub format: Format,
    /// Whether all rows are written or none, or those that are valid.
    pub mode: Mode,
    /// The sender's own name for it.
    pub label: Option<String>,
    /// How many rows had which outcome.
    pub counts: Counts,
}

/// Which submissions are listed. The default is all of them.
#[derive(Debug, Clone, Default)]
pub struct SubmissionFilter {
    /// Only those of this sender.
    pub submitted_by: Option<String>,
    /// Only those received at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those received before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Only those with this label.
    pub label: Option<String>,
}

/// How many rows of a submission had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// No result had that key.
    pub created: u32,
    /// Another result had that key, and is superseded.
    pub superseded: u32,
    /// The same result existed already.
    pub unchanged: u32,
    /// They were rejected.
    pub rejected: u32,
}

/// The format in which results were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON body.
    Json,
    /// One JSON object on each line.
    Ndjson,
    /// One row for each result.
    Csv,
    /// A whole performance table, imported.
    Table,
}

/// What happens when rows are rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nothing is written.
    Atomic,
    /// The valid rows are written.
    Partial,
}

waymark_domain::named!(Format { Json = "json", Ndjson = "ndjson", Csv = "csv", Table = "table" });
waymark_domain::named!(Mode { Atomic = "atomic", Partial = "partial" });

/// A row that was rejected: as it was sent, so that it can be corrected and sent again, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its place in the submission, from 1.
    pub row: u32,
    /// The row as it was sent.
    pub content: serde_json::Value,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// A JSON pointer to the field, relative to the row.
    pub pointer: String,
    /// A stable word for machines.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectedDocument {
    content: serde_json::Value,
    faults: Vec<Fault>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = submissions, treat_none_as_default_value = false)]
struct Row {
    organisation_id: Id,
    id: Id,
    received_at: Instant,
    author: String,
    roles: String,
    request_id: String,
    format: String,
    mode: String,
    created: i64,
    superseded: i64,
    unchanged: i64,
    rejected: i64,
    label: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = rejected_rows, treat_none_as_default_value = false)]
struct NewRejectedRow {
    organisation_id: Id,
    submission_id: Id,
    row_number: i64,
    document: String,
}

/// The submission of that id.
///
/// # Errors
/// [`StoreError::Corrupt`] if it cannot be read.
pub fn find(
    connection: &mut Connection,
    organisation: Uuid,
    id: Uuid,
) -> Result<Option<Submission>, StoreError> {
    let row: Option<Row> = submissions::table
        .find((Id(organisation), Id(id)))
        .select(Row::as_select())
        .first(connection)
        .optional()?;
    row.map(Row::read).transpose()
}

/// The completed submissions of an organisation, latest first, from the one before `before`, at most `limit`. Those that were
/// queued are also listed by [`crate::jobs::list`], under the same id and in every state.
///
/// # Errors
/// [`StoreError::Corrupt`] if one cannot be read.
pub fn list(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &SubmissionFilter,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Submission>, StoreError> {
    let mut query = submissions::table
        .filter(submissions::organisation_id.eq(Id(organisation)))
        .select(Row::as_select())
        .into_boxed();
    let SubmissionFilter { submitted_by, from, to, label } = filter;
    if let Some(id) = before {
        query = query.filter(submissions::id.lt(Id(id)));
    }
    if let Some(author) = submitted_by {
        query = query.filter(submissions::author.eq(author));
    }
    if let Some(from) = from {
        query = query.filter(submissions::received_at.ge(Instant::from(*from)));
    }
    if let Some(to) = to {
        query = query.filter(submissions::received_at.lt(Instant::from(*to)));
    }
    if let Some(label) = label {
        query = query.filter(submissions::label.eq(label));
    }
    let rows: Vec<Row> = query.order(submissions::id.desc()).limit(limit).load(connection)?;
    rows.into_iter().map(Row::read).collect()
}

/// The ids of the submissions that an organisation received after this one, in no order; `None` if there are more than
/// `most`, or if it did not receive this one.
///
/// # Errors
/// [`StoreError::Unavailable`] if the database does not respond.
pub fn since(
    connection: &mut Connection,
    organisation: Uuid,
    id: Uuid,
    most: u32,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    let received = submissions::table.filter(submissions::organisation_id.eq(Id(organisation)));
    let this = received.filter(submissions::id.eq(Id(id))).select(submissions::received_at);
    let Some(moment) = this.first::<Instant>(connection).optional()? else { return Ok(None) };
    let later: Vec<Id> = received
        .filter(submissions::received_at.gt(moment))
        .select(submissions::id)
        .limit(i64::from(most) + 1)
        .load(connection)?;
    let are_few = later.len() as u64 <= u64::from(most);
    Ok(are_few.then(|| later.into_iter().map(|id| id.0).collect()))
}

/// The rejected rows of a submission in their order, from the one after `after`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] if one cannot be read.
pub fn rejected(
    connection: &mut Connection,
    organisation: Uuid,
    submission: Uuid,
    after: Option<u32>,
    limit: i64,
) -> Result<Vec<RejectedRow>, StoreError> {
    let rows: Vec<(i64, String)> = rejected_rows::table
        .filter(rejected_rows::organisation_id.eq(Id(organisation)))
        .filter(rejected_rows::submission_id.eq(Id(submission)))
        .filter(rejected_rows::row_number.gt(after.map_or(-1, i64::from)))
        .order(rejected_rows::row_number)
        .limit(limit)
        .select((rejected_rows::row_number, rejected_rows::document))
        .load(connection)?;
    rows.into_iter().map(|(row, text)| rejected_row(row, &text)).collect()
}

/// A rejected row as it is stored.
pub(crate) fn rejected_document(row: &RejectedRow) -> Result<String, StoreError> {
    let RejectedRow { row: _, content, faults } = row;
    to_document(KIND, &RejectedDocument { content: content.clone(), faults: faults.clone() })
}

/// A rejected row from its stored document.
pub(crate) fn rejected_row(row: i64, document: &str) -> Result<RejectedRow, StoreError> {
    let RejectedDocument { content, faults } = from_document(KIND, document)?;
    Ok(RejectedRow { row: count(row)?, content, faults })
}

/// Allows the rows of a submission to be stored before the submission itself, whose counts are known last. It must exist
/// at the end of the transaction.
pub(crate) fn defer_keys(connection: &mut Connection) -> Result<(), StoreError> {
    match connection {
        // Its constraints are declared so.
        Connection::Postgres(_) => Ok(()),
        Connection::Sqlite(sqlite) => Ok(sqlite.batch_execute("PRAGMA defer_foreign_keys = ON")?),
    }
}

/// Stores a submission. Writing results does so: [`crate::results::Writing`].
pub(crate) fn add(
    connection: &mut Connection,
    submission: &Submission,
    change: &Change,
) -> Result<(), StoreError> {
    diesel::insert_into(submissions::table).values(Row::of(submission, change)).execute(connection)?;
    Ok(())
}

/// Stores rejected rows of a submission.
pub(crate) fn reject(
    connection: &mut Connection,
    submission: &Submission,
    rejected: &[RejectedRow],
) -> Result<(), StoreError> {
    let rows: Vec<NewRejectedRow> =
        rejected.iter().map(|row| NewRejectedRow::of(submission, row)).collect::<Result<_, _>>()?;
    match connection {
        Connection::Postgres(postgres) => {
            for batch in rows.chunks(BATCH) {
                diesel::insert_into(rejected_rows::table).values(batch).execute(postgres)?;
            }
        }
        Connection::Sqlite(sqlite) => {
            for row in &rows {
                diesel::insert_into(rejected_rows::table).values(row).execute(sqlite)?;
            }
        }
    }
    Ok(())
}

impl NewRejectedRow {
    fn of(submission: &Submission, row: &RejectedRow) -> Result<Self, StoreError> {
        Ok(Self {
            organisation_id: Id(submission.organisation),
            submission_id: Id(submission.id),
            row_number: i64::from(row.row),
            document: rejected_document(row)?,
        })
    }
}

impl Row {
    fn of(submission: &Submission, change: &Change) -> Self {
        let Submission { id, organisation, received_at, author, format, mode, label, counts } = submission;
        let Counts { created, superseded, unchanged, rejected } = *counts;
        Self {
            organisation_id: Id(*organisation),
            id: Id(*id),
            received_at: (*received_at).into(),
            author: author.clone(),
            roles: change.roles.clone(),
            request_id: change.request_id.clone(),
            format: format.name().to_owned(),
            mode: mode.name().to_owned(),
            created: created.into(),
            superseded: superseded.into(),
            unchanged: unchanged.into(),
            rejected: rejected.into(),
            label: label.clone(),
        }
    }

    fn read(self) -> Result<Submission, StoreError> {
        Ok(Submission {
            id: self.id.0,
            organisation: self.organisation_id.0,
            received_at: self.received_at.into(),
            author: self.author,
            format: Format::from_name(&self.format).ok_or_else(|| corrupt("its format has no such name"))?,
            mode: Mode::from_name(&self.mode).ok_or_else(|| corrupt("its mode has no such name"))?,
            label: self.label,
            counts: Counts {
                created: count(self.created)?,
                superseded: count(self.superseded)?,
                unchanged: count(self.unchanged)?,
                rejected: count(self.rejected)?,
            },
        })
    }
}

fn count(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| corrupt("a count is out of range"))
}

fn corrupt(detail: &str) -> StoreError {
    StoreError::Corrupt { what: KIND, detail: detail.to_owned() }
}
