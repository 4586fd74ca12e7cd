//! The service, started as production starts it, for the length of one test.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Once, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use clap::Parser;
use diesel::connection::SimpleConnection;
use serde_json::json;
use tempfile::TempDir;
use waymark_api::{Application, Settings};
use waymark_persistence::{Store, StoreError};

use crate::database::{Database, SERVER};
use crate::journal::Journal;
use crate::{Caller, FOREIGN, IdentityProvider, OWN, Process, process};

/// A running service with a database of its own.
pub struct Waymark {
    address: SocketAddr,
    /// `SQLite` or `PostgreSQL`.
    pub engine: &'static str,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    journal: Journal,
    // Dropped after the service has stopped.
    database: Arc<Database>,
    _directory: TempDir,
}

/// Runs a test on SQLite and, where a server is named, on PostgreSQL.
pub fn on_both(test: impl Fn(&Waymark)) {
    on_both_with(&[], test);
}

/// The same, with further flags of `waymark serve`.
pub fn on_both_with(flags: &[&str], test: impl Fn(&Waymark)) {
    static SAID: Once = Once::new();
    test(&Waymark::founded(Database::sqlite(), flags));
    match Database::postgres() {
        Some(database) => test(&Waymark::founded(database, flags)),
        None => SAID.call_once(|| {
            // Past the test harness, which keeps what passing tests print to itself.
            let words = format!("!!! {SERVER} is not set: NOT TESTED ON POSTGRESQL !!!\n");
            std::io::stderr().write_all(words.as_bytes()).unwrap();
        }),
    }
}

/// Runs a test on the data of `waymark demo`, on SQLite and, where a server is named, on PostgreSQL. `program` is a binary
/// with the command line of `waymark`.
pub fn on_demo(program: &str, flags: &[&str], test: impl Fn(&Waymark)) {
    let databases = [Some(Database::sqlite()), Database::postgres()];
    for database in databases.into_iter().flatten() {
        process::make_demo(program, &database);
        test(&Waymark::start(Arc::new(database), flags));
    }
}

impl Waymark {
    /// A first service on a new database, with two organisations.
    pub(crate) fn founded(database: Database, flags: &[&str]) -> Self {
        let waymark = Self::start(Arc::new(database), flags);
        waymark.found(OWN, "Leicestershire");
        waymark.found(FOREIGN, "Rutland");
        waymark
    }

    /// Another service on the same database, as it runs beside the first, or after it was started again.
    pub fn replica(&self) -> Self {
        self.beside(&[])
    }

    /// The same, with further flags of `waymark serve`.
    pub fn beside(&self, flags: &[&str]) -> Self {
        Self::start(Arc::clone(&self.database), flags)
    }

    /// The directory of large pushes.
    pub fn spool(&self) -> &Path {
        self.database.spool.path()
    }

    /// The address of the database.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    fn start(database: Arc<Database>, flags: &[&str]) -> Self {
        let directory = TempDir::new().unwrap();
        let keys = IdentityProvider::publish(directory.path());
        let mut line = vec!["waymark", "--listen=127.0.0.1:0", "--workers=1", "--database-pool=4"];
        let places = [
            format!("--database-url={}", database.url),
            format!("--spool={}", database.spool.path().display()),
        ];
        line.extend(places.iter().map(String::as_str));
        let identity = Self::identity(&keys);
        line.extend(identity.iter().map(String::as_str));
        line.extend(flags);
        let settings = Settings::try_parse_from(line).unwrap();
        let (started, address) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let application = Application::build(settings).unwrap();
                started.send((application.addresses()[0], application.handle())).unwrap();
                application.run_until_stopped().await.unwrap();
            });
        });
        let (address, handle) = address.recv().unwrap();
        Self {
            address,
            engine: database.engine,
            handle,
            thread: Some(thread),
            journal: Journal::default(),
            database,
            _directory: directory,
        }
    }

    /// The same in a process of its own. `program` is a binary with the command line of `waymark`.
    pub fn process(&self, program: &str) -> Process {
        Process::start(program, &self.database.url, self.journal.clone())
    }

    /// The settings that say whose tokens are accepted.
    pub(crate) fn identity(keys: &Path) -> [String; 4] {
        [
            "--token-secret=a secret of tests, known to everybody".to_owned(),
            format!("--token-audience={}", IdentityProvider::AUDIENCE),
            format!("--idp-issuer={}", IdentityProvider::ISSUER),
            format!("--idp-jwks={}", keys.display()),
        ]
    }

    /// Makes an organisation.
    pub fn found(&self, code: &str, title: &str) {
        let made = self.everywhere("admin").post("/v1/organisations", &json!({"code": code, "title": title}));
        let _ = made.expect(201);
    }

    /// A caller without a token.
    pub fn stranger(&self) -> Caller {
        Caller::new(format!("http://{}", self.address), None, self.journal.clone())
    }

    /// A caller with this token.
    pub fn bearer(&self, token: &str) -> Caller {
        Caller::new(format!("http://{}", self.address), Some(token.to_owned()), self.journal.clone())
    }

    /// A caller with these roles in these organisations.
    pub fn with(&self, grants: &[(&str, &str)]) -> Caller {
        self.bearer(&IdentityProvider::token(grants).sign())
    }

    /// A caller with this role in the [`OWN`] organisation.
    pub fn role(&self, role: &str) -> Caller {
        self.with(&[(role, OWN)])
    }

    /// A caller with this role in every organisation.
    pub fn everywhere(&self, role: &str) -> Caller {
        self.with(&[(role, "*")])
    }

    /// A reader of the [`OWN`] organisation.
    pub fn reader(&self) -> Caller {
        self.role("reader")
    }

    /// A performance officer of the [`OWN`] organisation.
    pub fn officer(&self) -> Caller {
        self.role("performance_officer")
    }

    /// The service's store, for what no request can do: registering clients, ageing.
    pub fn store(&self) -> Store {
        Store::open(&self.database.url, 1).unwrap()
    }

    /// Runs SQL that both engines know.
    pub fn sql(&self, command: &str) {
        let done: Result<(), StoreError> =
            self.store().write(|connection| Ok(connection.batch_execute(command)?));
        done.unwrap();
    }

    /// A connection for bytes that no client library would send.
    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap()
    }

    /// Sends bytes that no client library would send, and gives the answer's bytes as text.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut stream = self.ask(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Waymark {
    /// Sends the bytes of a request, and leaves the answer to be read, or not.
    pub fn ask(&self, request: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request).unwrap();
        stream
    }
}

impl Drop for Waymark {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            ended.unwrap().unwrap();
            self.journal.check(&self.store());
        }
    }
}
