-- The trail: what was recorded stays as it was recorded, whoever asks, and is read in the order of time.

CREATE TRIGGER revisions_stay BEFORE UPDATE ON revisions BEGIN
    SELECT RAISE(ABORT, 'what was recorded in revisions is never changed or deleted');
END;
CREATE TRIGGER revisions_remain BEFORE DELETE ON revisions BEGIN
    SELECT RAISE(ABORT, 'what was recorded in revisions is never changed or deleted');
END;

CREATE TRIGGER judgements_stay BEFORE UPDATE ON judgements BEGIN
    SELECT RAISE(ABORT, 'what was recorded in judgements is never changed or deleted');
END;
CREATE TRIGGER judgements_remain BEFORE DELETE ON judgements BEGIN
    SELECT RAISE(ABORT, 'what was recorded in judgements is never changed or deleted');
END;

CREATE TRIGGER submissions_stay BEFORE UPDATE ON submissions BEGIN
    SELECT RAISE(ABORT, 'what was recorded in submissions is never changed or deleted');
END;
CREATE TRIGGER submissions_remain BEFORE DELETE ON submissions BEGIN
    SELECT RAISE(ABORT, 'what was recorded in submissions is never changed or deleted');
END;

CREATE TRIGGER rejected_rows_stay BEFORE UPDATE ON rejected_rows BEGIN
    SELECT RAISE(ABORT, 'what was recorded in rejected_rows is never changed or deleted');
END;
CREATE TRIGGER rejected_rows_remain BEFORE DELETE ON rejected_rows BEGIN
    SELECT RAISE(ABORT, 'what was recorded in rejected_rows is never changed or deleted');
END;

-- A result is closed once, when another takes its place; nothing else of it changes.
CREATE TRIGGER results_stay BEFORE UPDATE OF organisation_id, id, indicator_id, period, period_first, period_last,
    breakdown, component, definition_version, value, numerator, denominator, unread, unread_reason, standing, quality,
    note, is_baseline, submission_id, recorded_at ON results BEGIN
    SELECT RAISE(ABORT, 'what was recorded in results is never changed or deleted');
END;
CREATE TRIGGER results_are_closed_once BEFORE UPDATE OF superseded_at ON results
WHEN OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'what was recorded in results is never changed or deleted');
END;
CREATE TRIGGER results_remain BEFORE DELETE ON results BEGIN
    SELECT RAISE(ABORT, 'what was recorded in results is never changed or deleted');
END;

DROP INDEX revisions_log;
CREATE INDEX revisions_log ON revisions (organisation_id, recorded_at, entity_id, revision);
CREATE INDEX submissions_log ON submissions (organisation_id, received_at, id);
CREATE INDEX judgements_log ON judgements (organisation_id, recorded_at, id);
