//! `/v1/organisations/{organisation}/plans` and `/v1/schemes`.

use serde_json::{Value, json};
use waymark_tests::{Answer, OWN, Waymark, on_both};

use crate::framework::{self, PLAN, content_of, new, plan_content};

const PLANS: &str = "/v1/organisations/leicestershire/plans";

fn create(waymark: &Waymark, body: &Value) -> Answer {
    waymark.officer().post(PLANS, body)
}

#[test]
fn a_plan_comes_back_as_it_was_said() {
    on_both(|waymark| {
        let created = create(waymark, &new("cypp", plan_content())).expect(201);
        assert_eq!(created.header("location"), Some(PLAN));
        let read = waymark.reader().get(PLAN).expect(200);
        assert_eq!((read.json(), read.etag()), (created.json(), created.etag()));
        let mut returned = content_of(&read, &["scheme", "exception_rules"]);
        returned["scheme_code"] = json!("baseline_to_target");
        assert_eq!(returned, plan_content());
        // The scheme that ships is returned in full, and can be sent back so.
        let shipped = waymark.reader().get("/v1/schemes").expect(200).at("/items/0");
        assert_eq!((&read.at("/scheme"), &shipped["code"]), (&shipped, &json!("baseline_to_target")));
        let again = waymark.officer().replace(PLAN, &content_of(&read, &[])).expect(200);
        assert_eq!(content_of(&again, &[]), content_of(&read, &[]));
    });
}

#[test]
fn three_schemes_ship() {
    on_both(|waymark| {
        let schemes = waymark.with(&[]).get("/v1/schemes").expect(200).at("/items");
        let codes: Vec<&Value> = schemes.as_array().unwrap().iter().map(|scheme| &scheme["code"]).collect();
        assert_eq!(codes, ["baseline_to_target", "tolerance", "target_proximity"]);
    });
}

#[test]
fn a_code_is_taken_once() {
    on_both(|waymark| {
        let _ = create(waymark, &new("cypp", plan_content())).expect(201);
        let _ = create(waymark, &new("cypp", plan_content())).problem(409, "conflict");
        let _ = create(waymark, &new("cypp-2", plan_content())).expect(201);
        let listed = waymark.reader().get(PLANS).expect(200).at("/items");
        let codes: Vec<&Value> = listed.as_array().unwrap().iter().map(|plan| &plan["code"]).collect();
        assert_eq!(codes, ["cypp", "cypp-2"]);
    });
}

#[test]
fn a_plan_is_replaced_and_remembers() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let first = officer.get(PLAN).expect(200);
        let then = first.at("/recorded_at").as_str().unwrap().to_owned();
        let mut longer = plan_content();
        longer["end"] = json!("2012-03-31");
        let now = officer.replace(PLAN, &longer).expect(200);
        assert_eq!((now.at("/end"), now.at("/revision")), (json!("2012-03-31"), json!(2)));
        assert_eq!(officer.get(&format!("{PLAN}?as_known_at={then}")).expect(200).json(), first.json());
        let history = officer.get(&format!("{PLAN}/history")).expect(200);
        assert_eq!(history.at("/items"), json!([now.json(), first.json()]));
        let listed = officer.get(&format!("{PLANS}?as_known_at={then}")).expect(200);
        assert_eq!(listed.at("/items"), json!([first.json()]));
    });
}

#[test]
fn a_heading_under_which_measures_stand_is_not_dropped() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let mut content = content_of(&officer.get(PLAN), &[]);
        content["themes"] = json!([{"code": "safe", "title": "Stay safe"},
                                   {"code": "achieve-economic-well-being", "title": "Achieve"}]);
        content["priorities"] = json!([]);
        let _ = officer.replace(PLAN, &content).problem(409, "in-use");
        assert_eq!(officer.get(PLAN).at("/themes").as_array().unwrap().len(), 3);
    });
}

