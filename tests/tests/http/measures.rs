//! `.../plans/{plan}/measures`: an indicator's place in a plan.

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, OWN, Waymark, on_both};

use crate::framework::{self, PLAN, content_of, indicator, new_measure};

const MEASURES: &str = "/v1/organisations/leicestershire/plans/cypp/measures";

fn create(caller: &Caller, body: &Value) -> Answer {
    caller.post(MEASURES, body)
}

/// A line that says all that a line can say.
fn line() -> Value {
    json!({
        "baseline": {"value": 26, "period": "FY2007-08", "definition_version": 1, "note": "Revised"},
        "suppressed": false,
        "target": {"state": "agreed", "condition": "at_least", "value": 33, "period": "FY2010-11", "note": "With the board"},
        "trajectory": {"kind": "linear"},
    })
}

fn prepared(waymark: &Waymark) -> Caller {
    framework::plan(waymark, OWN);
    indicator(waymark, "lunches", json!({}));
    waymark.officer()
}

#[test]
fn a_measure_comes_back_as_it_was_said() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let mut body = new_measure("lunches", line());
        for (field, value) in
            [("priority", "HW-1d"), ("lead", "Head of catering"), ("contact", "Catering"), ("note", "N")]
        {
            body[field] = json!(value);
        }
        let created = create(&officer, &body).expect(201);
        assert_eq!(created.header("location"), Some(&*format!("{MEASURES}/lunches")));
        let read = waymark.reader().get(&format!("{MEASURES}/lunches")).expect(200);
        assert_eq!((read.json(), read.etag()), (created.json(), created.etag()));
        for (field, value) in body.as_object().unwrap().iter().filter(|(field, _)| *field != "indicator") {
            assert_eq!(&read.json()[field], value, "{field}");
        }
        assert_eq!(read.at("/indicator"), json!({"organisation": OWN, "code": "lunches"}));
        assert_eq!(read.at("/polarity/source"), "stated");
        let listed = waymark.reader().get(MEASURES).expect(200);
        assert_eq!(listed.at("/items"), json!([read.json()]));
    });
}

#[test]
fn every_kind_of_target_and_trajectory_comes_back() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let points = json!([{"period": "2009-03", "value": 40}, {"period": "2010-03", "numerator": 1, "denominator": 2}]);
        let targets = [
            json!({"state": "to_be_set", "reason": "No baseline yet"}),
            json!({"state": "tentative", "condition": "reach", "value": 33}),
            json!({"state": "proposed", "condition": "at_most", "numerator": 1, "denominator": 3}),
            json!({"state": "agreed", "condition": "above", "value": 0.10}),
            json!({"state": "agreed", "condition": "below", "value": -5}),
            json!({"state": "agreed", "condition": "exactly", "value": 50}),
            json!({"state": "agreed", "condition": "between", "low": 10, "high": 15}),
            json!({"state": "agreed", "condition": "all_of", "total": 287}),
        ];
        let trajectories = [
            json!({"kind": "milestones", "points": points}),
            json!({"kind": "profile", "points": points}),
            json!({"kind": "yearly_step", "step": 2, "step_unit": "points", "until": "CY2011"}),
            json!({"kind": "yearly_step", "step": -1.5, "step_unit": "percent"}),
            json!({"kind": "linear"}),
        ];
        let cases = targets.iter().zip(trajectories.iter().cycle());
        for (number, (target, trajectory)) in cases.enumerate() {
            let mut body = new_measure("lunches", json!({"target": target, "trajectory": trajectory}));
            body["code"] = json!(format!("m{number}"));
            let created = create(&officer, &body).expect(201);
            assert_eq!(
                (&created.at("/lines/0/target"), &created.at("/lines/0/trajectory")),
                (target, trajectory)
            );
        }
        let milestones = trajectories[0].clone();
        let end = json!({"state": "agreed", "condition": "end_of_trajectory"});
        let mut body = new_measure("lunches", json!({"target": end, "trajectory": milestones}));
        body["code"] = json!("end");
        let _ = create(&officer, &body).expect(201);
    });
}

#[test]
fn a_measure_is_replaced_and_remembers() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let first = create(&officer, &new_measure("lunches", line())).expect(201);
        let path = format!("{MEASURES}/lunches");
        let then = first.at("/recorded_at").as_str().unwrap().to_owned();
        let mut content = content_of(&first, &["indicator", "polarity"]);
        content["lines"][0]["target"]["value"] = json!(35);
        let now = officer.replace(&path, &content).expect(200);
        assert_eq!((now.at("/lines/0/target/value"), now.at("/revision")), (json!(35), json!(2)));
        assert_eq!(officer.get(&format!("{path}?as_known_at={then}")).expect(200).json(), first.json());
        let history = officer.get(&format!("{path}/history")).expect(200);
        assert_eq!(history.at("/items"), json!([now.json(), first.json()]));
        // The indicator is part of what the measure is.
        content["indicator"] = json!({"code": "NI52"});
        let moved = officer.replace(&path, &content).problem(422, "invalid-body");
        moved.has_faults(&[("/indicator", "unknown_field")]);
    });
}

#[test]
fn an_indicator_of_the_catalogue_is_measured_too() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let made = create(&officer, &new_measure("NI52", line())).expect(201);
        assert_eq!(made.at("/indicator/organisation"), "national");
        let mut foreign = new_measure("NI52", line());
        foreign["code"] = json!("other");
        foreign["indicator"]["organisation"] = json!("rutland");
        let refused = create(&officer, &foreign).problem(422, "invalid-body");
        refused.has_faults(&[("/indicator/code", "unknown_indicator")]);
        let _ = create(&officer, &new_measure("NI52", line())).problem(409, "conflict");
    });
}

