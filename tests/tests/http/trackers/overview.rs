//! Source 003's table of status and direction, source 004's exceptions and percentages.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{act, content, create, director, new, officer, path, plan, submitted};
use crate::framework::{self, PLAN};

const Q4: &str = "FY2009-10-Q4";

/// Source 003, 4.1: three priorities over five quarters. The arrows are the source's; the colours that it has lost
/// are amber here.
#[test]
fn the_history_is_the_table_of_the_report() {
    on_both(|waymark| {
        plan(waymark);
        let quarters = ["FY2009-10-Q3", "FY2009-10-Q4", "FY2010-11-Q1", "FY2010-11-Q2", "FY2010-11-Q3"];
        let (down, flat, up) = ("deteriorating", "static", "improving");
        let table = [
            ("HW-1d", [down, down, flat, flat, flat]),
            ("HW-3a", [down, up, up, up, up]),
            ("LN-1d", [flat, up, flat, up, flat]),
        ];
        for (priority, directions) in table {
            for (quarter, direction) in quarters.iter().zip(directions) {
                submitted(waymark, priority, quarter, "amber", direction);
            }
        }
        // A draft is no account yet, nor is what was returned.
        let _ = create(&officer(waymark), &new("HW-1d", "FY2010-11-Q4", content())).expect(201);
        submitted(waymark, "HW-3a", "FY2010-11-Q4", "red", down);
        let _ = act(&director(waymark), &path("HW-3a", "FY2010-11-Q4"), "return").expect(200);
        let history = waymark
            .reader()
            .get(&format!("{PLAN}/tracker-history?from=FY2009-10-Q2&to=FY2010-11-Q4"))
            .expect(200);
        assert_eq!(history.at("/quarters").as_array().unwrap().len(), 7);
        assert_eq!(history.at("/priorities/0/cross_references"), json!(["CYPP 7"]));
        for (row, (priority, directions)) in table.iter().enumerate() {
            assert_eq!(history.at(&format!("/priorities/{row}/priority")), *priority);
            let cells = history.at(&format!("/priorities/{row}/cells"));
            assert_eq!((&cells[0], &cells[6]), (&Value::Null, &Value::Null));
            for (cell, direction) in cells.as_array().unwrap()[1..6].iter().zip(directions) {
                assert_eq!(*cell, json!({"status": "amber", "direction": direction, "state": "submitted"}));
            }
        }
        // From the plan's first quarter to its last.
        let all = waymark.reader().get(&format!("{PLAN}/tracker-history")).expect(200).at("/quarters");
        assert_eq!(
            (all.as_array().unwrap().len(), &all[0], &all[11]),
            (12, &json!("FY2008-09-Q1"), &json!("FY2010-11-Q4"))
        );
        let refused =
            waymark.reader().get(&format!("{PLAN}/tracker-history?from=FY2010-11-Q1&to=FY2009-10-Q4"));
        refused.problem(400, "invalid-query").has_faults(&[("to", "before_start")]);
        let refused =
            waymark.reader().get(&format!("{PLAN}/tracker-history?from=FY1999-00-Q1&to=FY2009-10-Q1"));
        refused.problem(400, "invalid-query").has_faults(&[("from", "too_many")]);
    });
}

/// Source 004, 4.5: at the end of 2009/10 six of 14 priorities are red, three amber, five green: 43, 21 and 36%.
#[test]
fn the_shares_are_those_of_the_report() {
    on_both(|waymark| {
        framework::examples(waymark);
        let codes: Vec<String> = (1..=14).map(|number| format!("P-{number:02}")).collect();
        let mut plan = framework::content_of(&waymark.officer().get(PLAN), &[]);
        let priority = |code: &String| json!({"code": code, "theme": "healthy", "title": code});
        plan["priorities"] = codes.iter().map(priority).collect();
        let _ = waymark.officer().replace(PLAN, &plan).expect(200);
        for (number, code) in codes.iter().enumerate() {
            let status = ["red", "amber", "green"][usize::from(number >= 6) + usize::from(number >= 9)];
            submitted(waymark, code, Q4, status, "improving");
        }
        let history = waymark.reader().get(&format!("{PLAN}/tracker-history?from={Q4}&to={Q4}")).expect(200);
        assert_eq!(
            history.at("/tallies"),
            json!([{"quarter": Q4, "total": 14, "red": {"count": 6, "percent": 43},
                    "amber": {"count": 3, "percent": 21}, "green": {"count": 5, "percent": 36}}])
        );
    });
}

/// Source 004, 4.2: every red tracker, and amber ones that are static or deteriorate.
#[test]
fn exceptions_are_found_by_the_rules_of_the_plan() {
    on_both(|waymark| {
        plan(waymark);
        submitted(waymark, "HW-1d", Q4, "red", "improving");
        submitted(waymark, "HW-3a", Q4, "amber", "static");
        submitted(waymark, "LN-1d", Q4, "amber", "improving");
        let exceptions = || {
            let response =
                waymark.reader().get(&format!("{PLAN}/tracker-exceptions?quarter={Q4}")).expect(200);
            let items = response.at("/items");
            let with_rule =
                |item: &Value| (item["priority"].as_str().unwrap().to_owned(), item["rule"].clone());
            items.as_array().unwrap().iter().map(with_rule).collect::<Vec<_>>()
        };
        let red = json!({"status": "red", "directions": []});
        let amber = json!({"status": "amber", "directions": ["static", "deteriorating"]});
        assert_eq!(exceptions(), [("HW-1d".to_owned(), red), ("HW-3a".to_owned(), amber)]);
        let mut content = framework::content_of(&waymark.officer().get(PLAN), &[]);
        let own = json!({"status": "amber", "directions": ["improving"]});
        content["exception_rules"] = json!([own]);
        let _ = waymark.officer().replace(PLAN, &content).expect(200);
        assert_eq!(exceptions(), [("LN-1d".to_owned(), own)]);
        let of_draft =
            waymark.reader().get(&format!("{PLAN}/tracker-exceptions?quarter=FY2010-11-Q1")).expect(200);
        assert_eq!(of_draft.at("/items"), json!([]));
        let without =
            waymark.reader().get(&format!("{PLAN}/tracker-exceptions")).problem(400, "invalid-query");
        without.has_faults(&[("quarter", "missing_field")]);
        let half = waymark.reader().get(&format!("{PLAN}/tracker-exceptions?quarter=FY2009-10-H1"));
        half.problem(400, "invalid-query").has_faults(&[("quarter", "not_a_quarter")]);
    });
}

#[test]
fn a_priority_that_was_accounted_for_is_not_dropped() {
    on_both(|waymark| {
        plan(waymark);
        let _ = create(&officer(waymark), &new("LN-1d", Q4, content())).expect(201);
        let mut plan = framework::content_of(&waymark.officer().get(PLAN), &[]);
        plan["priorities"].as_array_mut().unwrap().pop();
        let refused = waymark.officer().replace(PLAN, &plan).problem(409, "in-use");
        refused.has_faults(&[("/priorities", "in_use")]);
    });
}
