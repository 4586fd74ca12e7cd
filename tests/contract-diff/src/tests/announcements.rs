//! Announcements in the changelog, and versions.

use crate::announcements;

#[test]
fn released_contracts_are_ordered_by_version() {
    assert_eq!(crate::version_of("0.10.2.json"), Some([0, 10, 2]));
    assert!(crate::version_of("0.10.0.json") > crate::version_of("0.9.9.json"));
    for name in ["v0.2.0.json", "0.2.json", "0.3.0-rc.1.json", "0.2.0.yaml"] {
        assert_eq!(crate::version_of(name), None, "{name}");
    }
}

/// The names that the section of the next release announces, if these are its lines.
fn announced(lines: &str) -> Vec<String> {
    announcements::read(&format!(
        "# Changes\n\n## Not yet released\n\n{lines}\n\n## 0.2.0\n\n- **Breaking**: `Old`.\n"
    ))
}

#[test]
fn an_announcement_counts_for_the_names_that_it_starts_with() {
    for (line, names) in [
        ("- **Breaking**: `Number` is `Decimal`.", vec!["Number"]),
        ("- **Breaking**: `Row.state`: may be null, as in `Report`.", vec!["Row.state"]),
        ("- **Breaking**: `A`, `B.c` and `D`: were removed. `E` remains.", vec!["A", "B.c", "D"]),
        ("- **Breaking**: `A`, and\n  `B` were removed.", vec!["A", "B"]),
        ("- **Breaking** for a strict reader: `A` is new.", vec!["A"]),
        ("- **Breaking** `A`: was removed, with `B`.", vec!["A"]),
        ("- **Breaking**: schemas are renamed: `A` is `B`.", vec![]),
        ("- **Breaking**: the `plan` filter.", vec![]),
        ("- **Breaking**: `A` `B`.", vec!["A"]),
        ("- **Breaking**: `A`,\n### `B`", vec!["A"]),
        ("- New: `A`.", vec![]),
        ("- `A` is **Breaking**.", vec![]),
        ("- **Breaking**: `unclosed", vec![]),
    ] {
        assert_eq!(announced(line), names, "{line}");
    }
}

#[test]
fn an_announcement_ends_with_its_item() {
    let lines =
        "- **Breaking**:\n\n`A`\n### `A`\n`B`\n- New: `C`.\n- **Breaking**: `D`\n- **Breaking**: `E`.";
    assert_eq!(announced(lines), ["D", "E"]);
    assert!(announcements::read("# Changes\n\n## 0.2.0\n\n- **Breaking**: `Old`.\n").is_empty());
}

#[test]
fn a_change_is_announced_by_its_name_or_by_what_encloses_it() {
    let names = ["Number".to_owned(), "list_results.parameter.q".to_owned()];
    for (id, is_announced) in [
        ("Number", true),
        ("Number.value", true),
        ("Numbers", false),
        ("Row.Number", false),
        ("list_results.parameter.q", true),
        ("list_results.parameter", false),
        ("list_results", false),
    ] {
        assert_eq!(announcements::covers(&names, id), is_announced, "{id}");
    }
}
