//! The service in a process of its own, as several of them run beside each other in production.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::database::Database;
use crate::journal::Journal;
use crate::{Caller, IdentityProvider, Waymark};

/// A process that serves the database of a [`Waymark`], until this is dropped.
pub struct Process {
    child: Child,
    root: String,
    journal: Journal,
    _directory: TempDir,
}

impl Process {
    /// Starts `program`, whose command line is that of `waymark`.
    pub(crate) fn start(program: &str, database: &str, journal: Journal) -> Self {
        let directory = TempDir::new().unwrap();
        let keys = IdentityProvider::publish(directory.path());
        let mut child = Command::new(program)
            .args(["serve", "--listen=127.0.0.1:0", "--workers=1", "--database-pool=4", "--log=info"])
            .args(["--rate-per-minute=1000000", "--rate-burst=1000000"])
            .arg(format!("--database-url={database}"))
            .args(Waymark::identity(&keys))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut output = String::new();
        let root = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the service ended: {output}");
            if let Some((_, docs)) = line.split_once("docs=") {
                break docs.trim().trim_end_matches("/docs").to_owned();
            }
            output.push_str(&line);
        };
        // Its log must be read, or it waits.
        std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
        Self { child, root, journal, _directory: directory }
    }

    /// A caller with these roles in these organisations.
    pub fn with(&self, grants: &[(&str, &str)]) -> Caller {
        let token = IdentityProvider::token(grants).sign();
        Caller::new(self.root.clone(), Some(token), self.journal.clone())
    }
}

/// Makes the data of `waymark demo` in the database.
pub(crate) fn make_demo(program: &str, database: &Database) {
    let mut child = Command::new(program)
        .args(["demo", "--listen=127.0.0.1:0", "--output=json", "--log=error"])
        .arg(format!("--database-url={}", database.url))
        .arg(format!("--spool={}", database.spool.path().display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It prints where it listens once the data is there.
    let mut line = String::new();
    let read = BufReader::new(child.stdout.take().unwrap()).read_line(&mut line);
    child.kill().unwrap();
    let _ = child.wait();
    assert_ne!(read.unwrap(), 0, "the demonstration ended before it listened");
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
