//! Who may do what: every operation of the contract, every role, two organisations.
//!
//! The table is written by hand from DESIGN.md. An operation that is missing in it fails the test.

use waymark_tests::{Answer, FOREIGN, OWN, ROLES, Waymark, on_both};

use super::contract::{self, Operation, furnish};
use Who::{Anyone, Everyone, Everywhere, Here};

/// Who may do it.
#[derive(Clone, Copy)]
enum Who {
    /// Without a token.
    Anyone,
    /// With any token.
    Everyone,
    /// These roles, for the organisation in the path; for foreign ones there is no such thing.
    Here(&'static [&'static str]),
    /// These roles, for every organisation.
    Everywhere(&'static [&'static str]),
}

const ALL: Who = Here(&ROLES);
const OFFICER: Who = Here(&["performance_officer"]);
const SENDERS: Who = Here(&["submitter", "performance_officer"]);
const PROPOSERS: Who = Here(&["performance_officer", "accountable_officer"]);
const CLERK: Who = Here(&["board_clerk"]);
const JUDGES: Who = Here(&["performance_officer", "accountable_officer", "accountable_director"]);
const REPORTERS: Who = Here(&["performance_officer", "accountable_officer"]);
/// Those who see small counts and answer for the whole.
const TRAIL_READERS: Who = Here(&["performance_officer", "accountable_director"]);

const TABLE: &[(&str, Who)] = &[
    ("create_token", Anyone),
    ("list_schemes", Everyone),
    ("list_organisations", Everyone),
    ("create_organisation", Everywhere(&["admin"])),
    ("get_organisation", ALL),
    ("replace_organisation", Here(&["admin"])),
    ("get_peer_group", ALL),
    ("replace_peer_group", Here(&["admin"])),
    ("list_indicators", ALL),
    ("create_indicator", OFFICER),
    ("get_indicator", ALL),
    ("replace_indicator", OFFICER),
    ("list_indicator_revisions", ALL),
    ("list_plans", ALL),
    ("create_plan", OFFICER),
    ("get_plan", ALL),
    ("replace_plan", OFFICER),
    ("list_plan_revisions", ALL),
    ("list_deletions", ALL),
    ("propose_deletions", PROPOSERS),
    ("get_deletion", ALL),
    ("list_deletion_revisions", ALL),
    ("withdraw_deletion", PROPOSERS),
    ("decide_deletions", Here(&["board_clerk"])),
    ("import_table", OFFICER),
    ("list_measures", ALL),
    ("create_measure", OFFICER),
    ("get_measure", ALL),
    ("replace_measure", OFFICER),
    ("list_measure_revisions", ALL),
    ("get_trajectory", ALL),
    ("list_judgements", ALL),
    ("create_judgement", JUDGES),
    ("get_status", ALL),
    ("get_summary", ALL),
    ("get_changes", ALL),
    ("list_gaps", ALL),
    ("list_target_proposals", ALL),
    ("create_target_proposals", PROPOSERS),
    ("get_target_proposal", ALL),
    ("revise_target_proposal", PROPOSERS),
    ("list_target_proposal_revisions", ALL),
    ("withdraw_target_proposal", PROPOSERS),
    ("decide_target_proposals", CLERK),
    ("get_calendar", ALL),
    ("list_unscheduled_measures", ALL),
    ("list_quality_checklists", Everyone),
    ("list_data_quality", ALL),
    ("list_quality_checks", ALL),
    ("create_quality_check", OFFICER),
    ("get_quality_check", ALL),
    ("replace_quality_check", OFFICER),
    ("push_results", SENDERS),
    ("list_results", ALL),
    ("export_results", ALL),
    ("list_submissions", SENDERS),
    ("get_submission", SENDERS),
    ("cancel_submission", SENDERS),
    ("get_rejected_rows", SENDERS),
    ("list_trail", TRAIL_READERS),
    ("export_trail", TRAIL_READERS),
    ("get_trail_entry", TRAIL_READERS),
    ("list_trackers", ALL),
    ("create_tracker", Here(&["accountable_officer"])),
    ("get_tracker", ALL),
    ("replace_tracker", Here(&["accountable_officer"])),
    ("list_tracker_revisions", ALL),
    ("submit_tracker", Here(&["accountable_officer"])),
    ("agree_tracker", Here(&["accountable_director"])),
    ("return_tracker", Here(&["accountable_director"])),
    ("publish_tracker", OFFICER),
    ("carry_tracker_forward", Here(&["accountable_officer"])),
    ("get_tracker_history", ALL),
    ("get_tracker_exceptions", ALL),
    ("get_measure_links", ALL),
    ("list_commitments", ALL),
    ("create_commitment", OFFICER),
    ("get_commitment", ALL),
    ("replace_commitment", OFFICER),
    ("list_commitment_revisions", ALL),
    ("report_progress", REPORTERS),
    ("close_commitment", OFFICER),
    ("reopen_commitment", OFFICER),
    ("get_commitment_summary", ALL),
    ("list_notices", ALL),
    ("create_notice", OFFICER),
    ("get_notice", ALL),
    ("replace_notice", OFFICER),
    ("list_notice_revisions", ALL),
    ("list_notice_conditions", ALL),
    ("record_notice_progress", REPORTERS),
    ("close_notice", CLERK),
    ("reinstate_notice", CLERK),
];

