//! What a read costs when there is much more to read from.

use crate::council::Council;
use crate::machine::Bench;
use crate::report::{Goal, Report};
use crate::rounds::alternate;
use crate::rows::{self, INDICATORS, PARTS, ROWS};
use crate::service::Service;
use crate::wrk;

/// The English councils with children's services, about.
const COUNCILS: usize = 150;

/// The months that every council of both sizes has from its own pushes.
const MONTHS: usize = 10;

pub(super) fn run(bench: &Bench) -> Result<Report, String> {
    let (small, little) = council(bench, "growth_small")?;
    let (large, much) = council(bench, "growth_large")?;
    let results = bench.amount(10_000_000, 300_000);
    // Beside those that were pushed, which only one council has.
    let months = results.div_ceil(COUNCILS * ROWS);
    bench.postgres.sql("growth_large", &fill(months)?)?;
    let count = bench.postgres.sql("growth_large", "SELECT count(*) FROM results")?;
    let mut report = Report::new();
    for (what, path) in [("status", little.status_path()), ("one result", little.point_path()?)] {
        let ask = |service: &Service| -> Result<[f64; 2], String> {
            let token = format!("Bearer {}", service.token()?);
            let reached = wrk::load(bench, &format!("{}{path}", service.url), &[("authorization", &token)])?;
            Ok([1e6 / reached.rate, reached.p99])
        };
        let [time, p99] = alternate(bench.rounds, |_| ask(&small), |_| ask(&large))?;
        report.ratio(&format!("{what}: time a request"), "us", &time, Goal::AtMost(1.3));
        report.ratio(&format!("{what}: 99 of 100 answers within"), "ms", &p99, Goal::None);
    }
    let found = much.client().get(&much.point_path()?)?.sound()?;
    report.note(format!(
        "The yardstick is the service with 10,000 results of one council; beside it {} results of {COUNCILS} councils, as \
         many of them each, the one that is asked for among them. One result is {} bytes of JSON.",
        count.trim(),
        found.text.len()
    ));
    drop((small, large));
    bench.postgres.drop_database("growth_small")?;
    bench.postgres.drop_database("growth_large")?;
    Ok(report)
}

fn council(bench: &Bench, database: &str) -> Result<(Service, Council), String> {
    let url = bench.postgres.database(database)?;
    let service = bench.service(&url).start()?;
    let council = Council::found(&service.client()?, "council")?;
    council.push_months(MONTHS)?;
    Ok((service, council))
}

/// SQL that adds councils, and so many months' results to each and to the one that is there.
fn fill(months: usize) -> Result<String, String> {
    let begin = rows::month(MONTHS)?;
    let parts: Vec<String> = PARTS.iter().enumerate().map(|(n, part)| format!("({n}, '{part}')")).collect();
    let parts = parts.join(", ");
    Ok(format!(
        "-- The rows fit together by the way they are made: what they refer to need not be looked up for each of them.
SET session_replication_role = replica;
INSERT INTO organisations (id, code)
SELECT int8send(0) || int8send(n), 'filled-' || n FROM generate_series(2, {COUNCILS}) AS n;
INSERT INTO indicators (id, organisation_id, code)
SELECT substring(o.id from 9) || int8send(n), o.id, 'M' || lpad(n::text, 3, '0')
FROM organisations AS o, generate_series(1, {INDICATORS}) AS n WHERE o.code LIKE 'filled-%';
DO $fill$
DECLARE council RECORD;
BEGIN
  FOR council IN SELECT id, code FROM organisations WHERE code = 'council' OR code LIKE 'filled-%' LOOP
    INSERT INTO submissions (organisation_id, id, received_at, author, request_id, format, mode, created, superseded,
        unchanged, rejected)
    VALUES (council.id, int8send(0) || int8send(0), 1795000000000000, 'bench', 'bench', 'json', 'atomic',
        {months} * {ROWS}, 0, 0, 0);
    INSERT INTO results (organisation_id, id, indicator_id, period, period_first, period_last, breakdown, component,
        definition_version, value, standing, is_baseline, submission_id, recorded_at)
    SELECT council.id, int8send(m.n) || int8send(i.place * 16 + p.place), i.id, to_char(m.first, 'YYYY-MM'), m.first,
        (m.first + interval '1 month - 1 day')::date, p.breakdown, '', 1,
        ((i.place * 37 + m.n * 11 + p.place * 5) % 90 + 5)::text, 'final', false, int8send(0) || int8send(0),
        1795000000000000
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM indicators WHERE organisation_id = council.id) AS i,
        (SELECT n, (date '{begin}' - n::int * interval '1 month')::date AS first
         FROM generate_series(0::int8, {months} - 1) AS n) AS m,
        (VALUES {parts}) AS p (place, breakdown);
  END LOOP;
END
$fill$;
RESET session_replication_role;
VACUUM ANALYZE;
CHECKPOINT;
"
    ))
}
