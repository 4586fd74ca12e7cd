//! Opens the database by its address, migrates it, and runs work in transactions.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{Pool, PooledConnection};
use diesel::result::{DatabaseErrorKind, Error};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::db::connection::{Access, Address, Log, Opener, Session};
use crate::replication::position;
use crate::replication::position::Position;
use crate::replication::replica::{Needs, Reads, ReplicaState, Replicas};
use crate::versions::{Committed, Watch};
use crate::{Connection, StoreError};

const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// How long a caller waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database of either engine. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    opener: Opener,
    readers: Pool<Opener>,
    /// In SQLite one connection, because writers that wait in line are faster than writers that
    /// wait on each other's locks; in PostgreSQL the same pool as the readers.
    writers: Pool<Opener>,
    replicas: Arc<Replicas>,
}

impl Store {
    /// Opens a database. `postgres://...` or `postgresql://...` names a server, `sqlite:path` a file
    /// that is created where it is missing, and a bare path a file that must exist.
    /// `pool_size` is the most connections for reading (and, in PostgreSQL, for writing).
    ///
    /// # Errors
    /// [`StoreError::Address`] for an address of no known form or a missing file,
    /// [`StoreError::Unavailable`] where the database does not answer in five seconds.
    pub fn open(url: &str, pool_size: u32) -> Result<Self, StoreError> {
        let address = address(url)?;
        let readers = pool_size.max(1);
        match address {
            Address::Postgres(_) => {
                let opener = Opener { address, access: Access::Write };
                let pool = pool(opener.clone(), readers)?;
                Ok(Self { opener, readers: pool.clone(), writers: pool, replicas: Arc::default() })
            }
            Address::Sqlite(_) => Ok(Self {
                // The writer first: it makes the file, and turns its write-ahead log on.
                writers: pool(Opener { address: address.clone(), access: Access::Write }, 1)?,
                readers: pool(Opener { address: address.clone(), access: Access::Read }, readers)?,
                opener: Opener { address, access: Access::Read },
                replicas: Arc::default(),
            }),
        }
    }

    /// The same database with read replicas, the streaming standbys of a PostgreSQL server: each with as many
    /// connections as the pool has, and read from only while it is no further behind than `max_lag`. A replica that
    /// does not answer is tried again until it does.
    ///
    /// # Errors
    /// [`StoreError::Address`] where this is SQLite, or an address is none of PostgreSQL.
    pub fn with_replicas(self, urls: &[String], max_lag: Duration) -> Result<Self, StoreError> {
        if urls.is_empty() {
            return Ok(self);
        }
        let is_postgres = |url: &&String| matches!(address(url), Ok(Address::Postgres(_)));
        if urls.iter().filter(is_postgres).count() < urls.len() {
            return Err(StoreError::Address(
                "each address of a replica must begin with `postgres://` or `postgresql://`".into(),
            ));
        }
        if self.peek(|connection| Ok(matches!(connection, Connection::Sqlite(_))))? {
            return Err(StoreError::Address("a database of SQLite has no replicas".into()));
        }
        let connections = self.readers.max_size();
        let replicas = Arc::new(Replicas::new(&self.readers, urls.to_vec(), connections, max_lag));
        Ok(Self { replicas, ..self })
    }

    /// Brings the schema up to date. Several processes may do so at once: one works, the others wait.
    ///
    /// # Errors
    /// [`StoreError::Query`] where a migration fails: nothing of it is left.
    pub fn migrate(&self) -> Result<(), StoreError> {
        self.write(|connection| {
            let done = match connection {
                Connection::Postgres(postgres) => {
                    // Any constant will do, as long as all instances use the same. However long it takes.
                    postgres.batch_execute(
                        "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(7216494417)",
                    )?;
                    postgres.run_pending_migrations(POSTGRES_MIGRATIONS)
                }
                Connection::Sqlite(sqlite) => sqlite.run_pending_migrations(SQLITE_MIGRATIONS),
            };
            done.map(drop).map_err(StoreError::Query)
        })
    }

    /// Runs `work` in a transaction that sees one snapshot of the present and may not write.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError::Unavailable`].
    pub fn read<T, E>(&self, work: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        run(&self.readers, Access::Read, work)
    }

    /// The same, at a replica where one has what the work needs. What fails there is done again at the primary, so the
    /// work may be done twice.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError::Unavailable`].
    pub fn read_where<T, E>(
        &self,
        needs: &Needs,
        work: impl FnOnce(&mut Connection) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        match self.replicas.read(needs, &work) {
            Some(done) => done,
            None => self.read(work),
        }
    }

