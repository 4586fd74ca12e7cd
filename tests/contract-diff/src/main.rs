//! `contract-diff RELEASED CONTRACT CHANGELOG`: compares the contract with the last released one, the highest version among
//! the files of the folder RELEASED, and fails for a breaking change that the changelog does not announce.

mod announcements;
mod changes;
mod components;
mod contents;
mod keywords;
mod operations;
mod references;
mod responses;
mod schemas;
mod security;
mod shape;
#[cfg(test)]
mod tests;
mod unions;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use serde_json::Value;

use changes::Change;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [released, contract, changelog] = arguments.as_slice() else {
        eprintln!("usage: contract-diff RELEASED CONTRACT CHANGELOG");
        return ExitCode::from(2);
    };
    match check(Path::new(released), Path::new(contract), Path::new(changelog)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("contract-diff: {error}");
            ExitCode::from(2)
        }
    }
}

fn check(released: &Path, contract: &Path, changelog: &Path) -> Result<bool, String> {
    let Some((version, path)) = latest(released)? else {
        println!("no contract has been released yet: {} is empty", released.display());
        return Ok(true);
    };
    let changes = compare(&json(&path)?, &json(contract)?);
    let announced = announcements::read(&text(changelog)?);
    let (known, unknown): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| is_announced(version, &announced, change));
    let [major, minor, patch] = version;
    println!(
        "breaking changes since {major}.{minor}.{patch}: {} announced, {} not announced",
        known.len(),
        unknown.len()
    );
    for change in &unknown {
        println!("- {}: {} (breaks {})", change.id, change.what, change.breaks);
        if needs_more(version, change) {
            println!("  mark it `deprecated: true` in a release first");
        } else {
            println!("  announce it: - **Breaking**: `{}` {}.", change.id, change.what);
        }
    }
    Ok(unknown.is_empty())
}

/// Whether an announcement does not suffice for a change: before 1.0.0 it suffices for each.
fn needs_more(released: [u32; 3], change: &Change) -> bool {
    let [major, ..] = released;
    major >= 1 && change.what == operations::NOT_DEPRECATED
}

/// Whether a change is announced, and an announcement suffices.
fn is_announced(released: [u32; 3], announced: &[String], change: &Change) -> bool {
    !needs_more(released, change) && announcements::covers(announced, &change.id)
}

/// Everything in `after` that breaks a client of `before`.
fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = operations::compare(before, after);
    changes.extend(security::compare(before, after));
    changes.extend(components::compare(before, after));
    changes.sort();
    changes.dedup();
    changes
}

/// The released contract with the highest version, `0.2.0.json` for example.
fn latest(folder: &Path) -> Result<Option<([u32; 3], PathBuf)>, String> {
    if !folder.exists() {
        return Ok(None);
    }
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        let version = path.file_name().and_then(|name| name.to_str()).and_then(version_of);
        let version =
            version.ok_or_else(|| format!("{}: a released contract is VERSION.json", path.display()))?;
        found.push((version, path));
    }
    Ok(found.into_iter().max())
}

fn version_of(name: &str) -> Option<[u32; 3]> {
    let numbers = name.strip_suffix(".json")?.split('.').map(|part| part.parse().ok());
    numbers.collect::<Option<Vec<u32>>>()?.try_into().ok()
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn json(path: &Path) -> Result<Value, String> {
    serde_json::from_str(&text(path)?).map_err(|error| format!("{}: {error}", path.display()))
}
