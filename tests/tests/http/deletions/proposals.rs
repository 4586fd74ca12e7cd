//! Proposals: made one by one or many at once, listed, taken back.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{
    MEETING, NINE, SEPTEMBER, decide, decision_from, deleted, field, measured, nine, proposal, proposals,
    propose, proposed, read,
};
use crate::framework::{self, PLAN};

/// Source 000, 5.2: nine indicators, five of them with the reason of the one above.
#[test]
fn the_nine_deletions_of_source_000_are_replayed() {
    on_both(|waymark| {
        nine(waymark);
        let (officer, clerk, reader) = (waymark.officer(), waymark.role("board_clerk"), waymark.reader());
        let made = propose(&officer, &proposals()).expect(201);
        assert_eq!(made.header("location"), Some(format!("{PLAN}/deletions").as_str()));
        let items = made.at("/items");
        let codes = NINE.map(|(code, ..)| code);
        assert_eq!(field(&items, "measure"), codes);
        assert_eq!(field(&items, "state"), ["proposed"; 9]);
        let third = ("no_longer_collected", "The tests at Key Stage 3 have ended.");
        for index in 3..8 {
            let item = &items[index];
            assert_eq!((&item["category"], &item["reason"]), (&json!(third.0), &json!(third.1)), "{index}");
            assert_eq!(item["reason_as_written"], NINE[index].2, "{index}");
        }
        assert_eq!(items[2]["reason_as_written"], Value::Null);
        assert_eq!(items[8]["category"], "no_longer_relevant");

        let agreed: Vec<Value> =
            items.as_array().unwrap().iter().map(|item| decision_from(item, "agreed", SEPTEMBER)).collect();
        let decided = decide(&clerk, MEETING, &agreed).expect(200).at("/items");
        assert_eq!(field(&decided, "measure"), codes);
        assert_eq!(field(&decided, "state"), ["agreed"; 9]);

        let status = reader.get(&format!("{PLAN}/status?as_at={SEPTEMBER}")).expect(200);
        assert_eq!(status.at("/measures"), json!([]));
        let mut sorted = codes;
        sorted.sort_unstable();
        assert_eq!(field(&status.at("/deleted"), "measure"), sorted);
        let before = reader.get(&format!("{PLAN}/status?as_at=2009-09-29")).expect(200);
        assert_eq!(field(&before.at("/measures"), "measure"), sorted);
        assert_eq!(before.at("/deleted"), json!([]));
    });
}

#[test]
fn a_proposal_says_what_would_be_affected_and_what_can_be_done() {
    on_both(|waymark| {
        framework::plan(waymark, waymark_tests::OWN);
        measured(waymark, "teeth");
        let officer = waymark.officer();
        let mut other = framework::new("health", framework::plan_content());
        other["title"] = json!("Health strategy");
        let plans = format!("/v1/organisations/{}/plans", waymark_tests::OWN);
        let _ = officer.post(&plans, &other).expect(201);
        let measure = framework::new_measure("teeth", super::line());
        let _ = officer.post(&format!("{plans}/health/measures"), &measure).expect(201);

        let deletion = proposed(waymark, "teeth");
        assert_eq!(
            deletion["affected"]["other_plans"],
            json!([{"code": "health", "title": "Health strategy"}])
        );
        assert_eq!(deletion["title"], "Indicator teeth");
        assert_eq!(deletion["proposed_by"], "user:performance_officer of leicestershire");
        assert_eq!(deletion["allowed_actions"], json!(["withdraw"]));
        let allowed = |role: &str| read(&waymark.role(role), &deletion).at("/allowed_actions");
        assert_eq!(allowed("board_clerk"), json!(["agree", "reject", "defer"]));
        assert_eq!(allowed("accountable_officer"), json!([]));
        assert_eq!(allowed("reader"), json!([]));
        // It is still in the plan.
        let status = officer.get(&format!("{PLAN}/status?as_at={MEETING}")).expect(200);
        assert_eq!(field(&status.at("/measures"), "measure"), ["teeth"]);
    });
}

/// The representation of a deletion changes with the plans that use its indicator, and so does its entity tag.
#[test]
fn the_entity_tag_follows_what_is_affected() {
    on_both(|waymark| {
        framework::plan(waymark, waymark_tests::OWN);
        measured(waymark, "teeth");
        let deletion = proposed(waymark, "teeth");
        let (officer, path) =
            (waymark.officer(), format!("{PLAN}/deletions/{}", deletion["id"].as_str().unwrap()));
        let tag = read(&officer, &deletion).etag();
        assert_eq!(read(&waymark.role("board_clerk"), &deletion).etag(), tag);
        let known = officer.request("GET", &path).header("if-none-match", &tag).send();
        assert_eq!(known.status, 304);
        let plans = format!("/v1/organisations/{}/plans", waymark_tests::OWN);
        let _ = officer.post(&plans, &framework::new("health", framework::plan_content())).expect(201);
        let measure = framework::new_measure("teeth", super::line());
        let _ = officer.post(&format!("{plans}/health/measures"), &measure).expect(201);
        let _ = officer.request("GET", &path).header("if-none-match", &tag).send().expect(200);
    });
}

