//! A service that reads from a streaming replica, which a test can hold back and cut off.

use std::env::var;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Once;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use waymark_persistence::versions::{self, Versions};
use waymark_persistence::{Needs, Store, StoreError};

use crate::OWN;
use crate::database::Database;
use crate::gate::Gate;
use crate::running::Waymark;

/// Name a PostgreSQL server, and its streaming replica; a user of both who may do everything.
const SERVERS: [&str; 2] = ["WAYMARK_TEST_PRIMARY_URL", "WAYMARK_TEST_REPLICA_URL"];

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The replica that a service reads from.
pub struct Replica {
    gate: Gate,
    primary: String,
    replica: String,
    url: String,
    /// Holds the turn of this test: what it does to the replica, it does to all databases of it.
    _turn: PgConnection,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Text)]
    text: String,
}

/// Runs a test with a service that reads from a replica which may be so many seconds behind. One test at a time does.
pub fn on_replica(max_lag: u64, test: impl Fn(&Waymark, &Replica)) {
    static SAID: Once = Once::new();
    let servers = SERVERS.map(|name| var(name).ok());
    let [Some(primary), Some(replica)] = servers else {
        assert_eq!(servers, [None, None], "both of {} are needed", SERVERS.join(" and "));
        SAID.call_once(|| {
            let words = format!("!!! {} are not set: NOT TESTED WITH A REPLICA !!!\n", SERVERS.join(" and "));
            std::io::stderr().write_all(words.as_bytes()).unwrap();
        });
        return;
    };
    let mut turn = PgConnection::establish(&primary).unwrap();
    turn.batch_execute("SELECT pg_advisory_lock(4)").unwrap();
    let database = Database::on(primary.clone());
    let gate = Gate::to(place_of(&replica));
    let direct = database.elsewhere(&replica);
    let url = direct.replace(&place_of(&replica).to_string(), &gate.address.to_string());
    let replica = Replica { gate, primary, replica, url, _turn: turn };
    let flags = [format!("--database-read-url={}", replica.url), format!("--replica-max-lag={max_lag}")];
    let waymark = Waymark::founded(database, &flags.each_ref().map(String::as_str));
    replica.catch_up();
    until("the replica serves", || waymark.replica_state("state").filter(|state| state == "serving"));
    until("the replica is read from", || {
        let _ = waymark.reader().get("/v1/organisations").expect(200);
        waymark.metric("waymark_reads_total{source=\"replica\"}").filter(|reads| *reads > 0.0)
    });
    test(&waymark, &replica);
}

fn place_of(url: &str) -> SocketAddr {
    let (_, place) = url.rsplit_once('@').unwrap();
    place.split('/').next().unwrap().parse().unwrap()
}

/// Asks again and again until there is an answer.
///
/// # Panics
/// Where there is none in time: it says `what` did not happen.
#[track_caller]
pub fn until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        match answer() {
            Some(answer) => return answer,
            None if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(10)),
            None => panic!("after {PATIENCE:?} it is still not so that {what}"),
        }
    }
}

impl Replica {
    /// Nothing that the primary writes from now on is seen at the replica.
    pub fn hold_back(&self) {
        self.do_there("SELECT pg_wal_replay_pause()");
        until("the replay is paused", || {
            (self.ask(&self.replica, "SELECT pg_get_wal_replay_pause_state()") == "paused").then_some(())
        });
    }

    /// What the primary has written is seen at the replica.
    pub fn let_go(&self) {
        self.do_there("SELECT pg_wal_replay_resume()");
        self.catch_up();
    }

    /// Waits until the replica has what the primary has written so far.
    pub fn catch_up(&self) {
        let written = self.ask(&self.primary, "SELECT pg_current_wal_flush_lsn()");
        let reached = format!("SELECT (pg_last_wal_replay_lsn() >= '{written}')");
        until("the replica has caught up", || (self.ask(&self.replica, &reached) == "true").then_some(()));
    }

    /// The service does not get through to the replica any more.
    pub fn cut_off(&self) {
        self.gate.close();
    }

    /// Whatever passes between the service and the replica stays on its way.
    pub fn silence(&self) {
        self.gate.hold();
    }

    /// It gets through again.
    pub fn join(&self) {
        self.gate.open();
    }

    /// The address under which a service finds it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The service's store, with the replica, which is read from already.
    pub fn store(&self, waymark: &Waymark) -> Store {
        let hour = Duration::from_secs(3600);
        let store = waymark.store().with_replicas(std::slice::from_ref(&self.url), hour).unwrap();
        until("the replica is read from", || {
            let read: Result<Versions, StoreError> = store
                .read_where(&Needs::Recent, |connection| versions::current(connection, &[OWN.to_owned()]));
            read.map(|_| (store.reads().replica > 0).then_some(())).unwrap()
        });
        store
    }

    fn do_there(&self, command: &str) {
        PgConnection::establish(&self.replica).unwrap().batch_execute(command).unwrap();
    }

    fn ask(&self, server: &str, query: &str) -> String {
        let query = format!("SELECT ({query})::text AS text");
        let mut connection = PgConnection::establish(server).unwrap();
        diesel::sql_query(query).get_result::<TextRow>(&mut connection).unwrap().text
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        // A test that failed leaves the replica to the next one as it found it.
        self.do_there("SELECT pg_wal_replay_resume()");
    }
}

impl Waymark {
    /// What the service reports of its one replica.
    pub fn replica_state(&self, field: &str) -> Option<serde_json::Value> {
        let health = self.stranger().get("/health/ready").expect(200).json();
        health["replicas"][0].get(field).cloned()
    }

    /// The value of a metric, if it is reported.
    pub fn metric(&self, series: &str) -> Option<f64> {
        let metrics = self.stranger().get("/metrics").expect(200).text;
        let value = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map(|value| value.parse().unwrap())
    }
}
