//! What the changelog announces: items that begin with `- **Breaking**` in the section of the next release. Each starts with
//! what it concerns in backticks: the identifier of a change, or one that encloses it (an operation, a schema).

const MARK: &str = "- **Breaking**";

/// The names that the announcements start with.
pub(crate) fn read(changelog: &str) -> Vec<String> {
    let section = changelog.split("\n## ").find(|section| section.starts_with("Not yet released"));
    items(section.unwrap_or_default()).iter().flat_map(|item| names(item)).collect()
}

/// The items of a section, each as one line. An empty line ends an item.
fn items(section: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in section.lines() {
        if line.starts_with("- ") {
            items.push(line.to_owned());
            is_open = true;
        } else if line.trim().is_empty() {
            is_open = false;
        } else if let Some(item) = items.last_mut().filter(|_| is_open) {
            item.push(' ');
            item.push_str(line.trim());
        }
    }
    items
}

/// The names that an item starts with, separated by commas and "and", if it is an announcement. Names further on are mentioned in passing and announce
/// nothing: otherwise "`Number` is `Decimal`" would also permit any change of `Decimal`.
fn names(item: &str) -> Vec<String> {
    let text = item.strip_prefix(MARK).unwrap_or_default();
    // "**Breaking** for a strict reader: `name`": whom it breaks may be stated before the colon.
    let mut rest = match text.split_once(':') {
        Some((whom, rest)) if !whom.contains('`') => rest,
        _ => text,
    };
    let mut names = Vec::new();
    while let Some((name, after)) = rest.trim_start().strip_prefix('`').and_then(|text| text.split_once('`'))
    {
        names.push(name.to_owned());
        let after = after.trim_start();
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
        rest = rest.strip_prefix("and ").unwrap_or(rest);
        if rest == after {
            break;
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
