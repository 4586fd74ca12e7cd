//! Cached answers: whatever was changed, none is out of date once the change was answered, neither where it
//! was made nor on another service that had kept the answer as well.

use serde_json::json;
use waymark_tests::{Caller, OWN, Waymark, on_both};

use crate::framework::{self, MARCH, PLAN, content_of};
use crate::results::push;

fn asked(waymark: &Waymark) -> String {
    waymark.reader().get(&format!("{PLAN}/status?as_at={MARCH}")).expect(200).text
}

fn agree_target(officer: &Caller, clerk: &Caller) {
    let target = json!({"proposed_on": MARCH, "proposals": [crate::target_setting::runaways()]});
    let target = officer.post(&format!("{PLAN}/target-proposals"), &target).expect(201).at("/items/0/id");
    let decided = json!({"body": "Executive", "decided_on": MARCH, "minute": "5",
        "decisions": [{"proposal": target, "revision": 1, "outcome": "agreed"}]});
    let _ = clerk.post(&format!("{PLAN}/target-decisions"), &decided).expect(200);
}

fn agree_deletion(officer: &Caller, clerk: &Caller) {
    let deletion = json!({"proposed_on": MARCH, "proposals": [
        {"measure": "poverty", "category": "no_longer_collected", "reason": "It is not counted."}]});
    let deletion = officer.post(&format!("{PLAN}/deletions"), &deletion).expect(201).at("/items/0/id");
    let decided = json!({"body": "Executive", "decided_on": MARCH, "minute": "6",
        "decisions": [{"deletion": deletion, "revision": 1, "outcome": "agreed"}]});
    let _ = clerk.post(&format!("{PLAN}/deletion-decisions"), &decided).expect(200);
}

#[test]
fn every_kind_of_change_is_seen_at_once_and_everywhere() {
    on_both(|waymark| {
        framework::examples(waymark);
        let other = waymark.replica();
        let (officer, clerk) = (waymark.officer(), waymark.role("board_clerk"));
        let mut last = asked(waymark);
        assert_eq!(last, asked(&other));
        let mut seen = |what: &str| {
            // A service that was started just now has kept nothing.
            let fresh = asked(&waymark.replica());
            assert_ne!(fresh, last, "{what} changes the status");
            assert_eq!(asked(waymark), fresh, "{what}, where it was made");
            assert_eq!(asked(&other), fresh, "{what}, elsewhere");
            last = fresh;
        };

        let rows = json!([{"indicator": "lunches", "period": MARCH, "value": 31}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        seen("a push");

        let judgement = json!({"kind": "override", "rating": "red", "reason": "R", "from": "2010-03-01"});
        let _ = officer.post(&format!("{PLAN}/measures/lunches/judgements"), &judgement).expect(201);
        seen("a judgement");

        let checks = format!("{PLAN}/measures/lunches/quality-checks");
        let _ = officer.post(&checks, &crate::quality::check(MARCH, "mmmmmmmm")).expect(201);
        seen("a check of data");

        let indicator = format!("/v1/organisations/{OWN}/indicators/lunches");
        let mut content = content_of(&officer.get(&indicator), &[]);
        content["title"] = json!("Lunches taken at school");
        let _ = officer.replace(&indicator, &content).expect(200);
        seen("another title of an indicator");

        let measure = format!("{PLAN}/measures/lunches");
        let mut content = content_of(&officer.get(&measure), &["indicator", "polarity", "departures"]);
        content["lead"] = json!("Head of school meals");
        let _ = officer.replace(&measure, &content).expect(200);
        seen("another lead of a measure");

        let mut content = content_of(&officer.get(PLAN), &[]);
        content["themes"].as_array_mut().unwrap().reverse();
        let _ = officer.replace(PLAN, &content).expect(200);
        seen("another order of themes");

        agree_target(&officer, &clerk);
        seen("a target that is agreed");

        agree_deletion(&officer, &clerk);
        seen("a deletion that is agreed");
    });
}
