//! How a notice ends, and how it comes back.

use std::thread;

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{NOTICE, act, from, issued, send, terms};

fn closure(outcome: &str) -> Value {
    json!({"outcome": outcome, "decided_on": "2011-04-20", "minute": "IB 2011/14"})
}

#[test]
fn a_notice_is_met_only_once_every_condition_is() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let clerk = waymark.role("board_clerk");
        send(waymark, &[("2010-06", 73.0), ("2010-10", 79.9), ("2010-10-01/2011-03-31", 81.2)]);
        let open = act(&clerk, "closure", &closure("met")).problem(409, "wrong-state");
        open.has_faults(&[("", "conditions_open")]);
        assert!(open.at("/detail").as_str().unwrap().starts_with("1 of its conditions"), "{}", open.text);
        send(waymark, &[("2010-10", 80.0)]);
        // As at a meeting in March, the half-year is not over.
        let mut early = closure("met");
        early["decided_on"] = json!("2011-03-30");
        act(&clerk, "closure", &early).problem(409, "wrong-state").has_faults(&[("", "conditions_open")]);
        let closed = act(&clerk, "closure", &closure("met")).expect(200);
        assert_eq!((closed.at("/state"), closed.at("/outcome")), (json!("closed"), json!("met")));
        assert_eq!(closed.at("/allowed_actions"), json!(["reinstate"]));
        let decision = closed.at("/decisions/0/decision");
        assert_eq!(decision["body"], "Secretary of State");
        assert_eq!(
            (&decision["decided_on"], &decision["minute"]),
            (&json!("2011-04-20"), &json!("IB 2011/14"))
        );
        assert_eq!(decision["recorded_by"], "user:board_clerk of leicestershire");
        assert_eq!(clerk.get(NOTICE).expect(200).etag(), closed.etag());
    });
}

#[test]
fn what_is_closed_stays_as_it_is_until_it_is_reinstated() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let (clerk, officer) = (waymark.role("board_clerk"), waymark.officer());
        let back = json!({"decided_on": "2011-05-18", "minute": "IB 2011/20", "note": "Taken up again."});
        act(&clerk, "reinstatement", &back).problem(409, "wrong-state").has_faults(&[("", "wrong_state")]);
        let _ = act(&clerk, "closure", &closure("escalated")).expect(200);
        let update = json!({"requirement": "IN 1.1", "period": "2011-04", "text": "Done."});
        act(&officer, "progress", &update).problem(409, "wrong-state").has_faults(&[("", "wrong_state")]);
        officer.replace(NOTICE, &terms()).problem(409, "wrong-state").has_faults(&[("", "wrong_state")]);
        let twice = act(&clerk, "closure", &closure("withdrawn")).problem(409, "wrong-state");
        twice.has_faults(&[("", "wrong_state")]);
        // No meeting before the one that closed it brings it back.
        let before = json!({"decided_on": "2011-04-19", "minute": "IB 2011/13"});
        let refused = act(&clerk, "reinstatement", &before).problem(422, "invalid-body");
        refused.has_faults(&[("/decided_on", "meeting_before_decision")]);
        let again = act(&clerk, "reinstatement", &back).expect(200);
        assert_eq!((again.at("/state"), again.at("/outcome")), (json!("in_force"), Value::Null));
        assert_eq!(
            (again.at("/decisions/0/outcome"), again.at("/decisions/1/state")),
            (json!("escalated"), json!("in_force"))
        );
        let _ = act(&officer, "progress", &update).expect(200);
    });
}

#[test]
fn a_decision_has_a_day_and_a_minute_and_a_clerk() {
    on_both(|waymark| {
        let etag = issued(waymark).etag();
        let clerk = waymark.role("board_clerk");
        let refused = |field: &str, value: Value, place: &str, code: &str| {
            let mut body = closure("withdrawn");
            match value {
                Value::Null => body.as_object_mut().unwrap().remove(field),
                value => body.as_object_mut().unwrap().insert(field.to_owned(), value),
            };
            act(&clerk, "closure", &body).problem(422, "invalid-body").has_faults(&[(place, code)]);
        };
        refused("minute", Value::Null, "", "missing_field");
        refused("minute", json!(" "), "/minute", "empty");
        refused("decided_on", json!("2199-01-01"), "/decided_on", "in_future");
        refused("decided_on", json!("2008-03-31"), "/decided_on", "before_plan");
        refused("decided_on", json!("2010-02-28"), "/decided_on", "meeting_before_proposal");
        refused("outcome", json!("forgotten"), "/outcome", "unknown_value");
        refused("body", json!("Another body"), "/body", "unknown_field");
        let path = format!("{NOTICE}/closure");
        let _ = clerk.post(&path, &closure("withdrawn")).problem(428, "precondition-required");
        for role in ["performance_officer", "accountable_director", "admin", "reader"] {
            let _ =
                from(&waymark.role(role), &etag, "closure", &closure("withdrawn")).problem(403, "forbidden");
        }
        assert_eq!(clerk.get(NOTICE).at("/revision"), 1);
        let _ = from(&clerk, &etag, "closure", &closure("withdrawn")).expect(200);
        let _ = from(&clerk, &etag, "closure", &closure("withdrawn")).problem(412, "precondition-failed");
    });
}

#[test]
fn of_two_clerks_who_close_it_one_does() {
    on_both(|waymark| {
        let etag = issued(waymark).etag();
        let replica = waymark.replica();
        let (clerk, other) = (waymark.role("board_clerk"), replica.role("board_clerk"));
        let (clerk, other, etag) = (&clerk, &other, &etag);
        let closures =
            [(clerk, "withdrawn"), (other, "escalated"), (clerk, "escalated"), (other, "withdrawn")];
        let mut answers: Vec<u16> = thread::scope(|scope| {
            let closed = closures.map(|(clerk, outcome)| {
                scope.spawn(move || from(clerk, etag, "closure", &closure(outcome)).status)
            });
            closed.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        answers.sort_unstable();
        assert_eq!(answers, [200, 412, 412, 412]);
        assert_eq!(clerk.get(NOTICE).at("/decisions").as_array().unwrap().len(), 1);
        assert_eq!(clerk.get(NOTICE).json(), other.get(NOTICE).json());
    });
}
