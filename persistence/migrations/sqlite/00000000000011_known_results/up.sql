-- How many of an organisation's versions came of submissions of results. All others came of what results are judged and
-- rated by, so what was made of that holds as long as their number stays the same.
ALTER TABLE organisations ADD COLUMN submitted_versions INTEGER NOT NULL DEFAULT 0;
