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
    _place: Place,
}

enum Place {
    Directory { _kept: TempDir },
    Server { admin: String, name: String },
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let directory = TempDir::new().unwrap();
        let url = format!("sqlite:{}", directory.path().join("test.db").display());
        Self {
            url,
            engine: "SQLite",
            spool: TempDir::new().unwrap(),
            _place: Place::Directory { _kept: directory },
        }
    }

    /// On the server that [`SERVER`] names, if it does.
    pub(crate) fn postgres() -> Option<Self> {
        let admin = std::env::var(SERVER).ok()?;
        let name = format!("waymark_http_{}", Uuid::now_v7().simple());
        administer(&admin, &format!("CREATE DATABASE {name}"));
        let (server, parameters) = admin.split_once('?').map_or((&*admin, None), |(s, p)| (s, Some(p)));
        // scheme://user@host:port/database: the last slash ends the server's part.
        let (server, _) = server.rsplit_once('/').unwrap();
        let query = parameters.map(|p| format!("?{p}")).unwrap_or_default();
        let url = format!("{server}/{name}{query}");
        Some(Self {
            url,
            engine: "PostgreSQL",
            spool: TempDir::new().unwrap(),
            _place: Place::Server { admin, name },
        })
    }
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
