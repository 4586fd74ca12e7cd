//! The yardsticks' table: the columns, the checks and the indexes of the service's own table of results.

use crate::machine::Bench;
use crate::process::Say;
use crate::rows::Row;

/// The columns of a result that a yardstick fills. The others are null.
pub(crate) const COLUMNS: &str = "organisation_id, id, indicator_id, period, period_first, period_last, breakdown, \
     component, definition_version, value, standing, is_baseline, submission_id, recorded_at";

/// Makes a database whose table `yardstick` is what `results` is, without what it refers to.
pub(crate) fn prepare(bench: &Bench, name: &str) -> Result<(), String> {
    let url = bench.postgres.database(name)?;
    bench.service(&url).migrate()?;
    bench.postgres.sql(name, "CREATE TABLE yardstick (LIKE results INCLUDING ALL)").map(drop)
}

/// Empties the table. No checkpoint here: it would cost the service, whose pages are older, a full copy of each page in
/// the log, and the yardstick's new table nothing.
pub(crate) fn empty(bench: &Bench, name: &str) -> Result<(), String> {
    bench.postgres.sql(name, "TRUNCATE yardstick").map(drop)
}

/// A row as a line of the CSV that `COPY` reads.
pub(crate) fn copy_line(row: &Row, number: usize) -> String {
    let Row { indicator, month, breakdown, value } = row;
    format!(
        "{},{},{},{},{month},{},\"{breakdown}\",\"\",1,{value},final,f,{},1795000000000000",
        id(0, 1),
        id(0x0198_0000_0000_7000, number),
        id(1, *indicator),
        row.period(),
        row.last_day(),
        id(2, 1),
    )
}

/// Sixteen bytes as PostgreSQL writes them.
fn id(high: u64, low: usize) -> String {
    format!("\\x{high:016x}{low:016x}")
}

/// How many rows the table has.
pub(crate) fn count(bench: &Bench, name: &str) -> Result<usize, String> {
    bench.postgres.sql(name, "SELECT count(*) FROM yardstick")?.trim().parse().say("a count")
}
