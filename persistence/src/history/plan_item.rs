//! What is decided and reported in a plan (proposals, trackers, commitments, notices, ...): every kind is kept,
//! found, listed and followed through its revisions in the same way, so this is written once for all.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::plan_items;
use crate::db::types::Id;
use crate::history::noun;
use crate::history::noun::Noun;
use crate::history::revision::{Change, Versioned};
use crate::{Connection, StoreError, new_id};

/// A noun whose things belong to a plan, each under a key.
pub trait PlanItem: Noun {
    /// What a key that is taken is called in [`StoreError::Conflict`]: `commitment code`.
    const KEY: &'static str;
}

/// The plan that something belongs to, and its organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanPlace {
    /// The organisation of the plan.
    pub organisation: Uuid,
    /// The plan.
    pub plan: Uuid,
}

/// Something of a plan, under its key, at one of its revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed<T> {
    /// What it belongs to.
    pub place: PlanPlace,
    /// Its key, unique among those of its kind in the plan; it never changes.
    pub key: String,
    /// Its content.
    pub versioned: Versioned<T>,
}

/// Files something new under a key; under its own id where it has none.
///
/// # Errors
/// [`StoreError::Conflict`] ([`PlanItem::KEY`]) where the key is taken.
pub fn create<T: PlanItem>(
    connection: &mut Connection,
    place: PlanPlace,
    key: Option<&str>,
    content: &T,
    change: &Change,
) -> Result<Filed<T>, StoreError> {
    let id = new_id(change.at);
    let key = key.map_or_else(|| id.to_string(), str::to_owned);
    let row = (
        plan_items::organisation_id.eq(Id(place.organisation)),
        plan_items::id.eq(Id(id)),
        plan_items::plan_id.eq(Id(place.plan)),
        plan_items::kind.eq(T::KIND),
        plan_items::item_key.eq(&key),
    );
    // The row has one unique key beside its id: this one.
    diesel::insert_into(plan_items::table)
        .values(row)
        .execute(connection)
        .map_err(|error| StoreError::from(error).on_conflict(StoreError::Conflict(T::KEY)))?;
    append(connection, place, key, id, 0, content, change)
}

/// Replaces the content of something, from the revision that was read.
///
/// # Errors
/// [`StoreError::Stale`] where another revision is current.
pub fn update<T: PlanItem>(
    connection: &mut Connection,
    read: &Filed<T>,
    content: &T,
    change: &Change,
) -> Result<Filed<T>, StoreError> {
    let Versioned { id, revision, .. } = read.versioned;
    append(connection, read.place, read.key.clone(), id, revision, content, change)
}

fn append<T: PlanItem>(
    connection: &mut Connection,
    place: PlanPlace,
    key: String,
    id: Uuid,
    expected: i64,
    content: &T,
    change: &Change,
) -> Result<Filed<T>, StoreError> {
    let versioned = noun::append(connection, place.organisation, id, expected, content, change)?;
    Ok(Filed { place, key, versioned })
}

/// What is filed under the key, as it is or as it was known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where its document cannot be read.
pub fn find<T: PlanItem>(
    connection: &mut Connection,
    place: PlanPlace,
    key: &str,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<Filed<T>>, StoreError> {
    let rows: Vec<(Id, String)> = of_kind::<T>(place)
        .filter(plan_items::item_key.eq(key))
        .select((plan_items::id, plan_items::item_key))
        .load(connection)?;
    Ok(read(connection, place, rows, known_at)?.into_iter().next())
}

/// All of a kind in a plan, in the order of their keys, as they are or as they were known at a moment.
/// Where the key is the id, that is the order in which they were filed.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn all<T: PlanItem>(
    connection: &mut Connection,
    place: PlanPlace,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Filed<T>>, StoreError> {
    let rows: Vec<(Id, String)> = of_kind::<T>(place)
        .order(plan_items::item_key)
        .select((plan_items::id, plan_items::item_key))
        .load(connection)?;
    read(connection, place, rows, known_at)
}

/// The revisions of something below `before` (all where it is none), newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history<T: PlanItem>(
    connection: &mut Connection,
    id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Versioned<T>>, StoreError> {
    noun::history(connection, id, before, limit)
}

/// The revisions of some things that were there at a moment (all where it is none), each thing's in their order.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub fn history_of_many<T: PlanItem>(
    connection: &mut Connection,
    ids: &[Uuid],
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Versioned<T>>, StoreError> {
    noun::history_of_many(connection, ids, known_at)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_kind<T: PlanItem>(place: PlanPlace) -> _ {
    let organisation: Id = Id(place.organisation);
    let plan: Id = Id(place.plan);
    let kind: &'static str = T::KIND;
    plan_items::table
        .filter(plan_items::organisation_id.eq(organisation))
        .filter(plan_items::plan_id.eq(plan))
        .filter(plan_items::kind.eq(kind))
}

fn read<T: PlanItem>(
    connection: &mut Connection,
    place: PlanPlace,
    rows: Vec<(Id, String)>,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Filed<T>>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|(id, _)| id.0).collect();
    let mut current = noun::current_of_many(connection, &ids, known_at)?;
    let filed = rows.into_iter().filter_map(|(id, key)| {
        let versioned = current.remove(&id.0)?;
        Some(Filed { place, key, versioned })
    });
    Ok(filed.collect())
}
