//! What boards decide of targets, who records it, and of which proposal.

use std::thread;

use serde_json::{Value, json};
use waymark_tests::{Answer, on_both};

use super::{decide, decision, meeting, path, person, propose, proposed, runaways};
use crate::framework::{self, PLAN};

#[test]
fn what_is_agreed_is_the_target_of_its_measure_from_then_on() {
    on_both(|waymark| {
        framework::examples(waymark);
        let id = proposed(&waymark.officer(), runaways());
        let reader = waymark.reader();
        let before = reader.get(&format!("{PLAN}/measures/runaways")).expect(200);
        let mut agreed = meeting(json!([decision(&id, "agreed")]));
        agreed["decisions"][0]["comment"] = json!("With thanks.");
        agreed["note"] = json!("All members were there.");
        let decided = decide(&waymark.role("board_clerk"), &agreed).expect(200);
        assert_eq!(decided.at("/items/0/state"), "agreed");
        assert_eq!(decided.at("/items/0/comment"), "With thanks.");
        let decision = decided.at("/items/0/decision");
        assert_eq!(
            decision,
            json!({"body": agreed["body"], "decided_on": "2009-11-27", "minute": "5.1",
                   "note": "All members were there.", "recorded_by": "user:board_clerk of leicestershire"})
        );
        let measure = reader.get(&format!("{PLAN}/measures/runaways")).expect(200);
        assert_eq!(measure.at("/revision"), 2);
        assert_eq!(
            measure.at("/lines/0/target"),
            json!({
                "state": "agreed", "condition": "at_most", "value": 12,
                "origin": {"scope": "local", "agreed_on": "2009-11-27", "body": agreed["body"], "minute": "5.1",
                           "reason": runaways()["reason"], "proposal": id, "definition_version": 1},
            })
        );
        assert_eq!(measure.at("/lines/0/baseline"), before.at("/lines/0/baseline"));
        let then = before.at("/recorded_at").as_str().unwrap().to_owned();
        let known = reader.get(&format!("{PLAN}/measures/runaways?as_known_at={then}")).expect(200);
        assert_eq!(known.at("/lines/0/target/state"), "to_be_set");
        let history = reader.get(&format!("{PLAN}/measures/runaways/history")).expect(200);
        assert_eq!(history.at("/items/1/lines/0/target"), before.at("/lines/0/target"));
    });
}

#[test]
fn one_meeting_decides_on_many() {
    on_both(|waymark| {
        framework::examples(waymark);
        let mut poverty = runaways();
        poverty["measure"] = json!("poverty");
        let made = propose(&waymark.officer(), json!([runaways(), poverty])).expect(201);
        let id = |number: usize| made.at(&format!("/items/{number}/id")).as_str().unwrap().to_owned();
        let sent = json!([decision(&id(0), "sent_back"), decision(&id(1), "agreed")]);
        let decided = decide(&waymark.role("board_clerk"), &meeting(sent)).expect(200).at("/items");
        let decisions: Vec<(&Value, &Value)> =
            decided.as_array().unwrap().iter().map(|item| (&item["id"], &item["state"])).collect();
        assert_eq!(decisions, [(&json!(id(0)), &json!("sent_back")), (&json!(id(1)), &json!("agreed"))]);
        let state = |measure: &str| {
            waymark.reader().get(&format!("{PLAN}/measures/{measure}")).at("/lines/0/target/state")
        };
        assert_eq!((state("runaways"), state("poverty")), (json!("to_be_set"), json!("agreed")));
    });
}

/// One is stale and one is unknown: both are reported, and the third is not kept either.
#[test]
fn of_many_decisions_all_are_kept_or_none() {
    on_both(|waymark| {
        framework::examples(waymark);
        let clerk = waymark.role("board_clerk");
        let mut poverty = runaways();
        poverty["measure"] = json!("poverty");
        let made = propose(&waymark.officer(), json!([runaways(), poverty])).expect(201);
        let id = |number: usize| made.at(&format!("/items/{number}/id")).as_str().unwrap().to_owned();
        let mut stale = decision(&id(1), "agreed");
        stale["revision"] = json!(7);
        let unknown = decision("01923e4f-0000-7000-8000-000000000000", "agreed");
        let sent = meeting(json!([decision(&id(0), "agreed"), stale, unknown]));
        let refused = decide(&clerk, &sent).problem(422, "invalid-body");
        refused
            .has_faults(&[("/decisions/1/revision", "stale"), ("/decisions/2/proposal", "unknown_proposal")]);
        assert_eq!(clerk.get(&path(&id(0))).at("/state"), "proposed");
        assert_eq!(clerk.get(&format!("{PLAN}/measures/runaways")).at("/revision"), 1);
        let only = meeting(json!([sent["decisions"][0], sent["decisions"][1]]));
        let stale = decide(&clerk, &only).problem(412, "precondition-failed");
        stale.has_faults(&[("/decisions/1/revision", "stale")]);
        let twice = meeting(json!([decision(&id(0), "agreed"), decision(&id(0), "sent_back")]));
        decide(&clerk, &twice)
            .problem(422, "invalid-body")
            .has_faults(&[("/decisions/1/proposal", "duplicate")]);
    });
}

