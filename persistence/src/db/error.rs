//! Failures of both engines as one error type, translated in one place.
//!
//! Diesel classifies what PostgreSQL reports by SQLSTATE and SQLite by its extended result code as a
//! [`DatabaseErrorKind`]. It gives out neither code itself, so the failures that it does not classify are recognised by
//! their message: here and nowhere else ([`UNCLASSIFIED`]). Which unique constraint was violated is not asked: distributed
//! PostgreSQL does not report its name, and the statement at hand knows ([`StoreError::on_conflict`]).

use diesel::result::{DatabaseErrorKind, Error};

/// What can go wrong when something is read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something with this name exists already, for example `organisation code`.
    #[error("this {0} is taken")]
    Conflict(&'static str),
    /// Another transaction changed it first: the expected revision or claim no longer holds.
    #[error("another request changed it in the meantime")]
    Stale,
    /// What should be changed does not exist.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// The database cannot be reached or is too busy; trying again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database's address cannot be used; the sentence says why.
    #[error("{0}")]
    Address(String),
    /// What is stored cannot be understood.
    #[error("the stored {what} cannot be read: {detail}")]
    Corrupt {
        /// The kind of entity, for example `measure`.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// Any other failure of the database.
    #[error("the database rejected the statement: {0}")]
    Query(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Two transactions wait for each other, and PostgreSQL gives this one up (SQLSTATE 40P01).
const DEADLOCK: &str = "deadlock detected";

/// Passing failures that Diesel reports as [`DatabaseErrorKind::Unknown`]: the SQLSTATE or result code, and a part of the
/// message that no other failure has. PostgreSQL's words are those of English `lc_messages`; SQLite has no others.
const UNCLASSIFIED: [(&str, &str); 7] = [
    ("40P01", DEADLOCK),
    // lock_not_available: `lock_timeout` has passed.
    ("55P03", "lock timeout"),
    // query_canceled: a `statement_timeout` of the server or of the role has passed.
    ("57014", "statement timeout"),
    // admin_shutdown: the connection can still look open when this arrives.
    ("57P01", "terminating connection"),
    // Another process writes for longer than `busy_timeout`.
    ("SQLITE_BUSY", "database is locked"),
    // Another connection of this process holds the table.
    ("SQLITE_LOCKED", "database table is locked"),
    // No space is left on the volume of the database.
    ("SQLITE_FULL", "disk is full"),
];

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let (kind, message) = match &error {
            Error::DatabaseError(kind, information) => (kind, information.message()),
            Error::BrokenTransactionManager | Error::RollbackErrorOnCommit { .. } => {
                return Self::Unavailable(error.to_string());
            }
            _ => return Self::Query(Box::new(error)),
        };
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::Conflict("key"),
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure => Self::Unavailable(message.to_owned()),
            DatabaseErrorKind::Unknown if is_passing(message) => Self::Unavailable(message.to_owned()),
            _ => Self::Query(Box::new(error)),
        }
    }
}

fn is_passing(message: &str) -> bool {
    UNCLASSIFIED.iter().any(|(_, words)| message.contains(words))
}

impl StoreError {
    /// The same failure, with a violated unique constraint as what it means to the statement that failed.
    pub(crate) fn on_conflict(self, meaning: Self) -> Self {
        match self {
            Self::Conflict(_) => meaning,
            other => other,
        }
    }

    /// Whether PostgreSQL gave the transaction up because it and another one waited for each other.
    pub(crate) fn is_deadlock(&self) -> bool {
        matches!(self, Self::Unavailable(message) if message.contains(DEADLOCK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: DatabaseErrorKind, message: &str) -> StoreError {
        Error::DatabaseError(kind, Box::new(message.to_owned())).into()
    }

    #[test]
    fn a_violated_unique_constraint_means_what_the_statement_says() {
        let taken = || failure(DatabaseErrorKind::UniqueViolation, "any words of any engine");
        let taken_code = taken().on_conflict(StoreError::Conflict("plan code"));
        assert!(matches!(taken_code, StoreError::Conflict("plan code")), "{taken_code:?}");
        let same_revision = taken().on_conflict(StoreError::Stale);
        assert!(matches!(same_revision, StoreError::Stale), "{same_revision:?}");
        let other = failure(DatabaseErrorKind::NotNullViolation, "null").on_conflict(StoreError::Stale);
        assert!(matches!(other, StoreError::Query(_)), "{other:?}");
    }

    #[test]
    fn passing_failures_are_worth_another_try_and_others_are_not() {
        for (code, message) in &UNCLASSIFIED {
            let error = failure(DatabaseErrorKind::Unknown, &format!("ERROR: {message}"));
            assert!(matches!(error, StoreError::Unavailable(_)), "{code}: {error:?}");
            assert_eq!(error.is_deadlock(), *code == "40P01");
        }
        let lost = failure(DatabaseErrorKind::ClosedConnection, "server closed the connection");
        assert!(matches!(lost, StoreError::Unavailable(_)), "{lost:?}");
        let syntax = failure(DatabaseErrorKind::Unknown, "syntax error at or near \"SELEC\"");
        assert!(matches!(syntax, StoreError::Query(_)), "{syntax:?}");
    }
}
