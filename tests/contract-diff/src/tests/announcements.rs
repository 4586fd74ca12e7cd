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

#[test]
fn a_change_is_announced_by_its_name_or_by_what_encloses_it() {
    let names = announcements::read(
        "# Changes\n\n## Not yet released\n\n- **Breaking**: `Number` is `Decimal`,\n  and `list_results.parameter.q`.\n\
         - New: `Rating`.\n\n## 0.2.0\n\n- **Breaking**: `State`.\n",
    );
    assert_eq!(names, ["Number", "Decimal", "list_results.parameter.q"]);
    for (id, is_announced) in
        [("Number", true), ("Number.value", true), ("Numbers", false), ("Rating", false), ("State", false)]
    {
        assert_eq!(announcements::covers(&names, id), is_announced, "{id}");
    }
}
