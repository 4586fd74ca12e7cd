//! Proposing, revising and withdrawing.

use serde_json::{Value, json};
use waymark_tests::{Caller, OWN, on_both};

use super::{BEFORE, MEETING, decide, decision, meeting, path, person, propose, proposed, runaways};
use crate::framework::{self, PLAN, indicator};

fn open(caller: &Caller) -> Value {
    caller.get(&format!("{PLAN}/target-proposals")).expect(200).at("/items")
}

fn poverty() -> Value {
    json!({
        "measure": "poverty", "target": {"condition": "reach", "value": 10, "period": "FY2010-11"},
        "trajectory": {"kind": "milestones", "points": [{"period": "2010-03", "value": 12},
                                                        {"period": "2011-03", "value": 10}]},
        "reason": "As every council.", "scope": "national", "review_on": "2010-09-30",
    })
}

#[test]
fn a_proposal_comes_back_as_it_was_made() {
    on_both(|waymark| {
        framework::examples(waymark);
        let made = propose(&waymark.officer(), json!([runaways(), poverty()])).expect(201);
        assert_eq!(made.header("location"), Some(&*format!("{PLAN}/target-proposals")));
        for (number, sent) in [runaways(), poverty()].into_iter().enumerate() {
            let proposal = made.at(&format!("/items/{number}"));
            for (field, value) in sent.as_object().unwrap() {
                assert_eq!(&proposal[field], value, "{field}");
            }
            assert_eq!((&proposal["state"], &proposal["revision"]), (&json!("proposed"), &json!(1)));
            assert_eq!(proposal["proposed_on"], BEFORE);
            assert_eq!(proposal["proposed_by"], "user:performance_officer of leicestershire");
            assert_eq!(proposal["allowed_actions"], json!(["revise", "withdraw"]));
            let read = waymark.officer().get(&path(proposal["id"].as_str().unwrap())).expect(200);
            assert_eq!(read.json(), proposal);
        }
        assert_eq!(open(&waymark.officer()).as_array().unwrap().len(), 2);
        // The measure is as it was until a board has agreed.
        let measure = waymark.reader().get(&format!("{PLAN}/measures/runaways")).expect(200);
        assert_eq!(measure.at("/lines/0/target/state"), "to_be_set");
    });
}

#[test]
fn each_caller_sees_what_they_may_do() {
    on_both(|waymark| {
        framework::examples(waymark);
        let id = proposed(&waymark.officer(), runaways());
        let tag = waymark.reader().get(&path(&id)).expect(200).etag();
        for (role, actions) in [
            ("reader", json!([])),
            ("performance_officer", json!(["revise", "withdraw"])),
            ("accountable_officer", json!([])),
            ("board_clerk", json!(["agree", "send_back"])),
        ] {
            let read = waymark.role(role).get(&path(&id)).expect(200);
            assert_eq!((read.at("/allowed_actions"), read.etag()), (actions, tag.clone()), "{role}");
        }
        let both =
            person(waymark, "performance_officer of leicestershire", &["performance_officer", "board_clerk"]);
        assert_eq!(both.get(&path(&id)).at("/allowed_actions"), json!(["revise", "withdraw"]));
    });
}

#[test]
fn proposals_are_found_by_state_and_measure() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let first = proposed(&officer, runaways());
        let _ = proposed(&officer, poverty());
        let tag = officer.get(&path(&first)).etag();
        let withdrawal = officer.request("POST", &format!("{}/withdrawal", path(&first)));
        let _ = withdrawal.header("if-match", &tag).send().expect(200);
        let found = |query: &str| {
            let listed = officer.get(&format!("{PLAN}/target-proposals?{query}")).expect(200).at("/items");
            let items = listed.as_array().unwrap().clone();
            items.iter().map(|item| item["measure"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("state=proposed"), ["poverty"]);
        assert_eq!(found("state=withdrawn"), ["runaways"]);
        assert_eq!(found("measure=poverty&state=withdrawn"), [""; 0]);
        assert_eq!(found("limit=1").len(), 1);
        let page = officer.get(&format!("{PLAN}/target-proposals?limit=1")).expect(200);
        let rest = officer.get(page.at("/next").as_str().unwrap()).expect(200);
        assert_ne!(rest.at("/items/0/id"), page.at("/items/0/id"));
        assert_eq!(rest.at("/next"), Value::Null);
    });
}

