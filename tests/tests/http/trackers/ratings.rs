//! The ratings of aligned measures: as they stand, then frozen; and what they suggest.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{QUARTER, act, content, create, new, officer, path, plan};
use crate::framework::PLAN;
use crate::results::push;

const Q4: &str = "FY2009-10-Q4";

/// The rating of the first aligned measure.
fn rating(answer: &waymark_tests::Answer) -> (Value, Value) {
    (answer.at("/ratings/0/measure"), answer.at("/ratings/0/rating"))
}

/// On 31 March 2010 the school lunches stand at 29% of 33%, with 30.67% expected: amber (DOMAIN.md). 32% is green.
#[test]
fn submission_freezes_ratings_and_later_results_do_not_change_them() {
    on_both(|waymark| {
        plan(waymark);
        let at = path("HW-1d", Q4);
        let draft = create(&officer(waymark), &new("HW-1d", Q4, content())).expect(201);
        assert_eq!(rating(&draft), (json!("lunches"), json!("amber")));
        assert_eq!(
            (draft.at("/ratings_as_at"), draft.at("/ratings_frozen")),
            (json!("2010-03-31"), json!(false))
        );
        assert!(draft.at("/ratings/0/explanation").as_str().unwrap().contains("29%"));
        let lunches = |value: u32| {
            let rows = json!([{"indicator": "lunches", "period": "2010-03-31", "value": value}]);
            let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        };
        lunches(32);
        assert_eq!(rating(&waymark.reader().get(&at)), (json!("lunches"), json!("green")));
        lunches(30);
        let given = act(&officer(waymark), &at, "submission").expect(200);
        assert_eq!(rating(&given), (json!("lunches"), json!("amber")));
        lunches(32);
        let now = waymark.officer().get(&at).expect(200);
        assert_eq!(
            (rating(&now), now.at("/ratings_frozen")),
            ((json!("lunches"), json!("amber")), json!(true))
        );
        assert!(now.at("/ratings/0/explanation").as_str().unwrap().contains("30%"));
        // Its quarter's end is before the result came in: nothing of March is in the account of December.
        let december = create(&officer(waymark), &new("HW-1d", QUARTER, content())).expect(201);
        assert_eq!(december.at("/ratings_as_at"), "2009-12-31");
        assert_ne!(rating(&december).1, "green");
    });
}

/// A caller who may not see small counts gets the rating without its figures, frozen or not.
#[test]
fn a_frozen_explanation_reveals_no_small_count() {
    on_both(|waymark| {
        plan(waymark);
        let rows = json!([{"indicator": "runaways", "period": "2010-03-31", "value": 3}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let at = path("HW-1d", Q4);
        let mut body = new("HW-1d", Q4, content());
        body["aligned_measures"] = json!(["runaways"]);
        let check = |state: &str| {
            let hidden = waymark.reader().get(&at).expect(200);
            assert_eq!(
                (hidden.at("/state"), hidden.at("/ratings/0/suppressed")),
                (json!(state), json!(true))
            );
            assert!(!hidden.at("/ratings/0/explanation").as_str().unwrap().contains('3'), "{}", hidden.text);
            let seen = waymark.officer().get(&at).expect(200);
            assert_eq!(seen.at("/ratings/0/suppressed"), json!(false));
            assert!(seen.at("/ratings/0/explanation").as_str().unwrap().contains('3'), "{}", seen.text);
        };
        let _ = create(&officer(waymark), &body).expect(201);
        check("draft");
        let _ = act(&officer(waymark), &at, "submission").expect(200);
        check("submitted");
        let history = waymark.reader().get(&format!("{at}/history")).expect(200);
        assert_eq!(history.at("/items/0/ratings/0/suppressed"), json!(true));
        let listed = waymark.reader().get(&format!("{PLAN}/trackers")).expect(200);
        assert_eq!(listed.at("/items/0/ratings/0/suppressed"), json!(true));
    });
}

/// Conceptions are red and lunches amber at the end of March 2010 (DOMAIN.md): red is suggested.
#[test]
fn where_the_status_differs_from_what_is_suggested_both_are_shown() {
    on_both(|waymark| {
        plan(waymark);
        let with = |priority: &str, status: Value, aligned: Value| {
            let mut body = new(priority, Q4, content());
            body["status"] = status;
            body["aligned_measures"] = aligned;
            let made = create(&officer(waymark), &body).expect(201);
            (made.at("/status"), made.at("/suggested_status"), made.at("/differs"))
        };
        let (red, green) = (json!("red"), json!("green"));
        let both = json!(["lunches", "conceptions"]);
        assert_eq!(with("HW-1d", green.clone(), both.clone()), (green.clone(), red.clone(), json!(true)));
        assert_eq!(with("HW-3a", red.clone(), both), (red.clone(), red, json!(false)));
        // Nothing is judged: nothing is suggested, so nothing differs.
        let unjudged = json!(["runaways", "poverty"]);
        assert_eq!(with("LN-1d", green.clone(), unjudged), (green, Value::Null, json!(false)));
        let listed = |query: &str| {
            let items = waymark.reader().get(&format!("{PLAN}/trackers?{query}")).expect(200).at("/items");
            let codes =
                items.as_array().unwrap().iter().map(|item| item["priority"].as_str().unwrap().to_owned());
            codes.collect::<Vec<_>>()
        };
        assert_eq!(listed("differs=true"), ["HW-1d"]);
        assert_eq!(listed("differs=false"), ["HW-3a", "LN-1d"]);
        assert_eq!(listed("priority=HW-3a"), ["HW-3a"]);
        assert_eq!(listed(&format!("quarter={Q4}&state=draft")), ["HW-1d", "HW-3a", "LN-1d"]);
        assert_eq!(listed("state=published"), Vec::<String>::new());
        assert_eq!(listed(&format!("quarter={QUARTER}")), Vec::<String>::new());
        let first = waymark.reader().get(&format!("{PLAN}/trackers?limit=2&differs=false")).expect(200);
        assert_eq!(first.at("/items").as_array().unwrap().len(), 2);
        let first = waymark.reader().get(&format!("{PLAN}/trackers?limit=2")).expect(200);
        let rest = waymark.reader().get(first.at("/next").as_str().unwrap()).expect(200);
        assert_eq!(rest.at("/items/0/priority"), "LN-1d");
    });
}
