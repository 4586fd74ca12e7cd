//! Plans: created, changed, found by code, listed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::plan::Plan;

use crate::db::schema::plans;
use crate::db::types::Id;
use crate::history::document::PlanDocument;
use crate::history::entity::{Identity, Record, read};
use crate::history::revision;
use crate::history::revision::{Change, Subject, Versioned};
use crate::{Connection, StoreError, new_id};

const KIND: &str = "plan";

const IDENTITY: (plans::id, plans::organisation_id, plans::code) =
    (plans::id, plans::organisation_id, plans::code);

/// Creates a plan of an organisation.
///
/// # Errors
/// [`StoreError::Conflict`] (`plan code`) where the organisation has a plan of that code.
pub fn create(
    connection: &mut Connection,
    organisation: Uuid,
    code: &Code,
    content: &Plan,
    change: &Change,
) -> Result<Record<Plan>, StoreError> {
    let id = new_id(change.at);
    diesel::insert_into(plans::table)
        .values((
            plans::id.eq(Id(id)),
            plans::organisation_id.eq(Id(organisation)),
            plans::code.eq(code.as_str()),
        ))
        .execute(connection)?;
    let versioned = update(connection, organisation, id, 0, content, change)?;
    Ok(Record { organisation, code: code.clone(), versioned })
}

/// Replaces what is said of a plan whose current revision is `expected`.
///
/// # Errors
/// [`StoreError::Stale`] where another revision is current.
pub fn update(
    connection: &mut Connection,
    organisation: Uuid,
    id: Uuid,
    expected: i64,
    content: &Plan,
    change: &Change,
) -> Result<Versioned<Plan>, StoreError> {
    let subject = Subject { id, organisation, kind: KIND };
    let document = PlanDocument::from(content);
    let added = revision::append(connection, subject, expected, change, &document)?;
    Ok(added.map(|()| content.clone()))
}

/// The plan of that code, as it is or as it was known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where its document cannot be read.
pub fn find(
    connection: &mut Connection,
    organisation: Uuid,
    code: &Code,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<Record<Plan>>, StoreError> {
    let identities: Vec<Identity> = plans::table
        .filter(plans::organisation_id.eq(Id(organisation)))
        .filter(plans::code.eq(code.as_str()))
        .select(IDENTITY)
        .load(connection)?;
    let found = read::<PlanDocument, _>(connection, KIND, identities, known_at)?;
    Ok(found.into_iter().next())
}
/// The plans of an organisation in the order of their codes, from the one after `after`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn list(
    connection: &mut Connection,
    organisation: Uuid,
    after: Option<&Code>,
    limit: i64,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Plan>>, StoreError> {
    let mut query =
        plans::table.filter(plans::organisation_id.eq(Id(organisation))).select(IDENTITY).into_boxed();
    if let Some(moment) = known_at {
        query = query.filter(plans::id.eq_any(revision::known_by(KIND, moment.into())));
    }
    if let Some(code) = after {
        query = query.filter(plans::code.gt(code.as_str()));
    }
    let identities: Vec<Identity> = query.order(plans::code).limit(limit).load(connection)?;
    read::<PlanDocument, _>(connection, KIND, identities, known_at)
}

/// The revisions of a plan below `before` (all where it is none), newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history(
    connection: &mut Connection,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Versioned<Plan>>, StoreError> {
    let revisions = revision::history::<PlanDocument>(connection, KIND, id, before, limit)?;
    Ok(revisions.into_iter().map(|revision| revision.map(Plan::from)).collect())
}
