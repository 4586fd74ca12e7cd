//! What cannot be proposed or decided: each fault named at its place, and nothing half-done.

use chrono::{Days, Utc};
use serde_json::{Value, json};
use waymark_tests::{Caller, Waymark, on_both};

use super::{
    MEETING, SEPTEMBER, decide, decision, decision_from, deleted, field, nine, proposal, propose, proposed,
    read,
};
use crate::framework::PLAN;

fn tomorrow() -> String {
    (Utc::now().date_naive() + Days::new(1)).to_string()
}

fn no_deletions(caller: &Caller) {
    assert_eq!(caller.get(&format!("{PLAN}/deletions")).expect(200).at("/items"), json!([]));
}

#[test]
fn each_fault_of_a_proposal_has_its_place_and_nothing_is_kept() {
    on_both(|waymark| {
        nine(waymark);
        let officer = waymark.officer();
        let with = |field: &str, value: Value| {
            let mut proposal = proposal("teeth");
            proposal[field] = value;
            proposal
        };
        let without = |field: &str| {
            let mut proposal = proposal("teeth");
            proposal.as_object_mut().unwrap().remove(field);
            proposal
        };
        let bad = [
            (with("measure", json!("nowhere")), "/measure", "unknown_measure"),
            (with("measure", json!("camhs")), "/measure", "duplicate"),
            (with("reason", json!("")), "/reason", "empty"),
            (without("category"), "/category", "missing_field"),
            (with("category", json!("superseded")), "/superseded_by", "missing_field"),
            (with("superseded_by", json!("homeless")), "/superseded_by", "superfluous"),
        ];
        for (proposal, place, code) in bad {
            let refused =
                propose(&officer, &json!([super::proposal("camhs"), proposal])).problem(422, "invalid-body");
            refused.has_faults(&[(&format!("/proposals/1{place}"), code)]);
        }
        let superseded =
            json!({"measure": "teeth", "category": "superseded", "reason": "x", "superseded_by": "NI999"});
        propose(&officer, &json!([superseded]))
            .problem(422, "invalid-body")
            .has_faults(&[("/proposals/0/superseded_by", "unknown_indicator")]);
        let above = json!({"measure": "teeth", "reason": "As above."});
        propose(&officer, &json!([above, proposal("camhs")]))
            .problem(422, "invalid-body")
            .has_faults(&[("/proposals/0/reason", "nothing_above")]);
        propose(&officer, &json!([])).problem(422, "invalid-body").has_faults(&[("/proposals", "too_few")]);
        let many = vec![proposal("teeth"); 501];
        propose(&officer, &many.into())
            .problem(422, "invalid-body")
            .has_faults(&[("/proposals", "too_many")]);
        for (day, code) in [("2008-03-31", "before_plan"), (tomorrow().as_str(), "in_future")] {
            let body = json!({"proposed_on": day, "proposals": [proposal("teeth")]});
            let refused = officer.post(&format!("{PLAN}/deletions"), &body).problem(422, "invalid-body");
            refused.has_faults(&[("/proposed_on", code)]);
        }
        no_deletions(&officer);
    });
}

/// What is invalid above is reported once, there.
#[test]
fn all_faults_of_a_request_are_reported_at_once() {
    on_both(|waymark| {
        nine(waymark);
        let rows = json!([
            {"measure": "teeth", "reason": "It is gone."},
            {"measure": "camhs", "reason": "as above"},
            {"measure": "n o", "reason": "as above"},
        ]);
        let refused = propose(&waymark.officer(), &rows).problem(422, "invalid-body");
        refused.has_faults(&[
            ("/proposals/0/category", "missing_field"),
            ("/proposals/2/measure", "bad_character"),
        ]);
    });
}

#[test]
fn another_indicator_takes_the_place_of_the_one_that_goes() {
    on_both(|waymark| {
        nine(waymark);
        let superseded = json!({"measure": "teeth", "category": "superseded", "reason": "Counted again.", "superseded_by": "homeless"});
        let above = json!({"measure": "camhs", "reason": "as above", "category": "no_longer_relevant"});
        let made = propose(&waymark.officer(), &json!([superseded, above])).expect(201).at("/items");
        assert_eq!(
            (&made[0]["category"], &made[0]["superseded_by"]),
            (&json!("superseded"), &json!("homeless"))
        );
        assert_eq!(
            (&made[1]["category"], &made[1]["superseded_by"]),
            (&json!("no_longer_relevant"), &Value::Null)
        );
        assert_eq!(made[1]["reason"], "Counted again.");
    });
}

/// What is proposed already or has left is named at its place, with the deletion that stands in the way.
#[test]
fn a_measure_is_proposed_once() {
    on_both(|waymark| {
        nine(waymark);
        let officer = waymark.officer();
        let open = proposed(waymark, "teeth");
        let gone = deleted(waymark, "camhs");
        let rows = json!([proposal("homeless"), proposal("teeth"), proposal("camhs")]);
        let refused = propose(&officer, &rows).problem(409, "wrong-state");
        refused.has_faults(&[
            ("/proposals/1/measure", "already_proposed"),
            ("/proposals/2/measure", "already_deleted"),
        ]);
        for (index, other) in [(0, &open), (1, &gone)] {
            let detail = refused.at(&format!("/errors/{index}/detail"));
            assert!(detail.as_str().unwrap().contains(other["id"].as_str().unwrap()), "{detail}");
        }
        let _ = decide(&waymark.role("board_clerk"), MEETING, &[decision(&open, "deferred")]).expect(200);
        let refused = propose(&officer, &json!([proposal("teeth")])).problem(409, "wrong-state");
        refused.has_faults(&[("/proposals/0/measure", "already_proposed")]);
        let listed = officer.get(&format!("{PLAN}/deletions?measure=homeless")).expect(200);
        assert_eq!(listed.at("/items"), json!([]));
    });
}

