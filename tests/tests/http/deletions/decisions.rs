//! What a board decides: agreed, rejected, put off, brought back; by whom, when, and once.

use serde_json::json;
use waymark_tests::{OWN, on_both};

use super::{
    MEETING, SEPTEMBER, decide, decision, decision_from, deleted, field, nine, proposal, propose, proposed,
    read,
};
use crate::framework::PLAN;

#[test]
fn a_decision_is_returned_with_its_body_its_meeting_and_its_minute() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        let mut agreed = decision_from(&deletion, "agreed", SEPTEMBER);
        agreed["comment"] = json!("Keep the survey's data.");
        let decided = decide(&waymark.role("board_clerk"), MEETING, &[agreed]).expect(200);
        let expected = json!([{
            "outcome": "agreed", "effective_from": SEPTEMBER, "comment": "Keep the survey's data.",
            "decision": {"body": "Executive", "decided_on": MEETING, "minute": "5.2", "note": null,
                         "recorded_by": "user:board_clerk of leicestershire"},
        }]);
        assert_eq!(decided.at("/items/0/decisions"), expected);
        assert_eq!(decided.at("/items/0/revision"), 2);
        assert_eq!(decided.at("/items/0/allowed_actions"), json!(["restore"]));

        let measure = waymark.reader().get(&format!("{PLAN}/measures/teeth")).expect(200);
        assert_eq!(measure.at("/revision"), 2);
        assert_eq!(measure.at("/departures/0/from"), SEPTEMBER);
        assert_eq!(measure.at("/departures/0/deletion"), deletion["id"]);
        assert_eq!(measure.at("/departures/0/decision/minute"), "5.2");
    });
}

/// Without a date of effect it is the day of the meeting.
#[test]
fn a_decision_takes_effect_on_the_day_of_the_meeting_unless_it_says_otherwise() {
    on_both(|waymark| {
        nine(waymark);
        let agreed = [decision(&proposed(waymark, "teeth"), "agreed")];
        let decided = decide(&waymark.role("board_clerk"), MEETING, &agreed).expect(200);
        assert_eq!(decided.at("/items/0/decisions/0/effective_from"), MEETING);
    });
}

#[test]
fn what_is_rejected_stays_and_can_be_proposed_again() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        let rejected = decide(&waymark.role("board_clerk"), MEETING, &[decision(&deletion, "rejected")]);
        assert_eq!(rejected.expect(200).at("/items/0/state"), "rejected");
        let status = waymark.reader().get(&format!("{PLAN}/status?as_at=2010-03-31")).expect(200);
        assert!(field(&status.at("/measures"), "measure").contains(&"teeth".to_owned()));
        assert_eq!(status.at("/deleted"), json!([]));
        let _ = proposed(waymark, "teeth");
    });
}

#[test]
fn what_is_deferred_is_decided_at_a_later_meeting() {
    on_both(|waymark| {
        nine(waymark);
        let clerk = waymark.role("board_clerk");
        let deletion = proposed(waymark, "teeth");
        let deferred = decide(&clerk, MEETING, &[decision(&deletion, "deferred")]).expect(200).at("/items/0");
        assert_eq!(deferred["state"], "deferred");
        assert_eq!(deferred["allowed_actions"], json!(["agree", "reject", "defer"]));
        let earlier = decide(&clerk, "2009-11-26", &[decision(&deferred, "agreed")]);
        earlier
            .problem(422, "invalid-body")
            .has_faults(&[("/decisions/0/deletion", "meeting_before_decision")]);
        let again =
            decide(&clerk, "2010-01-29", &[decision(&deferred, "deferred")]).expect(200).at("/items/0");
        let agreed = decide(&clerk, "2010-03-26", &[decision(&again, "agreed")]).expect(200);
        let outcomes = agreed.at("/items/0/decisions");
        assert_eq!(field(&outcomes, "outcome"), ["deferred", "deferred", "agreed"]);
        let history =
            clerk.get(&format!("{PLAN}/deletions/{}/history?limit=2", deletion["id"].as_str().unwrap()));
        let history = history.expect(200);
        assert_eq!(field(&history.at("/items"), "state"), ["agreed", "deferred"]);
        let rest = clerk.get(history.at("/next").as_str().unwrap()).expect(200);
        assert_eq!(field(&rest.at("/items"), "state"), ["deferred", "proposed"]);
    });
}

