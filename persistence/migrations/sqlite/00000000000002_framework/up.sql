-- Who and what there is. The content of each lives in `revisions`.

CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT organisations_code UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE indicators (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    CONSTRAINT indicators_code UNIQUE (organisation_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    code TEXT NOT NULL,
    CONSTRAINT plans_code UNIQUE (organisation_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE measures (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    plan_id BLOB NOT NULL REFERENCES plans (id),
    indicator_id BLOB NOT NULL REFERENCES indicators (id),
    code TEXT NOT NULL,
    CONSTRAINT measures_code UNIQUE (plan_id, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX measures_indicator ON measures (indicator_id);

-- Append-only: the content of one thing at each of its revisions, from 1 upwards.
CREATE TABLE revisions (
    entity_id BLOB NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (entity_id, revision)
) STRICT;

CREATE INDEX revisions_log ON revisions (organisation_id, recorded_at);
