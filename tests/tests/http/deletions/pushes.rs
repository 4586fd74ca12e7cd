//! Pushes for indicators that no plan measures any more: stored, with a warning for each row.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{MEETING, SEPTEMBER, decide, decision_from, deleted, line, nine};
use crate::framework;
use crate::results::{RESULTS, each, push};

fn row(indicator: &str, period: &str) -> Value {
    json!({"indicator": indicator, "period": period, "value": 71})
}

#[test]
fn a_row_of_an_indicator_that_no_plan_measures_any_more_is_kept_with_a_warning() {
    on_both(|waymark| {
        nine(waymark);
        let _ = deleted(waymark, "teeth");
        framework::indicator(waymark, "never-measured", json!({}));
        let submitter = waymark.role("submitter");
        let rows = json!([
            row("teeth", "2009-09-29"),
            // It ends on the day from which the measure is gone.
            row("teeth", "2009-09-30"),
            row("teeth", "FY2009-10"),
            row("camhs", "FY2009-10"),
            row("never-measured", "FY2009-10"),
        ]);
        for query in ["?validate_only=true", ""] {
            let pushed = push(&submitter, query, &rows).expect(200);
            assert_eq!(each(&pushed.at("/rows"), "outcome"), ["created"; 5]);
            let warned: Vec<Value> = each(&pushed.at("/rows"), "warnings");
            let codes: Vec<&str> =
                warned.iter().map(|warnings| warnings[0]["code"].as_str().unwrap_or("none")).collect();
            assert_eq!(codes, ["none", "no_longer_measured", "no_longer_measured", "none", "none"]);
            assert!(pushed.at("/rows/1/warnings/0/detail").as_str().unwrap().contains("2009-09-30"));
            assert_eq!(pushed.at("/rows/0/warnings"), json!([]));
        }
        let kept = waymark.reader().get(&format!("{RESULTS}?indicator=teeth")).expect(200).at("/items");
        assert_eq!(kept.as_array().unwrap().len(), 3);
    });
}

#[test]
fn a_row_is_warned_only_where_all_plans_have_let_go_of_its_indicator() {
    on_both(|waymark| {
        nine(waymark);
        let officer = waymark.officer();
        let plans = "/v1/organisations/leicestershire/plans";
        let _ = officer.post(plans, &framework::new("other", framework::plan_content())).expect(201);
        let measure = framework::new_measure("teeth", line());
        let _ = officer.post(&format!("{plans}/other/measures"), &measure).expect(201);
        let _ = deleted(waymark, "teeth");
        let pushed = push(&waymark.role("submitter"), "", &json!([row("teeth", "FY2009-10")])).expect(200);
        assert_eq!(pushed.at("/rows/0/warnings"), json!([]));
    });
}

#[test]
fn a_row_for_a_measure_that_came_back_is_not_warned() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = deleted(waymark, "teeth");
        let back = [decision_from(&deletion, "restored", "2010-01-01")];
        let _ = decide(&waymark.role("board_clerk"), "2010-03-26", &back).expect(200);
        let rows = json!([row("teeth", "2009-12-31"), row("teeth", "2010-01-01")]);
        let pushed = push(&waymark.role("submitter"), "", &rows).expect(200).at("/rows");
        assert_eq!(pushed[0]["warnings"][0]["code"], "no_longer_measured");
        assert_eq!(pushed[1]["warnings"], json!([]));
    });
}

/// A push reports which ratings it changes today: 60% is red, and a measure that has left turns no more.
#[test]
fn what_has_left_changes_no_rating() {
    on_both(|waymark| {
        nine(waymark);
        let _ = deleted(waymark, "teeth");
        let low = |code: &str| json!({"indicator": code, "period": "2010-03-31", "value": 60});
        let pushed = push(&waymark.role("submitter"), "", &json!([low("teeth"), low("camhs")])).expect(200);
        let changed = pushed.at("/rating_changes");
        assert_eq!(each(&changed, "measure"), ["camhs"]);
        assert_eq!(changed[0]["after"], "red");
    });
}

#[test]
fn a_rejected_row_carries_its_faults_and_no_warning() {
    on_both(|waymark| {
        nine(waymark);
        let _ = deleted(waymark, "teeth");
        let rows = json!([{"indicator": "teeth", "period": MEETING, "value": "x"}, row("teeth", SEPTEMBER)]);
        let pushed = push(&waymark.role("submitter"), "?mode=partial", &rows).expect(200).at("/rows");
        assert_eq!((&pushed[0]["outcome"], &pushed[0]["warnings"]), (&json!("rejected"), &json!([])));
        assert_eq!(pushed[1]["warnings"][0]["code"], "no_longer_measured");
    });
}
