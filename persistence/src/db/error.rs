//! How a failure of either engine is told: one error type, translated in one place.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

/// What can go wrong when something is read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something with this name is there already, for example `organisation code`.
    #[error("this {0} is taken")]
    Conflict(&'static str),
    /// Somebody else changed it first: the expected revision or claim no longer holds.
    #[error("it was changed by somebody else in the meantime")]
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
        /// The kind of record, for example `measure`.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// Any other failure of the database.
    #[error("the database refused: {0}")]
    Query(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A unique constraint, as each engine names it in its error, and the conflict that it means.
struct Unique {
    postgres: &'static str,
    sqlite: &'static str,
    conflict: &'static str,
}

const UNIQUE: [Unique; 7] = [
    Unique { postgres: "clients_name", sqlite: "clients.name", conflict: "client name" },
    Unique { postgres: "organisations_code", sqlite: "organisations.code", conflict: "organisation code" },
    Unique {
        postgres: "indicators_code",
        sqlite: "indicators.organisation_id, indicators.code",
        conflict: "indicator code",
    },
    Unique { postgres: "plans_code", sqlite: "plans.organisation_id, plans.code", conflict: "plan code" },
    Unique { postgres: "measures_code", sqlite: "measures.plan_id, measures.code", conflict: "measure code" },
    Unique {
        postgres: "plan_items_key",
        sqlite: "plan_items.organisation_id, plan_items.plan_id, plan_items.kind, plan_items.item_key",
        conflict: "key",
    },
    Unique {
        postgres: "results_current",
        sqlite: "results.organisation_id, results.indicator_id, results.period, results.breakdown, results.component",
        conflict: "result",
    },
];

/// Two changes made from the same revision: the key of `revisions`, as each engine names it.
const SAME_REVISION: (&str, &str) = ("revisions_key", "revisions.entity_id, revisions.revision");

/// How PostgreSQL tells that two transactions wait for each other, and that this one is given up.
pub(crate) const DEADLOCK: &str = "deadlock detected";

/// SQLite and PostgreSQL tell these only by their message.
const BUSY: [&str; 7] = [
    "database is locked",
    "database table is locked",
    "disk is full",
    DEADLOCK,
    "lock timeout",
    "statement timeout",
    "terminating connection",
];

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(kind, information) => {
                told_by_engine(kind, information.as_ref()).unwrap_or_else(|| Self::Query(Box::new(error)))
            }
            Error::BrokenTransactionManager | Error::RollbackErrorOnCommit { .. } => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Query(Box::new(error)),
        }
    }
}

fn told_by_engine(
    kind: &DatabaseErrorKind,
    information: &(dyn DatabaseErrorInformation + Send + Sync),
) -> Option<StoreError> {
    let message = information.message();
    match kind {
        DatabaseErrorKind::UniqueViolation => conflict(information.constraint_name(), message),
        DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::SerializationFailure => Some(StoreError::Unavailable(message.to_owned())),
        _ if BUSY.iter().any(|words| message.contains(words)) => {
            Some(StoreError::Unavailable(message.to_owned()))
        }
        _ => None,
    }
}

/// PostgreSQL names the constraint; SQLite lists its columns at the end of its message.
fn conflict(constraint: Option<&str>, message: &str) -> Option<StoreError> {
    let constraint = constraint.map(of_whole_table);
    let columns = message.strip_prefix("UNIQUE constraint failed: ");
    if constraint == Some(SAME_REVISION.0) || columns == Some(SAME_REVISION.1) {
        return Some(StoreError::Stale);
    }
    UNIQUE
        .iter()
        .find(|unique| constraint == Some(unique.postgres) || columns == Some(unique.sqlite))
        .map(|unique| StoreError::Conflict(unique.conflict))
}

/// A partition's constraint is called after that of the whole table: `results_current_p7`.
fn of_whole_table(constraint: &str) -> &str {
    match constraint.rsplit_once("_p") {
        Some((whole, part)) if part.parse::<u8>().is_ok() => whole,
        _ => constraint,
    }
}
