//! The trail: every change of anything that belongs to an organisation, newest first. It is no record of its own but a
//! way of reading what is append-only anyway: revisions, judgements and submissions.

mod names;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::schema::{judgements, measures, plan_items, revisions, submissions};
use crate::db::types::{Id, Instant, from_document};
use crate::{Connection, StoreError};

/// The kind of a judgement's entry.
pub const JUDGEMENT: &str = "judgement";
/// The kind of a submission's entry.
pub const SUBMISSION: &str = "submission";

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct TrailEntry {
    /// Which change it is.
    pub key: TrailKey,
    /// The noun of what was changed: `plan`.
    pub kind: String,
    /// The code of the plan that it belongs to, where it belongs to one.
    pub plan: Option<String>,
    /// What people know it by: its code, or the code of the measure that a judgement is about.
    pub code: Option<String>,
    /// Who changed it.
    pub author: String,
    /// The roles that they had, in whichever organisation: `performance_officer:leicestershire reader:*`.
    pub roles: String,
    /// The request in which it was changed.
    pub request_id: String,
    /// What it said before; none where this is its first revision.
    pub before: Option<Value>,
    /// What it says from then on.
    pub after: Value,
}

/// When something became which of its revisions: the order of the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrailKey {
    /// When the change was recorded.
    pub recorded_at: DateTime<Utc>,
    /// What was changed.
    pub entity: Uuid,
    /// Its revision from then on; 1 of what never changes.
    pub revision: i64,
}

/// Which changes are wanted. The default wants all.
#[derive(Debug, Clone, Default)]
pub struct TrailFilter {
    /// Only those recorded at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those recorded before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only those of this author.
    pub author: Option<String>,
    /// Only those of this request.
    pub request_id: Option<String>,
    /// Only those of this thing.
    pub entity: Option<Uuid>,
    /// Only the one that made this revision.
    pub revision: Option<i64>,
    /// Only of this plan and of what belongs to it.
    pub plan: Option<Uuid>,
}

/// A change as it is found, before it is known what people call the thing.
struct Found {
    key: TrailKey,
    kind: String,
    author: String,
    roles: String,
    request_id: String,
    before: Option<String>,
    after: Value,
    /// The measure, of a judgement.
    measure: Option<Uuid>,
}

/// Narrows a query over one of the tables by what all three have.
macro_rules! narrowed {
    ($query:expr, $filter:expr, $before:expr, $table:ident, $time:ident, $id:ident) => {{
        let mut query = $query;
        if let Some(from) = $filter.from {
            query = query.filter($table::$time.ge(Instant::from(from)));
        }
        if let Some(to) = $filter.to {
            query = query.filter($table::$time.lt(Instant::from(to)));
        }
        if let Some(author) = &$filter.author {
            query = query.filter($table::author.eq(author));
        }
        if let Some(request) = &$filter.request_id {
            query = query.filter($table::request_id.eq(request));
        }
        if let Some(entity) = $filter.entity {
            query = query.filter($table::$id.eq(Id(entity)));
        }
        if let Some(key) = $before {
            query = query.filter($table::$time.le(Instant::from(key.recorded_at)));
        }
        query
    }};
}

/// The changes of what belongs to an organisation, newest first, from the one before `before`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document is no JSON.
pub fn list(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &TrailFilter,
    before: Option<TrailKey>,
    limit: i64,
) -> Result<Vec<TrailEntry>, StoreError> {
    let mut found = Vec::new();
    if filter.kind.as_deref() != Some(JUDGEMENT) {
        found.extend(of_revisions(connection, organisation, filter, before, limit)?);
    }
    if filter.has_first(JUDGEMENT) {
        found.extend(of_judgements(connection, organisation, filter, before, limit)?);
    }
    // A submission belongs to no plan, even where it came with the import of one.
    if filter.has(SUBMISSION) && filter.plan.is_none() {
        found.extend(of_submissions(connection, organisation, filter, before, limit)?);
    }
    found.sort_unstable_by_key(|change| std::cmp::Reverse(change.key));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    names::with_names(connection, organisation, found)
}

