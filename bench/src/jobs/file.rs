//! One file of a million rows, against `COPY`.

use std::cell::Cell;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::council::Council;
use crate::database::{self, COLUMNS};
use crate::http::Client;
use crate::machine::Bench;
use crate::process::Say;
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::rows::{self, ROWS, Row};
use crate::service::Service;

const YARDSTICK: &str = "file_yardstick";

/// How a file is written down.
struct Format {
    name: &'static str,
    media_type: &'static str,
    header: Option<&'static str>,
    line: fn(&Row) -> String,
}

const FORMATS: [Format; 2] = [
    Format { name: "NDJSON", media_type: "application/x-ndjson", header: None, line: Row::json },
    Format { name: "CSV", media_type: "text/csv", header: Some(Row::CSV_HEADER), line: Row::csv },
];

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    database::prepare(bench, YARDSTICK)?;
    let url = bench.postgres.database("file")?;
    let service = bench.service(&url).start()?;
    let mut report = Report::new();
    for format in &FORMATS {
        let full = bench.amount(1000, 20);
        if let Err(why) = measure(bench, &service, format, full, &mut report) {
            report.not_yet(format_args!("{} rows of {} in one request: {why}", full * ROWS, format.name));
            // What it can take says at least how far there is to go.
            if let Err(why) = measure(bench, &service, format, 50.min(full), &mut report) {
                report.not_yet(format_args!("fewer rows of {}: {why}", format.name));
            }
        }
    }
    drop(service);
    bench.postgres.drop_database("file")?;
    bench.postgres.drop_database(YARDSTICK)?;
    Ok(report)
}

fn measure(
    bench: &Bench,
    service: &Service,
    format: &Format,
    months: usize,
    report: &mut Report,
) -> Result<(), String> {
    let rows = months * ROWS;
    let (sent, copied) = (bench.file("rows.sent"), bench.file("rows.copied"));
    rows::write_file(&sent, format.header, months, |row, _| (format.line)(row))?;
    rows::write_file(&copied, None, months, database::copy_line)?;
    let grown = Cell::new(Vec::new());
    let what = format.name.to_lowercase();
    let [rate] = alternate(
        bench.rounds.min(3),
        |_| copy(bench, &copied).map(|seconds| [rows as f64 / seconds]),
        |round| {
            let council = Council::found(&service.client()?, &format!("{what}-{months}-{round}"))?;
            let (seconds, memory) = send(service, &council, format, &sent)?;
            grown.set(grown.take().into_iter().chain([memory]).collect());
            Ok([rows as f64 / seconds])
        },
    )?;
    let goal = if rows == 1_000_000 { Goal::AtLeast(0.5) } else { Goal::None };
    report.ratio(&format!("{}, {rows} rows: rows a second", format.name), "/s", &rate, goal);
    let goal = if rows == 1_000_000 { Goal::AtMost(64.0) } else { Goal::None };
    report.figure(&format!("{}, {rows} rows: growth of memory", format.name), "MB", &grown.take(), goal);
    for file in [sent, copied] {
        std::fs::remove_file(file).say("a file of rows")?;
    }
    Ok(())
}

/// The seconds that it took, and by how many MB the service's memory grew at most.
fn send(service: &Service, council: &Council, format: &Format, file: &Path) -> Result<(f64, f64), String> {
    let client = service.client()?;
    let body = File::open(file).say("a file of rows")?;
    service.forget_peak()?;
    let before = service.memory()?;
    let began = Instant::now();
    let answer = client.post(&council.results_path(), format.media_type, body)?.sound()?;
    if answer.status == 202 {
        watch(&client, &answer.location)?;
    }
    let seconds = began.elapsed().as_secs_f64();
    Ok((seconds, service.peak_memory()? - before))
}

/// Asks for a submission until it has ended, which must be well.
fn watch(client: &Client, place: &str) -> Result<(), String> {
    loop {
        let reported = client.get(place)?.sound()?.json()?;
        match reported.get("state").and_then(|state| state.as_str()) {
            Some("waiting" | "checking" | "writing") => std::thread::sleep(Duration::from_millis(100)),
            Some("completed") => return Ok(()),
            _ => return Err(format!("the submission did not end well: {reported}")),
        }
    }
}

/// The seconds that `COPY` takes into one table with the same indexes.
fn copy(bench: &Bench, file: &Path) -> Result<f64, String> {
    database::empty(bench, YARDSTICK)?;
    let command = format!("\\copy yardstick ({COLUMNS}) FROM '{}' WITH (FORMAT csv)\n", file.display());
    let began = Instant::now();
    bench.postgres.sql(YARDSTICK, &command)?;
    Ok(began.elapsed().as_secs_f64())
}
