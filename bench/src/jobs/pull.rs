//! `GET` status, against bytes from memory.

use crate::council::Council;
use crate::machine::Bench;
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::service::Service;
use crate::wrk::{self, Reached};
use crate::yardstick::Memory;

/// How it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// For the whole.
    Whole,
    /// For what is new.
    Conditional,
}

/// A service with a council that has a year of results.
pub(super) fn council_of_a_year(bench: &Bench, database: &str) -> Result<(Service, Council), String> {
    let url = bench.postgres.database(database)?;
    let service = bench.service(&url).start()?;
    let council = Council::found(&service.client()?, "council")?;
    council.push_months(12)?;
    Ok((service, council))
}

fn measure(
    bench: &Bench,
    service: &Service,
    council: &Council,
    what: &str,
    path: &str,
    ask: Ask,
    report: &mut Report,
) -> Result<(), String> {
    let answer = council.client().get(path)?.sound()?;
    let memory = Memory::start(&answer)?;
    let token = format!("Bearer {}", service.token()?);
    let url = format!("{}{path}", service.url);
    let mut headers = vec![("authorization", token.as_str())];
    if ask == Ask::Conditional {
        headers.push(("if-none-match", answer.etag.as_str()));
    }
    let reported = |Reached { rate, p99 }| [rate, p99];
    let [rate, p99] = alternate(
        bench.rounds,
        |_| wrk::load(bench, &memory.url, &headers).map(reported),
        |_| wrk::load(bench, &url, &headers).map(reported),
    )?;
    report.ratio(&format!("{what}: requests a second"), "/s", &rate, Goal::AtLeast(0.6));
    let p99_goal = if ask == Ask::Whole { Goal::AtMost(2.0) } else { Goal::None };
    report.ratio(&format!("{what}: 99 of 100 answers within"), "ms", &p99, p99_goal);
    report.note(format!("The status of {what} is {} bytes of JSON.", answer.text.len()));
    Ok(())
}

pub(super) fn run(bench: &Bench, ask: Ask) -> Result<Report, String> {
    let (service, council) = council_of_a_year(bench, "pull")?;
    let mut report = Report::new();
    measure(bench, &service, &council, "the plan", &council.status_path(), ask, &mut report)?;
    measure(bench, &service, &council, "one theme of it", &council.theme_path(), ask, &mut report)?;
    drop(service);
    bench.postgres.drop_database("pull")?;
    Ok(report)
}