/// How many changes pass the filter; `plan` is not asked for.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn count(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &TrailFilter,
) -> Result<i64, StoreError> {
    let none: Option<TrailKey> = None;
    let own = Id(organisation);
    let query = revisions::table.filter(revisions::organisation_id.eq(own)).count().into_boxed();
    let changed: i64 =
        narrowed!(query, filter, none, revisions, recorded_at, entity_id).get_result(connection)?;
    let query = judgements::table.filter(judgements::organisation_id.eq(own)).count().into_boxed();
    let judged: i64 = narrowed!(query, filter, none, judgements, recorded_at, id).get_result(connection)?;
    let query = submissions::table.filter(submissions::organisation_id.eq(own)).count().into_boxed();
    let sent: i64 = narrowed!(query, filter, none, submissions, received_at, id).get_result(connection)?;
    Ok(changed + judged + sent)
}

impl TrailFilter {
    fn has(&self, kind: &str) -> bool {
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
    }

    /// Whether an entry of a kind that has no revisions can be wanted: each of them is at its first.
    fn has_first(&self, kind: &str) -> bool {
        self.has(kind) && self.revision.is_none_or(|revision| revision == 1)
    }
}

/// A revision as it is read, with the document of the revision before it.
type Revision = (Instant, Id, i64, String, String, String, String, String, Option<String>);

fn earlier_document() -> SqlLiteral<Nullable<Text>> {
    sql("(SELECT earlier.document FROM revisions earlier WHERE earlier.entity_id = revisions.entity_id \
         AND earlier.revision = revisions.revision - 1)")
}

fn of_revisions(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &TrailFilter,
    before: Option<TrailKey>,
    limit: i64,
) -> Result<Vec<Found>, StoreError> {
    let query = revisions::table
        .filter(revisions::organisation_id.eq(Id(organisation)))
        .select((
            revisions::recorded_at,
            revisions::entity_id,
            revisions::revision,
            revisions::kind,
            revisions::author,
            revisions::roles,
            revisions::request_id,
            revisions::document,
            earlier_document(),
        ))
        .into_boxed();
    let mut query = narrowed!(query, filter, before, revisions, recorded_at, entity_id);
    if let Some(kind) = &filter.kind {
        query = query.filter(revisions::kind.eq(kind));
    }
    if let Some(revision) = filter.revision {
        query = query.filter(revisions::revision.eq(revision));
    }
    if let Some(plan) = filter.plan {
        let of_measures = measures::table.filter(measures::plan_id.eq(Id(plan))).select(measures::id);
        let of_items = plan_items::table
            .filter(plan_items::organisation_id.eq(Id(organisation)))
            .filter(plan_items::plan_id.eq(Id(plan)))
            .select(plan_items::id);
        query = query.filter(
            revisions::entity_id
                .eq(Id(plan))
                .or(revisions::entity_id.eq_any(of_measures))
                .or(revisions::entity_id.eq_any(of_items)),
        );
    }
    if let Some(key) = before {
        query = query.filter(
            sql::<Bool>("(revisions.recorded_at, revisions.entity_id, revisions.revision) < (")
                .bind::<BigInt, _>(Instant::from(key.recorded_at))
                .sql(", ")
                .bind::<Binary, _>(Id(key.entity))
                .sql(", ")
                .bind::<BigInt, _>(key.revision)
                .sql(")"),
        );
    }
    let rows: Vec<Revision> = query
        .order((revisions::recorded_at.desc(), revisions::entity_id.desc(), revisions::revision.desc()))
        .limit(limit)
        .load(connection)?;
    rows.into_iter().map(found).collect()
}

fn found(revision: Revision) -> Result<Found, StoreError> {
    let (at, entity, revision, kind, author, roles, request_id, after, before) = revision;
    let key = TrailKey { recorded_at: at.into(), entity: entity.0, revision };
    let after = from_document("revision", &after)?;
    Ok(Found { key, kind, author, roles, request_id, before, after, measure: None })
}