/// What is asked for is there, and the caller may have it or do it: only the body is missing, or the right state.
fn is_let_in(answer: &Answer) -> bool {
    matches!(answer.status, 200 | 400 | 409 | 415 | 422 | 428)
}

/// Every operation, with those who may do it.
fn operations(waymark: &Waymark) -> Vec<(Operation, Who)> {
    let operations = contract::operations(waymark);
    let gone = |(id, _): &&(&str, Who)| !operations.iter().any(|operation| operation.id == *id);
    let gone: Vec<&str> = TABLE.iter().filter(gone).map(|(id, _)| *id).collect();
    assert!(gone.is_empty(), "the contract has no operations {gone:?}: take them out of the table");
    let with_who = operations.into_iter().map(|operation| {
        let row = TABLE.iter().find(|(id, _)| operation.id == *id);
        let (_, who) = row
            .unwrap_or_else(|| panic!("it is not stated who may do {}: add it to the table", operation.id));
        (operation, *who)
    });
    with_who.collect()
}

#[test]
fn every_role_may_do_what_the_table_says_and_nothing_else() {
    on_both(|waymark| {
        let (own, foreign) = (furnish(waymark, OWN), furnish(waymark, FOREIGN));
        let operations = operations(waymark);
        for role in ROLES {
            let (here, everywhere) = (waymark.role(role), waymark.everywhere(role));
            for (operation, who) in &operations {
                let id = &operation.id;
                let answer = operation.ask(&here, &own, OWN).send();
                let exchange = format!("{id} as {role}: {} {}", answer.status, answer.text);
                match who {
                    Anyone | Everyone => assert!(is_let_in(&answer), "{exchange}"),
                    Here(roles) if roles.contains(&role) => assert!(is_let_in(&answer), "{exchange}"),
                    Here(_) | Everywhere(_) => assert_eq!(answer.status, 403, "{exchange}"),
                }
                match who {
                    Anyone | Everyone => {}
                    Here(_) => {
                        let answer = operation.ask(&here, &foreign, FOREIGN).send();
                        assert_eq!(answer.status, 404, "{id} as a foreign {role}: {}", answer.text);
                    }
                    Everywhere(roles) => {
                        let answer = operation.ask(&everywhere, &own, OWN).send();
                        assert_eq!(is_let_in(&answer), roles.contains(&role), "{id} as {role} of all");
                        assert!(is_let_in(&answer) || answer.status == 403, "{id} as {role} of all");
                    }
                }
            }
        }
    });
}

#[test]
fn without_a_token_nothing_can_be_done() {
    on_both(|waymark| {
        let own = furnish(waymark, OWN);
        let stranger = waymark.stranger();
        for (operation, who) in operations(waymark) {
            let answer = operation.ask(&stranger, &own, OWN).send();
            match who {
                Anyone => assert!(is_let_in(&answer), "{}: {}", operation.id, answer.text),
                Everyone | Here(_) | Everywhere(_) => {
                    let _ = answer.problem(401, "unauthenticated");
                }
            }
        }
    });
}

/// All roles elsewhere and the least of them here are the least of them here.
#[test]
fn a_role_in_one_organisation_is_none_in_another() {
    on_both(|waymark| {
        let own = furnish(waymark, OWN);
        let mut grants: Vec<(&str, &str)> = ROLES.iter().map(|role| (*role, FOREIGN)).collect();
        grants.push(("reader", OWN));
        let caller = waymark.with(&grants);
        for (operation, who) in operations(waymark) {
            let answer = operation.ask(&caller, &own, OWN).send();
            match who {
                Here(roles) if !roles.contains(&"reader") => {
                    assert_eq!(answer.status, 403, "{}", operation.id)
                }
                Everywhere(_) => assert_eq!(answer.status, 403, "{}", operation.id),
                Anyone | Everyone | Here(_) => {
                    assert!(is_let_in(&answer), "{}: {}", operation.id, answer.text)
                }
            }
        }
    });
}

/// The id of a thing is no key to it: it is looked for in the organisation of the path.
#[test]
fn what_belongs_to_another_organisation_is_not_found_under_ones_own() {
    on_both(|waymark| {
        let foreign = furnish(waymark, FOREIGN);
        let caller = waymark.officer();
        for path in ["submissions/{submission}", "submissions/{submission}/rejected", "trail/{entity}/1"] {
            let path = foreign.named(&format!("/v1/organisations/{OWN}/{path}"), OWN);
            let _ = caller.get(&path).problem(404, "not-found");
        }
        for path in ["plans/cypp", "plans/cypp/status", "plans/cypp/measures/lunches", "indicators/lunches"] {
            let _ = caller.get(&format!("/v1/organisations/{OWN}/{path}")).problem(404, "not-found");
        }
        let listed = caller.get(&format!("/v1/organisations/{OWN}/results")).expect(200);
        assert_eq!(listed.at("/items"), serde_json::json!([]));
    });
}
