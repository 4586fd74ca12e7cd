-- The rows of a submission are stored before the submission itself, whose counts are known last.
ALTER TABLE rejected_rows ALTER CONSTRAINT rejected_rows_organisation_id_submission_id_fkey
DEFERRABLE INITIALLY DEFERRED;

-- Whoever writes results holds the organisation, and knows its indicators and the submission: a check by trigger costs
-- more than the row itself.
ALTER TABLE results DROP CONSTRAINT IF EXISTS results_organisation_id_submission_id_fkey;
ALTER TABLE results DROP CONSTRAINT IF EXISTS results_organisation_id_fkey;
ALTER TABLE results DROP CONSTRAINT IF EXISTS results_indicator_id_fkey;
