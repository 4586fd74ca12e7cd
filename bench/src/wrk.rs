//! Load, by `wrk`.

use std::fs;
use std::process::Command;

use crate::machine::Bench;
use crate::process::{Say, output};

/// How many connections ask at once.
const CONNECTIONS: u32 = 32;

/// Prints what was counted as one line that is easy to read.
const SCRIPT: &str = r#"
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("counted %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status))
end
"#;

/// What a load reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    /// Requests a second.
    pub(crate) rate: f64,
    /// 99 of 100 answers came within so many milliseconds.
    pub(crate) p99: f64,
}

/// Whether wrk is there; installs it from Debian where this process may.
pub(crate) fn find() -> Result<(), String> {
    let is_there = || Command::new("wrk").arg("--version").output().is_ok();
    if is_there() {
        return Ok(());
    }
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if is_root {
        output(Command::new("apt-get").args(["-qq", "install", "-y", "--no-install-recommends", "wrk"]))?;
    }
    if is_there() { Ok(()) } else { Err("`wrk` is missing: as root, `apt-get install wrk`".to_owned()) }
}

/// Asks for an address as fast as it answers, for so many seconds.
pub(crate) fn load(bench: &Bench, url: &str, headers: &[(&str, &str)]) -> Result<Reached, String> {
    find()?;
    let script = bench.file("wrk.lua");
    fs::write(&script, SCRIPT).say("wrk's script")?;
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads=2", "--latency"])
        .arg(format!("--connections={CONNECTIONS}"))
        .arg(format!("--duration={}s", seconds(bench)))
        // What takes longer than this is slow, and no failure: it shows in the figures.
        .arg("--timeout=60s")
        .arg(format!("--script={}", script.display()));
    for (name, value) in headers {
        wrk.args(["--header", &format!("{name}: {value}")]);
    }
    let reported = output(wrk.arg(url))?;
    let counted = reported.lines().find_map(|line| line.strip_prefix("counted ")).say("what wrk counted")?;
    let numbers: Vec<f64> = counted.split(' ').filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        // wrk counts microseconds. Where nothing was answered in time, the time is the least that an answer takes.
        [requests, duration, p99, 0.0] => {
            let slowest = if requests > 0.0 { p99 } else { duration };
            Ok(Reached { rate: requests / duration * 1e6, p99: slowest / 1e3 })
        }
        [requests, _, _, errors] => Err(format!("{errors} of {requests} requests failed")),
        _ => Err(format!("wrk said: {reported}")),
    }
}

/// How long one load goes on.
pub(crate) fn seconds(bench: &Bench) -> usize {
    bench.amount(10, 2)
}
