//! Entries by filter and page, for those who may read them, and not altered by anyone.

use serde_json::{Value, json};
use waymark_tests::{FOREIGN, OWN, on_both};

use super::{ORGANISATION, TRAIL, entries, entries_of};
use crate::framework;
use crate::results::each;

#[test]
fn the_trail_is_read_by_filter() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let admin = waymark.role("admin");
        let _ = admin.put(ORGANISATION, "*", &json!({"title": "County"})).expect(200);
        let all = entries(&officer, "");
        let times: Vec<(&str, &str)> = all
            .iter()
            .map(|entry| (entry["recorded_at"].as_str().unwrap(), entry["entity"].as_str().unwrap()))
            .collect();
        assert!(times.windows(2).all(|pair| pair[0].0 >= pair[1].0), "newest first");
        let only = |query: &str| entries(&officer, query);
        let kept = |test: &dyn Fn(&Value) -> bool| {
            all.iter().filter(|entry| test(entry)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(only("?kind=measure"), kept(&|entry| entry["kind"] == "measure"));
        assert_eq!(only("?kind=measure").len(), 8);
        let by_admin = only(&format!("?recorded_by=user:admin%20of%20{OWN}"));
        assert_eq!(by_admin, kept(&|entry| entry["recorded_by"] == json!(format!("user:admin of {OWN}"))));
        assert_eq!(by_admin.len(), 1);
        let of_plan = only("?plan=cypp");
        assert_eq!(of_plan, kept(&|entry| entry["plan"] == "cypp"));
        let unknown = officer.get(&format!("{TRAIL}?plan=other")).problem(422, "unknown-filter-value");
        unknown.has_faults(&[("plan", "unknown_value")]);
        let thing = by_admin[0]["entity"].as_str().unwrap();
        assert_eq!(only(&format!("?entity={thing}")).len(), 2, "founded and renamed");
        // The span holds its beginning and not its end.
        let last = times[0].0;
        assert_eq!(only(&format!("?from={last}")), all[..1]);
        assert_eq!(only(&format!("?to={last}")), all[1..]);
        assert_eq!(only("?kind=measure&plan=cypp&limit=3").len(), 8);
        for (query, place, code) in [
            (format!("from={last}&to={last}"), "to", "before_start"),
            ("from=yesterday".into(), "from", "invalid_value"),
            ("entity=lunches".into(), "entity", "invalid_value"),
            ("plan=a%20b".into(), "plan", "bad_character"),
            ("kind=%00".into(), "kind", "unknown_value"),
            ("kind=target%20proposal".into(), "kind", "unknown_value"),
            ("recorded_by=%00".into(), "recorded_by", "bad_character"),
            ("revision=1".into(), "revision", "unknown_field"),
        ] {
            let refused = officer.get(&format!("{TRAIL}?{query}")).problem(400, "invalid-query");
            refused.has_faults(&[(place, code)]);
        }
    });
}

#[test]
fn pages_stay_as_they_are_while_others_change_things() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let admin = waymark.role("admin");
        let all = entries(&officer, "");
        let mut walked = Vec::new();
        let mut next = Some(format!("{TRAIL}?limit=4"));
        while let Some(path) = next {
            let page = officer.get(&path).expect(200).json();
            walked.extend(page["items"].as_array().unwrap().iter().cloned());
            next = page["next"].as_str().map(str::to_owned);
            let _ = admin
                .put(ORGANISATION, "*", &json!({"title": format!("Title {}", walked.len())}))
                .expect(200);
        }
        assert_eq!(walked, all);
    });
}

#[test]
fn nothing_of_others_is_returned() {
    on_both(|waymark| {
        framework::plan(waymark, FOREIGN);
        let foreign_officer = waymark.with(&[("performance_officer", FOREIGN)]);
        let path = format!("/v1/organisations/{FOREIGN}/trail");
        let foreign = foreign_officer.get(&path).expect(200).json();
        assert_eq!(each(&foreign["items"], "kind"), ["plan", "organisation"]);
        let officer = waymark.officer();
        let own = entries(&officer, "");
        for entry in foreign["items"].as_array().unwrap() {
            let thing = entry["entity"].as_str().unwrap();
            let _ = officer.get(&format!("{TRAIL}/{thing}/1")).problem(404, "not-found");
            let _ = officer.get(&format!("{path}/{thing}/1")).problem(404, "not-found");
            assert!(entries(&officer, &format!("?entity={thing}")).is_empty());
            assert!(own.iter().all(|own| own["entity"] != thing));
        }
        for path in [path.clone(), format!("{path}/export")] {
            let _ = officer.get(&path).problem(404, "not-found");
        }
        // What roles a caller has elsewhere is not returned here.
        let of_both = waymark.with(&[("reader", FOREIGN), ("admin", OWN), ("performance_officer", "*")]);
        let recorded =
            entries_of(waymark, &of_both, "both", "PUT", ORGANISATION, &json!({"title": "County"}));
        assert_eq!(recorded[0]["roles"], json!(["admin", "performance_officer"]));
        let nothing = format!("{TRAIL}/{}/2", own[0]["entity"].as_str().unwrap());
        let _ = officer.get(&nothing.replace("/2", "/9")).problem(404, "not-found");
    });
}

#[test]
fn the_trail_cannot_be_altered_through_the_api() {
    on_both(|waymark| {
        let caller =
            waymark.with(&[("admin", "*"), ("performance_officer", "*"), ("accountable_director", "*")]);
        let before = entries(&caller, "");
        let entry = format!("{TRAIL}/{}/1", before[0]["entity"].as_str().unwrap());
        for path in [TRAIL, &format!("{TRAIL}/export"), &entry] {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let answer = caller.request(method, path).header("if-match", "*").json(&json!({})).send();
                assert_eq!(answer.problem(405, "method-not-allowed").header("allow"), Some("GET, HEAD"));
            }
        }
        assert_eq!(entries(&caller, ""), before);
    });
}
