use super::*;
use serde_json::{Value, json};
use waymark_domain::text;

fn codes(body: Value) -> Vec<(String, String)> {
    let problem = match serde_json::from_value::<IndicatorContent>(body).unwrap().read() {
        Ok(read) => panic!("accepted: {read:?}"),
        Err(problem) => problem,
    };
    let place_and_code =
        |fault: &crate::http::problem::Fault| (fault.pointer.clone().unwrap(), fault.code.clone());
    problem.errors().iter().map(place_and_code).collect()
}

fn fault(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn everything() -> domain::Indicator {
    let name = |text| text::Name::new(text).unwrap();
    domain::Indicator {
        polarity: Some(waymark_domain::polarity::Polarity::LowerIsBetter),
        frequency: Some(domain::Frequency::Quarterly),
        lag_days: 90,
        static_threshold: "0.50".parse().unwrap(),
        source: text::Note::new("School census").ok(),
        references: vec![name("NI 52"), name("PSA 12")],
        versions: vec![
            domain::DefinitionVersion { number: 1, from: None, note: None },
            domain::DefinitionVersion {
                number: 2,
                from: "2009-04-01".parse().ok(),
                note: text::Note::new("Sixth forms are counted").ok(),
            },
        ],
        components: vec![name("Primary"), name("Secondary")],
        dimensions: vec![domain::Dimension {
            code: code::Code::new("gender").unwrap(),
            title: text::Title::new("Gender").unwrap(),
            categories: vec![name("Girls"), name("Boys")],
        }],
        ..least()
    }
}

fn least() -> domain::Indicator {
    let title = text::Title::new("Take-up of school lunches").unwrap();
    domain::Indicator::new(title, waymark_domain::value::Unit::Percent, 1)
}

/// What is read can be sent back: nothing is lost, not even a trailing zero.
#[test]
fn an_indicator_comes_back_as_it_was() {
    for indicator in [least(), everything()] {
        let text = serde_json::to_string(&IndicatorContent::from(&indicator)).unwrap();
        let content: IndicatorContent = crate::http::body::read_json(&text).unwrap();
        assert_eq!(content.read().unwrap(), indicator, "{text}");
    }
    let text = serde_json::to_string(&IndicatorContent::from(&everything())).unwrap();
    assert!(text.contains(r#""static_threshold":0.50"#), "{text}");
}

#[test]
fn a_short_body_has_the_defaults() {
    let body = json!({"title": "Take-up of school lunches", "unit": "percent", "precision": 1});
    let content: IndicatorContent = serde_json::from_value(body).unwrap();
    assert_eq!(content.read().unwrap(), least());
}

#[test]
fn every_fault_has_its_place() {
    let body = json!({
        "title": "x", "unit": "percents", "precision": 7, "lag_days": 1001, "static_threshold": -0.1,
        "versions": [{"number": 2}],
        "components": ["Dose 1", "Dose 1"],
        "dimensions": [{"code": "group", "title": " ", "categories": ["a", "a"]}],
    });
    assert_eq!(
        codes(body),
        [
            fault("/unit", "not_a_unit"),
            fault("/precision", "too_large"),
            fault("/lag_days", "too_large"),
            fault("/static_threshold", "too_small"),
            fault("/versions/0/number", "out_of_order"),
            fault("/components/1", "duplicate"),
            fault("/dimensions/0/title", "empty"),
            fault("/dimensions/0/categories/1", "duplicate"),
        ]
    );
}

#[test]
fn lists_have_bounds() {
    let body = |field: &str, list: Value| {
        let mut body = json!({"title": "x", "unit": "percent", "precision": 0});
        body[field] = list;
        body
    };
    let many = |count: usize| (0..count).map(|number| json!(format!("n{number}"))).collect::<Vec<_>>();
    assert_eq!(codes(body("components", many(51).into())), [fault("/components", "too_many")]);
    assert_eq!(codes(body("references", many(51).into())), [fault("/references", "too_many")]);
    assert_eq!(codes(body("versions", json!([]))), [fault("/versions", "too_few")]);
}

#[test]
fn an_unknown_field_is_refused() {
    let body = r#"{"title":"x","unit":"percent","precision":0,"polarty":"higher_is_better"}"#;
    assert!(crate::http::body::read_json::<IndicatorContent>(body).is_err());
}
