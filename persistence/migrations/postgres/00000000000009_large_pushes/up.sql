-- Pushes that are too large to be answered at once: what was sent lies in a file, and this is how far it has come. Such
-- a row changes until it ends; who sent what never does. Its entries in the trail are revisions of kind `submission`.
CREATE TABLE large_pushes (
    organisation_id BYTEA NOT NULL REFERENCES organisations (id),
    id BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    roles TEXT NOT NULL,
    request_id TEXT NOT NULL,
    format TEXT NOT NULL,
    mode TEXT NOT NULL,
    validate_only BOOLEAN NOT NULL,
    bytes BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    cancellation_asked BOOLEAN NOT NULL,
    seen_at BIGINT NOT NULL,
    step_began_at BIGINT,
    ended_at BIGINT,
    progress TEXT NOT NULL,
    outcome TEXT,
    PRIMARY KEY (organisation_id, id)
);

-- Few at any time: the queue.
CREATE INDEX large_pushes_unfinished ON large_pushes (id) WHERE ended_at IS NULL;

-- The rows at fault of a push that was refused as a whole. Those of one that was written in part belong to its submission.
CREATE TABLE refused_rows (
    organisation_id BYTEA NOT NULL,
    push_id BYTEA NOT NULL,
    row_number BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation_id, push_id, row_number),
    FOREIGN KEY (organisation_id, push_id) REFERENCES large_pushes (organisation_id, id)
);

CREATE TRIGGER large_pushes_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF organisation_id, id, received_at, author, roles,
    request_id, format, mode, validate_only, bytes ON large_pushes
FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change();
CREATE TRIGGER large_pushes_end_once BEFORE UPDATE ON large_pushes
FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
EXECUTE FUNCTION waymark_refuse_change();
CREATE TRIGGER refused_rows_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON refused_rows
FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change();
