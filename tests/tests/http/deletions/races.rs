//! Two at once: exactly one of them wins, and the other is rejected.

use serde_json::json;
use waymark_tests::on_both;

use super::{MEETING, decide, decision, field, nine, proposal, propose, proposed, read};
use crate::framework::PLAN;

/// Sends both at the same time, and gives their statuses in order.
fn at_once(first: impl Fn() -> u16 + Send, second: impl Fn() -> u16 + Send) -> [u16; 2] {
    let mut statuses = std::thread::scope(|scope| {
        let (first, second) = (scope.spawn(first), scope.spawn(second));
        [first.join().unwrap(), second.join().unwrap()]
    });
    statuses.sort_unstable();
    statuses
}

#[test]
fn of_two_clerks_one_records_the_decision() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        let other = waymark.replica();
        let (clerk, second) = (waymark.role("board_clerk"), other.role("board_clerk"));
        let [won, lost] = at_once(
            || decide(&clerk, MEETING, &[decision(&deletion, "agreed")]).status,
            || decide(&second, MEETING, &[decision(&deletion, "rejected")]).status,
        );
        assert!(won == 200 && matches!(lost, 409 | 412), "{won} {lost}");
        let now = read(&clerk, &deletion);
        assert_eq!(now.at("/revision"), 2);
        assert_eq!(now.at("/decisions").as_array().unwrap().len(), 1);
        let measure = clerk.get(&format!("{PLAN}/measures/teeth")).expect(200);
        let has_left = measure.json().get("departures").is_some();
        assert_eq!(has_left, now.at("/state") == "agreed");
    });
}

#[test]
fn of_two_officers_one_proposes_the_deletion() {
    on_both(|waymark| {
        nine(waymark);
        let (officer, other) = (waymark.officer(), waymark.role("accountable_officer"));
        let rows = json!([proposal("teeth")]);
        let statuses = at_once(|| propose(&officer, &rows).status, || propose(&other, &rows).status);
        assert_eq!(statuses, [201, 409]);
        let listed = officer.get(&format!("{PLAN}/deletions")).expect(200);
        assert_eq!(field(&listed.at("/items"), "measure"), ["teeth"]);
    });
}

#[test]
fn a_proposal_is_withdrawn_or_decided() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = proposed(waymark, "teeth");
        let (officer, clerk) = (waymark.officer(), waymark.role("board_clerk"));
        let tag = read(&officer, &deletion).etag();
        let path = format!("{PLAN}/deletions/{}/withdrawal", deletion["id"].as_str().unwrap());
        let [won, lost] = at_once(
            || officer.request("POST", &path).header("if-match", &tag).send().status,
            || decide(&clerk, MEETING, &[decision(&deletion, "agreed")]).status,
        );
        assert!(won == 200 && matches!(lost, 409 | 412), "{won} {lost}");
        assert_eq!(read(&clerk, &deletion).at("/revision"), 2);
    });
}
