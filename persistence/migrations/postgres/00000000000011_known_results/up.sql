-- How many of an organisation's versions came of submissions of results. All others came of what results are judged and
-- rated by, so what was made of that holds as long as their number stays the same.
ALTER TABLE organisations ADD COLUMN submitted_versions BIGINT NOT NULL DEFAULT 0;

-- Of an organisation that its statistics do not know PostgreSQL believes that it has hardly any results, and reads all of
-- them to find one. So each partition is looked at again after every 5,000 rows, and not first when a tenth is new.
DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('ALTER TABLE results_p%s SET (autovacuum_analyze_scale_factor = 0,
            autovacuum_analyze_threshold = 5000)', part);
    END LOOP;
END
$$;
