-- What was measured, what was sent, and what officers said of it. The large tables' keys begin with the
-- organisation, so that a distributed database can keep what belongs together in one place.

CREATE TABLE submissions (
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    id BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    format TEXT NOT NULL,
    mode TEXT NOT NULL,
    created BIGINT NOT NULL,
    superseded BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE rejected_rows (
    organisation_id BYTEA NOT NULL,
    submission_id BYTEA NOT NULL,
    row_number BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation_id, submission_id, row_number),
    FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id)
);

-- Bitemporal: `period` is what a result is about, `recorded_at` to `superseded_at` is when it was known.
CREATE TABLE results (
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    id BYTEA NOT NULL,
    indicator_id BYTEA NOT NULL REFERENCES indicators (id),
    period TEXT COLLATE "C" NOT NULL,
    period_first DATE NOT NULL,
    period_last DATE NOT NULL,
    breakdown TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    definition_version INTEGER NOT NULL,
    value TEXT,
    numerator TEXT,
    denominator TEXT,
    unread TEXT,
    unread_reason TEXT,
    standing TEXT COLLATE "C" NOT NULL,
    quality TEXT,
    note TEXT,
    is_baseline BOOLEAN NOT NULL,
    submission_id BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT CHECK (superseded_at > recorded_at),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id)
);

-- At most one result of a key is current.
CREATE UNIQUE INDEX results_current ON results (organisation_id, indicator_id, period, breakdown, component)
WHERE superseded_at IS NULL;

-- What was known of an indicator's series at a moment.
CREATE INDEX results_series ON results (organisation_id, indicator_id, breakdown, period_last);
CREATE INDEX results_of_submission ON results (organisation_id, submission_id);

-- Append-only: overrides and predictions.
CREATE TABLE judgements (
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    measure_id BYTEA NOT NULL REFERENCES measures (id),
    id BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation_id, measure_id, id)
);
