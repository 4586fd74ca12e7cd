//! Pushes of 1,000 new results, against pgbench.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::time::Instant;

use crate::council::Council;
use crate::database::{self, COLUMNS};
use crate::http::Client;
use crate::machine::Bench;
use crate::process::{Say, output};
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::rows::{self, PARTS, ROWS};
use crate::service::{Service, Settings};

const YARDSTICK: &str = "push_yardstick";

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    let pushes = bench.amount(40, 3);
    database::prepare(bench, YARDSTICK)?;
    let script = write_script(bench)?;
    let url = bench.postgres.database("push")?;
    let first = bench.service(&url).start()?;
    let second = Settings { name: "second", ..bench.service(&url) }.start()?;
    let mut report = Report::new();
    for (clients, councils, services) in [(1, 1, 1), (4, 4, 1), (4, 1, 1), (1, 1, 2), (4, 1, 2)] {
        let both = if services == 2 { ", through two services in turns" } else { "" };
        let what = format!(
            "rows a second, {clients} client{} of {councils} council{}{both}",
            s(clients),
            s(councils)
        );
        let [rate] = alternate(
            bench.rounds,
            |_| upsert(bench, &script, clients, councils, pushes).map(|rate| [rate]),
            |round| {
                let client = first.client()?;
                let named = |number| format!("c{clients}-{councils}-{services}-{round}-{number}");
                let founded: Vec<Council> = (0..councils)
                    .map(|number| Council::found(&client, &named(number)))
                    .collect::<Result<_, _>>()?;
                let asked = [&first, &second].into_iter().take(services);
                let asked: Vec<Client> = asked.map(Service::client).collect::<Result<_, _>>()?;
                push(&founded, &asked, clients, pushes).map(|rate| [rate])
            },
        )?;
        // The goal is set for four systems that push at once; how many councils they work for is left open.
        report.ratio(&what, "/s", &rate, Goal::AtLeast(0.8));
    }
    report.note(format!(
        "Each client sends {pushes} requests of {ROWS} rows, each a month of 200 indicators, whole and by four districts, \
         to councils that were new. The service validates, keeps history, rates the plan's 200 measures before and \
         after, and answers for every row; the yardstick's table has the indexes of the service's and no foreign keys."
    ));
    report.note(
        "Pushes to one council store their rows beside each other, and take turns to judge, rate and commit. The four clients \
         of the yardstick never wait for one another.",
    );
    report.note("Two services are asked as a load balancer does it: a client's requests go to one and the other by turns.");
    drop((first, second));
    bench.postgres.drop_database("push")?;
    bench.postgres.drop_database(YARDSTICK)?;
    Ok(report)
}

fn s(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// Rows a second of clients that push at once, each to all services by turns. Client `n` of `m` sends the months `n`,
/// `n + m` and so on.
pub(super) fn push(
    councils: &[Council],
    services: &[Client],
    clients: usize,
    pushes: usize,
) -> Result<f64, String> {
    let (ready, done) = (&Barrier::new(clients + 1), &Barrier::new(clients + 1));
    let seconds = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..clients)
            .map(|hand| {
                scope.spawn(move || -> Result<(), String> {
                    let council = councils.get(hand % councils.len()).say("a council")?;
                    let seen: Vec<Council> =
                        services.iter().map(|service| council.seen_by(&service.apart())).collect();
                    let mut turns = seen.iter().cycle().skip(hand);
                    let bodies: Result<Vec<String>, String> = (0..pushes)
                        .map(|push| Ok(rows::json_body(&rows::rows(push * clients + hand)?)))
                        .collect();
                    ready.wait();
                    let pushed = bodies.and_then(|bodies| {
                        bodies.iter().zip(&mut turns).try_for_each(|(body, council)| council.push(body))
                    });
                    done.wait();
                    pushed
                })
            })
            .collect();
        ready.wait();
        let began = Instant::now();
        done.wait();
        let seconds = began.elapsed().as_secs_f64();
        hands.into_iter().try_for_each(|hand| hand.join().map_err(|_| "a thread broke".to_owned())?)?;
        Ok::<f64, String>(seconds)
    })?;
    Ok((clients * pushes * ROWS) as f64 / seconds)
}

/// The rows of a month, once for each client, then an upsert of them for one month after the other.
fn write_script(bench: &Bench) -> Result<PathBuf, String> {
    let first: Vec<rows::Row> = rows::rows(0)?;
    let template: Vec<String> = first
        .iter()
        .map(|row| {
            format!("('\\x{:016x}{:016x}'::bytea, '{}', '{}')", 1, row.indicator, row.breakdown, row.value)
        })
        .collect();
    let template = format!(
        "CREATE TABLE template (indicator BYTEA, breakdown TEXT, value TEXT); INSERT INTO template VALUES {};",
        template.join(", ")
    );
    bench.postgres.sql(YARDSTICK, &template)?;
    let month = rows::month(0)?;
    let script = format!(
        r"\if :first
SELECT array_agg(indicator)::text AS indicators, array_agg(breakdown)::text AS breakdowns, array_agg(value)::text AS figures FROM template \gset
\set first 0
\set back :client_id
\set council :client_id % :councils
\endif
INSERT INTO yardstick ({COLUMNS}) SELECT int8send(:council::int8) || int8send(0), int8send(:back::int8) || int8send(row.place), row.indicator, to_char(m.first, 'YYYY-MM'), m.first, (m.first + interval '1 month - 1 day')::date, row.breakdown, '', 1, row.value, 'final', false, int8send(:back::int8) || int8send(:council::int8), 1795000000000000 FROM (SELECT (date '{month}' - :back::int4 * interval '1 month')::date AS first) AS m, unnest(:indicators::bytea[], :breakdowns::text[], :figures::text[]) WITH ORDINALITY AS row (indicator, breakdown, value, place) ON CONFLICT (organisation_id, indicator_id, period, breakdown, component) WHERE superseded_at IS NULL DO UPDATE SET value = excluded.value, recorded_at = excluded.recorded_at;
\set back :back + :clients
"
    );
    let place = bench.file("upsert.pgbench");
    fs::write(&place, script).say("pgbench's script")?;
    debug_assert_eq!(first.len(), PARTS.len() * rows::INDICATORS);
    Ok(place)
}

/// Rows a second of pgbench.
fn upsert(
    bench: &Bench,
    script: &Path,
    clients: usize,
    councils: usize,
    pushes: usize,
) -> Result<f64, String> {
    database::empty(bench, YARDSTICK)?;
    let mut pgbench = bench.postgres.program("pgbench");
    pgbench
        .args(["--no-vacuum", "--protocol=prepared"])
        .arg(format!("--client={clients}"))
        .arg(format!("--jobs={}", clients.min(2)))
        .arg(format!("--transactions={pushes}"))
        .args([
            "--define=first=1",
            &format!("--define=councils={councils}"),
            &format!("--define=clients={clients}"),
        ])
        .arg(format!("--file={}", script.display()))
        .arg(bench.postgres.url(YARDSTICK));
    let reported = output(&mut pgbench)?;
    let rate = reported.lines().find_map(|line| line.strip_prefix("tps = ")).say("what pgbench counted")?;
    let rate: f64 = rate.split(' ').next().unwrap_or_default().parse().say("what pgbench counted")?;
    let written = database::count(bench, YARDSTICK)?;
    if written != clients * pushes * ROWS {
        return Err(format!("pgbench wrote {written} rows: {reported}"));
    }
    Ok(rate * ROWS as f64)
}
