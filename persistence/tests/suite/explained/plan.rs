//! What the engines say of a statement: how they would find its rows.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;
use waymark_persistence::{Connection, StoreError};

use super::statement::Statement;
use crate::engines::Database;

/// These stay small: a row for each council, for each of its plans, for each system that pushes.
const SMALL: [&str; 3] = ["organisations", "plans", "clients"];

/// What is wrong with the way in which a statement is answered, if anything is.
pub(super) fn fault(database: &Database, statement: &Statement) -> Option<String> {
    let explained: Result<Option<String>, StoreError> = database.store.read(|connection| match connection {
        Connection::Postgres(_) => {
            let plan = explained(connection, statement)?;
            let mut found = Found::default();
            found.look(&plan[0]["Plan"], false);
            Ok(found.fault().map(|fault| format!("{fault}: {}\n{plan:#}", statement.text)))
        }
        Connection::Sqlite(sqlite) => {
            // The plan does not depend on what is given.
            let question = format!("EXPLAIN QUERY PLAN {}", statement.text);
            let lines: Vec<Detail> = diesel::sql_query(question).load(sqlite)?;
            let scans = lines.into_iter().map(|line| line.detail).find(|detail| is_scan(detail));
            Ok(scans.map(|scan| format!("{scan}: {}", statement.text)))
        }
    });
    explained.unwrap()
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// SQLite searches by an index, or scans. A scan of what was found already, or of a list of values, is none.
fn is_scan(detail: &str) -> bool {
    let of = detail.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
    of.is_some_and(|table| !SMALL.contains(&table) && !table.starts_with('(') && table != "CONSTANT")
}

fn explained(connection: &mut Connection, statement: &Statement) -> Result<Value, StoreError> {
    let types = statement.types();
    let types = if types.is_empty() { types } else { format!("({types})") };
    let literals = statement.literals();
    let literals = if literals.is_empty() { literals } else { format!("({literals})") };
    connection.batch_execute(&format!("DEALLOCATE ALL; PREPARE explained {types} AS {}", statement.text))?;
    // EXPLAIN gives its plan as one text, in a column whose name Diesel's loader has to know.
    #[derive(QueryableByName)]
    struct Plan {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        plan: String,
    }
    let plans: Vec<Plan> =
        diesel::sql_query(format!("EXPLAIN (FORMAT JSON) EXECUTE explained {literals}")).load(connection)?;
    Ok(serde_json::from_str(&plans[0].plan).unwrap())
}

/// What a plan of PostgreSQL touches.
#[derive(Default)]
struct Found {
    faults: Vec<String>,
    partitions: BTreeSet<String>,
}

impl Found {
    /// `stops` says that no more rows are read than a page has.
    fn look(&mut self, node: &Value, stops: bool) {
        let word = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
        let (kind, table) = (word("Node Type"), word("Relation Name"));
        if kind == "Seq Scan" && !SMALL.contains(&table.as_str()) {
            self.faults.push(format!("a sequential scan of {table}"));
        }
        if kind.contains("Index") && node["Index Cond"].is_null() {
            self.faults.push(format!("all of the index {}", word("Index Name")));
        }
        let (index, condition) = (word("Index Name"), word("Index Cond"));
        let narrowed =
            ["indicator_id", "submission_id", "(id "].iter().any(|column| condition.contains(column));
        if index.starts_with("results_") && !stops && !narrowed {
            self.faults.push(format!("all results of the organisation, by {index}"));
        }
        if table.starts_with("results_p") {
            self.partitions.insert(table);
        }
        let stops = match kind.as_str() {
            "Limit" => true,
            "Sort" | "Aggregate" => false,
            _ => stops,
        };
        node["Plans"].as_array().into_iter().flatten().for_each(|below| self.look(below, stops));
    }

    fn fault(mut self) -> Option<String> {
        if self.partitions.len() > 1 {
            self.faults.push(format!("{} partitions", self.partitions.len()));
        }
        (!self.faults.is_empty()).then(|| self.faults.join(", "))
    }
}
