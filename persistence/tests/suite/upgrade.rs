//! Migrations of a database in which there is something already.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use waymark_persistence::{Connection, StoreError};

use crate::engines::{Database, on_empty_postgres};

/// Two results, the first of which took the place of another, with something in every column.
const BEFORE: &str = r"
INSERT INTO organisations (id, code) VALUES ('\x01', 'leicestershire'), ('\x02', 'derbyshire');
INSERT INTO indicators (id, organisation_id, code) VALUES ('\x11', '\x01', 'NI52'), ('\x12', '\x02', 'NI52');
INSERT INTO submissions (organisation_id, id, received_at, author, request_id, format, mode, created, superseded,
    unchanged, rejected)
VALUES ('\x01', '\x21', 10, 'tester', 'request', 'json', 'atomic', 1, 1, 0, 0),
    ('\x02', '\x22', 10, 'tester', 'request', 'json', 'atomic', 1, 0, 0, 0);
INSERT INTO results VALUES
    ('\x01', '\x31', '\x11', 'FY2008-09', '2008-04-01', '2009-03-31', 'district=Blaby', 'Dose 1', 2, NULL, '3', '40',
        NULL, NULL, 'provisional', 'fair', 'a note', false, '\x21', 10, 20),
    ('\x01', '\x32', '\x11', 'FY2008-09', '2008-04-01', '2009-03-31', 'district=Blaby', 'Dose 1', 2, '82.40', NULL,
        NULL, NULL, NULL, 'final', NULL, NULL, true, '\x21', 20, NULL),
    ('\x02', '\x33', '\x12', '2010-06', '2010-06-01', '2010-06-30', '', '', 1, NULL, NULL, NULL, 'n/a', 'no number',
        'estimate', 'good', NULL, false, '\x22', 10, NULL);
";

/// The rows of a table, letter by letter.
fn rows(database: &Database, table: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        row: String,
    }
    let question = format!("SELECT kept::text AS row FROM {table} AS kept ORDER BY 1");
    let found: Vec<Row> =
        database.store.read(|c| diesel::sql_query(question).load(c).map_err(StoreError::from)).unwrap();
    found.into_iter().map(|found| found.row).collect()
}

#[test]
fn results_are_all_carried_over_into_their_partitions() {
    on_empty_postgres(|database| {
        let migrations = FileBasedMigrations::from_path("migrations/postgres").unwrap();
        let made: Result<(), StoreError> = database.store.write(|connection| {
            let Connection::Postgres(postgres) = connection else { panic!("not PostgreSQL") };
            for _ in 1..=6 {
                postgres.run_next_migration(migrations.clone()).unwrap();
            }
            Ok(diesel::connection::SimpleConnection::batch_execute(postgres, BEFORE)?)
        });
        made.unwrap();
        let before = rows(database, "results");
        assert_eq!(before.len(), 3);
        database.store.migrate().unwrap();
        assert_eq!(rows(database, "results"), before);
        let partitions =
            rows(database, "(SELECT relid::text FROM pg_partition_tree('results') WHERE isleaf)");
        let kept = partitions.iter().flat_map(|name| rows(database, name.trim_matches(['(', ')'])));
        let mut kept: Vec<String> = kept.collect();
        kept.sort_unstable();
        assert_eq!((partitions.len(), kept), (16, before));
        assert!(rows(database, "(SELECT relname FROM pg_class WHERE relname = 'results_before')").is_empty());
    });
}
