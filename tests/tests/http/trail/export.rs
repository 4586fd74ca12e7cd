//! The trail as a file.

use serde_json::Value;
use waymark_domain::code::Code;
use waymark_persistence::{Change, Connection, StoreError, organisation};
use waymark_tests::{OWN, Waymark, on_both};

use super::{TRAIL, entries};
use crate::framework;

/// Gives the organisation so many revisions more, as quickly as that can be done.
fn rename(waymark: &Waymark, times: i64) {
    let code = Code::new(OWN).unwrap();
    let renamed: Result<(), StoreError> = waymark.store().write(|connection: &mut Connection| {
        for _ in 0..times {
            let found = organisation::find(connection, &code, None)?.unwrap().versioned;
            let change = Change {
                author: "=cmd, \"quoted\"".into(),
                roles: String::new(),
                request_id: "many".into(),
                at: chrono::Utc::now(),
            };
            organisation::update(connection, found.id, found.revision, &found.content, &change)?;
        }
        Ok(())
    });
    renamed.unwrap();
}

/// Longer than what is read at once.
#[test]
fn an_export_is_the_whole_list() {
    on_both(|waymark| {
        framework::examples(waymark);
        rename(waymark, 450);
        let officer = waymark.officer();
        let all = entries(&officer, "?limit=500");
        assert!(all.len() > 450);
        let path = format!("{TRAIL}/export");
        let file = officer.get(&path).expect(200);
        assert_eq!(file.header("content-type"), Some("application/x-ndjson"));
        let name = "attachment; filename=\"trail-leicestershire.ndjson\"";
        assert_eq!(file.header("content-disposition"), Some(name));
        let lines: Vec<Value> = file.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), all.len());
        for (line, entry) in lines.iter().zip(&all) {
            for field in [
                "entity",
                "revision",
                "recorded_at",
                "kind",
                "plan",
                "code",
                "change",
                "recorded_by",
                "roles",
            ] {
                assert_eq!(line[field], entry[field], "{field}");
            }
        }
        let measure = all.iter().position(|entry| entry["kind"] == "measure").unwrap();
        let thing = all[measure]["entity"].as_str().unwrap();
        assert_eq!(lines[measure], officer.get(&format!("{TRAIL}/{thing}/1")).expect(200).json());

        let table = officer.get(&format!("{path}?format=csv")).expect(200);
        assert_eq!(table.header("content-type"), Some("text/csv"));
        assert!(table.text.starts_with(
            "recorded_at,kind,plan,code,entity,revision,change,recorded_by,roles,request_id,before,after\r\n"
        ));
        assert_eq!(table.text.lines().count(), all.len() + 1);

        // Spans that follow each other tell each change once.
        let middle = lines[200]["recorded_at"].as_str().unwrap();
        let count = |query: &str| officer.get(&format!("{path}?{query}")).expect(200).text.lines().count();
        assert_eq!(count(&format!("from={middle}")) + count(&format!("to={middle}")), all.len());
        assert_eq!(count("from=2999-01-01T00:00:00Z"), 0);
        let refused = officer.get(&format!("{path}?format=xml")).problem(400, "invalid-query");
        refused.has_faults(&[("format", "unknown_value")]);
    });
}

#[test]
fn an_export_is_not_sent_twice_unless_something_was_changed() {
    on_both(|waymark| {
        let officer = waymark.officer();
        let path = format!("{TRAIL}/export");
        let tag = officer.get(&path).expect(200).etag();
        let again = |path: &str| officer.request("GET", path).header("if-none-match", &tag).send();
        let known = again(&path).expect(304);
        assert_eq!((known.text.as_str(), known.etag()), ("", tag.clone()));
        let _ = again(&format!("{path}?format=csv")).expect(200);
        rename(waymark, 1);
        let _ = again(&path).expect(200);
    });
}