fn of_judgements(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &TrailFilter,
    before: Option<TrailKey>,
    limit: i64,
) -> Result<Vec<Found>, StoreError> {
    let query = judgements::table
        .filter(judgements::organisation_id.eq(Id(organisation)))
        .select((
            judgements::recorded_at,
            judgements::id,
            judgements::measure_id,
            judgements::author,
            judgements::roles,
            judgements::request_id,
            judgements::document,
        ))
        .into_boxed();
    let mut query = narrowed!(query, filter, before, judgements, recorded_at, id);
    if let Some(plan) = filter.plan {
        let of_plan = measures::table.filter(measures::plan_id.eq(Id(plan))).select(measures::id);
        query = query.filter(judgements::measure_id.eq_any(of_plan));
    }
    if let Some(key) = before {
        query = query.filter(
            sql::<Bool>("(judgements.recorded_at, judgements.id) < (")
                .bind::<BigInt, _>(Instant::from(key.recorded_at))
                .sql(", ")
                .bind::<Binary, _>(Id(key.entity))
                .sql(")"),
        );
    }
    let rows: Vec<(Instant, Id, Id, String, String, String, String)> =
        query.order((judgements::recorded_at.desc(), judgements::id.desc())).limit(limit).load(connection)?;
    let found = rows.into_iter().map(|(at, id, measure, author, roles, request_id, document)| {
        Ok(Found {
            key: TrailKey { recorded_at: at.into(), entity: id.0, revision: 1 },
            kind: JUDGEMENT.to_owned(),
            author,
            roles,
            request_id,
            before: None,
            after: from_document(JUDGEMENT, &document)?,
            measure: Some(measure.0),
        })
    });
    found.collect()
}

fn of_submissions(
    connection: &mut Connection,
    organisation: Uuid,
    filter: &TrailFilter,
    before: Option<TrailKey>,
    limit: i64,
) -> Result<Vec<Found>, StoreError> {
    // A large push is in the trail since it was accepted.
    let revision =
        sql::<BigInt>("1 + (SELECT count(*) FROM revisions WHERE revisions.entity_id = submissions.id)");
    let query = submissions::table
        .filter(submissions::organisation_id.eq(Id(organisation)))
        .select((
            (submissions::received_at, submissions::id, revision),
            (submissions::author, submissions::roles, submissions::request_id),
            (submissions::format, submissions::mode),
            (submissions::created, submissions::superseded, submissions::unchanged, submissions::rejected),
        ))
        .into_boxed();
    let mut query = narrowed!(query, filter, before, submissions, received_at, id);
    if let Some(key) = before {
        query = query.filter(
            sql::<Bool>("(submissions.received_at, submissions.id) < (")
                .bind::<BigInt, _>(Instant::from(key.recorded_at))
                .sql(", ")
                .bind::<Binary, _>(Id(key.entity))
                .sql(")"),
        );
    }
    type Row = ((Instant, Id, i64), (String, String, String), (String, String), (i64, i64, i64, i64));
    let rows: Vec<Row> = query
        .order((submissions::received_at.desc(), submissions::id.desc()))
        .limit(limit)
        .load(connection)?;
    let found =
        rows.into_iter().map(|((at, id, revision), (author, roles, request_id), (format, mode), counts)| {
            let (created, superseded, unchanged, rejected) = counts;
            let after = json!({
                "format": format, "mode": mode, "created": created, "superseded": superseded,
                "unchanged": unchanged, "rejected": rejected,
            });
            let key = TrailKey { recorded_at: at.into(), entity: id.0, revision };
            let kind = SUBMISSION.to_owned();
            Found { key, kind, author, roles, request_id, before: None, after, measure: None }
        });
    Ok(found.filter(|found| filter.revision.is_none_or(|revision| revision == found.key.revision)).collect())
}
