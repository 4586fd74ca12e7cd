//! What the changelog announces: items that begin with `- **Breaking**` in the section of the next release. Each names what
//! it concerns in backticks: the identifier of a change, or one that encloses it (an operation, a schema).

/// The names in backticks of all announcements.
pub(crate) fn read(changelog: &str) -> Vec<String> {
    let section = changelog.split("\n## ").find(|section| section.starts_with("Not yet released"));
    let mut names = Vec::new();
    let mut is_breaking = false;
    for line in section.unwrap_or_default().lines() {
        if line.starts_with("- ") {
            is_breaking = line.starts_with("- **Breaking**");
        }
        if is_breaking {
            names.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    names
}

/// Whether one of the names is the change's identifier or encloses it.
pub(crate) fn covers(names: &[String], id: &str) -> bool {
    names.iter().any(|name| {
        id.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
