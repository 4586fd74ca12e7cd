//! Organisations: created, changed, found by code, listed.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::prelude::*;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;

use crate::db::schema::organisations;
use crate::db::types::Id;
use crate::history::entity::{Coded, Identity, Record, Slice};
use crate::history::noun::Noun;
use crate::history::revision::{Change, Versioned, known_by};
use crate::history::{entity, noun};
use crate::{Connection, StoreError, locks, new_id};

const IDENTITY: (organisations::id, organisations::id, organisations::code) =
    (organisations::id, organisations::id, organisations::code);

/// An organisation belongs to itself, and its code is unique among all, or among those of the codes in the scope.
impl Coded for Organisation {
    const CODE: &'static str = "organisation code";
    type Place = Id;
    type Scope<'a> = Option<&'a [Code]>;
    type Entity = Record<Self>;

    fn organisation(place: &Id) -> Uuid {
        place.0
    }

    fn entity(place: Id, code: Code, versioned: Versioned<Self>) -> Record<Self> {
        Record { organisation: place.0, code, versioned }
    }

    fn insert(connection: &mut Connection, id: Id, _: &Id, code: &str) -> QueryResult<usize> {
        diesel::insert_into(organisations::table)
            .values((organisations::id.eq(id), organisations::code.eq(code)))
            .execute(connection)
    }

    fn of_code(
        connection: &mut Connection,
        _: Self::Scope<'_>,
        code: &str,
    ) -> QueryResult<Vec<Identity<Id>>> {
        organisations::table.filter(organisations::code.eq(code)).select(IDENTITY).load(connection)
    }

    fn in_order(
        connection: &mut Connection,
        among: Self::Scope<'_>,
        slice: Slice<'_>,
    ) -> QueryResult<Vec<Identity<Id>>> {
        let mut query = organisations::table.select(IDENTITY).into_boxed();
        if let Some(moment) = slice.known_at {
            query = query.filter(organisations::id.eq_any(known_by(Self::KIND, moment)));
        }
        if let Some(codes) = among {
            query = query.filter(organisations::code.eq_any(codes.iter().map(Code::as_str)));
        }
        if let Some(code) = slice.after {
            query = query.filter(organisations::code.gt(code.as_str()));
        }
        query.order(organisations::code).limit(slice.limit).load(connection)
    }
}

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
    entity::create(connection, id, Id(id), code, content, change)
}

/// Replaces the content of an organisation whose current revision is `expected`.
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
    noun::append(connection, id, id, expected, content, change)
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
    entity::find::<Organisation>(connection, None, code, known_at)
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
    entity::list::<Organisation>(connection, among, after, limit, known_at)
}

/// Locks the organisation: waits until no other transaction changes anything of it, and makes others wait until this
/// transaction ends.
///
/// # Errors
/// [`StoreError::Missing`] where there is no such organisation, [`StoreError::Unavailable`] after five seconds.
pub fn lock(connection: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    locks::lock(connection, id).map(drop)
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
    noun::history(connection, id, before, limit)
}
