//! Pushes of rows that are there already, against their first push.

use crate::council::Council;
use crate::jobs::push::push;
use crate::machine::Bench;
use crate::report::{Goal, Report};
use crate::rounds::Series;

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    let pushes = bench.amount(40, 3);
    let url = bench.postgres.database("unchanged")?;
    let service = bench.service(&url).start()?;
    let mut series = Series::default();
    for round in 0..bench.rounds {
        let client = service.client()?;
        let council = [Council::found(&client, &format!("c{round}"))?];
        let first = push(&council, std::slice::from_ref(&client), 1, pushes)?;
        let again = push(&council, std::slice::from_ref(&client), 1, pushes)?;
        eprintln!("  round {}: first {first:.0}, again {again:.0}", round + 1);
        series.add(first, again);
    }
    let mut report = Report::new();
    report.ratio("rows a second, 1 client", "/s", &series, Goal::AtLeast(2.0));
    report.note(format!(
        "The yardstick is the service itself: {pushes} requests of 1,000 rows, and the same ones again."
    ));
    drop(service);
    bench.postgres.drop_database("unchanged")?;
    Ok(report)
}
