-- Ids are the 16 bytes of a UUID, instants are microseconds since 1970 in UTC, documents are JSON text.

CREATE TABLE clients (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    grants TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- The name of a revoked client is free again.
CREATE UNIQUE INDEX clients_name ON clients (name) WHERE revoked_at IS NULL;

CREATE TABLE idempotency (
    client TEXT NOT NULL,
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    holder BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    status INTEGER,
    content_type TEXT,
    headers TEXT,
    body BLOB,
    PRIMARY KEY (client, operation, idempotency_key)
) STRICT;

CREATE INDEX idempotency_expiry ON idempotency (expires_at);
