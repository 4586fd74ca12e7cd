-- The trail: what was recorded stays as it was recorded, whoever asks, and is read in the order of time.

CREATE FUNCTION waymark_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was recorded in % is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER revisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON revisions
FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change();
CREATE TRIGGER judgements_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON judgements
FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change();
CREATE TRIGGER submissions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON submissions
FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change();
CREATE TRIGGER rejected_rows_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON rejected_rows
FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change();

-- A result is closed once, when another takes its place; nothing else of it changes. A statement that sets nothing
-- but `superseded_at` pays for one comparison a row.
CREATE TRIGGER results_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF organisation_id, id, indicator_id, period,
    period_first, period_last, breakdown, component, definition_version, value, numerator, denominator, unread,
    unread_reason, standing, quality, note, is_baseline, submission_id, recorded_at ON results
FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change();
CREATE TRIGGER results_are_closed_once BEFORE UPDATE OF superseded_at ON results
FOR EACH ROW WHEN (OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL)
EXECUTE FUNCTION waymark_refuse_change();

DROP INDEX revisions_log;
CREATE INDEX revisions_log ON revisions (organisation_id, recorded_at, entity_id, revision);
CREATE INDEX submissions_log ON submissions (organisation_id, received_at, id);
CREATE INDEX judgements_log ON judgements (organisation_id, recorded_at, id);
