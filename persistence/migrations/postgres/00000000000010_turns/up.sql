-- Whose turn it was last: the submission of results that was committed last, and when it was received. No result of the
-- organisation was recorded later.
ALTER TABLE organisations ADD COLUMN submission_id BYTEA, ADD COLUMN submitted_at BIGINT;
UPDATE organisations SET (submission_id, submitted_at) = (
    SELECT id, received_at FROM submissions WHERE submissions.organisation_id = organisations.id
    ORDER BY received_at DESC, id DESC LIMIT 1
);