fn refused_on(waymark: &Waymark, deletion: &Value, meeting: &str) -> waymark_tests::Answer {
    decide(&waymark.role("board_clerk"), meeting, &[decision_from(deletion, "agreed", SEPTEMBER)])
        .problem(422, "invalid-body")
}

#[test]
fn a_meeting_is_in_the_plan_after_the_proposal_and_not_to_come() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        refused_on(waymark, &deletion, &tomorrow()).has_faults(&[("/decided_on", "in_future")]);
        refused_on(waymark, &deletion, "2008-03-31").has_faults(&[("/decided_on", "before_plan")]);
        refused_on(waymark, &deletion, "2009-11-19")
            .has_faults(&[("/decisions/0/deletion", "meeting_before_proposal")]);
        assert_eq!(read(&waymark.reader(), &deletion).at("/revision"), 1);
    });
}

#[test]
fn a_decision_takes_effect_within_the_plan() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        let clerk = waymark.role("board_clerk");
        for (day, code) in [("2008-03-31", "before_plan"), ("2011-04-01", "after_plan")] {
            let refused = decide(&clerk, MEETING, &[decision_from(&deletion, "agreed", day)]);
            refused.problem(422, "invalid-body").has_faults(&[("/decisions/0/effective_from", code)]);
        }
        let superfluous = decide(&clerk, MEETING, &[decision_from(&deletion, "rejected", SEPTEMBER)]);
        superfluous
            .problem(422, "invalid-body")
            .has_faults(&[("/decisions/0/effective_from", "superfluous")]);
        let first_day = decide(&clerk, MEETING, &[decision_from(&deletion, "agreed", "2008-04-01")]);
        let _ = first_day.expect(200);
        let status = clerk.get(&format!("{PLAN}/status?as_at=2008-04-01")).expect(200);
        assert_eq!(field(&status.at("/deleted"), "measure"), ["teeth"]);
    });
}

#[test]
fn a_decision_has_a_body_a_minute_and_something_to_decide_on() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        let clerk = waymark.role("board_clerk");
        let send = |body: &Value| {
            clerk.post(&format!("{PLAN}/deletion-decisions"), body).problem(422, "invalid-body")
        };
        let whole = json!({"body": "Executive", "decided_on": MEETING, "minute": "5.2",
                           "decisions": [decision(&deletion, "agreed")]});
        let with = |field: &str, value: Value| {
            let mut body = whole.clone();
            match value {
                Value::Null => drop(body.as_object_mut().unwrap().remove(field)),
                value => body[field] = value,
            }
            send(&body)
        };
        with("minute", Value::Null).has_faults(&[("", "missing_field")]);
        with("minute", json!("")).has_faults(&[("/minute", "empty")]);
        with("body", json!(" ")).has_faults(&[("/body", "empty")]);
        with("decisions", json!([])).has_faults(&[("/decisions", "too_few")]);
        let twice = json!([decision(&deletion, "agreed"), decision(&deletion, "rejected")]);
        with("decisions", twice).has_faults(&[("/decisions/1/deletion", "duplicate")]);
        let mut unknown = decision(&deletion, "agreed");
        unknown["deletion"] = json!("01900000-0000-7000-8000-000000000000");
        with("decisions", json!([unknown])).has_faults(&[("/decisions/0/deletion", "unknown_deletion")]);
        with("decisions", json!([decision(&deletion, "noted")]))
            .has_faults(&[("/decisions/0/outcome", "unknown_value")]);
        assert_eq!(read(&clerk, &deletion).at("/revision"), 1);
    });
}

/// One of three is stale: none is recorded, and no measure leaves.
#[test]
fn decisions_are_recorded_all_or_none() {
    on_both(|waymark| {
        nine(waymark);
        let officer = waymark.officer();
        let rows = json!([proposal("teeth"), proposal("camhs"), proposal("homeless")]);
        let made = propose(&officer, &rows).expect(201).at("/items");
        let mut decisions: Vec<Value> =
            made.as_array().unwrap().iter().map(|item| decision_from(item, "agreed", SEPTEMBER)).collect();
        decisions[1]["revision"] = json!(7);
        decisions[2]["effective_from"] = json!("2011-04-01");
        let refused = decide(&waymark.role("board_clerk"), MEETING, &decisions).problem(422, "invalid-body");
        refused
            .has_faults(&[("/decisions/1/revision", "stale"), ("/decisions/2/effective_from", "after_plan")]);
        let listed = officer.get(&format!("{PLAN}/deletions?state=proposed")).expect(200);
        assert_eq!(listed.at("/items").as_array().unwrap().len(), 3);
        let status = officer.get(&format!("{PLAN}/status?as_at={SEPTEMBER}")).expect(200);
        assert_eq!(status.at("/deleted"), json!([]));
        assert_eq!(officer.get(&format!("{PLAN}/measures/teeth")).expect(200).at("/revision"), 1);
    });
}

#[test]
fn a_deletion_is_found_in_its_plan_only() {
    on_both(|waymark| {
        nine(waymark);
        let reader = waymark.reader();
        for id in ["01900000-0000-7000-8000-000000000000", "nothing"] {
            let _ = reader.get(&format!("{PLAN}/deletions/{id}")).problem(404, "not-found");
            let _ = reader.get(&format!("{PLAN}/deletions/{id}/history")).problem(404, "not-found");
        }
        let _ = reader.get(&format!("{PLAN}/deletions?state=gone")).problem(400, "invalid-query");
        let _ = reader.get(&format!("{PLAN}/deletions?cursor=x")).problem(400, "invalid-query");
    });
}
