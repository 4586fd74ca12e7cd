-- Who and what there is. The content of each lives in `revisions`.

CREATE TABLE organisations (
    id BYTEA NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL CONSTRAINT organisations_code UNIQUE
);

CREATE TABLE indicators (
    id BYTEA NOT NULL PRIMARY KEY,
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    code TEXT COLLATE "C" NOT NULL,
    CONSTRAINT indicators_code UNIQUE (organisation_id, code)
);

CREATE TABLE plans (
    id BYTEA NOT NULL PRIMARY KEY,
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    code TEXT COLLATE "C" NOT NULL,
    CONSTRAINT plans_code UNIQUE (organisation_id, code)
);

CREATE TABLE measures (
    id BYTEA NOT NULL PRIMARY KEY,
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    plan_id BYTEA NOT NULL REFERENCES plans (id),
    indicator_id BYTEA NOT NULL REFERENCES indicators (id),
    code TEXT COLLATE "C" NOT NULL,
    CONSTRAINT measures_code UNIQUE (plan_id, code)
);

CREATE INDEX measures_indicator ON measures (indicator_id);

-- Append-only: the content of one thing at each of its revisions, from 1 upwards.
CREATE TABLE revisions (
    entity_id BYTEA NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    kind TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT revisions_key PRIMARY KEY (entity_id, revision)
);

CREATE INDEX revisions_log ON revisions (organisation_id, recorded_at);
