//! One connection of either engine, how it is opened, and how the pool knows that it is broken.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{HandleError, ManageConnection};
use diesel::result::QueryResult;
use diesel::{Connection as _, ConnectionError, ConnectionResult, PgConnection, SqliteConnection};

use crate::StoreError;
use crate::db::slow_query_log::SlowQueryLog;

// The derive writes items that no doc comment can reach.
#[allow(missing_docs, unreachable_pub)]
mod either {
    use diesel::{PgConnection, SqliteConnection};

    /// A connection to PostgreSQL or to SQLite, inside a transaction.
    #[derive(diesel::MultiConnection)]
    pub enum EitherConnection {
        /// PostgreSQL.
        Postgres(PgConnection),
        /// SQLite.
        Sqlite(SqliteConnection),
    }
}

// The derive's code needs the name `Connection` for Diesel's trait.
pub use either::EitherConnection as Connection;
pub(crate) use either::MultiBackend;

/// Which engine, and where.
#[derive(Debug, Clone)]
pub(crate) enum Address {
    /// A `postgres://` URL.
    Postgres(String),
    /// A path of a file.
    Sqlite(String),
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Wait this long for another writer, then say that the database is busy.
const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON;";
/// A plan that is made for any organisation cannot know which partition it will read, nor that an index gives its rows in
/// order: before the tables have statistics, PostgreSQL took such plans, and read and sorted all of an organisation's
/// results for each one that it was asked for. To plan again costs some hundredths of a millisecond.
const POSTGRES: &str = "SET lock_timeout = '5s'; SET plan_cache_mode = force_custom_plan";

/// A pooled connection, and whether it failed in a way that makes it useless.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    broken: bool,
}

impl Session {
    /// Starts a transaction: for reading one snapshot, for writing (in SQLite) the one writer.
    pub(crate) fn begin(&mut self, access: Access) -> QueryResult<()> {
        let begun = match (&mut self.connection, access) {
            (Connection::Postgres(connection), Access::Read) => {
                AnsiTransactionManager::begin_transaction_sql(
                    connection,
                    "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                )
            }
            (Connection::Postgres(connection), Access::Write) => {
                AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN")
            }
            (Connection::Sqlite(connection), Access::Read) => {
                AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN DEFERRED")
            }
            (Connection::Sqlite(connection), Access::Write) => {
                AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
            }
        };
        self.note(begun)
    }

    /// Runs a query that needs no transaction. After a failure the connection is not used again.
    pub(crate) fn ask<T>(
        &mut self,
        query: impl Fn(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let answer = query(&mut self.connection);
        self.broken |= answer.is_err();
        answer
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    pub(crate) fn commit(&mut self) -> QueryResult<()> {
        let committed = match &mut self.connection {
            // After a failed statement PostgreSQL answers COMMIT with a rollback and no error: work that went on after a
            // failure would seem to be kept. Any other statement fails visibly, and of statements that are sent together
            // none is run after one that fails. The transaction manager sees by itself that the transaction has ended.
            Connection::Postgres(connection) => connection.batch_execute("SELECT 1; COMMIT"),
            Connection::Sqlite(connection) => {
                <SqliteConnection as diesel::Connection>::TransactionManager::commit_transaction(connection)
            }
        };
        self.note(committed)
    }

    pub(crate) fn roll_back(&mut self) -> QueryResult<()> {
        let rolled_back = <Connection as diesel::Connection>::TransactionManager::rollback_transaction(
            &mut self.connection,
        );
        self.note(rolled_back)
    }

    /// A connection that cannot begin, commit or roll back is not used again.
    fn note(&mut self, result: QueryResult<()>) -> QueryResult<()> {
        self.broken |= result.is_err();
        result
    }
}

/// A network that swallows everything is noticed within seconds and not within minutes.
const NOTICE_SILENCE: [(&str, &str); 4] = [
    ("connect_timeout", "2"),
    ("tcp_user_timeout", "3000"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "1"),
];

/// The address with limits to the waiting, where it sets none itself.
pub(crate) fn impatient(url: &str) -> String {
    let mut separator = if url.contains('?') { '&' } else { '?' };
    let mut url = url.to_owned();
    for (name, value) in NOTICE_SILENCE {
        if !url.contains(&format!("{name}=")) {
            url.push_str(&format!("{separator}{name}={value}"));
            separator = '&';
        }
    }
    url
}

/// Opens connections for a pool.
#[derive(Debug, Clone)]
pub(crate) struct Opener {
    pub(crate) address: Address,
    pub(crate) access: Access,
}

impl Opener {
    /// A connection for one short statement that is sent again and again: planned once, and given up soon where no
    /// server answers.
    pub(crate) fn watch(&self) -> Result<Session, StoreError> {
        let address = match &self.address {
            Address::Postgres(url) => Address::Postgres(impatient(url)),
            Address::Sqlite(path) => Address::Sqlite(path.clone()),
        };
        let opener = Self { address, access: Access::Read };
        let unavailable = |error: ConnectionError| StoreError::Unavailable(error.to_string());
        let mut session = opener.connect().map_err(unavailable)?;
        if let Connection::Postgres(connection) = &mut session.connection {
            connection.batch_execute("SET plan_cache_mode = force_generic_plan")?;
        }
        Ok(session)
    }

    fn open(&self) -> ConnectionResult<Connection> {
        // Not through the derived `establish`: that tries each engine in turn, and a PostgreSQL
        // that is down would leave an empty SQLite file behind.
        match &self.address {
            Address::Postgres(url) => {
                let mut connection = PgConnection::establish(url)?;
                connection.set_instrumentation(SlowQueryLog::default());
                connection.batch_execute(POSTGRES).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Connection::Postgres(connection))
            }
            Address::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                connection.set_instrumentation(SlowQueryLog::default());
                connection.batch_execute(SQLITE).map_err(ConnectionError::CouldntSetupConfiguration)?;
                if self.access == Access::Read {
                    connection
                        .batch_execute("PRAGMA query_only = ON")
                        .map_err(ConnectionError::CouldntSetupConfiguration)?;
                }
                Ok(Connection::Sqlite(connection))
            }
        }
    }
}

impl ManageConnection for Opener {
    type Connection = Session;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Session, ConnectionError> {
        self.open().map(|connection| Session { connection, broken: false })
    }

    fn is_valid(&self, session: &mut Session) -> Result<(), ConnectionError> {
        session.connection.batch_execute("SELECT 1").map_err(ConnectionError::CouldntSetupConfiguration)
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        // An open transaction here means that the work panicked.
        session.broken
            || <Connection as diesel::Connection>::TransactionManager::is_broken_transaction_manager(
                &mut session.connection,
            )
    }
}

/// Logs connections that could not be opened; the caller gets `Unavailable`.
#[derive(Debug)]
pub(crate) struct Log;

impl HandleError<ConnectionError> for Log {
    fn handle_error(&self, error: ConnectionError) {
        tracing::warn!(%error, "a database connection could not be opened");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_address_says_of_waiting_counts() {
        assert_eq!(
            impatient("postgres://u@h/d"),
            "postgres://u@h/d?connect_timeout=2&tcp_user_timeout=3000&keepalives_idle=5&keepalives_interval=1"
        );
        assert_eq!(
            impatient("postgres://u@h/d?connect_timeout=9&tcp_user_timeout=1"),
            "postgres://u@h/d?connect_timeout=9&tcp_user_timeout=1&keepalives_idle=5&keepalives_interval=1"
        );
    }
}
