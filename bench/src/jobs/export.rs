//! The export of all results, against `COPY TO`.

use std::cell::Cell;
use std::time::Instant;

use serde_json::Value;

use crate::council::Council;
use crate::http::Client;
use crate::machine::Bench;
use crate::process::Say;
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::rows::{self, ROWS};
use crate::service::Service;

/// How the operation's id in the contract begins.
const OPERATION: &str = "export_results";

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    let url = bench.postgres.database("export")?;
    let service = bench.service(&url).start()?;
    let mut report = Report::new();
    match path(&service.client()?)? {
        None => report.not_yet(format_args!("the contract has no operation `{OPERATION}`")),
        Some(path) => measure(bench, (&service, &url), &path, &mut report)?,
    }
    drop(service);
    bench.postgres.drop_database("export")?;
    Ok(report)
}

/// The path of the operation that exports results, if there is one.
fn path(client: &Client) -> Result<Option<String>, String> {
    let contract = client.get("/openapi.json")?.sound()?.json()?;
    let paths = contract.get("paths").and_then(Value::as_object).say("the contract's paths")?;
    let exports = |operations: &Value| {
        let id = operations.pointer("/get/operationId").and_then(Value::as_str);
        id.is_some_and(|id| id.starts_with(OPERATION))
    };
    Ok(paths.iter().find(|(_, operations)| exports(operations)).map(|(path, _)| path.clone()))
}

fn measure(
    bench: &Bench,
    (service, url): (&Service, &str),
    path: &str,
    report: &mut Report,
) -> Result<(), String> {
    let months = bench.amount(1000, 20);
    let council = Council::found(&service.client()?, "council")?;
    (0..months).try_for_each(|back| council.push(&rows::json_body(&rows::rows(back)?)))?;
    let path = path.replace("/v1/organisations/{organisation}", council.path());
    let reader = bench.service(url).add_client("reader", &["reader"])?;
    let reader = Client::bearer(&service.url, &service.token_of(&reader)?);
    for (client, what) in [(service.client()?, "CSV"), (reader, "CSV without small counts")] {
        let (grown, bytes) = (Cell::new(0.0), Cell::new(0));
        let place = bench.file("exported.csv");
        let rate = |seconds: f64| [(months * ROWS) as f64 / seconds];
        let [rate] = alternate(
            bench.rounds,
            |_| {
                let command =
                    format!("\\copy (SELECT * FROM results) TO '{}' WITH (FORMAT csv)\n", place.display());
                let began = Instant::now();
                bench.postgres.sql("export", &command)?;
                Ok(rate(began.elapsed().as_secs_f64()))
            },
            |_| {
                service.forget_peak()?;
                let before = service.memory()?;
                let began = Instant::now();
                bytes.set(client.drain(&path, "text/csv")?);
                let seconds = began.elapsed().as_secs_f64();
                grown.set(service.peak_memory()? - before);
                Ok(rate(seconds))
            },
        )?;
        report.ratio(&format!("{what}: rows a second"), "/s", &rate, Goal::AtLeast(0.3));
        report.figure(&format!("{what}: growth of memory"), "MB", &[grown.get()], Goal::AtMost(64.0));
        report.note(format!("{what}: {} rows, {} bytes.", months * ROWS, bytes.get()));
    }
    Ok(())
}
