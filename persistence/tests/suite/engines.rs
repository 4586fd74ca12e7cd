//! A database of its own for each test, on each engine.

use std::env;
use std::io::{self, Write};
use std::sync::Once;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_domain::text::Title;
use waymark_persistence::{Change, Store, organisation};

static SAID: Once = Once::new();

/// A fresh, migrated database.
pub(crate) struct Database {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) engine: &'static str,
    // Kept for their drop, which must come after the store's.
    _place: Place,
}

enum Place {
    Directory { _kept: TempDir },
    Server { admin: String, name: String },
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Server { admin, name } = self {
            on_server(admin, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Runs the test on every engine that there is.
pub(crate) fn on_each_engine(test: impl Fn(&Database)) {
    test(&sqlite());
    with_server(|admin| test(&postgres(admin)));
}

/// Runs the test on PostgreSQL, in a database in which there is nothing yet, if there is a server.
pub(crate) fn on_empty_postgres(test: impl FnOnce(&Database)) {
    with_server(|admin| test(&empty_postgres(admin)));
}

fn with_server(test: impl FnOnce(&str)) {
    match env::var("WAYMARK_TEST_POSTGRES_URL") {
        Ok(admin) => test(&admin),
        Err(_) => SAID.call_once(|| {
            // Past the test harness, which keeps what passing tests print to itself.
            let words = b"!!! WAYMARK_TEST_POSTGRES_URL is not set: NOT TESTED ON POSTGRESQL !!!\n";
            io::stderr().write_all(words).unwrap();
        }),
    }
}

/// The same, with the catalogue's organisation in it, as the service makes it when it starts.
pub(crate) fn with_catalogue(test: impl Fn(&Database)) {
    on_each_engine(|database| {
        organisation(&database.store, Organisation::CATALOGUE);
        test(database);
    });
}

fn sqlite() -> Database {
    let directory = TempDir::new().unwrap();
    let url = format!("sqlite:{}", directory.path().join("test.db").display());
    let database = opened(url, "sqlite", Place::Directory { _kept: directory });
    database.store.migrate().unwrap();
    database
}

fn postgres(admin: &str) -> Database {
    let database = empty_postgres(admin);
    database.store.migrate().unwrap();
    database
}

fn empty_postgres(admin: &str) -> Database {
    let name = format!("waymark_{}", Uuid::now_v7().simple());
    on_server(admin, &format!("CREATE DATABASE {name}"));
    let (server, parameters) = admin.split_once('?').map_or((admin, None), |(s, p)| (s, Some(p)));
    // scheme://user@host:port/database: the last slash ends the server's part.
    let (server, _) = server.rsplit_once('/').unwrap();
    let query = parameters.map(|p| format!("?{p}")).unwrap_or_default();
    let place = Place::Server { admin: admin.to_owned(), name: name.clone() };
    opened(format!("{server}/{name}{query}"), "postgres", place)
}

fn opened(url: String, engine: &'static str, place: Place) -> Database {
    let store = Store::open(&url, 4).unwrap();
    Database { store, url, engine, _place: place }
}

/// Runs a command of an administrator.
pub(crate) fn on_server(admin: &str, command: &str) {
    PgConnection::establish(admin).unwrap().batch_execute(command).unwrap();
}

/// A moment, as `2010-03-31T12:00:00Z`.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A change by a tester at that moment.
pub(crate) fn change(moment: &str) -> Change {
    Change { author: "tester".into(), roles: String::new(), request_id: "request".into(), at: at(moment) }
}

/// The id of a new organisation of that code, with nothing else said of it.
pub(crate) fn organisation(store: &Store, code: &str) -> Uuid {
    let content =
        Organisation { title: Title::new(code).unwrap(), small_count_threshold: 5, peer_group: None };
    let code = Code::new(code).unwrap();
    let founded = change("2008-01-01T00:00:00Z");
    store.write(|c| organisation::create(c, &code, &content, &founded)).unwrap().versioned.id
}
