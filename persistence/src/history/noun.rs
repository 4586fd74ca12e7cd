//! What every noun with a history has in common: its revisions hold its content, stored as its document.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::history::document::Stored;
use crate::history::revision;
use crate::history::revision::{Change, Subject, Versioned};
use crate::{Connection, StoreError};

/// Content that is stored as a document and has revisions.
pub trait Noun: Clone {
    /// The noun, as the trail names it: `commitment`.
    const KIND: &'static str;
    /// The form in which its content is stored.
    type Document: Serialize + DeserializeOwned + Stored<Self>;
}

/// Stores the next revision of something whose current revision is `expected` (0 where it is new).
///
/// # Errors
/// [`StoreError::Stale`] where another revision is current.
pub(crate) fn append<T: Noun>(
    connection: &mut Connection,
    organisation: Uuid,
    id: Uuid,
    expected: i64,
    content: &T,
    change: &Change,
) -> Result<Versioned<T>, StoreError> {
    let subject = Subject { id, organisation, kind: T::KIND };
    let added = revision::append(connection, subject, expected, change, &T::Document::store(content))?;
    Ok(added.map(|()| content.clone()))
}

/// The current revisions of many things by their ids, or those that were current at `known_at`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub(crate) fn current_of_many<T: Noun>(
    connection: &mut Connection,
    ids: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<HashMap<Uuid, Versioned<T>>, StoreError> {
    let current = revision::current_of_many::<T::Document>(connection, T::KIND, ids, known_at)?;
    Ok(current.into_iter().map(|(id, revision)| (id, revision.map(Stored::restore))).collect())
}

/// The revisions of one thing below `before` (all where it is none), newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub(crate) fn history<T: Noun>(
    connection: &mut Connection,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Versioned<T>>, StoreError> {
    let revisions = revision::history::<T::Document>(connection, T::KIND, id, before, limit)?;
    Ok(revisions.into_iter().map(|revision| revision.map(Stored::restore)).collect())
}

/// The revisions of many things that were recorded by `known_at` (all where it is none), each thing's in their order.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub(crate) fn history_of_many<T: Noun>(
    connection: &mut Connection,
    ids: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Versioned<T>>, StoreError> {
    let revisions = revision::history_of_many::<T::Document>(connection, T::KIND, ids, known_at)?;
    Ok(revisions.into_iter().map(|revision| revision.map(Stored::restore)).collect())
}
