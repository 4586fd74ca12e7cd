//! The jobs: each of them one row of the table of goals.

mod export;
mod file;
mod growth;
mod postgrest;
mod pull;
mod push;
mod sqlite;
mod unchanged;
mod while_pushing;

use clap::ValueEnum;

use crate::machine::Bench;
use crate::report::Report;

/// One job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Job {
    /// Status of a plan of 200 measures, and of a theme of 40 of them, over 32 connections, against an Actix handler that answers the same bytes
    Pull,
    /// The same with `If-None-Match`, against an Actix handler that answers 304
    PullConditional,
    /// The same, against PostgREST serving a view of the same content
    PullPostgrest,
    /// The same while 1,000 rows a second are pushed, against the same alone; looks for stale ratings
    PullWhilePushing,
    /// Pushes of 1,000 new results, committed, by 1 and 4 clients, against pgbench with a prepared upsert
    #[value(name = "push-1k")]
    Push1k,
    /// Pushes of rows that are there already, against their first push
    PushUnchanged,
    /// One file of 1,000,000 rows as NDJSON and as CSV, against `COPY`
    PushFile,
    /// Pushes into SQLite, against prepared multi-row inserts into the same tables
    PushSqlite,
    /// Status and one result at 10 million results, against the same at 10 thousand
    Growth,
    /// Export of 1,000,000 results, against `COPY TO`
    Export,
}

impl Job {
    /// What it is called on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What it measures.
    pub(crate) fn about(self) -> String {
        let value = self.to_possible_value();
        value.and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }

    /// Does it.
    pub(crate) fn run(self, bench: &Bench) -> Result<Report, String> {
        match self {
            Self::Pull => pull::run(bench, pull::Ask::Whole),
            Self::PullConditional => pull::run(bench, pull::Ask::Conditional),
            Self::PullPostgrest => postgrest::run(bench),
            Self::PullWhilePushing => while_pushing::run(bench),
            Self::Push1k => push::run(bench),
            Self::PushUnchanged => unchanged::run(bench),
            Self::PushFile => file::run(bench),
            Self::PushSqlite => sqlite::run(bench),
            Self::Growth => growth::run(bench),
            Self::Export => export::run(bench),
        }
    }
}
