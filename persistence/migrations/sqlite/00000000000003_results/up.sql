-- What was measured, what was sent, and what officers said of it. The large tables' keys begin with the
-- organisation, so that a distributed database can keep what belongs together in one place.

CREATE TABLE submissions (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    id BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    format TEXT NOT NULL,
    mode TEXT NOT NULL,
    created INTEGER NOT NULL,
    superseded INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected_rows (
    organisation_id BLOB NOT NULL,
    submission_id BLOB NOT NULL,
    row_number INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation_id, submission_id, row_number),
    FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id)
) STRICT;

-- Bitemporal: `period` is what a result is about, `recorded_at` to `superseded_at` is when it was known.
CREATE TABLE results (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    id BLOB NOT NULL,
    indicator_id BLOB NOT NULL REFERENCES indicators (id),
    period TEXT NOT NULL,
    period_first TEXT NOT NULL,
    period_last TEXT NOT NULL,
    breakdown TEXT NOT NULL,
    component TEXT NOT NULL,
    definition_version INTEGER NOT NULL,
    value TEXT,
    numerator TEXT,
    denominator TEXT,
    unread TEXT,
    unread_reason TEXT,
    standing TEXT NOT NULL,
    quality TEXT,
    note TEXT,
    is_baseline INTEGER NOT NULL,
    submission_id BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    superseded_at INTEGER CHECK (superseded_at > recorded_at),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id)
) STRICT;

-- At most one result of a key is current.
CREATE UNIQUE INDEX results_current ON results (organisation_id, indicator_id, period, breakdown, component)
WHERE superseded_at IS NULL;

-- What was known of an indicator's series at a moment.
CREATE INDEX results_series ON results (organisation_id, indicator_id, breakdown, period_last);
CREATE INDEX results_of_submission ON results (organisation_id, submission_id);

-- Append-only: overrides and predictions.
CREATE TABLE judgements (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    measure_id BLOB NOT NULL REFERENCES measures (id),
    id BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation_id, measure_id, id)
) STRICT, WITHOUT ROWID;