#[test]
fn every_fault_of_a_plan_has_its_place() {
    on_both(|waymark| {
        let fault = |field: &str, value: Value, place: &str, code: &str| {
            let mut content = plan_content();
            content[field] = value;
            let refused = create(waymark, &new("cypp", content)).problem(422, "invalid-body");
            assert_eq!(refused.faults(), [(place.to_owned(), code.to_owned())], "{}", refused.text);
        };
        fault("title", Value::Null, "/title", "wrong_type");
        fault("start", json!("2008-04-31"), "/start", "invalid_value");
        fault("start", json!("2011-04-01"), "/end", "ends_before_it_begins");
        fault("end", json!("9999-12-31"), "/end", "out_of_range");
        fault("reporting_cycle", json!("fortnightly"), "/reporting_cycle", "unknown_value");
        fault("scheme_code", json!("traffic_lights"), "/scheme_code", "unknown_value");
        fault("scheme_code", Value::Null, "/scheme", "missing_field");
        let theme = |code: &str| json!({"code": code, "title": "T"});
        fault("themes", json!([theme("healthy"), theme("healthy")]), "/themes/1/code", "duplicate");
        fault(
            "priorities",
            json!([{"code": "P", "theme": "wealthy", "title": "T"}]),
            "/priorities/0/theme",
            "unknown_theme",
        );
        fault("owner", json!("x"), "/owner", "unknown_field");
    });
}

/// Source 004's rules, where a plan says nothing of its own.
#[test]
fn a_plan_has_rules_of_exception() {
    on_both(|waymark| {
        let shipped = json!([{"status": "red", "directions": []},
                             {"status": "amber", "directions": ["static", "deteriorating"]}]);
        let created = create(waymark, &new("cypp", plan_content())).expect(201);
        assert_eq!(created.at("/exception_rules"), shipped);
        let with = |rules: Value| {
            let mut content = plan_content();
            content["exception_rules"] = rules;
            waymark.officer().replace(PLAN, &content)
        };
        let own = json!([{"status": "green", "directions": ["deteriorating"]}]);
        assert_eq!(with(own.clone()).expect(200).at("/exception_rules"), own);
        assert_eq!(with(json!([])).expect(200).at("/exception_rules"), json!([]));
        let twice = json!([{"status": "green", "directions": ["static", "static"]}]);
        with(twice)
            .problem(422, "invalid-body")
            .has_faults(&[("/exception_rules/0/directions/1", "duplicate")]);
        let many = json!(vec![json!({"status": "green"}); 11]);
        with(many).problem(422, "invalid-body").has_faults(&[("/exception_rules", "too_many")]);
        let blue = json!([{"status": "blue"}]);
        with(blue).problem(422, "invalid-body").has_faults(&[("/exception_rules/0/status", "unknown_value")]);
    });
}

#[test]
fn a_scheme_of_a_plans_own_is_checked() {
    on_both(|waymark| {
        let scheme = json!({
            "code": "own", "title": "Own", "basis": "trajectory", "end_target_is_green": true,
            "green_within": {"kind": "relative", "value": 5},
            "amber": {"rule": "within", "tolerance": {"kind": "relative", "value": 10}},
        });
        let with = |field: &str, value: Value| {
            let mut scheme = scheme.clone();
            scheme[field] = value;
            let mut content = plan_content();
            content.as_object_mut().unwrap().remove("scheme_code");
            content["scheme"] = scheme;
            create(waymark, &new("own", content))
        };
        let fault = |field: &str, value: Value, place: &str| {
            let refused = with(field, value).problem(422, "invalid-body");
            assert_eq!(refused.faults()[0].0, place, "{}", refused.text);
        };
        fault("code", json!("tolerance"), "/scheme/code");
        fault("basis", json!("hope"), "/scheme/basis");
        fault("green_within", json!({"kind": "relative", "value": 101}), "/scheme/green_within/value");
        fault("green_within", json!({"kind": "absolute", "value": -1}), "/scheme/green_within/value");
        fault("amber", json!({"rule": "within"}), "/scheme/amber/tolerance");
        // Amber begins where green ends, not before.
        let narrow = json!({"rule": "within", "tolerance": {"kind": "relative", "value": 1}});
        assert!(with("amber", narrow).problem(422, "invalid-body").faults()[0].0.starts_with("/scheme"));
        let _ = with("title", json!("Our own")).expect(201);
    });
}
