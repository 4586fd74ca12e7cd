//! Cells of this table and of others, with the reading that a human gives them, and cells made at random.

mod doubts;
mod properties;
mod readings;

use super::*;

fn context() -> Context {
    Context { report_date: "2010-03-31".parse().unwrap(), year: YearKind::Financial }
}

fn result(cell: &str) -> String {
    read_result(cell, &context()).map_or_else(|reason| format!("unread: {reason}"), |reading| reading.text)
}

fn target(cell: &str) -> String {
    read_target(cell, &context()).map_or_else(|reason| format!("unread: {reason}"), |reading| reading.text)
}