#[test]
fn every_fault_of_a_measure_has_its_place() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let of_body = |field: &str, value: Value, place: &str, code: &str| {
            let mut body = new_measure("lunches", line());
            body[field] = value;
            let refused = create(&officer, &body).problem(422, "invalid-body");
            assert_eq!(refused.faults(), [(place.to_owned(), code.to_owned())], "{}", refused.text);
        };
        of_body("theme", json!("wealthy"), "/theme", "unknown_theme");
        of_body("priority", json!("HW-2"), "/priority", "unknown_priority");
        of_body("breakdown", json!("gender=girls"), "/breakdown", "unknown_breakdown");
        of_body("indicator", json!({"code": "NI9999"}), "/indicator/code", "unknown_indicator");
        of_body("composite", json!({"rule": "headline"}), "/composite/component", "missing_field");
        of_body("lines", json!([]), "/lines", "wrong_lines");
        of_body("lines", json!([{}, {}]), "/lines/1/component", "duplicate");
        assert_eq!(officer.get(MEASURES).expect(200).at("/items"), json!([]));
    });
}

#[test]
fn every_fault_of_a_line_has_its_place() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let of_line = |field: &str, value: Value, place: &str, code: &str| {
            let mut line = line();
            line[field] = value;
            let refused = create(&officer, &new_measure("lunches", line)).problem(422, "invalid-body");
            let expected = (format!("/lines/0{place}"), code.to_owned());
            assert_eq!(refused.faults(), [expected], "{}", refused.text);
        };
        of_line("component", json!("Dose 1"), "/component", "unknown_component");
        of_line("suppressed", json!(true), "/suppressed", "read_only");
        of_line(
            "baseline",
            json!({"value": 1, "numerator": 1, "denominator": 2}),
            "/baseline/value",
            "ambiguous",
        );
        of_line("baseline", json!({"value": 1e15}), "/baseline/value", "too_large");
        of_line(
            "baseline",
            json!({"value": 1, "period": "FY2007-09"}),
            "/baseline/period",
            "years_do_not_follow",
        );
        of_line("baseline", json!({"numerator": 1, "denominator": 0}), "/baseline/denominator", "too_small");
        let target = |target: Value, place: &str, code: &str| of_line("target", target, place, code);
        target(
            json!({"state": "agreed", "condition": "between", "low": 15, "high": 10}),
            "/target/low",
            "empty_range",
        );
        target(json!({"state": "agreed", "condition": "at_least"}), "/target/value", "missing_field");
        target(json!({"state": "to_be_set"}), "/target/reason", "missing_field");
        target(json!({"state": "to_be_set", "reason": "R", "value": 3}), "/target/value", "superfluous");
        target(
            json!({"state": "agreed", "condition": "end_of_trajectory"}),
            "/target/condition",
            "no_end_of_trajectory",
        );
        let back = json!([{"period": "2010-03", "value": 1}, {"period": "2009-03", "value": 2}]);
        let milestones = json!({"kind": "milestones", "points": back});
        of_line("trajectory", milestones, "/trajectory/points", "wrong_points");
        of_line("trajectory", json!({"kind": "linear", "step": 1}), "/trajectory/step", "superfluous");
        assert_eq!(officer.get(MEASURES).expect(200).at("/items"), json!([]));
    });
}

/// A baseline of 3 of 40 is a small count: it stays hidden where the measure is shown, and where it is rated.
#[test]
fn a_baseline_that_is_a_small_count_is_withheld() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let line = json!({
            "baseline": {"numerator": 3, "denominator": 40, "period": "FY2007-08"},
            "target": {"state": "agreed", "condition": "at_least", "value": 33},
        });
        let _ = create(&officer, &new_measure("lunches", line)).expect(201);
        let path = format!("{MEASURES}/lunches");
        let reader = waymark.reader();
        let shown = reader.get(&path).expect(200);
        assert_eq!(shown.at("/lines/0/suppressed"), true);
        assert_eq!(shown.at("/lines/0").get("baseline"), None);
        assert_eq!(officer.get(&path).at("/lines/0/baseline/numerator"), 3);

        let rows =
            json!([{"indicator": "lunches", "period": "2010-03-31", "numerator": 20, "denominator": 40}]);
        let _ = crate::results::push(&waymark.role("submitter"), "", &rows).expect(200);
        for read in ["status?as_at=2010-03-31", "measures/lunches/trajectory?as_at=2010-03-31"] {
            // 3 of 40 are 7.5 per cent.
            let page = reader.get(&format!("{PLAN}/{read}")).expect(200);
            assert!(!page.text.contains("7.5"), "{}", page.text);
            assert!(officer.get(&format!("{PLAN}/{read}")).text.contains("7.5"));
        }
    });
}

#[test]
fn the_tag_of_a_measure_changes_with_its_plan_and_its_indicator() {
    on_both(|waymark| {
        let officer = prepared(waymark);
        let _ = create(&officer, &new_measure("lunches", line())).expect(201);
        let path = format!("{MEASURES}/lunches");
        let first = officer.get(&path).etag();
        let indicator = format!("/v1/organisations/{OWN}/indicators/lunches");
        let mut content = content_of(&officer.get(&indicator), &[]);
        content["polarity"] = json!("lower_is_better");
        let _ = officer.replace(&indicator, &content).expect(200);
        let second = officer.get(&path);
        assert_ne!(second.etag(), first);
        assert_eq!(second.at("/polarity/polarity"), "lower_is_better");
        let content = content_of(&second, &["indicator", "polarity"]);
        let _ = officer.put(&path, &first, &content).problem(412, "precondition-failed");
        let _ = officer.put(&path, &second.etag(), &content).expect(200);
    });
}
