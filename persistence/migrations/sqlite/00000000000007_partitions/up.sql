-- On PostgreSQL `results` falls into partitions here. SQLite keeps one table: a file is for one council, or a few.
SELECT 1;
