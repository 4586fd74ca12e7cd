//! Pushes into SQLite, against prepared multi-row inserts into the same tables.

use std::path::Path;
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::council::Council;
use crate::database::COLUMNS;
use crate::jobs::push::push;
use crate::machine::Bench;
use crate::process::Say;
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::rows::{self, INDICATORS, ROWS, Row};

/// Rows of one statement of the yardstick.
const TOGETHER: usize = 50;

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    let pushes = bench.amount(40, 3);
    let place = bench.file("push.sqlite");
    let url = format!("sqlite:{}", place.display());
    let service = bench.service(&url).start()?;
    let [rate] = alternate(
        bench.rounds,
        |round| {
            let place = bench.file(&format!("yardstick-{round}.sqlite"));
            bench.service(&format!("sqlite:{}", place.display())).migrate()?;
            insert(&place, pushes).map(|seconds| [(pushes * ROWS) as f64 / seconds])
        },
        |round| {
            let client = service.client()?;
            let council = [Council::found(&client, &format!("c{round}"))?];
            push(&council, std::slice::from_ref(&client), 1, pushes).map(|rate| [rate])
        },
    )?;
    let mut report = Report::new();
    report.ratio("rows a second, 1 client", "/s", &rate, Goal::AtLeast(0.5));
    report.note(format!(
        "{pushes} requests of {ROWS} rows; the yardstick: as many transactions, {TOGETHER} rows a statement, the same \
         durability, indexes and foreign keys, SQLite {}.",
        rusqlite::version()
    ));
    Ok(report)
}

/// The seconds of so many transactions of a month's rows.
fn insert(place: &Path, pushes: usize) -> Result<f64, String> {
    let connection = Connection::open(place).say("SQLite")?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .say("SQLite")?;
    prepare(&connection).say("SQLite")?;
    let columns = COLUMNS.split(',').count();
    let row = format!("({})", vec!["?"; columns].join(", "));
    let sql = format!("INSERT INTO results ({COLUMNS}) VALUES {}", vec![row; TOGETHER].join(", "));
    let all: Vec<Vec<Row>> = (0..pushes).map(rows::rows).collect::<Result<_, _>>()?;
    let mut statement = connection.prepare(&sql).say("SQLite")?;
    let began = Instant::now();
    let mut number = 0;
    for rows in &all {
        let transaction = connection.unchecked_transaction().say("SQLite")?;
        for batch in rows.chunks(TOGETHER) {
            let values = batch.iter().flat_map(|row| {
                number += 1;
                values(row, number)
            });
            statement.execute(params_from_iter(values)).say("SQLite")?;
        }
        transaction.commit().say("SQLite")?;
    }
    Ok(began.elapsed().as_secs_f64())
}

fn id(high: u64, low: u64) -> Value {
    Value::Blob([high.to_be_bytes(), low.to_be_bytes()].concat())
}

/// What the rows refer to.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("INSERT INTO organisations (id, code) VALUES (?, 'yardstick')", [id(0, 0)])?;
    for number in 0..INDICATORS {
        let row = (id(1, number as u64), id(0, 0), rows::code(number));
        connection.execute("INSERT INTO indicators (id, organisation_id, code) VALUES (?, ?, ?)", row)?;
    }
    connection
        .execute(
            "INSERT INTO submissions (organisation_id, id, received_at, author, request_id, format, mode, created,
                 superseded, unchanged, rejected) VALUES (?, ?, 0, '', '', 'json', 'atomic', 0, 0, 0, 0)",
            (id(0, 0), id(2, 0)),
        )
        .map(drop)
}

/// The values of [`COLUMNS`].
fn values(row: &Row, number: u64) -> [Value; 14] {
    let text = |text: String| Value::Text(text);
    [
        id(0, 0),
        id(0x0198_0000_0000_7000, number),
        id(1, row.indicator as u64),
        text(row.period()),
        text(row.month.to_string()),
        text(row.last_day().to_string()),
        text(row.breakdown.to_owned()),
        text(String::new()),
        Value::Integer(1),
        text(row.value.clone()),
        text("final".to_owned()),
        Value::Integer(0),
        id(2, 0),
        Value::Integer(1_795_000_000_000_000),
    ]
}
