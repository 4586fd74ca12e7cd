//! A PostgreSQL of its own, as durable as one in production.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use uuid::Uuid;

use crate::process::{Say, as_plain_user, fed, free_port, output, plain_user};

/// What differs from PostgreSQL's defaults. `fsync`, `synchronous_commit` and `full_page_writes` are said although
/// they are defaults, because everything depends on them. The rest keeps checkpoints out of the figures.
pub(crate) const SETTINGS: [(&str, &str); 8] = [
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
    ("shared_buffers", "512MB"),
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "30min"),
    ("max_connections", "200"),
    ("listen_addresses", "127.0.0.1"),
];

/// A running server.
pub(crate) struct Postgres {
    bin: PathBuf,
    data: PathBuf,
    /// `postgres://user:password@host:port`, without a database.
    server: String,
}

impl Postgres {
    /// Makes a cluster in the directory and starts it.
    pub(crate) fn start(directory: &Path) -> Result<Self, String> {
        let bin = programs()?;
        let home = directory.join("postgres");
        fs::create_dir(&home).say("the directory of PostgreSQL")?;
        let password = Uuid::now_v7().simple().to_string();
        let password_file = home.join("password");
        fs::write(&password_file, &password).say("the password of PostgreSQL")?;
        if let Some(user) = plain_user() {
            fs::set_permissions(directory, fs::Permissions::from_mode(0o711)).say("permissions")?;
            output(Command::new("chown").arg("-R").arg(user).arg(&home))?;
        }
        let data = home.join("data");
        let initdb = [
            format!("--pgdata={}", data.display()),
            "--username=waymark".to_owned(),
            format!("--pwfile={}", password_file.display()),
        ];
        let common = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"];
        output(as_plain_user(&bin.join("initdb")).current_dir(&home).args(initdb).args(common))?;
        let port = free_port()?;
        let mut options = format!("-c port={port} -c unix_socket_directories=''");
        for (name, value) in SETTINGS {
            options.push_str(&format!(" -c {name}={value}"));
        }
        let started = as_plain_user(&bin.join("pg_ctl"))
            .current_dir(&home)
            .arg(format!("--pgdata={}", data.display()))
            .args(["--wait", "--timeout=60", "--silent"])
            .arg(format!("--log={}", home.join("log").display()))
            .arg(format!("--options={options}"))
            .arg("start")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .say("pg_ctl")?;
        if !started.success() {
            let log = fs::read_to_string(home.join("log")).unwrap_or_default();
            return Err(format!("PostgreSQL did not start: {log}"));
        }
        Ok(Self { bin, data, server: format!("postgres://waymark:{password}@127.0.0.1:{port}") })
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.server)
    }

    /// Makes an empty database, and gives its address.
    pub(crate) fn database(&self, name: &str) -> Result<String, String> {
        self.sql("postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(name))
    }

    /// Drops a database, even if it is in use.
    pub(crate) fn drop_database(&self, name: &str) -> Result<(), String> {
        self.sql("postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).map(drop)
    }

    /// Runs SQL and commands of psql, and gives the rows as text.
    pub(crate) fn sql(&self, database: &str, commands: &str) -> Result<String, String> {
        fed(&mut self.psql(database), commands)
    }

    /// One of PostgreSQL's programs.
    pub(crate) fn program(&self, name: &str) -> Command {
        Command::new(self.bin.join(name))
    }

    fn psql(&self, database: &str) -> Command {
        let mut psql = self.program("psql");
        psql.args(["--quiet", "--no-align", "--tuples-only", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]);
        psql.arg(self.url(database));
        psql
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = as_plain_user(&self.bin.join("pg_ctl"));
        if let Some(home) = self.data.parent() {
            stop.current_dir(home);
        }
        stop.arg(format!("--pgdata={}", self.data.display())).args(["--mode=immediate", "--silent", "stop"]);
        let _ = output(&mut stop);
    }
}

/// The directory of the newest installed server's programs.
fn programs() -> Result<PathBuf, String> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    let number = |bin: &PathBuf| -> Option<u32> { bin.parent()?.file_name()?.to_str()?.parse().ok() };
    let on_path = || {
        std::env::var_os("PATH")
            .and_then(|path| std::env::split_paths(&path).find(|directory| directory.join("initdb").exists()))
    };
    found.max_by_key(number).or_else(on_path).ok_or_else(|| {
        "PostgreSQL is not installed: `apt-get install postgresql` (its programs, pgbench among them)"
            .to_owned()
    })
}
