//! Conditions judged from the results as they come in, by the figures of source 004.

use serde_json::{Value, json};
use waymark_tests::on_both;

use super::{NOTICE, issued, judged, send};
use crate::results::push;

/// A number whatever digits it has.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// In April, March's 73% would do for June's 72%, and lacks 7 points of October's 80%. No half-year is known.
#[test]
fn a_condition_that_is_pending_says_what_is_still_needed() {
    on_both(|waymark| {
        let _ = issued(waymark);
        send(waymark, &[("2010-02", 50.6), ("2010-03", 73.0)]);
        let reader = waymark.reader();
        let conditions = reader.get(&format!("{NOTICE}/conditions?as_at=2010-04-30")).expect(200);
        assert_eq!(
            (conditions.at("/met"), conditions.at("/not_met"), conditions.at("/pending")),
            (json!(0), json!(0), json!(3))
        );
        let june = conditions.at("/items/0");
        assert_eq!((&june["judgement"], &june["latest_would_meet"]), (&json!("pending"), &json!(true)));
        assert_eq!((number(&june["latest_value"]), number(&june["gap"])), (73.0, 0.0));
        assert_eq!(june["latest_period"], "2010-03");
        assert_eq!((&june["due_on"], &june["overdue"]), (&json!("2010-08-14"), &json!(false)));
        assert!(june["explanation"].as_str().unwrap().contains("for March 2010, would meet it"), "{june}");
        let october = conditions.at("/items/1");
        assert_eq!((number(&october["gap"]), &october["latest_would_meet"]), (7.0, &json!(false)));
        assert!(
            october["explanation"].as_str().unwrap().contains("percentage points short of it"),
            "{october}"
        );
        let winter = conditions.at("/items/2");
        assert_eq!((&winter["gap"], &winter["latest_value"]), (&Value::Null, &Value::Null));
        // The day on which June's result is due is not late; the day after it is.
        let overdue = |day: &str| judged(&reader, &format!("as_at={day}"), "june")["overdue"].clone();
        assert_eq!((overdue("2010-08-14"), overdue("2010-08-15")), (json!(false), json!(true)));
    });
}

#[test]
fn the_result_of_the_period_decides_once_it_comes() {
    on_both(|waymark| {
        let _ = issued(waymark);
        send(waymark, &[("2010-06", 73.0), ("2010-10", 79.9)]);
        let reader = waymark.reader();
        let conditions = reader.get(&format!("{NOTICE}/conditions?as_at=2011-04-30")).expect(200);
        assert_eq!(
            (conditions.at("/met"), conditions.at("/not_met"), conditions.at("/pending")),
            (json!(1), json!(1), json!(1))
        );
        let june = conditions.at("/items/0");
        assert_eq!((&june["judgement"], number(&june["actual_value"])), (&json!("met"), 73.0));
        assert_eq!((&june["gap"], &june["due_on"]), (&Value::Null, &Value::Null));
        assert_eq!(june["actual_standing"], "final");
        let october = conditions.at("/items/1");
        assert_eq!((&october["judgement"], number(&october["gap"])), (&json!("not_met"), 0.1));
        // Exactly what is required is enough.
        send(waymark, &[("2010-10", 80.0)]);
        assert_eq!(judged(&reader, "as_at=2011-04-30", "october")["judgement"], "met");
        // Before the month is over, it is not known.
        assert_eq!(judged(&reader, "as_at=2010-10-30", "october")["judgement"], "pending");
    });
}

#[test]
fn the_cumulative_condition_waits_for_the_figure_of_all_six_months() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let winter = || judged(&waymark.reader(), "as_at=2011-06-30", "winter");
        send(waymark, &[("2010-10", 85.0), ("2011-03", 90.0), ("FY2010-11", 95.0)]);
        assert_eq!((&winter()["judgement"], &winter()["overdue"]), (&json!("pending"), &json!(true)));
        send(waymark, &[("2010-10-01/2011-03-31", 81.2)]);
        assert_eq!((&winter()["judgement"], number(&winter()["actual_value"])), (&json!("met"), 81.2));
    });
}

