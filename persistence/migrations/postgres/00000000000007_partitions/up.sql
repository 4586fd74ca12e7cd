-- Results by organisation: each partition's indexes are a sixteenth as large, it is vacuumed and analysed by itself,
-- and a query names its organisation and so touches one. What results refer to is checked by the code that writes
-- them, under the organisation's lock: three triggers a row cost more than the row.

ALTER TABLE results RENAME TO results_before;

CREATE TABLE results (
    organisation_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    indicator_id BYTEA NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    period_first DATE NOT NULL,
    period_last DATE NOT NULL,
    breakdown TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    definition_version INTEGER NOT NULL,
    value TEXT,
    numerator TEXT,
    denominator TEXT,
    unread TEXT,
    unread_reason TEXT,
    standing TEXT COLLATE "C" NOT NULL,
    quality TEXT,
    note TEXT,
    is_baseline BOOLEAN NOT NULL,
    submission_id BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT CHECK (superseded_at > recorded_at)
) PARTITION BY HASH (organisation_id);

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE results_p%s PARTITION OF results FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            part, part);
    END LOOP;
END
$$;

-- Rows first and indexes afterwards: an index that is built at once is built in a fraction of the time.
INSERT INTO results SELECT * FROM results_before;
DROP TABLE results_before;

ALTER TABLE results ADD PRIMARY KEY (organisation_id, id);

-- At most one result of a key is current. An error names the index of the partition, so that is named as well.
CREATE UNIQUE INDEX results_current ON results (organisation_id, indicator_id, period, breakdown, component)
WHERE superseded_at IS NULL;
DO $$
DECLARE part RECORD;
BEGIN
    FOR part IN SELECT relid::REGCLASS AS index, row_number() OVER (ORDER BY relid) - 1 AS place
        FROM pg_partition_tree('results_current') WHERE isleaf LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO results_current_p%s', part.index, part.place);
    END LOOP;
END
$$;

-- What was known of an indicator's series at a moment.
CREATE INDEX results_series ON results (organisation_id, indicator_id, breakdown, period_last);
CREATE INDEX results_of_submission ON results (organisation_id, submission_id);

-- A result is closed once, when another takes its place; nothing else of it changes. PostgreSQL gives a trigger for
-- rows to every partition; those for statements guard only the table that the statement names, so each has its own.
CREATE TRIGGER results_are_closed_once BEFORE UPDATE OF superseded_at ON results
FOR EACH ROW WHEN (OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL)
EXECUTE FUNCTION waymark_refuse_change();

DO $$
DECLARE guarded REGCLASS;
BEGIN
    FOR guarded IN SELECT relid FROM pg_partition_tree('results') LOOP
        EXECUTE format('CREATE TRIGGER results_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF organisation_id, id,
            indicator_id, period, period_first, period_last, breakdown, component, definition_version, value,
            numerator, denominator, unread, unread_reason, standing, quality, note, is_baseline, submission_id,
            recorded_at ON %s FOR EACH STATEMENT EXECUTE FUNCTION waymark_refuse_change()', guarded);
    END LOOP;
END
$$;

-- Autovacuum sees to the partitions, but nobody else to what is known of the whole.
ANALYZE results;
