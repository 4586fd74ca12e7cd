//! A database of its own for each test.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

/// Names the PostgreSQL server, and a user of it who may make databases.
pub(crate) const SERVER: &str = "WAYMARK_TEST_POSTGRES_URL";

/// A database that is gone when this is dropped.
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) engine: &'static str,
    /// Where the services on this database, which run on one machine, put large pushes.
    pub(crate) spool: TempDir,
    place: Place,
}

enum Place {
    Directory { _kept: TempDir },
    Server { admin: String, name: String },
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let directory = TempDir::new().unwrap();
        let url = format!("sqlite:{}", directory.path().join("test.db").display());
        let spool = TempDir::new().unwrap();
        Self { url, engine: "SQLite", spool, place: Place::Directory { _kept: directory } }
    }

    /// On the server that [`SERVER`] names, if it does.
    pub(crate) fn postgres() -> Option<Self> {
        std::env::var(SERVER).ok().map(Self::on)
    }

    /// On the server at this address.
    pub(crate) fn on(admin: String) -> Self {
        let name = format!("waymark_http_{}", Uuid::now_v7().simple());
        administer(&admin, &format!("CREATE DATABASE {name}"));
        let url = beside(&admin, &name);
        let spool = TempDir::new().unwrap();
        Self { url, engine: "PostgreSQL", spool, place: Place::Server { admin, name } }
    }

    /// The address of the same database on another server, of which this is the administrator's address.
    pub(crate) fn elsewhere(&self, admin: &str) -> String {
        match &self.place {
            Place::Server { name, .. } => beside(admin, name),
            Place::Directory { .. } => panic!("a file is on no server"),
        }
    }
}

/// The address of the database of this name on the server of another.
fn beside(admin: &str, name: &str) -> String {
    let (server, parameters) = admin.split_once('?').map_or((admin, None), |(s, p)| (s, Some(p)));
    // scheme://user@host:port/database: the last slash ends the server's part.
    let (server, _) = server.rsplit_once('/').unwrap();
    let query = parameters.map(|p| format!("?{p}")).unwrap_or_default();
    format!("{server}/{name}{query}")
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Server { admin, name } = self {
            administer(admin, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn administer(admin: &str, command: &str) {
    PgConnection::establish(admin).unwrap().batch_execute(command).unwrap();
}