#[test]
fn a_correction_turns_the_judgement_and_the_earlier_one_stays_readable() {
    on_both(|waymark| {
        let _ = issued(waymark);
        send(waymark, &[("2010-06", 72.4)]);
        let reader = waymark.reader();
        assert_eq!(judged(&reader, "as_at=2010-09-30", "june")["judgement"], "met");
        let results = "/v1/organisations/leicestershire/results";
        let known = reader
            .get(&format!("{results}?indicator=NI59&period=2010-06"))
            .expect(200)
            .at("/items/0/recorded_at");
        let revised =
            json!([{"indicator": "NI59", "period": "2010-06", "value": 71.9, "standing": "revised"}]);
        let _ = push(&waymark.role("submitter"), "", &revised).expect(200);
        let now = judged(&reader, "as_at=2010-09-30", "june");
        assert_eq!((&now["judgement"], &now["actual_standing"]), (&json!("not_met"), &json!("revised")));
        assert_eq!(number(&now["gap"]), 0.1);
        let then = format!("as_at=2010-09-30&as_known_at={}", known.as_str().unwrap());
        assert_eq!(judged(&reader, &then, "june")["judgement"], "met");
    });
}

/// 219 of 300 are 73%. 80% of 300 are 240: 21 more.
#[test]
fn what_is_needed_is_given_in_heads() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let rows = json!([{"indicator": "NI59", "period": "2010-03", "numerator": 219, "denominator": 300}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let october = judged(&waymark.reader(), "as_at=2010-04-30", "october");
        assert_eq!(
            (number(&october["numerator_needed"]), number(&october["latest_denominator"])),
            (21.0, 300.0)
        );
        assert!(
            october["explanation"].as_str().unwrap().contains("21 more of 300 would be needed"),
            "{october}"
        );
        let june = judged(&waymark.reader(), "as_at=2010-04-30", "june");
        assert_eq!(number(&june["numerator_needed"]), 0.0);
    });
}

/// 3 of 15 are 20%: who may not see the 3 sees no figure that reveals it.
#[test]
fn a_small_count_is_withheld_and_the_judgement_stands() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let rows = json!([{"indicator": "NI59", "period": "2010-06", "numerator": 3, "denominator": 15}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let withheld = judged(&waymark.reader(), "as_at=2010-09-30", "june");
        assert_eq!((&withheld["judgement"], &withheld["suppressed"]), (&json!("not_met"), &json!(true)));
        for figure in [
            "actual_value",
            "latest_value",
            "gap",
            "latest_would_meet",
            "latest_denominator",
            "numerator_needed",
        ] {
            assert_eq!(withheld[figure], Value::Null, "{figure}");
        }
        let explanation = withheld["explanation"].as_str().unwrap();
        assert!(explanation.contains("suppressed") && !explanation.contains("20"), "{explanation}");
        let seen = judged(&waymark.officer(), "as_at=2010-09-30", "june");
        assert_eq!(seen["suppressed"], false);
        // 10.8 of 15 are 72%: 11 are needed, 8 more.
        let figures = ["actual_value", "gap", "numerator_needed"].map(|figure| number(&seen[figure]));
        assert_eq!(figures, [20.0, 52.0, 8.0]);
    });
}

#[test]
fn what_cannot_be_judged_is_asked_for_in_vain() {
    on_both(|waymark| {
        let _ = issued(waymark);
        let reader = waymark.reader();
        let _ = reader.get(&format!("{NOTICE}/conditions?as_at=yesterday")).problem(400, "invalid-query");
        let future = format!("{NOTICE}/conditions?as_known_at=2999-01-01T00:00:00Z");
        let _ = reader.get(&future).problem(400, "invalid-query");
        let _ = reader.get(&format!("{NOTICE}-2/conditions")).problem(404, "not-found");
        let before = format!("{NOTICE}/conditions?as_known_at=2020-01-01T00:00:00Z");
        let _ = reader.get(&before).problem(404, "not-found");
    });
}
