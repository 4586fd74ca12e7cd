//! Progress on the requirements of a notice.

use serde_json::{Value, json};
use waymark_tests::{OWN, on_both};

use super::{NOTICE, act, from, issued};

fn update(period: &str, text: &str) -> Value {
    json!({"requirement": "IN 1.3 & 2.17", "period": period, "text": text})
}

#[test]
fn the_latest_update_comes_first_and_a_second_one_is_a_correction() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let officer = waymark.role("accountable_officer");
        let _ = act(&officer, "progress", &update("2010-03", "A first review is under way.")).expect(200);
        let _ = act(&officer, "progress", &update("FY2010-11-Q1", "All teams were audited.")).expect(200);
        let corrected =
            act(&waymark.officer(), "progress", &update("2010-03", "The review is done.")).expect(200);
        let read = officer.get(NOTICE).expect(200);
        assert_eq!(read.etag(), corrected.etag());
        assert_eq!(read.at("/requirements/0/progress"), json!([]));
        let progress = read.at("/requirements/1/progress");
        let progress: Vec<(&Value, &Value, &Value)> = progress
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (&one["period"], &one["text"], &one["recorded_by"]))
            .collect();
        let (first, second) =
            (format!("accountable_officer of {OWN}"), format!("performance_officer of {OWN}"));
        let by = |who: &str| json!(format!("user:{who}"));
        assert_eq!(
            progress,
            [
                (&json!("FY2010-11-Q1"), &json!("All teams were audited."), &by(&first)),
                (&json!("2010-03"), &json!("The review is done."), &by(&second)),
            ]
        );
        // What was said before is in the revisions.
        let history = officer.get(&format!("{NOTICE}/history")).expect(200);
        assert_eq!(history.at("/items/2/requirements/1/progress/0/text"), "A first review is under way.");
    });
}

#[test]
fn an_update_has_a_requirement_and_a_month_or_quarter_that_is_over() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let officer = waymark.officer();
        let refused = |field: &str, value: Value, code: &str| {
            let mut body = update("2010-03", "Done.");
            body[field] = value;
            let place = format!("/{field}");
            act(&officer, "progress", &body).problem(422, "invalid-body").has_faults(&[(&*place, code)]);
        };
        refused("requirement", json!("IN 9"), "unknown_requirement");
        refused("period", json!("FY2009-10"), "wrong_kind_of_period");
        refused("period", json!("2008-03"), "before_plan");
        refused("period", json!("2199-01"), "in_future");
        refused("period", json!("March"), "bad_period");
        refused("text", json!(""), "empty");
        refused("text", json!("x".repeat(4001)), "too_long");
        assert_eq!(officer.get(NOTICE).at("/revision"), 1);
    });
}

#[test]
fn an_update_is_made_from_what_was_read_by_who_may() {
    on_both(|waymark| {
        let etag = issued(waymark).etag();
        let officer = waymark.officer();
        let path = format!("{NOTICE}/progress");
        let _ = officer.post(&path, &update("2010-03", "Done.")).problem(428, "precondition-required");
        let _ = from(&officer, &etag, "progress", &update("2010-03", "Done.")).expect(200);
        let late = from(&officer, &etag, "progress", &update("2010-04", "Done."));
        let _ = late.problem(412, "precondition-failed");
        for role in ["reader", "board_clerk", "accountable_director", "admin"] {
            let _ =
                act(&waymark.role(role), "progress", &update("2010-04", "Done.")).problem(403, "forbidden");
        }
    });
}