#[test]
fn nothing_is_decided_twice() {
    on_both(|waymark| {
        framework::examples(waymark);
        let clerk = waymark.role("board_clerk");
        let id = proposed(&waymark.officer(), runaways());
        let sent = meeting(json!([decision(&id, "agreed")]));
        let _ = decide(&clerk, &sent).expect(200);
        let late = decide(&clerk, &sent).problem(412, "precondition-failed");
        late.has_faults(&[("/decisions/0/revision", "stale")]);
        let mut again = sent;
        again["decisions"][0]["revision"] = json!(2);
        let refused = decide(&clerk, &again).problem(409, "wrong-state");
        refused.has_faults(&[("/decisions/0/proposal", "wrong_state")]);
    });
}

#[test]
fn who_proposed_a_target_does_not_decide_on_it() {
    on_both(|waymark| {
        framework::examples(waymark);
        let both = person(waymark, "both", &["performance_officer", "board_clerk"]);
        let id = proposed(&both, runaways());
        let sent = meeting(json!([decision(&id, "agreed")]));
        let own = decide(&both, &sent).problem(403, "forbidden");
        own.has_faults(&[("/decisions/0/proposal", "proposer_decides")]);
        for role in ["performance_officer", "accountable_officer", "accountable_director", "admin", "reader"]
        {
            let _ = decide(&waymark.role(role), &sent).problem(403, "forbidden");
        }
        let _ = decide(&waymark.role("board_clerk"), &sent).expect(200);
    });
}

#[test]
fn every_fault_of_a_decision_has_its_place() {
    on_both(|waymark| {
        framework::examples(waymark);
        let clerk = waymark.role("board_clerk");
        let id = proposed(&waymark.officer(), runaways());
        let fault = |field: &str, value: Value, place: &str, code: &str| {
            let mut sent = meeting(json!([decision(&id, "agreed")]));
            match value {
                Value::Null => drop(sent.as_object_mut().unwrap().remove(field)),
                value => sent[field] = value,
            }
            let refused = decide(&clerk, &sent).problem(422, "invalid-body");
            assert_eq!(refused.faults(), [(place.to_owned(), code.to_owned())], "{}", refused.text);
        };
        fault("minute", Value::Null, "", "missing_field");
        fault("minute", json!(""), "/minute", "empty");
        fault("body", json!(" "), "/body", "empty");
        fault("decided_on", json!("2999-01-01"), "/decided_on", "in_future");
        fault("decided_on", json!("2008-03-31"), "/decided_on", "before_plan");
        fault("decided_on", json!("2009-11-01"), "/decisions/0/proposal", "meeting_before_proposal");
        fault("decisions", json!([]), "/decisions", "too_few");
        let bare = json!([{"proposal": id, "revision": 1, "outcome": "sent_back"}]);
        fault("decisions", bare, "/decisions/0/comment", "missing_field");
        let rejected = json!([{"proposal": id, "revision": 1, "outcome": "rejected"}]);
        fault("decisions", rejected, "/decisions/0/outcome", "unknown_value");
        assert_eq!(clerk.get(&path(&id)).at("/revision"), 1);
    });
}

/// Eight clerks at two services have read the same revision: one decides, and the others learn that it was changed.
#[test]
fn of_clerks_that_race_one_decides() {
    on_both(|waymark| {
        framework::examples(waymark);
        let id = proposed(&waymark.officer(), runaways());
        let replica = waymark.replica();
        let answers: Vec<Answer> = thread::scope(|scope| {
            let ask = |number: usize| {
                let service = if number < 4 { waymark } else { &replica };
                let clerk = person(service, &format!("clerk {number}"), &["board_clerk"]);
                let outcome = if number.is_multiple_of(2) { "agreed" } else { "sent_back" };
                decide(&clerk, &meeting(json!([decision(&id, outcome)])))
            };
            let threads: Vec<_> = (0..8).map(|number| scope.spawn(move || ask(number))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409 | 412)));
        let now = waymark.reader().get(&path(&id)).expect(200);
        assert_eq!((now.at("/state"), now.at("/revision")), (won[0].at("/items/0/state"), json!(2)));
        let state = waymark.reader().get(&format!("{PLAN}/measures/runaways")).at("/lines/0/target/state");
        let expected = if now.at("/state") == "agreed" { "agreed" } else { "to_be_set" };
        assert_eq!(state, expected);
    });
}
