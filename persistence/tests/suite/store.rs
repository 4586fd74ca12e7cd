//! Addresses, transactions, and connections that break.

use std::sync::Barrier;
use std::thread;

use diesel::connection::SimpleConnection;
use waymark_persistence::clients::{self, Client};
use waymark_persistence::{Connection, Store, StoreError, new_id};

use crate::engines::{at, change, on_server, with_catalogue};

fn add(connection: &mut Connection, client: &Client) -> Result<(), StoreError> {
    clients::add(connection, client, &change("2010-01-01T00:00:00Z"))
}

fn client(name: &str) -> Client {
    Client {
        id: new_id(at("2010-01-01T00:00:00Z")),
        name: name.into(),
        secret_hash: "$argon2id$".into(),
        grants: vec![],
        created_at: at("2010-01-01T00:00:00Z"),
        revoked_at: None,
    }
}

fn names(store: &Store) -> Vec<String> {
    let clients = store.read(clients::list).unwrap();
    clients.into_iter().map(|client| client.name).collect()
}

fn refusal(url: &str) -> String {
    match Store::open(url, 1) {
        Err(StoreError::Address(sentence)) => sentence,
        Err(other) => panic!("{url}: {other:?}"),
        Ok(_) => panic!("{url} was opened"),
    }
}

#[test]
fn a_mistyped_address_never_makes_a_database() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("typo.db");
    let text = path.display().to_string();
    assert!(refusal(&text).contains("there is no database file"));
    assert!(!path.exists());
    assert!(refusal(&format!("sqlite:{text}/deeper.db")).contains("there is no directory"));
    assert!(refusal("mysql://root:secret@host/db").contains("`mysql://`"));
    assert!(!refusal("mysql://root:secret@host/db").contains("secret"));
    assert!(refusal("sqlite:").contains("names no file"));
    assert!(refusal("sqlite::memory:").contains("in memory"));
}

#[test]
fn a_bare_path_opens_a_file_that_exists() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("here.db");
    Store::open(&format!("sqlite:{}", path.display()), 1).unwrap().migrate().unwrap();
    Store::open(&path.display().to_string(), 1).unwrap().ping().unwrap();
}

#[test]
fn a_server_that_is_down_is_unavailable() {
    let error = Store::open("postgres://waymark@127.0.0.1:1/none", 1).err().unwrap();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}

#[test]
fn migrating_again_changes_nothing() {
    with_catalogue(|database| {
        database.store.write(|c| add(c, &client("school system"))).unwrap();
        let again = Store::open(&database.url, 1).unwrap();
        again.migrate().unwrap();
        assert_eq!(names(&again), ["school system"]);
    });
}

#[test]
fn two_processes_may_migrate_at_once() {
    with_catalogue(|database| {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Store::open(&database.url, 1).unwrap().migrate().unwrap());
            }
        });
        database.store.ping().unwrap();
    });
}

#[test]
fn failed_work_leaves_nothing() {
    with_catalogue(|database| {
        let failed: Result<(), StoreError> = database.store.write(|c| {
            add(c, &client("half written"))?;
            Err(StoreError::Stale)
        });
        assert!(matches!(failed, Err(StoreError::Stale)));
        assert!(names(&database.store).is_empty());
    });
}

#[test]
fn work_that_goes_on_after_a_failed_statement_is_never_lost_in_silence() {
    with_catalogue(|database| {
        database.store.write(|c| add(c, &client("there"))).unwrap();
        let done = database.store.write(|c| {
            let swallowed = add(c, &client("there"));
            assert!(matches!(swallowed, Err(StoreError::Conflict("client name"))));
            add(c, &client("first")).ok();
            Ok::<_, StoreError>(())
        });
        let kept = names(&database.store).contains(&"first".to_owned());
        assert_eq!(done.is_ok(), kept, "{}: {done:?}", database.engine);
        database.store.ping().unwrap();
    });
}

#[test]
fn work_that_panics_leaves_nothing_and_spoils_no_connection() {
    with_catalogue(|database| {
        for _ in 0..6 {
            let store = database.store.clone();
            let panicked = thread::spawn(move || {
                store.write(|c| -> Result<(), StoreError> {
                    add(c, &client("half written"))?;
                    panic!("a bug")
                })
            })
            .join();
            assert!(panicked.is_err());
        }
        assert!(names(&database.store).is_empty());
        database.store.write(|c| add(c, &client("after"))).unwrap();
        assert_eq!(names(&database.store), ["after"]);
    });
}

#[test]
fn a_reader_cannot_write() {
    with_catalogue(|database| {
        let refused = database.store.read(|c| add(c, &client("sneaked in")));
        assert!(matches!(refused, Err(StoreError::Query(_))), "{refused:?}");
        assert!(names(&database.store).is_empty());
    });
}

#[test]
fn a_read_sees_one_snapshot() {
    with_catalogue(|database| {
        database
            .store
            .read(|c| {
                let before = clients::list(c)?.len();
                database.store.write(|c| add(c, &client("meanwhile")))?;
                assert_eq!(clients::list(c)?.len(), before, "{}", database.engine);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(names(&database.store), ["meanwhile"]);
    });
}

#[test]
fn connections_that_the_server_closed_are_replaced() {
    with_catalogue(|database| {
        if database.engine == "sqlite" {
            return;
        }
        // Four readers at once, so that the pool is full of connections.
        let barrier = Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let read = database.store.read(|c| {
                        barrier.wait();
                        clients::list(c)
                    });
                    read.unwrap();
                });
            }
        });
        on_server(
            &database.url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        for _ in 0..8 {
            database.store.ping().unwrap();
        }
    });
}

#[test]
fn a_connection_lost_in_the_middle_is_unavailable_and_then_forgotten() {
    with_catalogue(|database| {
        let lost: Result<(), StoreError> = database.store.write(|c| match c {
            Connection::Postgres(postgres) => {
                let ended = postgres.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())");
                Err(ended.unwrap_err().into())
            }
            Connection::Sqlite(_) => Err(StoreError::Unavailable("as PostgreSQL".into())),
        });
        assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
        database.store.write(|c| add(c, &client("after"))).unwrap();
    });
}

#[test]
fn writers_wait_in_line() {
    with_catalogue(|database| {
        thread::scope(|scope| {
            for number in 0..8 {
                scope.spawn(move || {
                    database.store.write(|c| add(c, &client(&format!("client {number}")))).unwrap();
                });
            }
        });
        assert_eq!(names(&database.store).len(), 8);
    });
}
