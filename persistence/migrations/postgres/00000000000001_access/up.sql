-- Ids are the 16 bytes of a UUID, instants are microseconds since 1970 in UTC, documents are JSON text.
-- Text that is compared or sorted has the collation "C", so that pages are in the same order as in SQLite.

CREATE TABLE clients (
    id BYTEA NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    secret_hash TEXT NOT NULL,
    grants TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- The name of a revoked client is free again.
CREATE UNIQUE INDEX clients_name ON clients (name) WHERE revoked_at IS NULL;

CREATE TABLE idempotency (
    client TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    body_hash BYTEA NOT NULL,
    holder BYTEA NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    status INTEGER,
    content_type TEXT,
    headers TEXT,
    body BYTEA,
    PRIMARY KEY (client, operation, idempotency_key)
);

CREATE INDEX idempotency_expiry ON idempotency (expires_at);