    /// Runs `work` in one transaction: committed durably where it succeeds, rolled back where it fails. Once this is
    /// done, no reader depends on versions that were current before: see [`crate::versions::VERSION_MAX_AGE`].
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError::Unavailable`].
    pub fn write<T, E>(&self, work: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        self.write_and(work, |done| done)
    }

    /// The same, with something to do once it is committed that takes its time.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError::Unavailable`].
    pub fn write_and<T, U, E>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
        afterwards: impl FnOnce(T) -> U,
    ) -> Result<U, E>
    where
        E: From<StoreError>,
    {
        Committed::begin();
        let done = run(&self.writers, Access::Write, work)?;
        let committed = Committed::now();
        let done = afterwards(done);
        committed.settle();
        Ok(done)
    }

    /// Runs one short query by itself, without a transaction around it.
    ///
    /// # Errors
    /// Those of `query`, and [`StoreError::Unavailable`].
    pub fn peek<T>(&self, query: impl Fn(&mut Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut tries_left = self.readers.max_size();
        loop {
            let mut session: PooledConnection<Opener> =
                self.readers.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
            match session.ask(&query) {
                // An idle connection may have died; nothing was changed on it, so the next one is asked.
                Err(StoreError::Unavailable(_)) if tries_left > 0 && session.is_broken() => tries_left -= 1,
                answer => return answer,
            }
        }
    }

    /// Asks for versions, on a connection of its own.
    pub fn watch(&self) -> Watch {
        Watch::new(self.opener.clone())
    }

    /// A position that what was committed before lies behind; none without replicas, where no one needs it. One
    /// more short query.
    pub fn position(&self) -> Option<Position> {
        if self.replicas.is_empty() {
            return None;
        }
        Some(self.peek(position::current).unwrap_or(Position::PRIMARY))
    }

    /// What is known of the replicas, in the order of their addresses.
    pub fn replicas(&self) -> Vec<ReplicaState> {
        self.replicas.states()
    }

    /// How many reads were done where, of those that a replica might do.
    pub fn reads(&self) -> Reads {
        self.replicas.reads()
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where it gives none.
    pub fn ping(&self) -> Result<(), StoreError> {
        self.read(|connection| connection.batch_execute("SELECT 1").map_err(StoreError::from))
    }
}

fn address(url: &str) -> Result<Address, StoreError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Address::Postgres(url.to_owned()));
    }
    // The address may hold a password, so no message repeats more of it than the scheme or the path.
    let named = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    match named {
        Some("") => Err(StoreError::Address("the database address names no file after `sqlite:`".into())),
        Some(path) if path.contains(":memory:") => {
            Err(StoreError::Address("a database in memory cannot be shared by several connections".into()))
        }
        Some(path) => match Path::new(path).parent() {
            Some(directory) if !directory.as_os_str().is_empty() && !directory.is_dir() => {
                Err(StoreError::Address(format!(
                    "there is no directory `{}` for the database file",
                    directory.display()
                )))
            }
            _ => Ok(Address::Sqlite(path.to_owned())),
        },
        None => match url.split_once("://") {
            Some((scheme, _)) => Err(StoreError::Address(format!(
                "the database address begins with `{scheme}://`; it must be `postgres://...` or `sqlite:path`"
            ))),
            None if Path::new(url).is_file() => Ok(Address::Sqlite(url.to_owned())),
            None => Err(StoreError::Address(format!(
                "there is no database file `{url}`; write `sqlite:{url}` to create it"
            ))),
        },
    }
}

fn pool(opener: Opener, size: u32) -> Result<Pool<Opener>, StoreError> {
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .connection_timeout(PATIENCE)
        // A test at each checkout costs a third of the reads; `begin` finds a dead connection as well.
        .test_on_check_out(false)
        .error_handler(Box::new(Log))
        .build(opener)
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn run<T, E>(
    pool: &Pool<Opener>,
    access: Access,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StoreError>,
{
    let mut session = begin(pool, access)?;
    match work(&mut session.connection) {
        Ok(value) => {
            session.commit().map_err(StoreError::from)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = session.roll_back() {
                tracing::warn!(error = %rollback, "a transaction could not be rolled back");
            }
            Err(error)
        }
    }
}

/// A connection in a fresh transaction. Where the server was restarted, idle connections are dead:
/// nothing has been done on them yet, so each is dropped and the next is tried.
fn begin(pool: &Pool<Opener>, access: Access) -> Result<PooledConnection<Opener>, StoreError> {
    let mut tries_left = pool.max_size();
    loop {
        let mut session: PooledConnection<Opener> =
            pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        match Session::begin(&mut session, access) {
            Ok(()) => return Ok(session),
            Err(error) if tries_left > 0 && is_closed(&error) => tries_left -= 1,
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_closed(error: &Error) -> bool {
    matches!(
        error,
        Error::BrokenTransactionManager
            | Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _
            )
    )
}
