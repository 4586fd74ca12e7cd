-- One more for each change of anything that belongs to the organisation: what was made of it before is out of date.
ALTER TABLE organisations ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
