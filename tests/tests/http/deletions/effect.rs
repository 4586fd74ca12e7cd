//! What becomes of a measure that leaves: it is as it was before its day, and gone from the plan from then on; its
//! results and its history stay.

use serde_json::{Value, json};
use waymark_tests::{Caller, on_both};

use super::{
    MEETING, SEPTEMBER, decide, decision_from, deleted, field, line, nine, proposal, propose, proposed,
};
use crate::framework::{self, PLAN};
use crate::results::{RESULTS, push};

fn status(caller: &Caller, query: &str) -> Value {
    caller.get(&format!("{PLAN}/status?{query}")).expect(200).json()
}

/// Red as at March (60% is worse than the baseline of 70%): that is what it is remembered by.
#[test]
fn a_deleted_measure_is_listed_with_the_decision_and_its_last_rating() {
    on_both(|waymark| {
        nine(waymark);
        let deletion = deleted(waymark, "ks3-science");
        let reader = waymark.reader();
        let after = status(&reader, &format!("as_at={SEPTEMBER}"));
        assert!(!field(&after["measures"], "measure").contains(&"ks3-science".to_owned()));
        let expected = json!([{
            "measure": "ks3-science", "indicator": "ks3-science", "title": "Indicator ks3-science",
            "breakdown": null, "theme": "healthy", "effective_from": SEPTEMBER,
            "category": "no_longer_collected", "superseded_by": null, "reason": "It is no longer counted.",
            "deletion": deletion["id"], "body": "Executive", "decided_on": MEETING, "minute": "5.2",
            "last_rating": "red",
        }]);
        assert_eq!(after["deleted"], expected);
        let before = status(&reader, "as_at=2009-09-29");
        let row = before["measures"].as_array().unwrap().iter().find(|row| row["measure"] == "ks3-science");
        assert_eq!(row.unwrap()["rating"], "red");
        assert_eq!(before["deleted"], json!([]));
        assert_eq!(status(&reader, &format!("as_at={SEPTEMBER}&theme=safe"))["deleted"], json!([]));
    });
}

/// Nine measures, of which one is gone: eight make the whole.
#[test]
fn a_deleted_measure_has_no_share_of_the_summary() {
    on_both(|waymark| {
        nine(waymark);
        let _ = deleted(waymark, "ks3-science");
        let summary = |date: &str| waymark.reader().get(&format!("{PLAN}/summary?as_at={date}")).expect(200);
        let (before, after) = (summary("2009-09-29"), summary(SEPTEMBER));
        let red = |summary: &waymark_tests::Answer| {
            let ratings = summary.at("/ratings");
            ratings.as_array().unwrap().iter().find(|share| share["rating"] == "red").unwrap().clone()
        };
        assert_eq!((before.at("/total"), before.at("/deleted")), (json!(9), json!(0)));
        assert_eq!(red(&before), json!({"rating": "red", "count": 2, "percent": 22}));
        assert_eq!((after.at("/total"), after.at("/deleted")), (json!(8), json!(1)));
        assert_eq!(red(&after), json!({"rating": "red", "count": 1, "percent": 13}));
        assert_eq!(after.at("/themes/0/total"), 8);
    });
}

/// Source 000: of the reds of March, those deleted by September are listed apart from those that are red no longer.
#[test]
fn a_red_that_leaves_is_listed_among_the_reds_that_left() {
    on_both(|waymark| {
        nine(waymark);
        let _ = deleted(waymark, "ks3-english-maths");
        // Neither red nor there any more.
        let _ = deleted(waymark, "homeless");
        let changes = |from: &str, to: &str| {
            waymark.reader().get(&format!("{PLAN}/changes?from={from}&to={to}")).expect(200)
        };
        let changed = changes("2009-03-31", SEPTEMBER);
        assert_eq!(field(&changed.at("/left_deleted"), "measure"), ["ks3-english-maths"]);
        assert_eq!(changed.at("/left_deleted/0/before"), "red");
        assert_eq!(changed.at("/left_deleted/0/now"), Value::Null);
        assert_eq!(field(&changed.at("/still_red"), "measure"), ["ks3-science"]);
        assert_eq!((changed.at("/no_longer_red"), changed.at("/newly_red")), (json!([]), json!([])));
        assert_eq!(changes("2009-03-31", "2009-09-29").at("/left_deleted"), json!([]));
        assert_eq!(changes(SEPTEMBER, "2010-03-31").at("/left_deleted"), json!([]));
    });
}

