//! How ids, instants and documents are written down, the same in both engines:
//! an id as its 16 bytes, an instant as whole microseconds since 1970 in UTC, a document as JSON text.

use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Binary};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::{NoContext, Timestamp, Uuid};

use crate::StoreError;

/// A new UUIDv7 whose time part is `now`.
pub fn new_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}

/// New UUIDv7s whose time part is `now`, one after the other: in order they are stored fastest, and only the first one
/// costs a call of the system for its chance part.
pub(crate) fn new_ids(now: DateTime<Utc>) -> impl Iterator<Item = Uuid> {
    /// The bits that say nothing but chance: behind version and variant.
    const CHANCE: u128 = (1 << 62) - 1;
    let first = new_id(now).as_u128();
    let next = move |place: u128| (first & !CHANCE) | (first.wrapping_add(place) & CHANCE);
    (0..).map(move |place| Uuid::from_u128(next(place)))
}

/// A UUID in a column: 16 bytes, which sort as the UUID does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub(crate) struct Id(pub(crate) Uuid);

impl From<Uuid> for Id {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl<DB: Backend> ToSql<Binary, DB> for Id
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_bytes().as_slice().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for Id
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = Vec::<u8>::from_sql(bytes)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

/// An instant in a column: microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub(crate) struct Instant(i64);

impl Instant {
    /// The moment by which something must have been known: the end of time where none is asked for.
    pub(crate) fn by(known_at: Option<DateTime<Utc>>) -> Self {
        known_at.map_or(Self(i64::MAX), Self::from)
    }

    /// Microseconds since 1970.
    pub(crate) fn micros(self) -> i64 {
        self.0
    }

    /// The next instant that can be distinguished from this one.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_micros())
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(instant: Instant) -> Self {
        // Only a value that no clock gave lies outside chrono's range.
        Self::from_timestamp_micros(instant.0).unwrap_or(Self::MAX_UTC)
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Instant
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Instant
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(i64::from_sql(bytes)?))
    }
}

/// Writes a document as JSON text.
pub(crate) fn to_document<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt { what, detail: error.to_string() })
}

/// Reads a document back; one that does not fit its type is [`StoreError::Corrupt`].
pub(crate) fn from_document<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt { what, detail: error.to_string() })
}
