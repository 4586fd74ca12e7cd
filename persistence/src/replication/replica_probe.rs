//! Watches one replica from a thread of its own: whether it answers, whose it is, and how far it is behind.

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool};
use diesel::sql_types::{BigInt, Bool, Double, Nullable, Text};

use crate::db::connection::{Opener, Session};
use crate::replication::lag::Written;
use crate::replication::replica::{Known, ReplicaState, Standing};
use crate::{Connection, StoreError};

/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// The thread that watches; it ends with this.
pub(crate) struct Probe {
    _alive: Sender<Infallible>,
}

struct Watch {
    number: usize,
    primary: Pool<Opener>,
    opener: Opener,
    max_lag: Duration,
    known: Known,
    session: Option<Session>,
    written: Written,
    /// Which database the primary is, once it is known.
    database: Option<String>,
}

/// Both servers tell this. The identifier is the same for a primary and its physical replicas, and for no others.
const IDENTITY: &str =
    "SELECT system_identifier || '/' || current_database() AS database FROM pg_control_system()";
/// What is flushed can be sent to a replica.
const PRIMARY: &str = "SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::int8 AS place";
const REPLICA: &str = "SELECT pg_is_in_recovery() AS standby, (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::int8 AS place, \
    extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 AS age";

#[derive(QueryableByName)]
struct Identity {
    #[diesel(sql_type = Text)]
    database: String,
}

#[derive(QueryableByName)]
struct AtPrimary {
    #[diesel(sql_type = BigInt)]
    place: i64,
}

#[derive(QueryableByName)]
struct AtReplica {
    #[diesel(sql_type = Bool)]
    standby: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    place: Option<i64>,
    #[diesel(sql_type = Nullable<Double>)]
    age: Option<f64>,
}

impl Probe {
    /// Looks once, so that a replica that is there serves from the beginning, and then again and again.
    pub(crate) fn start(
        number: usize,
        primary: Pool<Opener>,
        opener: Opener,
        max_lag: Duration,
        known: Known,
    ) -> Self {
        let mut watch = Watch {
            number,
            primary,
            opener,
            max_lag,
            known,
            session: None,
            written: Written::default(),
            database: None,
        };
        watch.look();
        let (alive, ended) = channel();
        thread::spawn(move || watch.go_on(&ended));
        Self { _alive: alive }
    }
}

impl Watch {
    fn go_on(mut self, ended: &Receiver<Infallible>) {
        while matches!(ended.recv_timeout(PAUSE), Err(RecvTimeoutError::Timeout)) {
            self.look();
        }
    }

    fn look(&mut self) {
        // The primary first: what it has written by then is what the replica should have.
        let looked = Instant::now();
        match self.ask_primary() {
            Ok(place) => self.written.note(looked, place),
            // How far the replica is behind is then measured against what was known last.
            Err(error) => tracing::debug!(%error, "the primary could not be asked how far it is"),
        }
        let state = self.judge().unwrap_or_else(|error| {
            self.session = None;
            tracing::debug!(replica = self.number, %error, "a read replica does not answer");
            ReplicaState::UNREACHABLE
        });
        let before = self.known.set(state).standing;
        match (before, state.standing) {
            (before, now) if before == now => {}
            (_, Standing::Serving) => tracing::info!(replica = self.number, "a read replica serves"),
            (_, now) => tracing::warn!(replica = self.number, "a read replica is not read from: {now:?}"),
        }
    }

    fn ask_primary(&mut self) -> Result<u64, StoreError> {
        let mut session = self.primary.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        if self.database.is_none() {
            self.database = Some(session.ask(identity)?);
        }
        let at_primary: AtPrimary = session.ask(|connection| single_row(connection, PRIMARY))?;
        Ok(at_primary.place.unsigned_abs())
    }

    fn judge(&mut self) -> Result<ReplicaState, StoreError> {
        let mut session = match self.session.take() {
            Some(session) => session,
            None => self.opener.connect().map_err(|error| StoreError::Unavailable(error.to_string()))?,
        };
        let theirs = session.ask(identity)?;
        let at_replica: AtReplica = session.ask(|connection| single_row(connection, REPLICA))?;
        self.session = Some(session);
        let AtReplica { standby, place, age } = at_replica;
        let (true, Some(ours), Some(replayed)) = (standby, &self.database, place) else {
            return Ok(ReplicaState { standing: Standing::Foreign, lag: None });
        };
        if *ours != theirs {
            return Ok(ReplicaState { standing: Standing::Foreign, lag: None });
        }
        // The clocks of two machines differ: an age below nothing is none.
        let age = age.map(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX));
        let lag = self.written.lag(Instant::now(), replayed.unsigned_abs(), age);
        let standing = match lag.time {
            Some(time) if time <= self.max_lag => Standing::Serving,
            _ => Standing::Lagging,
        };
        Ok(ReplicaState { standing, lag: Some(lag) })
    }
}

fn identity(connection: &mut Connection) -> Result<String, StoreError> {
    let Identity { database } = single_row(connection, IDENTITY)?;
    Ok(database)
}

/// The one row of a query that only PostgreSQL knows.
fn single_row<T>(connection: &mut Connection, query: &str) -> Result<T, StoreError>
where
    T: QueryableByName<diesel::pg::Pg> + 'static,
{
    match connection {
        Connection::Postgres(postgres) => Ok(diesel::sql_query(query).get_result(postgres)?),
        Connection::Sqlite(_) => Err(StoreError::Address("SQLite has no replicas".into())),
    }
}