#[test]
fn a_deleted_measure_is_brought_back_by_a_decision() {
    on_both(|waymark| {
        nine(waymark);
        let (clerk, reader) = (waymark.role("board_clerk"), waymark.reader());
        let deletion = deleted(waymark, "homeless");
        let too_early = decide(&clerk, "2010-03-26", &[decision_from(&deletion, "restored", "2009-09-29")]);
        too_early
            .problem(422, "invalid-body")
            .has_faults(&[("/decisions/0/effective_from", "return_before_departure")]);
        let restored = decide(&clerk, "2010-03-26", &[decision_from(&deletion, "restored", "2010-01-01")]);
        assert_eq!(restored.expect(200).at("/items/0/state"), "restored");
        let is_there = |date: &str| {
            let status = reader.get(&format!("{PLAN}/status?as_at={date}")).expect(200);
            let there = field(&status.at("/measures"), "measure").contains(&"homeless".to_owned());
            assert_ne!(there, field(&status.at("/deleted"), "measure").contains(&"homeless".to_owned()));
            there
        };
        assert!(is_there("2009-09-29") && !is_there(SEPTEMBER) && !is_there("2009-12-31"));
        assert!(is_there("2010-01-01") && is_there("2010-03-31"));
        let measure = reader.get(&format!("{PLAN}/measures/homeless")).expect(200);
        assert_eq!(measure.at("/departures/0/until"), "2010-01-01");
        // What came back may leave again.
        let _ = proposed(waymark, "homeless");
    });
}

#[test]
fn who_proposed_does_not_decide() {
    on_both(|waymark| {
        nine(waymark);
        let both = waymark.with(&[("board_clerk", OWN), ("performance_officer", OWN)]);
        let deletion = propose(&both, &json!([proposal("teeth")])).expect(201).at("/items/0");
        assert_eq!(deletion["allowed_actions"], json!(["withdraw"]));
        let refused = decide(&both, MEETING, &[decision(&deletion, "agreed")]).problem(403, "forbidden");
        refused.has_faults(&[("/decisions/0/deletion", "proposer_decides")]);
        let agreed = decide(&waymark.role("board_clerk"), MEETING, &[decision(&deletion, "agreed")]);
        let agreed = agreed.expect(200).at("/items/0");
        let restored = decide(&both, MEETING, &[decision(&agreed, "restored")]).problem(403, "forbidden");
        restored.has_faults(&[("/decisions/0/deletion", "proposer_decides")]);
        for role in ["performance_officer", "accountable_director", "admin", "reader"] {
            let wrong = decide(&waymark.role(role), MEETING, &[decision(&agreed, "restored")]);
            let _ = wrong.problem(403, "forbidden");
        }
        assert_eq!(read(&both, &deletion).at("/state"), "agreed");
    });
}

#[test]
fn nothing_is_decided_twice_or_on_a_stale_revision() {
    on_both(|waymark| {
        nine(waymark);
        let clerk = waymark.role("board_clerk");
        let deletion = proposed(waymark, "teeth");
        let agreed = decide(&clerk, MEETING, &[decision(&deletion, "agreed")]).expect(200).at("/items/0");
        let stale =
            decide(&clerk, MEETING, &[decision(&deletion, "rejected")]).problem(412, "precondition-failed");
        stale.has_faults(&[("/decisions/0/revision", "stale")]);
        for outcome in ["agreed", "rejected", "deferred"] {
            let twice = decide(&clerk, MEETING, &[decision(&agreed, outcome)]).problem(409, "wrong-state");
            twice.has_faults(&[("/decisions/0/deletion", "wrong_state")]);
        }
        let proposal = proposed(waymark, "camhs");
        let early = decide(&clerk, MEETING, &[decision(&proposal, "restored")]).problem(409, "wrong-state");
        early.has_faults(&[("/decisions/0/deletion", "wrong_state")]);
    });
}

#[test]
fn a_retried_decision_is_recorded_once() {
    on_both(|waymark| {
        nine(waymark);
        let clerk = waymark.role("board_clerk");
        let deletion = proposed(waymark, "teeth");
        let body = json!({"body": "Executive", "decided_on": MEETING, "minute": "5.2",
                          "decisions": [decision(&deletion, "agreed")]});
        let send = || {
            let request = clerk.request("POST", &format!("{PLAN}/deletion-decisions"));
            request.header("idempotency-key", "november").json(&body).send().expect(200)
        };
        let first = send();
        let again = send();
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(first.json(), again.json());
        assert_eq!(read(&clerk, &deletion).at("/revision"), 2);
    });
}
