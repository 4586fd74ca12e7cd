//! So many rows of so many councils that an engine's choice of a plan means something.

use diesel::connection::SimpleConnection;
use waymark_persistence::StoreError;

use crate::engines::Database;

/// A hundred and fifty councils beside the test's own, each with a thousand results and more of all else. SQLite's plans
/// do not depend on how many rows there are.
const FILL: &str = r#"
INSERT INTO organisations (id, code) SELECT int8send(0) || int8send(n), 'council-' || n FROM generate_series(1, 150) n;
INSERT INTO plans (id, organisation_id, code)
SELECT int8send(1) || substring(id FROM 9), id, 'filled' FROM organisations;
INSERT INTO indicators (id, organisation_id, code)
SELECT int8send(n) || substring(id FROM 9), id, 'F' || n FROM organisations, generate_series(1, 50) n;
INSERT INTO measures (id, organisation_id, plan_id, indicator_id, code)
SELECT i.id, i.organisation_id, p.id, i.id, i.code FROM indicators i JOIN plans p USING (organisation_id)
WHERE p.code = 'filled';
INSERT INTO plan_items (organisation_id, id, plan_id, kind, item_key)
SELECT p.organisation_id, int8send(n) || substring(p.id FROM 9), p.id, 'commitment', n::text
FROM plans p, generate_series(1, 100) n WHERE p.code = 'filled';
INSERT INTO revisions (entity_id, revision, organisation_id, kind, recorded_at, author, request_id, document)
SELECT i.id, n, i.organisation_id, 'measure', n * 1000000, 'filler', 'filler', '{}'
FROM indicators i, generate_series(1, 6) n WHERE i.code LIKE 'F%';
INSERT INTO judgements (organisation_id, measure_id, id, recorded_at, author, request_id, document)
SELECT m.organisation_id, m.id, int8send(n) || substring(m.id FROM 9), n, 'filler', 'filler', '{}'
FROM measures m, generate_series(1, 2) n WHERE m.code LIKE 'F%';
INSERT INTO submissions (organisation_id, id, received_at, author, request_id, format, mode, created, superseded,
    unchanged, rejected)
SELECT id, int8send(n) || int8send(n), n, 'filler', 'filler', 'json', 'atomic', 10, 0, 0, 2
FROM organisations, generate_series(1, 100) n;
INSERT INTO rejected_rows (organisation_id, submission_id, row_number, document)
SELECT organisation_id, id, n, '{}' FROM submissions, generate_series(1, 2) n;
INSERT INTO large_pushes (organisation_id, id, received_at, author, roles, request_id, format, mode, validate_only, bytes,
    state, attempts, cancellation_asked, seen_at, ended_at, progress)
SELECT id, int8send(n) || int8send(n), n, 'filler', '', 'filler', 'json', 'atomic', false, 10,
    'completed', 1, false, n, n,
    '{"bytes_read": 10, "rows_read": 1, "rows_accepted": 1, "rows_rejected": 0, "rows_written": 1}'
FROM organisations, generate_series(1, 100) n;
INSERT INTO results (organisation_id, id, indicator_id, period, period_first, period_last, breakdown, component,
    definition_version, value, standing, is_baseline, submission_id, recorded_at)
SELECT i.organisation_id, int8send(y * 10 + b) || substring(i.id FROM 1 FOR 8), i.id,
    'FY' || y || '-' || right((y + 1)::text, 2), make_date(y, 4, 1), make_date(y + 1, 3, 31),
    CASE b WHEN 0 THEN '' ELSE 'district=District ' || b END, '', 1, (y + b)::text, 'final', false,
    int8send(y - 2000) || int8send(y - 2000), y
FROM indicators i, generate_series(2006, 2010) y, generate_series(0, 3) b WHERE i.code LIKE 'F%';
UPDATE results SET superseded_at = recorded_at + 1 WHERE period = 'FY2006-07' AND breakdown = '';
INSERT INTO idempotency (client, operation, idempotency_key, body_hash, holder, started_at, expires_at)
SELECT 'client-' || n % 20, 'POST', n::text, '', '', n, 4000000000000000 FROM generate_series(1, 20000) n;
ANALYZE"#;

/// Fills the tables.
pub(super) fn fill(database: &Database) {
    if database.engine == "postgres" {
        database.store.write(|c| c.batch_execute(FILL).map_err(StoreError::from)).unwrap();
    }
}
