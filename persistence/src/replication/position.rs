//! How far a PostgreSQL server has written: a place in its write-ahead log, which a replica reaches later.

use std::fmt;
use std::str::FromStr;

use diesel::pg::data_types::PgLsn;
use diesel::prelude::*;

use crate::{Connection, StoreError};

// The derive writes items that no doc comment can reach.
#[allow(missing_docs, unreachable_pub)]
mod functions {
    #[diesel::declare_sql_function]
    extern "SQL" {
        fn pg_current_wal_insert_lsn() -> diesel::pg::sql_types::PgLsn;
        fn pg_last_wal_replay_lsn() -> diesel::sql_types::Nullable<diesel::pg::sql_types::PgLsn>;
    }
}

/// A place in the write-ahead log: a server that has replayed it has all that was committed before it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(u64);

/// What is no [`Position`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("16 digits from 0 to 9 and a to f, as an answer carried them")]
pub struct NoPosition;

impl Position {
    /// The digits of its text.
    pub const DIGITS: usize = 16;

    /// Further than any replica has come: only the primary will do.
    pub(crate) const PRIMARY: Self = Self(u64::MAX);
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0digits$x}", self.0, digits = Self::DIGITS)
    }
}

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != Self::DIGITS || !text.bytes().all(is_digit) {
            return Err(NoPosition);
        }
        u64::from_str_radix(text, 16).map(Self).map_err(|_| NoPosition)
    }
}

/// Where the primary is now. Not what it has flushed: a commit that does not wait for the disk is behind that too.
pub(crate) fn current(connection: &mut Connection) -> Result<Position, StoreError> {
    match connection {
        Connection::Postgres(postgres) => {
            let PgLsn(place) = diesel::select(functions::pg_current_wal_insert_lsn()).get_result(postgres)?;
            Ok(Position(place))
        }
        // It has no replicas.
        Connection::Sqlite(_) => Ok(Position::PRIMARY),
    }
}

/// Whether a replica has come that far. To be asked before the snapshot is taken that is to hold it.
pub(crate) fn is_reached(connection: &mut Connection, position: Position) -> Result<bool, StoreError> {
    match connection {
        Connection::Postgres(postgres) => {
            let replayed: Option<PgLsn> =
                diesel::select(functions::pg_last_wal_replay_lsn()).get_result(postgres)?;
            Ok(replayed.is_some_and(|PgLsn(place)| Position(place) >= position))
        }
        Connection::Sqlite(_) => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_a_text_of_sixteen_digits() {
        let position: Position = "00000000016b3748".parse().unwrap();
        assert_eq!(position, Position(0x016b_3748));
        assert_eq!(position.to_string(), "00000000016b3748");
        assert!(position < Position::PRIMARY);
        for text in ["", "16b3748", "00000000016B3748", "0/16B3748", "+0000000016b3748", "00000000016b37480"]
        {
            assert_eq!(text.parse::<Position>(), Err(NoPosition), "{text}");
        }
    }
}
