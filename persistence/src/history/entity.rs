//! Entities with a code (organisations, indicators, plans, measures): one repository for all of them. A noun adds its
//! table's queries by [`Coded`]; [`repository!`] writes its public functions.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use uuid::Uuid;
use waymark_domain::code::Code;

use crate::db::types::{Id, Instant};
use crate::history::noun;
use crate::history::noun::Noun;
use crate::history::revision::{Change, Versioned};
use crate::{Connection, StoreError};

/// Something that belongs to an organisation, has a code, and has a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<T> {
    /// The organisation that it belongs to (an organisation's own id for an organisation).
    pub organisation: Uuid,
    /// Its code, which never changes.
    pub code: Code,
    /// Its content at one of its revisions.
    pub versioned: Versioned<T>,
}

/// An entity without its content: its id, what it belongs to, and its code.
pub(crate) type Identity<P> = (Id, P, String);

/// Which entities of a scope to list, in the order of their codes.
pub(crate) struct Slice<'a> {
    /// Only those behind this code.
    pub(crate) after: Option<&'a Code>,
    /// At most so many.
    pub(crate) limit: i64,
    /// Only those that were known at this moment.
    pub(crate) known_at: Option<Instant>,
}

/// A noun with a code, and the queries of its table.
pub(crate) trait Coded: Noun {
    /// What a code that is taken is called in [`StoreError::Conflict`].
    const CODE: &'static str;
    /// What an entity belongs to, as its table stores it.
    type Place;
    /// That within which its code is unique.
    type Scope<'a>;
    /// An entity with its content.
    type Entity;

    /// The organisation that the entity belongs to.
    fn organisation(place: &Self::Place) -> Uuid;

    /// The entity with its content.
    fn entity(place: Self::Place, code: Code, versioned: Versioned<Self>) -> Self::Entity;

    /// Inserts the row of a new entity.
    fn insert(connection: &mut Connection, id: Id, place: &Self::Place, code: &str) -> QueryResult<usize>;

    /// The entity of that code.
    fn of_code(
        connection: &mut Connection,
        scope: Self::Scope<'_>,
        code: &str,
    ) -> QueryResult<Vec<Identity<Self::Place>>>;

    /// The entities of a slice.
    fn in_order(
        connection: &mut Connection,
        scope: Self::Scope<'_>,
        slice: Slice<'_>,
    ) -> QueryResult<Vec<Identity<Self::Place>>>;
}

/// Creates an entity.
///
/// # Errors
/// [`StoreError::Conflict`] ([`Coded::CODE`]) where the code is taken.
pub(crate) fn create<T: Coded>(
    connection: &mut Connection,
    id: Uuid,
    place: T::Place,
    code: &Code,
    content: &T,
    change: &Change,
) -> Result<T::Entity, StoreError> {
    // The row has one unique key beside its id: the code.
    T::insert(connection, Id(id), &place, code.as_str())
        .map_err(|error| StoreError::from(error).on_conflict(StoreError::Conflict(T::CODE)))?;
    let versioned = noun::append(connection, T::organisation(&place), id, 0, content, change)?;
    Ok(T::entity(place, code.clone(), versioned))
}

/// The entity of that code, as it is or as it was known at a moment.
///
/// # Errors
/// [`StoreError::Corrupt`] where its document cannot be read.
pub(crate) fn find<T: Coded>(
    connection: &mut Connection,
    scope: T::Scope<'_>,
    code: &Code,
    known_at: Option<DateTime<Utc>>,
) -> Result<Option<T::Entity>, StoreError> {
    let identities = T::of_code(connection, scope, code.as_str())?;
    Ok(read::<T>(connection, identities, known_at)?.into_iter().next())
}