/// Two of four are invalid: both are reported, and none of the four is kept.
#[test]
fn of_many_all_are_kept_or_none() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let with = |measure: &str, condition: &str| {
            let mut proposal = runaways();
            proposal["measure"] = json!(measure);
            proposal["target"]["condition"] = json!(condition);
            proposal
        };
        // More school lunches are better, so that a limit contradicts the indicator.
        let sent =
            [runaways(), with("nowhere", "at_most"), with("lunches", "at_most"), with("poverty", "at_most")];
        let refused = propose(&officer, json!(sent)).problem(422, "invalid-body");
        refused
            .has_faults(&[("/proposals/1/measure", "unknown_measure"), ("/proposals/2/target", "wrong_way")]);
        assert_eq!(open(&officer), json!([]));
    });
}

#[test]
fn a_measure_has_one_open_proposal() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let twice = propose(&officer, json!([runaways(), runaways()])).problem(422, "invalid-body");
        twice.has_faults(&[("/proposals/1/measure", "duplicate")]);
        let id = proposed(&officer, runaways());
        let second = propose(&officer, json!([runaways()])).problem(409, "wrong-state");
        second.has_faults(&[("/proposals/0/measure", "already_proposed")]);
        assert!(second.text.contains(&id), "{}", second.text);
        // Sent back it is open still; agreed it is not.
        let clerk = waymark.role("board_clerk");
        let _ = decide(&clerk, &meeting(json!([decision(&id, "sent_back")]))).expect(200);
        let _ = propose(&officer, json!([runaways()])).problem(409, "wrong-state");
        let tag = officer.get(&path(&id)).etag();
        let withdrawal = officer.request("POST", &format!("{}/withdrawal", path(&id)));
        let _ = withdrawal.header("if-match", &tag).send().expect(200);
        let next = proposed(&officer, runaways());
        let _ = decide(&clerk, &meeting(json!([decision(&next, "agreed")]))).expect(200);
        let _ = proposed(&officer, runaways());
    });
}

#[test]
fn what_is_sent_back_is_revised_and_put_forward_again() {
    on_both(|waymark| {
        framework::examples(waymark);
        let (officer, clerk) = (waymark.officer(), waymark.role("board_clerk"));
        let id = proposed(&officer, runaways());
        let _ = decide(&clerk, &meeting(json!([decision(&id, "sent_back")]))).expect(200);
        let back = officer.get(&path(&id)).expect(200);
        assert_eq!((back.at("/state"), back.at("/comment")), (json!("sent_back"), json!("Aim for fewer.")));
        assert_eq!(back.at("/decision/decided_on"), MEETING);

        let mut revision = runaways();
        revision.as_object_mut().unwrap().remove("measure");
        revision["target"]["value"] = json!(10);
        revision["proposed_on"] = json!("2009-11-26");
        let early = officer.put(&path(&id), &back.etag(), &revision).problem(422, "invalid-body");
        early.has_faults(&[("/proposed_on", "revised_before")]);
        revision["proposed_on"] = json!("2009-12-01");
        let other = waymark.role("accountable_officer").put(&path(&id), &back.etag(), &revision);
        other.problem(403, "forbidden").has_faults(&[("", "not_proposer")]);
        let _ = officer.put(&path(&id), "\"1-0\"", &revision).problem(412, "precondition-failed");
        let now = officer.put(&path(&id), &back.etag(), &revision).expect(200);
        assert_eq!((now.at("/state"), now.at("/revision")), (json!("proposed"), json!(3)));
        assert_eq!((now.at("/target/value"), now.at("/decision")), (json!(10), Value::Null));

        let history = waymark.reader().get(&format!("{}/history", path(&id))).expect(200).at("/items");
        let states: Vec<&Value> =
            history.as_array().unwrap().iter().map(|revision| &revision["state"]).collect();
        assert_eq!(states, ["proposed", "sent_back", "proposed"]);
        assert_eq!(history[2]["target"]["value"], 12);
        let then = back.at("/recorded_at").as_str().unwrap().to_owned();
        let known = officer.get(&format!("{}?as_known_at={then}", path(&id))).expect(200);
        assert_eq!((known.at("/state"), known.at("/allowed_actions")), (json!("sent_back"), json!([])));
    });
}