#[test]
fn proposals_are_listed_by_state_measure_and_theme() {
    on_both(|waymark| {
        nine(waymark);
        let _ = deleted(waymark, "teeth");
        let made = propose(&waymark.officer(), &json!([proposal("camhs"), proposal("homeless")])).expect(201);
        let reader = waymark.reader();
        let list = |query: &str| {
            let mut listed =
                field(&reader.get(&format!("{PLAN}/deletions{query}")).expect(200).at("/items"), "measure");
            listed.sort();
            listed
        };
        assert_eq!(list(""), ["camhs", "homeless", "teeth"]);
        assert_eq!(list("?state=proposed"), ["camhs", "homeless"]);
        assert_eq!(list("?state=agreed"), ["teeth"]);
        assert_eq!(list("?measure=camhs"), ["camhs"]);
        assert_eq!(list("?theme=healthy&state=agreed"), ["teeth"]);
        assert_eq!(list("?theme=safe"), [] as [&str; 0]);

        let first = reader.get(&format!("{PLAN}/deletions?limit=2&theme=healthy")).expect(200);
        let second = reader.get(first.at("/next").as_str().unwrap()).expect(200);
        let mut all =
            [field(&first.at("/items"), "measure"), field(&second.at("/items"), "measure")].concat();
        all.sort();
        assert_eq!(all, ["camhs", "homeless", "teeth"]);
        assert_eq!(second.at("/next"), Value::Null);

        let before = made.at("/items/0/recorded_at");
        let known = list(&format!("?state=proposed&as_known_at={}", before.as_str().unwrap()));
        assert_eq!(known, ["camhs", "homeless"]);
    });
}

#[test]
fn its_proposer_takes_a_proposal_back() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        let (officer, other) = (waymark.officer(), waymark.role("accountable_officer"));
        let path = format!("{PLAN}/deletions/{}", deletion["id"].as_str().unwrap());
        let withdraw = |caller: &waymark_tests::Caller, tag: &str| {
            caller.request("POST", &format!("{path}/withdrawal")).header("if-match", tag).send()
        };
        let tag = read(&officer, &deletion).etag();
        withdraw(&other, &tag).problem(403, "forbidden").has_faults(&[("", "not_proposer")]);
        let _ = officer
            .request("POST", &format!("{path}/withdrawal"))
            .send()
            .problem(428, "precondition-required");
        let withdrawn = withdraw(&officer, &tag).expect(200);
        assert_eq!(withdrawn.at("/state"), "withdrawn");
        assert_eq!(withdrawn.at("/allowed_actions"), json!([]));
        assert!(withdrawn.at("/withdrawn_on").is_string());
        let _ = withdraw(&officer, &tag).problem(412, "precondition-failed");
        withdraw(&officer, &withdrawn.etag()).problem(409, "wrong-state").has_faults(&[("", "wrong_state")]);
        let late =
            decide(&waymark.role("board_clerk"), MEETING, &[super::decision(&withdrawn.json(), "agreed")]);
        late.problem(409, "wrong-state").has_faults(&[("/decisions/0/deletion", "wrong_state")]);

        let history = officer.get(&format!("{path}/history")).expect(200).at("/items");
        assert_eq!(field(&history, "state"), ["withdrawn", "proposed"]);
        assert_eq!(history[1]["allowed_actions"], json!([]));
        // It may be proposed again.
        let _ = proposed(waymark, "teeth");
    });
}

/// Of the plan itself: its trackers, commitments, notices and open target proposals that name the measure.
#[test]
fn a_proposal_says_what_of_its_plan_leans_on_the_measure() {
    on_both(|waymark| {
        framework::plan(waymark, waymark_tests::OWN);
        measured(waymark, "teeth");
        measured(waymark, "camhs");
        let officer = waymark.officer();
        let tracker = json!({"priority": "HW-1d", "quarter": "FY2009-10-Q3", "narrative": "No one looked.",
                             "aligned_measures": ["teeth"]});
        let _ = waymark.role("accountable_officer").post(&format!("{PLAN}/trackers"), &tracker).expect(201);
        let commitment = json!({"code": "dentists", "theme": "healthy", "text": "A dentist for every school.",
                                "responsible": "Head of health", "measures": ["teeth"]});
        let _ = officer.post(&format!("{PLAN}/commitments"), &commitment).expect(201);
        let notice = json!({"code": "notice", "title": "Improvement notice", "authority": "Secretary of State",
                            "issued_on": "2009-11-01",
                            "requirements": [{"code": "IN 1.1", "text": "Look.", "measures": ["teeth"]}]});
        let _ = officer.post(&format!("{PLAN}/notices"), &notice).expect(201);
        let target = json!({"measure": "teeth", "target": {"condition": "at_least", "value": 85},
                            "reason": "As the best.", "scope": "local"});
        let target = json!({"proposed_on": "2009-11-02", "proposals": [target]});
        let made = officer.post(&format!("{PLAN}/target-proposals"), &target).expect(201).at("/items/0/id");

        let expected = json!({
            "other_plans": [],
            "trackers": [{"priority": "HW-1d", "quarter": "FY2009-10-Q3"}],
            "commitments": ["dentists"],
            "notices": [{"code": "notice", "title": "Improvement notice"}],
            "target_proposals": [made],
        });
        let teeth = proposed(waymark, "teeth");
        assert_eq!(teeth["affected"], expected);
        let none = json!({"other_plans": [], "trackers": [], "commitments": [], "notices": [], "target_proposals": []});
        assert_eq!(proposed(waymark, "camhs")["affected"], none);
        // A target that was taken back is not open any more.
        let path = format!("{PLAN}/target-proposals/{}", made.as_str().unwrap());
        let etag = officer.get(&path).expect(200).etag();
        let _ = officer
            .request("POST", &format!("{path}/withdrawal"))
            .header("if-match", &etag)
            .send()
            .expect(200);
        assert_eq!(read(&officer, &teeth).at("/affected/target_proposals"), json!([]));
    });
}
