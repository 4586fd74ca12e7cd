//! The machine, and what all jobs share.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::arguments::Arguments;
use crate::postgres::Postgres;
use crate::process::{Say, output};
use crate::service::Settings;

/// What all jobs share. Dropped in the order of its fields: the server before its directory.
pub(crate) struct Bench {
    /// The server on which yardsticks and services have their databases.
    pub(crate) postgres: Postgres,
    /// The service's binary.
    pub(crate) waymark: PathBuf,
    /// Whether the jobs are made small.
    pub(crate) quick: bool,
    /// How often yardstick and service take turns.
    pub(crate) rounds: usize,
    description: String,
    scratch: TempDir,
}

impl Bench {
    /// Builds the service and starts a PostgreSQL.
    pub(crate) fn prepare(arguments: &Arguments) -> Result<Self, String> {
        let waymark = match &arguments.waymark {
            Some(built) => built.canonicalize().say("the service")?,
            None => build()?,
        };
        let scratch = TempDir::with_prefix("waymark-bench.").say("a directory for the run")?;
        let postgres = Postgres::start(scratch.path())?;
        let description = describe(&postgres, scratch.path());
        Ok(Self {
            postgres,
            waymark,
            quick: arguments.quick,
            rounds: arguments.rounds(),
            description,
            scratch,
        })
    }

    /// A place for files of the run.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Machine and versions, in Markdown.
    pub(crate) fn description(&self) -> &str {
        &self.description
    }

    /// So many, or so few in a quick run.
    pub(crate) fn amount(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }

    /// How the service is started on a database.
    pub(crate) fn service<'a>(&'a self, database: &'a str) -> Settings<'a> {
        Settings { bench: self, database, name: "waymark" }
    }
}

/// Builds the service of this tree as it is delivered.
fn build() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().say("the workspace")?;
    eprintln!("building the service ...");
    let mut build = Command::new(&cargo);
    build.current_dir(root).args([
        "build",
        "--locked",
        "--release",
        "--package",
        "waymark-api",
        "--bin",
        "waymark",
    ]);
    let built = build.status().say("cargo")?;
    if !built.success() {
        return Err("the service does not build".to_owned());
    }
    let own = std::env::current_exe().say("this program")?;
    let beside = own.parent().and_then(Path::parent).say("the target directory")?.join("release/waymark");
    if beside.exists() {
        Ok(beside)
    } else {
        Err(format!("{} is missing: name it with --waymark", beside.display()))
    }
}

fn describe(postgres: &Postgres, scratch: &Path) -> String {
    let first_line = |command: &mut Command| {
        let text = output(command).unwrap_or_default();
        text.lines().next().unwrap_or_default().trim().to_owned()
    };
    let field = |file: &str, name: &str| -> Option<String> {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let system = field_of_release().unwrap_or_default();
    let memory: u64 = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .unwrap_or_default();
    let disk = first_line(Command::new("df").args(["--output=fstype,size", "-h"]).arg(scratch));
    let disk = if disk.starts_with("Type") { last_line(scratch) } else { disk };
    let rows = [
        (
            "Processor",
            format!(
                "{} x {}",
                std::thread::available_parallelism().map_or(0, usize::from),
                field("/proc/cpuinfo", "model name").unwrap_or_default()
            ),
        ),
        ("Memory", format!("{} MiB", memory / 1024)),
        ("Disk of the databases", disk),
        ("System", format!("{system}, Linux {}", first_line(Command::new("uname").arg("-r")))),
        ("Load when it began", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()),
        ("Compiler", first_line(Command::new("rustc").arg("--version"))),
        ("PostgreSQL", first_line(postgres.program("postgres").arg("--version"))),
        (
            "Commit",
            first_line(Command::new("git").args([
                "-C",
                env!("CARGO_MANIFEST_DIR"),
                "describe",
                "--always",
                "--dirty",
            ])),
        ),
    ];
    let mut text = String::from("| Machine and versions | |\n| --- | --- |\n");
    for (name, reported) in rows {
        text.push_str(&format!("| {name} | {reported} |\n"));
    }
    text.trim_end().to_owned()
}

fn last_line(place: &Path) -> String {
    let reported =
        output(Command::new("df").args(["--output=fstype,size", "-h"]).arg(place)).unwrap_or_default();
    reported.lines().last().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(", ")
}

fn field_of_release() -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    let line = text.lines().find(|line| line.starts_with("PRETTY_NAME="))?;
    Some(line.split_once('=')?.1.trim_matches('"').to_owned())
}
