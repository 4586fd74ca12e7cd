//! How a commitment ends, and begins again.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{act, path, report, set_out};

fn closure(on: &str) -> Value {
    json!({"outcome": "not_kept", "closed_on": on, "reason": "Four centres came too late."})
}

#[test]
fn what_is_closed_is_reported_on_only_after_it_is_reopened() {
    on_both(|waymark| {
        let _ = set_out(waymark);
        let officer = waymark.officer();
        let _ = act(&officer, "centres", "reports", &report("FY2008-09-H2", "red")).expect(200);
        let closed = act(&officer, "centres", "closure", &closure("2009-03-31")).expect(200);
        assert_eq!(
            (closed.at("/state"), closed.at("/allowed_actions")),
            (json!("closed"), json!(["reopen"]))
        );
        let recorded = closed.at("/closure");
        assert_eq!(
            (&recorded["outcome"], &recorded["closed_on"]),
            (&json!("not_kept"), &json!("2009-03-31"))
        );
        assert_eq!(recorded["closed_by"], "user:performance_officer of leicestershire");
        let refused = act(&officer, "centres", "reports", &report("FY2009-10", "green"));
        refused.problem(409, "wrong-state").has_faults(&[("", "wrong_state")]);
        let _ = act(&officer, "centres", "closure", &closure("2009-03-31")).problem(409, "wrong-state");
        let again = act(&officer, "centres", "reopening", &json!({"reason": "It goes on."})).expect(200);
        assert_eq!((again.at("/state"), again.at("/closure")), (json!("open"), Value::Null));
        assert_eq!(again.at("/reopening/reason"), "It goes on.");
        let _ = act(&officer, "centres", "reopening", &json!({"reason": "R"})).problem(409, "wrong-state");
        let _ = act(&officer, "centres", "reports", &report("FY2009-10", "green")).expect(200);
        let history = officer.get(&format!("{}/history", path("centres"))).expect(200);
        assert_eq!(history.at("/items/2/closure"), recorded);
    });
}

#[test]
fn only_a_performance_officer_closes_and_on_a_day_that_fits() {
    on_both(|waymark| {
        let _ = set_out(waymark);
        for role in ["reader", "accountable_officer", "accountable_director", "board_clerk"] {
            let caller = waymark.role(role);
            let _ = act(&caller, "centres", "closure", &closure("2009-03-31")).problem(403, "forbidden");
            let _ = act(&caller, "centres", "reopening", &json!({"reason": "R"})).problem(403, "forbidden");
        }
        let officer = waymark.officer();
        let _ = act(&officer, "centres", "reports", &report("FY2008-09-H2", "red")).expect(200);
        let refused =
            |on: &str| act(&officer, "centres", "closure", &closure(on)).problem(422, "invalid-body");
        refused("2008-03-31").has_faults(&[("/closed_on", "before_plan")]);
        refused("2008-09-30").has_faults(&[("/closed_on", "before_report")]);
        refused("2199-01-01").has_faults(&[("/closed_on", "in_future")]);
        let mut unsaid = closure("2009-03-31");
        unsaid["reason"] = json!(" ");
        let unsaid = act(&officer, "centres", "closure", &unsaid).problem(422, "invalid-body");
        unsaid.has_faults(&[("/reason", "empty")]);
    });
}