#[test]
fn only_who_proposed_a_target_takes_it_back() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let id = proposed(&officer, runaways());
        let tag = officer.get(&path(&id)).etag();
        let withdraw = |caller: &Caller| {
            let request = caller.request("POST", &format!("{}/withdrawal", path(&id)));
            request.header("if-match", &tag).send()
        };
        let _ = withdraw(&waymark.role("board_clerk")).problem(403, "forbidden");
        withdraw(&waymark.role("accountable_officer"))
            .problem(403, "forbidden")
            .has_faults(&[("", "not_proposer")]);
        let bare = officer.request("POST", &format!("{}/withdrawal", path(&id))).send();
        let _ = bare.problem(428, "precondition-required");
        let gone = withdraw(&officer).expect(200);
        assert_eq!((gone.at("/state"), gone.at("/allowed_actions")), (json!("withdrawn"), json!([])));
        let _ = withdraw(&officer).problem(412, "precondition-failed");
        let again =
            officer.request("POST", &format!("{}/withdrawal", path(&id))).header("if-match", &gone.etag());
        again.send().problem(409, "wrong-state").has_faults(&[("", "wrong_state")]);
    });
}

#[test]
fn a_proposal_is_made_between_the_first_day_of_the_plan_and_today() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let on = |day: &str| {
            let body = json!({"proposed_on": day, "proposals": [runaways()]});
            officer.post(&format!("{PLAN}/target-proposals"), &body).problem(422, "invalid-body")
        };
        on("2008-03-31").has_faults(&[("/proposed_on", "before_plan")]);
        on("2999-01-01").has_faults(&[("/proposed_on", "in_future")]);
        on("2009-02-30").has_faults(&[("/proposed_on", "invalid_value")]);
    });
}

/// Whatever a board could stumble over is reported to who proposes.
#[test]
fn every_fault_of_a_proposal_has_its_place() {
    on_both(|waymark| {
        framework::examples(waymark);
        indicator(waymark, "doses", json!({"components": ["Dose 1"]}));
        let officer = waymark.officer();
        let fault = |field: &str, value: Value, place: &str, code: &str| {
            let mut proposal = runaways();
            proposal[field] = value;
            let refused = propose(&officer, json!([proposal])).problem(422, "invalid-body");
            assert_eq!(
                refused.faults(),
                [(format!("/proposals/0{place}"), code.to_owned())],
                "{}",
                refused.text
            );
        };
        fault("measure", json!("a b"), "/measure", "bad_character");
        fault("component", json!("Dose 1"), "/component", "unknown_component");
        fault("reason", json!(""), "/reason", "empty");
        fault("reason", Value::Null, "/reason", "wrong_type");
        fault("scope", json!("county"), "/scope", "unknown_value");
        fault("review_on", json!(BEFORE), "/review_on", "review_too_early");
        fault("target", json!({"condition": "at_most"}), "/target/value", "missing_field");
        fault("target", json!({"condition": "at_least", "value": 12}), "/target", "wrong_way");
        fault(
            "target",
            json!({"condition": "at_most", "value": 12.1234567}),
            "/target",
            "finer_than_precision",
        );
        fault(
            "target",
            json!({"condition": "at_most", "value": 12, "total": 3}),
            "/target/total",
            "superfluous",
        );
        fault(
            "target",
            json!({"condition": "end_of_trajectory"}),
            "/target/condition",
            "no_end_of_trajectory",
        );
        let period = json!({"condition": "at_most", "value": 12, "period": "FY2009-11"});
        fault("target", period, "/target/period", "years_do_not_follow");
        let back = json!([{"period": "2010-03", "value": 12}, {"period": "2009-03", "value": 10}]);
        let way = json!({"kind": "milestones", "points": back});
        fault("trajectory", way, "/trajectory/points", "wrong_points");
        fault("state", json!("agreed"), "/state", "unknown_field");
        let none = propose(&officer, json!([])).problem(422, "invalid-body");
        none.has_faults(&[("/proposals", "too_few")]);
        let many = propose(&officer, json!(vec![runaways(); 501])).problem(422, "invalid-body");
        many.has_faults(&[("/proposals", "too_many")]);
        assert_eq!(open(&officer), json!([]));
        let nowhere = format!("/v1/organisations/{OWN}/plans/nowhere/target-proposals");
        let _ = officer.post(&nowhere, &json!({"proposals": [runaways()]})).problem(404, "not-found");
    });
}
