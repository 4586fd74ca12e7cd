//! `GET` status while pushes go on, against the same alone; and whether any response is outdated.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::pull::council_of_a_year;
use crate::council::Council;
use crate::machine::Bench;
use crate::process::Say;
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::rows::{self, Row};
use crate::wrk::{self, Reached};

/// The months that are there before the first push.
const YEAR: usize = 12;

/// What the pushes of one round saw.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    pushes: usize,
    stale: usize,
    slowest: Duration,
}

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    let (service, council) = council_of_a_year(bench, "while_pushing")?;
    let token = format!("Bearer {}", service.token()?);
    let url = format!("{}{}", service.url, council.status_path());
    let headers = [("authorization", token.as_str())];
    let reported = |Reached { rate, p99 }| [rate, p99];
    let mut seen = Seen::default();
    let [rate, p99] = alternate(
        bench.rounds,
        |_| wrk::load(bench, &url, &headers).map(reported),
        |_| {
            let (stop, before) = (AtomicBool::new(false), seen);
            std::thread::scope(|scope| {
                let pusher = scope.spawn(|| push_until(&council, before, &stop));
                let reached = wrk::load(bench, &url, &headers);
                stop.store(true, Ordering::Relaxed);
                seen = pusher.join().map_err(|_| "a thread broke".to_owned())??;
                reached.map(reported)
            })
        },
    )?;
    let mut report = Report::new();
    report.ratio("requests a second", "/s", &rate, Goal::AtLeast(0.7));
    report.ratio("99 of 100 answers within", "ms", &p99, Goal::None);
    report.figure("stale answers", "", &[seen.stale as f64], Goal::AtMost(0.0));
    report.note(format!(
        "{} pushes of 1,001 rows, one a second; the slowest was answered after {:.0} ms. After each answer the status was \
         read twice, on two connections, and its rating and figure compared with those that were pushed.",
        seen.pushes,
        seen.slowest.as_secs_f64() * 1e3
    ));
    drop(service);
    bench.postgres.drop_database("while_pushing")?;
    Ok(report)
}

/// Pushes a month of rows each second, and with it a result of the last month that turns the rating of one measure
/// from red to green or back.
fn push_until(council: &Council, before: Seen, stop: &AtomicBool) -> Result<Seen, String> {
    let readers = [council.seen_by(&council.client().apart()), council.seen_by(&council.client().apart())];
    let mut seen = before;
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        // 20 is worse than the baseline of 40; 99 is better than any target.
        let (value, rating) = if seen.pushes.is_multiple_of(2) { (20, "red") } else { (99, "green") };
        let mut rows = rows::rows(YEAR + seen.pushes)?;
        rows.push(Row { indicator: 0, month: rows::month(0)?, breakdown: "", value: value.to_string() });
        council.push(&rows::json_body(&rows))?;
        seen.pushes += 1;
        seen.slowest = seen.slowest.max(began.elapsed());
        for reader in &readers {
            let row = reader.row(0)?;
            let reported = |field: &str| row.get(field).cloned().say(field);
            if reported("rating")? != rating || reported("actual_value")? != json!(value) {
                seen.stale += 1;
            }
        }
        std::thread::sleep(Duration::from_secs(1).saturating_sub(began.elapsed()));
    }
    Ok(seen)
}
