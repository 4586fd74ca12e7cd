use super::*;
use serde_json::{Value, json};
use waymark_domain::decimal::Decimal;
use waymark_domain::indicator::Frequency as Cycle;
use waymark_domain::scheme::{Amber, Basis, Scheme as Rated, Tolerance};
use waymark_domain::text;
use waymark_persistence::new_id;

fn plan(scheme: Rated) -> domain::Plan {
    let code = |text| code::Code::new(text).unwrap();
    let title = |text| text::Title::new(text).unwrap();
    domain::Plan {
        title: title("Children and young people's plan"),
        span: "2008-04-01/2011-03-31".parse().unwrap(),
        themes: vec![domain::Theme { code: code("HW"), title: title("Health and wellbeing") }],
        priorities: vec![domain::Priority {
            code: code("HW-1d"),
            theme: code("HW"),
            title: title("Healthy eating"),
            cross_references: vec![text::Name::new("CYPP 7").unwrap()],
        }],
        scheme,
        reporting_cycle: Cycle::HalfYearly,
        exception_rules: waymark_domain::tracker::ExceptionRule::shipped(),
    }
}

fn own_scheme(green_within: Tolerance, amber: Amber) -> Rated {
    Rated {
        code: code::Code::new("our-own").unwrap(),
        title: text::Title::new("Our own").unwrap(),
        basis: Basis::EndTarget,
        green_within,
        end_target_is_green: true,
        amber,
    }
}

fn body(plan: &domain::Plan) -> Value {
    let at = "2010-06-01T09:00:00Z".parse().unwrap();
    let revision = Versioned {
        id: new_id(at),
        revision: 1,
        recorded_at: at,
        author: "client:test".to_owned(),
        content: plan.clone(),
    };
    let text = serde_json::to_string(&Plan::of(&code::Code::new("cypp").unwrap(), &revision)).unwrap();
    let mut body: Value = serde_json::from_str(&text).unwrap();
    for read_only in ["code", "revision", "recorded_at"] {
        assert!(body.as_object_mut().unwrap().remove(read_only).is_some());
    }
    body
}

fn read(body: Value) -> Result<domain::Plan, Vec<(String, String)>> {
    let content: PlanContent = serde_json::from_value(body).unwrap();
    let place_and_code =
        |fault: &crate::http::problem::Fault| (fault.pointer.clone().unwrap(), fault.code.clone());
    content.read().map_err(|problem| problem.errors().iter().map(place_and_code).collect())
}

fn changed(pointer: &str, value: Value) -> Vec<(String, String)> {
    let mut body = body(&plan(Rated::tolerance()));
    match pointer.rsplit_once('/') {
        Some((parent, field)) => body.pointer_mut(parent).unwrap()[field] = value,
        None => body = value,
    }
    read(body).unwrap_err()
}

fn fault(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

#[test]
fn a_plan_comes_back_as_it_was() {
    let absolute = |text: &str| Tolerance::Absolute(text.parse().unwrap());
    let relative = |text: &str| Tolerance::Relative(text.parse().unwrap());
    let schemes = Rated::all_shipped().into_iter().chain([
        own_scheme(absolute("0.50"), Amber::Within(relative("100"))),
        own_scheme(relative("2.5"), Amber::NotWorseThanBaseline),
        own_scheme(Tolerance::Absolute(Decimal::ZERO), Amber::Within(absolute("3"))),
    ]);
    for scheme in schemes {
        let plan = plan(scheme);
        assert_eq!(read(body(&plan)).unwrap(), plan);
    }
}

#[test]
fn a_scheme_that_ships_is_named_by_its_code() {
    for scheme in Rated::all_shipped() {
        let mut body = body(&plan(Rated::tolerance()));
        body.as_object_mut().unwrap().remove("scheme");
        body["scheme_code"] = json!(scheme.code.as_str());
        assert_eq!(read(body).unwrap().scheme, scheme);
    }
}

#[test]
fn a_plan_has_exactly_one_scheme() {
    assert_eq!(changed("/scheme_code", json!("tolerance")), fault("/scheme_code", "superfluous"));
    assert_eq!(changed("/scheme", Value::Null), fault("/scheme", "missing_field"));
    assert_eq!(changed("/scheme/end_target_is_green", json!(true)), fault("/scheme/code", "taken"));
}

#[test]
fn a_scheme_is_sound() {
    let within = |kind: &str, value: i64| json!({"kind": kind, "value": value});
    assert_eq!(
        changed("/scheme/green_within", within("relative", 101)),
        fault("/scheme/green_within/value", "out_of_range")
    );
    assert_eq!(
        changed("/scheme/amber/tolerance", within("absolute", -1)),
        fault("/scheme/amber/tolerance/value", "out_of_range")
    );
    assert_eq!(
        changed("/scheme/amber/tolerance", Value::Null),
        fault("/scheme/amber/tolerance", "missing_field")
    );
    assert_eq!(
        changed("/scheme/amber/rule", json!("not_worse_than_baseline")),
        fault("/scheme/amber/tolerance", "superfluous")
    );
}

#[test]
fn a_plan_ends_after_it_begins_and_knows_its_themes() {
    assert_eq!(changed("/end", json!("2008-03-31")), fault("/end", "ends_before_it_begins"));
    assert_eq!(changed("/start", json!("1899-04-01")), fault("/start", "out_of_range"));
    assert_eq!(changed("/priorities/0/theme", json!("XX")), fault("/priorities/0/theme", "unknown_theme"));
    let themes = json!([{"code": "HW", "title": "a"}, {"code": "HW", "title": "b"}]);
    assert_eq!(changed("/themes", themes), fault("/themes/1/code", "duplicate"));
}
