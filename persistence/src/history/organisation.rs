//! Organisations: created, changed, found by code, listed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;

use crate::db::schema::organisations;
use crate::db::types::Id;
use crate::history::document::OrganisationDocument;
use crate::history::entity::{Identity, Record, read};
use crate::history::revision;
use crate::history::revision::{Change, Subject, Versioned};
use crate::{Connection, StoreError, locks, new_id};

const KIND: &str = "organisation";

const IDENTITY: (organisations::id, organisations::id, organisations::code) =
    (organisations::id, organisations::id, organisations::code);

/// Creates an organisation.
///
/// # Errors
/// [`StoreError::Conflict`] (`organisation code`) where the code is taken.
pub fn create(
    connection: &mut Connection,
    code: &Code,
    content: &Organisation,
    change: &Change,
) -> Result<Record<Organisation>, StoreError> {
    let id = new_id(change.at);
    diesel::insert_into(organisations::table)
        .values((organisations::id.eq(Id(id)), organisations::code.eq(code.as_str())))
        .execute(connection)?;
    let versioned = update(connection, id, 0, content, change)?;
    Ok(Record { organisation: id, code: code.clone(), versioned })
}

/// Replaces what is said of an organisation whose current revision is `expected`.
///
/// # Errors
/// [`StoreError::Stale`] where another revision is current.
pub fn update(
    connection: &mut Connection,
    id: Uuid,
    expected: i64,
    content: &Organisation,
    change: &Change,
) -> Result<Versioned<Organisation>, StoreError> {
    let subject = Subject { id, organisation: id, kind: KIND };
    let document = OrganisationDocument::from(content);
    let added = revision::append(connection, subject, expected, change, &document)?;
    Ok(added.map(|()| content.clone()))
}

/// The organisation of that code, as it is or as it was known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where its document cannot be read.
pub fn find(
    connection: &mut Connection,
    code: &Code,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<Record<Organisation>>, StoreError> {
    let identities: Vec<Identity> = organisations::table
        .filter(organisations::code.eq(code.as_str()))
        .select(IDENTITY)
        .load(connection)?;
    let found = read::<OrganisationDocument, _>(connection, KIND, identities, known_at)?;
    Ok(found.into_iter().next())
}

/// Organisations in the order of their codes, from the one after `after`, at most `limit`;
/// only those of the codes `among`, where it is given.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn list(
    connection: &mut Connection,
    among: Option<&[Code]>,
    after: Option<&Code>,
    limit: i64,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Organisation>>, StoreError> {
    let mut query = organisations::table.select(IDENTITY).into_boxed();
    if let Some(moment) = known_at {
        query = query.filter(organisations::id.eq_any(revision::known_by(KIND, moment.into())));
    }
    if let Some(codes) = among {
        query = query.filter(organisations::code.eq_any(codes.iter().map(Code::as_str)));
    }
    if let Some(code) = after {
        query = query.filter(organisations::code.gt(code.as_str()));
    }
    let identities: Vec<Identity> = query.order(organisations::code).limit(limit).load(connection)?;
    read::<OrganisationDocument, _>(connection, KIND, identities, known_at)
}

/// Waits until no other transaction changes anything of the organisation, and keeps others waiting until this
/// one ends.
///
/// # Errors
/// [`StoreError::Missing`] where there is no such organisation, [`StoreError::Unavailable`] after five seconds.
pub fn lock(connection: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    locks::take(connection, id).map(drop)
}

/// The revisions of an organisation below `before` (all where it is none), newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history(
    connection: &mut Connection,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Versioned<Organisation>>, StoreError> {
    let revisions = revision::history::<OrganisationDocument>(connection, KIND, id, before, limit)?;
    Ok(revisions.into_iter().map(|revision| revision.map(Organisation::from)).collect())
}
