//! Read replicas of a PostgreSQL primary: who may be read from now, and what becomes of a read that a replica cannot
//! answer. Such a read is done at the primary: only the operator notices.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use diesel::r2d2::{NopErrorHandler, Pool, PooledConnection};

use crate::db::connection::{Access, Address, Opener, Session, impatient};
use crate::replication::lag::Lag;
use crate::replication::position;
use crate::replication::position::Position;
use crate::replication::replica_probe::Probe;
use crate::{Connection, StoreError, versions};

/// How long a read waits for a free connection to a replica before it turns to the primary.
const PATIENCE: Duration = Duration::from_millis(250);
/// For how long what the probe has found counts. A server that takes what is sent and says nothing holds up the probe.
const COUNTS: Duration = Duration::from_secs(5);
/// How long an attempt to connect may take; attempts are repeated at half of it.
const CONNECTING: Duration = Duration::from_secs(2);
/// What a read depends on, and so from where it may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// What is there now: only the primary knows.
    Present,
    /// What a replica has that is not far behind.
    Recent,
    /// All that was written up to a position.
    Since(Position),
    /// Organisations, by code, at these versions or later.
    Versions(Vec<(String, i64)>),
}

/// Whether a replica is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Serving,
    /// It is further behind than is allowed.
    Lagging,
    /// It does not answer.
    Unreachable,
    /// It is no standby of the primary.
    Foreign,
}

/// What is known of a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplicaState {
    /// Whether it is read from.
    pub standing: Standing,
    /// How far it is behind; none where that could not be found out.
    pub lag: Option<Lag>,
}

impl ReplicaState {
    pub(crate) const UNREACHABLE: Self = Self { standing: Standing::Unreachable, lag: None };
}

/// How many reads were done where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reads {
    /// At the primary (or in the only database that there is).
    pub primary: u64,
    /// At a replica.
    pub replica: u64,
}

/// The replicas of a primary, if it has any.
#[derive(Default)]
pub(crate) struct Replicas {
    all: Vec<Replica>,
    turn: AtomicUsize,
    at_primary: AtomicU64,
    at_replica: AtomicU64,
}

impl Replicas {
    /// Takes up the replicas at these addresses. One that does not answer is tried again until it does.
    pub(crate) fn new(
        primary: &Pool<Opener>,
        addresses: Vec<String>,
        connections: u32,
        max_lag: Duration,
    ) -> Self {
        let numbered = (1..).zip(addresses);
        let all =
            numbered.map(|(number, url)| Replica::new(number, primary, &url, connections, max_lag)).collect();
        Self { all, ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(crate) fn states(&self) -> Vec<ReplicaState> {
        self.all.iter().map(|replica| replica.known.get()).collect()
    }

    pub(crate) fn reads(&self) -> Reads {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Reads { primary: of(&self.at_primary), replica: of(&self.at_replica) }
    }

    /// Does the work at a replica that has what it needs; none where only the primary will do.
    pub(crate) fn read<T, E>(
        &self,
        needs: &Needs,
        work: &(impl FnOnce(&mut Connection) -> Result<T, E> + Clone),
    ) -> Option<Result<T, E>> {
        let done = self.next(needs).and_then(|replica| replica.read(needs, work));
        let counter = if done.is_some() { &self.at_replica } else { &self.at_primary };
        counter.fetch_add(1, Ordering::Relaxed);
        done
    }

    /// Those that may be read from take turns.
    fn next(&self, needs: &Needs) -> Option<&Replica> {
        if self.all.is_empty() || *needs == Needs::Present {
            return None;
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.all.len();
        let (before, from) = self.all.split_at(turn);
        from.iter().chain(before).find(|replica| replica.known.get().standing == Standing::Serving)
    }
}

/// What is known of one replica, and since when, shared by its readers and its probe.
#[derive(Clone)]
pub(crate) struct Known(Arc<RwLock<(ReplicaState, Instant)>>);

impl Known {
    fn new() -> Self {
        Self(Arc::new(RwLock::new((ReplicaState::UNREACHABLE, Instant::now()))))
    }

    fn get(&self) -> ReplicaState {
        let (state, since) = *self.0.read().unwrap_or_else(PoisonError::into_inner);
        if since.elapsed() > COUNTS { ReplicaState::UNREACHABLE } else { state }
    }

    /// Gives what was known before.
    pub(crate) fn set(&self, state: ReplicaState) -> ReplicaState {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *known, (state, Instant::now())).0
    }
}

struct Replica {
    pool: Pool<Opener>,
    known: Known,
    /// Ends with this.
    _probe: Probe,
}

impl Replica {
    fn new(number: usize, primary: &Pool<Opener>, url: &str, connections: u32, max_lag: Duration) -> Self {
        let opener = Opener { address: Address::Postgres(impatient(url)), access: Access::Read };
        let known = Known::new();
        let probe = Probe::start(number, primary.clone(), opener.clone(), max_lag, known.clone());
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(CONNECTING)
            .test_on_check_out(false)
            // The probe logs it, once and not with each attempt.
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(opener);
        Self { pool, known, _probe: probe }
    }

    /// None where it turned out that this replica cannot answer. Any statement that failed here is done again at the
    /// primary: whether it was cancelled because it stood in the way of the replay, or the connection was lost, or
    /// a table is not there yet, the primary knows better.
    fn read<T, E>(
        &self,
        needs: &Needs,
        work: &(impl FnOnce(&mut Connection) -> Result<T, E> + Clone),
    ) -> Option<Result<T, E>> {
        let mut session = self.begin(needs)?;
        let done = work.clone()(&mut session.connection);
        // Only a transaction in which every statement succeeded can be committed.
        match session.commit() {
            Ok(()) => Some(done),
            Err(error) => {
                tracing::debug!(%error, "a read failed at a replica and is done at the primary");
                if session.roll_back().is_err() {
                    self.cut_off();
                }
                None
            }
        }
    }

    /// A connection in a transaction whose snapshot has what is needed.
    fn begin(&self, needs: &Needs) -> Option<PooledConnection<Opener>> {
        let mut session: PooledConnection<Opener> = match self.pool.get_timeout(PATIENCE) {
            Ok(session) => session,
            Err(_) => {
                // Where there are connections, they are only busy.
                if self.pool.state().connections == 0 {
                    self.cut_off();
                }
                return None;
            }
        };
        loop {
            match begin(&mut session, needs) {
                Ok(true) => return Some(session),
                Ok(false) => return None,
                // An idle connection may have died. A read does not wait for a new one.
                Err(_) => match self.pool.try_get() {
                    Some(next) if self.known.get().standing == Standing::Serving => session = next,
                    _ => {
                        self.cut_off();
                        return None;
                    }
                },
            }
        }
    }

    /// This one is not tried again until the probe has found it again.
    fn cut_off(&self) {
        let before = self.known.set(ReplicaState::UNREACHABLE);
        if before.standing == Standing::Serving {
            tracing::warn!("a read replica is cut off: the primary is read instead");
        }
    }
}

/// Begins a transaction, and says whether it has what is needed; where not, it is none.
fn begin(session: &mut Session, needs: &Needs) -> Result<bool, StoreError> {
    if let Needs::Since(position) = needs
        && !session.ask(|connection| position::is_reached(connection, *position))?
    {
        return Ok(false);
    }
    session.begin(Access::Read)?;
    if let Needs::Versions(versions) = needs
        // This takes the snapshot in which the work is done.
        && !session.ask(|connection| versions::have_reached(connection, versions))?
    {
        session.roll_back()?;
        return Ok(false);
    }
    Ok(true)
}
