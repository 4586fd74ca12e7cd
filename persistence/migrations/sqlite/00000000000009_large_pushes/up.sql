-- Pushes that are too large to be answered at once: what was sent lies in a file, and this is how far it has come. Such
-- a row changes until it ends; who sent what never does. Its entries in the trail are revisions of kind `submission`.
CREATE TABLE large_pushes (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    id BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    roles TEXT NOT NULL,
    request_id TEXT NOT NULL,
    format TEXT NOT NULL,
    mode TEXT NOT NULL,
    validate_only INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    cancellation_asked INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    step_began_at INTEGER,
    ended_at INTEGER,
    progress TEXT NOT NULL,
    outcome TEXT,
    PRIMARY KEY (organisation_id, id)
) STRICT, WITHOUT ROWID;

-- Few at any time: the queue.
CREATE INDEX large_pushes_unfinished ON large_pushes (id) WHERE ended_at IS NULL;

-- The rows at fault of a push that was refused as a whole. Those of one that was written in part belong to its submission.
CREATE TABLE refused_rows (
    organisation_id BLOB NOT NULL,
    push_id BLOB NOT NULL,
    row_number INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation_id, push_id, row_number),
    FOREIGN KEY (organisation_id, push_id) REFERENCES large_pushes (organisation_id, id)
) STRICT;

CREATE TRIGGER large_pushes_stay BEFORE UPDATE OF organisation_id, id, received_at, author, roles, request_id, format,
    mode, validate_only, bytes ON large_pushes BEGIN
    SELECT RAISE(ABORT, 'what was recorded in large_pushes is never changed or deleted');
END;
CREATE TRIGGER large_pushes_end_once BEFORE UPDATE ON large_pushes WHEN OLD.ended_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'what was recorded in large_pushes is never changed or deleted');
END;
CREATE TRIGGER large_pushes_remain BEFORE DELETE ON large_pushes BEGIN
    SELECT RAISE(ABORT, 'what was recorded in large_pushes is never changed or deleted');
END;
CREATE TRIGGER refused_rows_stay BEFORE UPDATE ON refused_rows BEGIN
    SELECT RAISE(ABORT, 'what was recorded in refused_rows is never changed or deleted');
END;
CREATE TRIGGER refused_rows_remain BEFORE DELETE ON refused_rows BEGIN
    SELECT RAISE(ABORT, 'what was recorded in refused_rows is never changed or deleted');
END;
