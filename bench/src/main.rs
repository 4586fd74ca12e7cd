//! How fast the service is, as ratios to yardsticks that run on the same machine in the same minutes: an
//! Actix handler that answers from memory, PostgREST, pgbench, `COPY`, prepared inserts into SQLite.
//!
//! It starts a PostgreSQL of its own with durable settings, the yardsticks and the release-built service, and lets
//! them work in turns (yardstick, service, yardstick, service ...), so that a noise of the machine falls on both. A
//! job that the service cannot do yet says so and does not stop the others. Nothing here fails because of a figure.

mod arguments;
mod council;
mod database;
mod http;
mod jobs;
mod machine;
mod postgres;
mod process;
mod report;
mod rounds;
mod rows;
mod service;
mod wrk;
mod yardstick;

use std::process::ExitCode;

use arguments::Arguments;
use clap::Parser;
use report::Results;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("waymark-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let bench = machine::Bench::prepare(arguments)?;
    let mut results = Results::new(&bench, arguments);
    for job in arguments.jobs() {
        eprintln!("=== {}: {}", job.name(), job.about());
        let report = job.run(&bench);
        let reported = results.add(job, report);
        println!("{reported}");
    }
    results.write(arguments.output().as_deref())
}