/// The entities of a scope in the order of their codes, from the one after `after`, at most `limit`.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document cannot be read.
pub(crate) fn list<T: Coded>(
    connection: &mut Connection,
    scope: T::Scope<'_>,
    after: Option<&Code>,
    limit: i64,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<T::Entity>, StoreError> {
    let slice = Slice { after, limit, known_at: known_at.map(Instant::from) };
    let identities = T::in_order(connection, scope, slice)?;
    read::<T>(connection, identities, known_at)
}

/// The content of each, in the order given; those of which nothing was known by then are left out.
///
/// # Errors
/// [`StoreError::Corrupt`] where a document or a code cannot be read.
pub(crate) fn read<T: Coded>(
    connection: &mut Connection,
    identities: Vec<Identity<T::Place>>,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<T::Entity>, StoreError> {
    let ids: Vec<Uuid> = identities.iter().map(|(id, ..)| id.0).collect();
    let mut current = noun::current_of_many::<T>(connection, &ids, known_at)?;
    let mut entities = Vec::with_capacity(identities.len());
    for (id, place, text) in identities {
        if let Some(versioned) = current.remove(&id.0) {
            entities.push(T::entity(place, code(T::KIND, text)?, versioned));
        }
    }
    Ok(entities)
}

/// A stored code; one that breaks the rule of codes is [`StoreError::Corrupt`].
pub(crate) fn code(what: &'static str, text: String) -> Result<Code, StoreError> {
    Code::new(text).map_err(|error| StoreError::Corrupt { what, detail: error.to_string() })
}

/// [`Coded`] for a table of `(id, organisation_id, code)`, whose entities are [`Record`]s.
macro_rules! of_organisation {
    ($noun:ty, $table:ident, $code:literal) => {
        /// The columns of an [`Identity`].
        const IDENTITY: ($table::id, $table::organisation_id, $table::code) =
            ($table::id, $table::organisation_id, $table::code);

        impl $crate::history::entity::Coded for $noun {
            const CODE: &'static str = $code;
            type Place = Id;
            type Scope<'a> = Uuid;
            type Entity = Record<Self>;

            fn organisation(place: &Id) -> Uuid {
                place.0
            }

            fn entity(place: Id, code: Code, versioned: Versioned<Self>) -> Record<Self> {
                Record { organisation: place.0, code, versioned }
            }

            fn insert(connection: &mut Connection, id: Id, place: &Id, code: &str) -> QueryResult<usize> {
                diesel::insert_into($table::table)
                    .values(($table::id.eq(id), $table::organisation_id.eq(place), $table::code.eq(code)))
                    .execute(connection)
            }

            fn of_code(
                connection: &mut Connection,
                organisation: Uuid,
                code: &str,
            ) -> QueryResult<Vec<Identity<Id>>> {
                $table::table
                    .filter($table::organisation_id.eq(Id(organisation)))
                    .filter($table::code.eq(code))
                    .select(IDENTITY)
                    .load(connection)
            }

            fn in_order(
                connection: &mut Connection,
                organisation: Uuid,
                slice: Slice<'_>,
            ) -> QueryResult<Vec<Identity<Id>>> {
                let mut query = $table::table
                    .filter($table::organisation_id.eq(Id(organisation)))
                    .select(IDENTITY)
                    .into_boxed();
                if let Some(moment) = slice.known_at {
                    query = query.filter($table::id.eq_any(known_by(Self::KIND, moment)));
                }
                if let Some(code) = slice.after {
                    query = query.filter($table::code.gt(code.as_str()));
                }
                query.order($table::code).limit(slice.limit).load(connection)
            }
        }
    };
}
pub(crate) use of_organisation;

/// The public functions of a noun whose code is unique in a scope.
macro_rules! repository {
    ($noun:ty, $entity:ty, $place:ty, $scope:ident) => {
        /// Creates one.
        ///
        /// # Errors
        /// [`StoreError::Conflict`] where the code is taken.
        pub fn create(
            connection: &mut Connection,
            place: $place,
            code: &Code,
            content: &$noun,
            change: &Change,
        ) -> Result<$entity, StoreError> {
            entity::create(
                connection,
                new_id(change.at),
                <$noun as Coded>::Place::from(place),
                code,
                content,
                change,
            )
        }

        /// Replaces the content of the one whose current revision is `expected`.
        ///
        /// # Errors
        /// [`StoreError::Stale`] where another revision is current.
        pub fn update(
            connection: &mut Connection,
            organisation: Uuid,
            id: Uuid,
            expected: i64,
            content: &$noun,
            change: &Change,
        ) -> Result<Versioned<$noun>, StoreError> {
            noun::append(connection, organisation, id, expected, content, change)
        }

        /// The one of that code, as it is or as it was known at a moment.
        ///
        /// # Errors
        /// [`StoreError::Corrupt`] where its document cannot be read.
        pub fn find(
            connection: &mut Connection,
            $scope: Uuid,
            code: &Code,
            known_at: Option<DateTime<Utc>>,
        ) -> Result<Option<$entity>, StoreError> {
            entity::find::<$noun>(connection, $scope, code, known_at)
        }

        /// All in the order of their codes, from the one after `after`, at most `limit`.
        ///
        /// # Errors
        /// [`StoreError::Corrupt`] where a document cannot be read.
        pub fn list(
            connection: &mut Connection,
            $scope: Uuid,
            after: Option<&Code>,
            limit: i64,
            known_at: Option<DateTime<Utc>>,
        ) -> Result<Vec<$entity>, StoreError> {
            entity::list::<$noun>(connection, $scope, after, limit, known_at)
        }

        /// The revisions of one below `before` (all where it is none), newest first, at most `limit`.
        ///
        /// # Errors
        /// [`StoreError::Corrupt`] where a document cannot be read.
        pub fn history(
            connection: &mut Connection,
            id: Uuid,
            before: Option<i64>,
            limit: i64,
        ) -> Result<Vec<Versioned<$noun>>, StoreError> {
            noun::history(connection, id, before, limit)
        }
    };
}
pub(crate) use repository;
