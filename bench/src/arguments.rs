//! The command line.

use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};

use crate::jobs::Job;

/// Measures the service against yardsticks of the same run, and writes bench/RESULTS.md.
#[derive(Debug, Parser)]
#[command(name = "waymark-bench", version)]
pub(crate) struct Arguments {
    /// Which jobs; all of them where none is named
    #[arg(value_enum, value_name = "JOB")]
    jobs: Vec<Job>,
    /// Makes every job small: a smoke run, whose figures say nothing
    #[arg(long)]
    pub(crate) quick: bool,
    /// How often yardstick and service take turns [default: 5, with --quick 1]
    #[arg(long)]
    rounds: Option<usize>,
    /// A service that is built already, instead of building this tree's
    #[arg(long, value_name = "FILE")]
    pub(crate) waymark: Option<PathBuf>,
    /// Where the results are written [default: bench/RESULTS.md, and only by a full run of all jobs]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Arguments {
    /// The jobs to do, in the order of the table.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        let wanted = |job: &Job| self.jobs.is_empty() || self.jobs.contains(job);
        Job::value_variants().iter().copied().filter(wanted).collect()
    }

    /// How often yardstick and service take turns, at least once.
    pub(crate) fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 1 } else { 5 }).max(1)
    }

    /// Where the results go, if anywhere: figures of a part of the jobs do not take the place of all.
    pub(crate) fn output(&self) -> Option<PathBuf> {
        let is_full = !self.quick && self.jobs.is_empty();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md");
        self.output.clone().or(is_full.then_some(own))
    }

    /// The command by which this run can be done again.
    pub(crate) fn command(&self) -> String {
        let mut words = vec!["cargo run --release -p waymark-bench --".to_owned()];
        words.extend(self.jobs.iter().map(|job| job.name()));
        words.extend(self.quick.then(|| "--quick".to_owned()));
        words.extend(self.rounds.map(|rounds| format!("--rounds {rounds}")));
        words.join(" ").trim_end_matches(" --").to_owned()
    }
}
