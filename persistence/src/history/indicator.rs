//! Indicators: created, changed, found by code, listed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::Indicator;

use crate::db::schema::indicators;
use crate::db::types::Id;
use crate::history::document::IndicatorDocument;
use crate::history::entity::{Identity, Record, read};
use crate::history::revision;
use crate::history::revision::{BATCH, Change, Subject, Versioned};
use crate::{Connection, StoreError, new_id};

const KIND: &str = "indicator";

const IDENTITY: (indicators::id, indicators::organisation_id, indicators::code) =
    (indicators::id, indicators::organisation_id, indicators::code);

/// Creates an indicator of an organisation.
///
/// # Errors
/// [`StoreError::Conflict`] (`indicator code`) where the organisation has an indicator of that code.
pub fn create(
    connection: &mut Connection,
    organisation: Uuid,
    code: &Code,
    content: &Indicator,
    change: &Change,
) -> Result<Record<Indicator>, StoreError> {
    let id = new_id(change.at);
    diesel::insert_into(indicators::table)
        .values((
            indicators::id.eq(Id(id)),
            indicators::organisation_id.eq(Id(organisation)),
            indicators::code.eq(code.as_str()),
        ))
        .execute(connection)?;
    let versioned = update(connection, organisation, id, 0, content, change)?;
    Ok(Record { organisation, code: code.clone(), versioned })
}

/// Replaces what is said of an indicator whose current revision is `expected`.
///
/// # Errors
/// [`StoreError::Stale`] where another revision is current.
pub fn update(
    connection: &mut Connection,
    organisation: Uuid,
    id: Uuid,
    expected: i64,
    content: &Indicator,
    change: &Change,
) -> Result<Versioned<Indicator>, StoreError> {
    let subject = Subject { id, organisation, kind: KIND };
    let document = IndicatorDocument::from(content);
    let added = revision::append(connection, subject, expected, change, &document)?;
    Ok(added.map(|()| content.clone()))
}

/// The indicator of that code, as it is or as it was known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where its document cannot be read.
pub fn find(
    connection: &mut Connection,
    organisation: Uuid,
    code: &Code,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<Record<Indicator>>, StoreError> {
    let identities: Vec<Identity> = indicators::table
        .filter(indicators::organisation_id.eq(Id(organisation)))
        .filter(indicators::code.eq(code.as_str()))
        .select(IDENTITY)
        .load(connection)?;
    let found = read::<IndicatorDocument, _>(connection, KIND, identities, known_at)?;
    Ok(found.into_iter().next())
}

/// The indicators of those codes that any of the organisations has, in no particular order: a push or an
/// import names them by the hundred.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn find_many(
    connection: &mut Connection,
    organisations: &[Uuid],
    codes: &[Code],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Indicator>>, StoreError> {
    let mut identities: Vec<Identity> = Vec::with_capacity(codes.len());
    for batch in codes.chunks(BATCH) {
        let found: Vec<Identity> = indicators::table
            .filter(indicators::organisation_id.eq_any(organisations.iter().copied().map(Id)))
            .filter(indicators::code.eq_any(batch.iter().map(Code::as_str)))
            .select(IDENTITY)
            .load(connection)?;
        identities.extend(found);
    }
    read::<IndicatorDocument, _>(connection, KIND, identities, known_at)
}

/// The indicators of those ids, in no particular order; ids that nothing has are left out.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn of_ids(
    connection: &mut Connection,
    ids: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Indicator>>, StoreError> {
    let mut identities: Vec<Identity> = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let found: Vec<Identity> = indicators::table
            .filter(indicators::id.eq_any(batch.iter().copied().map(Id)))
            .select(IDENTITY)
            .load(connection)?;
        identities.extend(found);
    }
    read::<IndicatorDocument, _>(connection, KIND, identities, known_at)
}
/// The indicators of an organisation in the order of their codes, from the one after `after`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn list(
    connection: &mut Connection,
    organisation: Uuid,
    after: Option<&Code>,
    limit: i64,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<Indicator>>, StoreError> {
    let mut query = indicators::table
        .filter(indicators::organisation_id.eq(Id(organisation)))
        .select(IDENTITY)
        .into_boxed();
    if let Some(moment) = known_at {
        query = query.filter(indicators::id.eq_any(revision::known_by(KIND, moment.into())));
    }
    if let Some(code) = after {
        query = query.filter(indicators::code.gt(code.as_str()));
    }
    let identities: Vec<Identity> = query.order(indicators::code).limit(limit).load(connection)?;
    read::<IndicatorDocument, _>(connection, KIND, identities, known_at)
}

/// The revisions of an indicator below `before` (all where it is none), newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history(
    connection: &mut Connection,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Versioned<Indicator>>, StoreError> {
    let revisions = revision::history::<IndicatorDocument>(connection, KIND, id, before, limit)?;
    Ok(revisions.into_iter().map(|revision| revision.map(Indicator::from)).collect())
}
