-- The rows of a submission are stored before the submission itself, whose counts are known last.
ALTER TABLE rejected_rows ALTER CONSTRAINT rejected_rows_organisation_id_submission_id_fkey
DEFERRABLE INITIALLY DEFERRED;
