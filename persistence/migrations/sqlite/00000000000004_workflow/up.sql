-- What is decided and reported in a plan: proposals, trackers, commitments, notices. The content of each lives
-- in `revisions`.
CREATE TABLE plan_items (
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    id BLOB NOT NULL,
    plan_id BLOB NOT NULL REFERENCES plans (id),
    kind TEXT NOT NULL,
    item_key TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT plan_items_key UNIQUE (organisation_id, plan_id, kind, item_key)
) STRICT, WITHOUT ROWID;

-- The roles of who made a change, as they stood in the token. What was changed before is not known by role.
ALTER TABLE revisions ADD COLUMN roles TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN roles TEXT NOT NULL DEFAULT '';
ALTER TABLE judgements ADD COLUMN roles TEXT NOT NULL DEFAULT '';
