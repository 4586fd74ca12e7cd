//! Small counts: a caller without the right to see them can neither read nor derive them.

use serde_json::{Value, json};
use waymark_tests::{Caller, OWN, on_both};

use super::measure;
use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

fn is_hidden(caller: &Caller) {
    let row = measure(caller, "runaways");
    assert_eq!(row["suppressed"], true);
    for figure in ["actual_value", "expected_value", "previous_value", "forecast_value"] {
        assert_eq!(row[figure], Value::Null, "{figure}");
    }
    let explanation = row["explanation"].as_str().unwrap();
    assert!(explanation.contains("suppressed") && !explanation.contains('3'), "{explanation}");
    let way = caller.get(&format!("{PLAN}/measures/runaways/trajectory?as_at={MARCH}")).expect(200);
    assert_eq!(way.at("/lines/0/suppressed"), true);
    assert_eq!(way.at("/lines/0/results"), json!([]));
}

#[test]
fn a_small_count_is_withheld_from_those_who_may_not_see_it() {
    on_both(|waymark| {
        framework::examples(waymark);
        let rows = json!([{"indicator": "runaways", "period": MARCH, "value": 3}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        for role in ["reader", "submitter", "board_clerk", "admin"] {
            is_hidden(&waymark.role(role));
        }
        for role in ["performance_officer", "accountable_officer", "accountable_director"] {
            let caller = waymark.role(role);
            let row = measure(&caller, "runaways");
            assert_eq!((&row["suppressed"], &row["actual_value"]), (&json!(false), &json!(3)), "{role}");
            assert!(row["explanation"].as_str().unwrap().contains('3'), "{role}");
        }
        // The rating stands without its figures.
        assert_eq!(measure(&waymark.reader(), "runaways")["rating"], "no_target");
    });
}

#[test]
fn the_organisation_sets_what_is_small() {
    on_both(|waymark| {
        framework::examples(waymark);
        let rows = json!([{"indicator": "runaways", "period": MARCH, "value": 3}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let threshold = |value: u32| {
            let body = json!({"title": "County", "small_count_threshold": value});
            let _ = waymark.role("admin").replace(&format!("/v1/organisations/{OWN}"), &body).expect(200);
            measure(&waymark.reader(), "runaways")["suppressed"].clone()
        };
        assert_eq!(threshold(4), true);
        assert_eq!(threshold(3), false);
        assert_eq!(threshold(0), false);
    });
}