#[test]
fn what_was_known_before_the_decision_can_be_read_again() {
    on_both(|waymark| {
        nine(waymark);
        let reader = waymark.reader();
        let deletion = proposed(waymark, "ks3-science");
        let then = deletion["recorded_at"].as_str().unwrap().to_owned();
        let published = status(&reader, &format!("as_at=2010-03-31&as_known_at={then}"));
        assert_eq!(published["measures"].as_array().unwrap().len(), 9);
        let clerk = waymark.role("board_clerk");
        let agreed = [decision_from(&deletion, "agreed", SEPTEMBER)];
        let _ = decide(&clerk, MEETING, &agreed).expect(200);
        assert_eq!(status(&reader, "as_at=2010-03-31")["measures"].as_array().unwrap().len(), 8);
        assert_eq!(status(&reader, &format!("as_at=2010-03-31&as_known_at={then}")), published);
        let path = format!("{PLAN}/deletions/{}", deletion["id"].as_str().unwrap());
        let known = reader.get(&format!("{path}?as_known_at={then}")).expect(200);
        assert_eq!((known.at("/state"), known.at("/revision")), (json!("proposed"), json!(1)));
        let listed = reader.get(&format!("{PLAN}/deletions?as_known_at={then}")).expect(200);
        assert_eq!(field(&listed.at("/items"), "state"), ["proposed"]);
    });
}

/// 90 in March 2009 came while it was in the plan, 50 a year later did not.
#[test]
fn results_stay_readable_and_later_ones_do_not_count() {
    on_both(|waymark| {
        nine(waymark);
        let later = json!([{"indicator": "homeless", "period": "2010-03-31", "value": 50}]);
        let _ = push(&waymark.role("submitter"), "", &later).expect(200);
        let _ = deleted(waymark, "homeless");
        let reader = waymark.reader();
        let after = status(&reader, "as_at=2010-03-31");
        assert_eq!(after["deleted"][0]["last_rating"], "green");
        let results = reader.get(&format!("{RESULTS}?indicator=homeless")).expect(200).at("/items");
        assert_eq!(field(&results, "period"), ["2009-03-31", "2010-03-31"]);
        let way = reader.get(&format!("{PLAN}/measures/homeless/trajectory?as_at=2010-03-31")).expect(200);
        assert_eq!(field(&way.at("/lines/0/results"), "period"), ["2009-03-31"]);
        let history = reader.get(&format!("{PLAN}/measures/homeless/history")).expect(200).at("/items");
        assert_eq!(history.as_array().unwrap().len(), 2);
        assert_eq!(history[1]["departures"], json!([]));
    });
}

#[test]
fn replacing_a_measure_does_not_bring_it_back() {
    on_both(|waymark| {
        nine(waymark);
        let _ = deleted(waymark, "homeless");
        let (officer, path) = (waymark.officer(), format!("{PLAN}/measures/homeless"));
        let mut content =
            framework::content_of(&officer.get(&path), &["indicator", "polarity", "departures"]);
        content["lead"] = json!("Head of housing");
        let replaced = officer.replace(&path, &content).expect(200);
        assert_eq!(replaced.at("/departures/0/from"), SEPTEMBER);
        let refused =
            officer.replace(&path, &json!({"theme": "healthy", "lines": [line()], "departures": []}));
        refused.problem(422, "invalid-body").has_faults(&[("/departures", "unknown_field")]);
        let table = "theme,indicator,code,unit,baseline,target,result\n\
                     Be healthy,Indicator homeless,homeless,percent,60%,80%,65%\n";
        let _ = framework::import(&officer, "", table).expect(200);
        assert_eq!(officer.get(&path).expect(200).at("/departures/0/from"), SEPTEMBER);
    });
}

/// A plan decides for itself: the other one goes on to measure the indicator.
#[test]
fn a_measure_leaves_one_plan_and_not_another() {
    on_both(|waymark| {
        nine(waymark);
        let officer = waymark.officer();
        let plans = "/v1/organisations/leicestershire/plans";
        let _ = officer.post(plans, &framework::new("other", framework::plan_content())).expect(201);
        let measure = framework::new_measure("homeless", line());
        let _ = officer.post(&format!("{plans}/other/measures"), &measure).expect(201);
        let deletion = propose(&officer, &json!([proposal("homeless")])).expect(201).at("/items/0");
        let agreed = [decision_from(&deletion, "agreed", SEPTEMBER)];
        let _ = decide(&waymark.role("board_clerk"), MEETING, &agreed).expect(200);
        let other = officer.get(&format!("{plans}/other/status?as_at=2010-03-31")).expect(200);
        assert_eq!(field(&other.at("/measures"), "measure"), ["homeless"]);
        let _ = officer
            .get(&format!("{plans}/other/deletions/{}", deletion["id"].as_str().unwrap()))
            .problem(404, "not-found");
    });
}
